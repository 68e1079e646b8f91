"""One thread for every computation: with more, they wait for each other on a busy machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")

from seqgan_core.insight.models import Models
from seqgan_core.runs.store import Store
from seqgan_core.training import model_files
from tests.support.examples import load_profile
from tests.support.tune_models import keep_tunes, ship_all_tunes

load_profile()


@pytest.fixture(scope="session")
def tune_shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of small models of tunes, trained once; change nothing in it."""
    folder = tmp_path_factory.mktemp("models")
    ship_all_tunes(tmp_path_factory.mktemp("home"), folder)
    return folder


@pytest.fixture
def tune_models(
    tune_shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Models]:
    """The models of a library of this test's own with small tunes, those of the shelf shipped."""
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    monkeypatch.setattr(model_files, "FOLDER", tune_shelf)
    model_files.load_shipped.cache_clear()
    keep_tunes()
    yield Models(Store())
    model_files.load_shipped.cache_clear()
