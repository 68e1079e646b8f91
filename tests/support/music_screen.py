"""What the tests of the screen Music share: models of small tunes, and reading its cards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from seqgan_core.training import model_files
from tests.support.text_screen import _forget
from tests.support.tune_models import keep_tunes, ship_all_tunes


@pytest.fixture(scope="session")
def tune_shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models of tunes, trained once."""
    folder = tmp_path_factory.mktemp("tune-models")
    ship_all_tunes(tmp_path_factory.mktemp("made"), folder)
    return folder


@pytest.fixture
def tune_models(empty_shelf: Path, tune_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three small models on the shelf, and the tunes that they learned from."""
    monkeypatch.setattr(model_files, "FOLDER", tune_shelf)
    _forget()
    keep_tunes()
    return tune_shelf


def drawn(test: AppTest, component: str, key: str = "") -> list[dict[str, Any]]:
    """What the components of that name, whose keys begin so, were given."""
    return [
        json.loads(node.proto.json)
        for node in test.get("bidi_component")
        if node.proto.component_name == component and key in node.proto.id
    ]


def tune_cards(test: AppTest, key: str) -> list[dict[str, Any]]:
    """The cards of the melodies whose component's key begins so."""
    return [card for one in drawn(test, "score_cards", key) for card in one["cards"]]
