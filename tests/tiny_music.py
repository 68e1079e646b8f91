"""A small model of tunes where models that ship are, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from seqgan_core.tasks.music import MusicTask
from seqgan_core.tasks.tunes import TuneCorpus
from seqgan_core.training import build
from seqgan_core.training.build import settled
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.shipped import Card, write_model
from seqgan_core.training.trainer import Trainer
from tests.text_home import SIZES
from tests.tiny_tunes import tiny_tunes


def music_config(corpus: TuneCorpus, **changes: Any) -> TrainConfig:
    """Settings of a run of a second on these tunes, not settled yet."""
    values = {"task": "music", "corpus": corpus.name, "sequence_length": 16, "n_train": 64}
    return make_config(**SIZES | values | changes)


def ship_music(folder: Path, name: str = "music-seqgan", **changes: Any) -> None:
    """Trains a model of tiny tunes and puts it into that folder; the tunes stay nowhere."""
    torch.set_num_threads(1)
    corpus = tiny_tunes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "load_tunes", lambda name: corpus)
        config = settled(music_config(corpus, **changes))
        trainer = Trainer(config)
        list(trainer.events())
    task = trainer.task
    assert isinstance(task, MusicTask)
    card = Card(
        name, f"Small tunes, {config.strategy}", task.name, corpus.name, corpus.licence, task.words,
        task.sequence_length, task.lines, task.unit, config.model_dump(mode="json"),
        "python -m seqgan_core train", 1.0, "here", 4.0, {"bleu_4": 0.5, "samples": 64.0},
    )  # fmt: skip
    write_model(folder / f"{name}.safetensors", card, trainer.generator, trainer.discriminator)
