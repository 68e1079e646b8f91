"""One thread for every computation: with more, they wait for each other on a busy machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

os.environ.setdefault("OMP_NUM_THREADS", "1")

from seqgan_core.insight.models import Models
from seqgan_core.runs.store import Store
from seqgan_core.training.setup import model_files
from tests.gpu.pretended_device import hide_gpu
from tests.support import hostile
from tests.support.examples import load_profile
from tests.support.once import made_once
from tests.support.tiny.text_models import ship_all
from tests.support.tiny.tune_models import keep_tunes, ship_all_tunes

load_profile()

# With several workers, the order in which folders and files of tests are handed out: what takes
# longest first, so that no worker is left with a long tail. What bears a name goes to one worker as
# a whole, so that two browsers, or two tests of real processes, never fight for the same core.
ORDER = {
    "tests/browser/": "browser",
    "tests/runs/": "processes",
    "tests/cli/": "processes",
    "tests/judge/test_ray.py": "processes",
    "tests/pages/": "",
    "tests/insight/": "",
    "tests/judge/": "",
    "tests/training/": "",
    "tests/tasks/": "",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first; with several workers only."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        items.sort(key=lambda item: [*ORDER, ""].index(_start(item.nodeid)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Hands out what bears a name in ORDER as a whole, and never tears a file apart.

    What a file prepares is prepared once.
    """
    return _ByPlace(config, log)


class _ByPlace(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return ORDER.get(_start(nodeid)) or nodeid.partition("::")[0]


def _start(nodeid: str) -> str:
    return next((start for start in ORDER if nodeid.startswith(start)), "")


@pytest.fixture(scope="session", autouse=True)
def no_gpu() -> Iterator[pytest.MonkeyPatch]:
    """Every test but those in tests/gpu computes on the CPU, and so do the processes it starts."""
    with pytest.MonkeyPatch.context() as patch:
        hide_gpu(patch)
        yield patch


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of small models of texts, trained once; change nothing in it."""
    home = tmp_path_factory.mktemp("home")
    return made_once(tmp_path_factory, "models", lambda folder: ship_all(home, folder))


@pytest.fixture(scope="session")
def tune_shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of small models of tunes, trained once; change nothing in it."""
    home = tmp_path_factory.mktemp("home")
    return made_once(tmp_path_factory, "tune-models", lambda folder: ship_all_tunes(home, folder))


@pytest.fixture(scope="session")
def hostile_place(
    tmp_path_factory: pytest.TempPathFactory, shelf: Path, tune_shelf: Path
) -> hostile.Place:
    """A library, models and files whose every name and text is hostile; change nothing in it."""
    return hostile.Place(
        made_once(
            tmp_path_factory, "hostile", lambda folder: hostile.make(folder, shelf, tune_shelf)
        )
    )


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
