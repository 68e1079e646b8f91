"""Small models of verse and prose that ship, and their texts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from seqgan_core.insight.models import Models
from seqgan_core.runs.store import Store
from seqgan_core.training.setup import model_files
from tests.support.tiny.text_models import keep_prose, keep_verse


@pytest.fixture
def models(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Models]:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    monkeypatch.setattr(model_files, "FOLDER", shelf)
    model_files.load_shipped.cache_clear()
    keep_verse()
    keep_prose()
    yield Models(Store())
    model_files.load_shipped.cache_clear()
