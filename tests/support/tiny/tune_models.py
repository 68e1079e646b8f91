"""Small tunes kept in a library, and small models of them: what the screen Music is tested on."""

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from seqgan_core.tasks.corpora.upload import add_upload
from seqgan_core.tasks.corpus import Report
from seqgan_core.tasks.music.collection import Collection
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tokens import LONGEST_TUNE
from seqgan_core.tasks.music.tune import Tune, TuneCorpus
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.setup.model_files import ModelCard, write_model
from seqgan_core.training.trainer import Trainer
from tests.support.tiny.configs import SIZES
from tests.support.tiny.tunes import reel, walk

_SCRATCH = tempfile.TemporaryDirectory(prefix="seqgan-tunes-")  # removed when Python ends
LENGTH = 16  # T of the small models
MODELS = (
    ("music-mle", "Small tunes, MLE", {"strategy": "mle"}),
    ("music-seqgan", "Small tunes, SeqGAN", {"strategy": "seqgan"}),
    ("music-keys", "Small tunes, keys", {"strategy": "mle", "music_form": "keys"}),
)


def keep_tunes(
    home: Path | None = None, n: int = 40, tune: Callable[[int], Tune] = walk
) -> TuneCorpus:
    """Add tunes to that library as user tunes, a quarter of them held out."""
    tunes = tuple(tune(number) for number in range(n))
    sides = tuple("test" if number % 4 == 0 else "train" for number in range(n))
    collection = Collection(tunes, sides, Report(n, n), "Small tunes")  # type: ignore[arg-type]
    return add_upload(collection, home)


def music_config(corpus: TuneCorpus, **changes: Any) -> TrainConfig:
    """Settings of a run of a second or two on these tunes."""
    return make_config(
        **SIZES | {"task": "music", "corpus": corpus.name, "sequence_length": LENGTH} | changes
    )


def ship_tunes(folder: Path, corpus: TuneCorpus, name: str, title: str, **changes: Any) -> None:
    """Trains a model of these tunes and puts it where shipped models are; they must be kept."""
    torch.set_num_threads(1)
    config = resolve_config(music_config(corpus, **changes))
    trainer = Trainer(config)
    list(trainer.events())
    task = trainer.models.task
    assert isinstance(task, MusicTask)
    card = ModelCard(
        name, title, "music", corpus.name, "public domain", task.words, task.sequence_length,
        (), task.unit, config.model_dump(mode="json"), "python -m seqgan_core train",
        1.0, "here", float(config.pretrain_epochs), {"bleu_4": 0.5, "samples": 64.0},
    )  # fmt: skip
    write_model(
        folder / f"{name}.safetensors", card, trainer.models.generator, trainer.models.discriminator
    )


def ship_whole_tunes(folder: Path, name: str = "music-tunes") -> None:
    """As `ship_tunes`, of whole tunes, which are kept first."""
    ship_tunes(
        folder, keep_tunes(tune=reel), name, "Whole tunes", strategy="seqgan", transpose=True,
        music_form="tunes", sequence_length=LONGEST_TUNE, d_widths=(1, 2, 8), n_rollouts=1,
    )  # fmt: skip


def ship_all_tunes(home: Path, folder: Path) -> None:
    """MLE and SeqGAN in eighths, MLE in keys, in that folder; the tunes are kept at `home`."""
    keep_tunes(home)
    shutil.copytree(_shelf(), folder, dirs_exist_ok=True)


@cache
def _shelf() -> Path:
    """A folder of these models, trained once in a process; copied, never changed."""
    folder = Path(_SCRATCH.name)
    with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQGAN_HOME", home)
        corpus = keep_tunes()
        for name, title, changes in MODELS:
            ship_tunes(folder, corpus, name, title, **changes)
    return folder
