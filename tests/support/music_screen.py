"""Reading the cards of the screen Music in a test."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def drawn(test: AppTest, component: str, key: str = "") -> list[dict[str, Any]]:
    """What the components of that name, whose keys begin so, were given."""
    return [
        json.loads(node.proto.json)
        for node in test.get("bidi_component")
        if node.proto.component_name == component and key in node.proto.id
    ]


def tune_cards(test: AppTest, key: str) -> list[dict[str, Any]]:
    """The cards of the melodies whose component's key begins so."""
    return [card for component in drawn(test, "score_cards", key) for card in component["cards"]]
