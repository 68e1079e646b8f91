"""Small texts and small models of them: what the screens of text are tested on."""

import itertools
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from seqgan_core.tasks.corpora.upload import add_upload
from seqgan_core.tasks.corpus import TextCorpus
from seqgan_core.tasks.text.task import TextTask
from seqgan_core.tasks.text.user_text import Options, UserText
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.setup.model_files import ModelCard, write_model
from seqgan_core.training.trainer import Trainer
from tests.support.tiny.configs import SIZES

_SCRATCH = tempfile.TemporaryDirectory(prefix="seqgan-shelf-")  # removed when Python ends
VERSE = Options(length=10)
PROSE = Options(unit="words", length=8)


def verse(poems: int = 160) -> str:
    """Poems of two lines of five characters, a line each."""
    firsts = itertools.product("春江花月", "山水风雨", "夜", "云雪人", "天心")
    seconds = itertools.product("明清远近", "鸟鱼", "飞归来", "不", "见闻")
    pairs = zip(firsts, itertools.cycle(seconds), strict=False)
    lines = ["".join(a) + "，" + "".join(b) + "。" for a, b in pairs]
    more = ["".join(reversed(line[:5])) + "，" + line[6:] for line in lines]
    return "\n".join([*lines, *more][:poems])


def prose(sentences: int = 160) -> str:
    """Sentences of six words with a full stop, a line each."""
    who = ("we", "they", "you", "people", "children")
    what = ("will build", "can mend", "must share", "did love")
    which = ("the old", "a new", "our own", "every small")
    things = ("house", "road", "school")
    slots = (who, what, which, things)
    lines = [" ".join(words).capitalize() + "." for words in itertools.product(*slots)]
    return "\n".join(lines[:sentences])


def keep_verse(home: Path | None = None) -> TextCorpus:
    """Add the poems to that library as a user text."""
    return add_upload(UserText(verse(), "Small verse", VERSE), home)


def keep_prose(home: Path | None = None) -> TextCorpus:
    """Add the sentences to that library as a user text."""
    return add_upload(UserText(prose(), "Small prose", PROSE), home)


def config_for(corpus: TextCorpus, **changes: Any) -> TrainConfig:
    """Settings of a run of a second on that text."""
    verse = bool(corpus.lines)
    return make_config(
        **SIZES
        | {
            "task": "poems" if verse else "speech",
            "corpus": corpus.name,
            "sequence_length": sum(corpus.lines) or PROSE.length,
            "n_train": len(corpus.train),
        }
        | changes
    )


def ship(folder: Path, corpus: TextCorpus, name: str, title: str, **changes: Any) -> None:
    """Trains a model of that text and puts it where shipped models are; the text must be kept."""
    torch.set_num_threads(1)
    config = resolve_config(config_for(corpus, **changes))
    trainer = Trainer(config)
    list(trainer.events())
    task = trainer.models.task
    assert isinstance(task, TextTask)
    card = ModelCard(
        name, title, task.name, corpus.name, "public domain", task.words, task.sequence_length,
        task.lines, task.unit, config.model_dump(mode="json"), "python -m seqgan_core train",
        1.0, "here", float(config.pretrain_epochs), {"bleu_2": 0.5, "samples": 64.0},
    )  # fmt: skip
    write_model(
        folder / f"{name}.safetensors", card, trainer.models.generator, trainer.models.discriminator
    )


def ship_all(home: Path, folder: Path) -> None:
    """MLE and SeqGAN of both texts, in that folder; the texts are kept in that library."""
    keep_verse(home)
    keep_prose(home)
    shutil.copytree(_shelf(), folder, dirs_exist_ok=True)


@cache
def _shelf() -> Path:
    """A folder of these models, trained once in a process; copied, never changed."""
    folder = Path(_SCRATCH.name)
    with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQGAN_HOME", home)
        for stem, corpus in (("poems", keep_verse()), ("speech", keep_prose())):
            for strategy, title in (("mle", "MLE"), ("seqgan", "SeqGAN")):
                ship(folder, corpus, f"{stem}-{strategy}", f"Small {stem}, {title}",
                     strategy=strategy)  # fmt: skip
    return folder
