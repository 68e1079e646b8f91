"""A library with a small run trained for real: what looking inside is tested on."""

import shutil
import tempfile
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from tests.support.tiny.configs import small_config

_SCRATCH = tempfile.TemporaryDirectory(prefix="seqgan-trained-")  # removed when Python ends
_ONCE: dict[Hashable, tuple[Path, str]] = {}  # libraries with one run each, which no test opens


def trained_once(home: Path, key: Hashable, train: Callable[[Store], str]) -> tuple[Store, str]:
    """A store at `home` with the run that `train` makes, and its id.

    The same key gives the same run, so it is trained once in a process: a new library is a copy.
    If the library exists already, the run is trained in it.
    """
    if home.exists():
        store = Store(home)
        return store, train(store)
    if key not in _ONCE:
        made = Path(_SCRATCH.name) / str(len(_ONCE))
        _ONCE[key] = made, train(Store(made))
    made, run_id = _ONCE[key]
    shutil.copytree(made, home, ignore=shutil.ignore_patterns("*-shm"))
    return Store(home), run_id


def trained(home: Path, name: str = "a small run", **changes: Any) -> tuple[Store, str]:
    """A store at `home` with one more finished run, and the run's id."""
    config = small_config(**changes)

    def train(store: Store) -> str:
        run_id = store.create_run(config, preset="glance", name=name)
        drive(store, run_id)
        return run_id

    return trained_once(home, (name, config), train)
