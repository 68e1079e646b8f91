"""Opening a screen of the group Make in a test, and reading what is drawn."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from pages.ui.common import session
from pages.ui.make import model_choice
from seqgan_core.training.setup import model_files

App = Callable[..., AppTest]


def forget_models() -> None:
    """Models that ship are read anew: for a test that changes where they lie."""
    model_files.load_shipped.cache_clear()
    model_choice._shipped_config.cache_clear()


def settled(test: AppTest) -> AppTest:
    """The page, on which nothing failed and nothing is still being worked out."""
    assert not test.exception
    assert not test.get("progress")
    return test


def wait_for_runs() -> None:
    """Until the worker has trained all that it was given."""
    manager = session.lab().manager
    with manager._changed:
        assert manager._changed.wait_for(lambda: manager._active is None, 600)


def opened(app: App, page: str, **address: object) -> AppTest:
    return settled(app(page, **{name: str(value) for name, value in address.items()}))


def components(test: AppTest, key: str) -> list[dict[str, Any]]:
    """What the verse components whose keys begin so were given."""
    return [
        json.loads(node.proto.json)
        for node in test.get("bidi_component")
        if node.proto.component_name == "verse_cards" and key in node.proto.id
    ]


def cards(test: AppTest, key: str) -> list[dict[str, Any]]:
    return [card for component in components(test, key) for card in component["cards"]]


def text_of(card: dict[str, Any]) -> str:
    return "".join(sign["text"] for line in card["lines"] for sign in line)


def html_of(test: AppTest) -> str:
    return "".join(str(node.proto.body) for node in test.get("html"))


def words(test: AppTest) -> str:
    """All that is set as HTML, as a reader sees it."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", html_of(test))))


def messages(test: AppTest) -> str:
    """Errors, warnings and other messages."""
    boxes = [*test.error, *test.warning, *test.info, *test.success]
    return " ".join(str(box.value) for box in boxes)
