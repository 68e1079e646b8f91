"""What the tests of Poems, Speeches and Music share: screens with small models, or with none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.ui.make import recorded_comparison
from seqgan_core.runs.store import Store
from seqgan_core.training.setup import model_files
from tests.support.text_screen import forget_models
from tests.support.tiny.text_models import keep_prose, keep_verse
from tests.support.tiny.tune_models import keep_tunes


@pytest.fixture
def empty_shelf(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An empty shelf: no model, no comparison; a test may put some there."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setattr(model_files, "FOLDER", folder)
    monkeypatch.setattr(recorded_comparison, "FOLDER", tmp_path / "comparison")
    forget_models()
    yield folder
    forget_models()


@pytest.fixture
def text_models(empty_shelf: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four small models on the shelf, and the texts that they learned from."""
    monkeypatch.setattr(model_files, "FOLDER", shelf)
    forget_models()
    keep_verse()
    keep_prose()
    return shelf


@pytest.fixture
def tune_models(empty_shelf: Path, tune_shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three small models on the shelf, and the tunes that they learned from."""
    monkeypatch.setattr(model_files, "FOLDER", tune_shelf)
    forget_models()
    keep_tunes()
    return tune_shelf
