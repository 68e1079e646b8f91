"""A library with small runs on tiny texts: what the screens and commands read words from."""

from pathlib import Path
from typing import Any

import pytest

from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpus import CorpusMissing, TextCorpus
from seqgan_core.training import build
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.setup.presets import PRESETS
from tests.support.tiny.configs import SMALL
from tests.support.tiny.texts import tiny_speech, tiny_verse
from tests.support.tiny.trained_run import trained_once

TEXTS: dict[str, TextCorpus] = {corpus.name: corpus for corpus in (tiny_verse(), tiny_speech())}
OF_TASK = {"poems": "tiny-verse", "speech": "tiny-speech"}


def load_tiny(name: str, punctuation: bool = False, **_more: Any) -> TextCorpus:
    """In place of `corpora.load`: the tiny texts are here, and no others."""
    if name not in TEXTS:
        raise CorpusMissing("test", f"the corpus {name} is not on this machine yet; fetch {name}")
    return TEXTS[name]


def install_tiny_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the tiny texts available."""
    monkeypatch.setattr(build, "load", load_tiny)


def remove_tiny_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every text missing."""

    def missing(name: str, punctuation: bool = False, **_more: Any) -> TextCorpus:
        raise CorpusMissing("test", f"the corpus {name} is not on this machine yet; fetch {name}")

    monkeypatch.setattr(build, "load", missing)


def text_config(task: str, **changes: Any) -> TrainConfig:
    """Small settings for a task of text, resolved."""
    values = SMALL | {"task": task, "corpus": OF_TASK[task]} | changes
    return resolve_config(make_config(PRESETS["glance"], **values))


def trained_text(home: Path, task: str, name: str = "", **changes: Any) -> tuple[Store, str]:
    """A store at `home` with one more finished run on a tiny text, and the run's id."""
    config = text_config(task, **changes)
    name = name or f"tiny {task}"

    def train(store: Store) -> str:
        run_id = store.create_run(config, preset="glance", name=name)
        drive(store, run_id)
        return run_id

    return trained_once(home, (name, config), train)
