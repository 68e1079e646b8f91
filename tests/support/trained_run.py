"""A library with a small run trained for real: what looking inside is tested on."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.setup.presets import PRESETS

SMALL: dict[str, Any] = {
    "vocab_size": 12, "sequence_length": 6, "n_train": 64, "n_test": 64, "g_embedding_size": 6,
    "g_hidden_size": 6, "d_embedding_size": 6, "d_widths": (1, 2, 3), "d_filters": (6, 6, 6),
    "batch_size": 16, "pretrain_epochs": 3, "d_pretrain_steps": 2, "d_samples": None, "rounds": 3,
    "g_steps": 1, "g_batch_size": 16, "n_rollouts": 4, "n_eval": 64, "evaluate_every": 1,
    "checkpoint_every": 1, "report_every": 5, "device": "cpu",
}  # fmt: skip


def small_config(**changes: Any) -> TrainConfig:
    return make_config(PRESETS["glance"], **SMALL | changes)


_SCRATCH = tempfile.TemporaryDirectory(prefix="seqgan-trained-")  # removed when Python ends
_ONCE: dict[Hashable, tuple[Path, str]] = {}  # libraries with one run each, which no test opens


def trained_once(home: Path, key: Hashable, train: Callable[[Store], str]) -> tuple[Store, str]:
    """A store at `home` with the run that `train` makes, and its id.

    The same key gives the same run, so it is trained once in a process: a new library is a copy.
    In a library that is there already the run is trained beside the others.
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
