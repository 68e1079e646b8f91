"""Which one is real? A held-out text or tune and one that a model made, in random order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import torch

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import open_sampler, sample_tokens
from seqgan_core.insight.writing.samples import text_task
from seqgan_core.insight.writing.tunes import tune_task
from seqgan_core.tasks.corpora.registry import CORPORA, load_tunes
from seqgan_core.tasks.corpora.tune_entries import TuneEntry
from seqgan_core.tasks.corpus import CorpusError, Sequence
from seqgan_core.tasks.music.quantisation import Quantisation, quantisation_of
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tokens import Form, transposition, windows
from seqgan_core.tasks.music.tune import Tune, TuneCorpus
from seqgan_core.tasks.text.task import MIN_LENGTH, TextTask
from seqgan_core.training.config import ConfigError
from seqgan_core.training.randomness import rng_for

TRIES = 50  # texts drawn until one is as long as real ones are at least


@dataclass(frozen=True)
class Question:
    """Two texts side by side.

    Attributes:
        texts: left and right; human: the place of the real one, 0 or 1.
        lines: tokens in each line of verse, () for running text; unit: what a token is.
        title: of the sampler, for afterwards; seed: of the draws.
    """

    texts: tuple[Sequence, Sequence]
    human: int
    lines: tuple[int, ...]
    unit: str
    title: str
    seed: int


def question(models: Models, key: str, session: str, number: int) -> Job[Question]:
    """The question of that number in a session; the same one whenever it is asked again.

    The real text is of the test split, so that the sampler cannot have learned it; the other is
    the sampler's own, at temperature 1, drawn again while it is shorter than real ones are.

    Raises:
        CorpusMissing: the real text is not on this machine.
        ConfigError, StoreError, DataError: the sampler cannot be opened.
    """
    sampler = open_sampler(models, key)
    yield 0.2
    task = text_task(sampler)
    yield 0.8
    real = _real(task)
    seed = seed_of(key, session, number)
    chosen = real[int(torch.randint(len(real), (1,), generator=rng_for(seed, "quiz")))]
    human = int(torch.randint(2, (1,), generator=rng_for(seed, "quiz order")))
    texts = sampler.text(sample_tokens(sampler, TRIES if sampler.end is not None else 1, seed))
    written = next((text for text in texts if len(text) >= MIN_LENGTH), texts[0])
    pair = (chosen, written) if human == 0 else (written, chosen)
    return Question(pair, human, sampler.lines, sampler.unit, sampler.title, seed)


def _real(task: TextTask) -> list[Sequence]:
    """Held-out sequences of the length that the task has."""
    T = task.sequence_length
    fits = (T, T) if task.lines else (MIN_LENGTH, T)
    texts = [text for text in task.corpus.test if fits[0] <= len(text) <= fits[1]]
    if not texts:
        raise CorpusError(f"{task.corpus.title} holds no text back, so there is nothing to guess")
    return texts


# -- tunes ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TuneQuestion:
    """Two stretches of T tokens side by side.

    Attributes:
        tokens: left and right; real: the place of the real one, 0 or 1.
        shown: both in the names of their tokens, to be kept with a vote.
        form: what a token is.
        title: of the model.
        tune: the title of the real tune; book: the book that it is from.
        key: the key that it has there; moved: by how many semitones it was moved, 0 for as it is.
        seed: of the draws.
        quantisation: how the whole tune in eighths differs from its book.
    """

    tokens: tuple[tuple[int, ...], tuple[int, ...]]
    real: int
    shown: tuple[str, str]
    form: Form
    title: str
    tune: str
    book: str
    key: str
    moved: int
    seed: int
    quantisation: Quantisation


def tune_question(models: Models, key: str, session: str, number: int) -> Job[TuneQuestion]:
    """The question of that number in a session; the same one whenever it is asked again.

    The real stretch is of the test split, cut and transposed like the training data; the other is
    the model's own, at temperature 1.

    Raises:
        CorpusMissing: the real tunes are not on this machine.
        ConfigError, StoreError, DataError: the sampler cannot be opened, or makes no music.
    """
    sampler = open_sampler(models, key)
    if sampler.config.task != "music":
        raise ConfigError(f"{sampler.title} writes no music; choose a model of tunes")
    yield 0.2
    task = tune_task(sampler)
    yield 0.6
    held_out = stretches(task)
    seed = seed_of(key, session, number)
    tune, window = held_out[
        int(torch.randint(len(held_out), (1,), generator=rng_for(seed, "tune quiz")))
    ]
    real = int(torch.randint(2, (1,), generator=rng_for(seed, "tune quiz order")))
    (made,) = sample_tokens(sampler, 1, seed).tolist()
    pair = (window, tuple(made)) if real == 0 else (tuple(made), window)
    left, right = (" ".join(sampler.words[token] for token in row) for row in pair)
    return TuneQuestion(
        pair, real, (left, right), task.form, sampler.title, tune.title, book_of(task.corpus, tune),
        tune.key.name, transposition(tune) if task.transpose else 0, seed, quantisation_of([tune]),
    )  # fmt: skip


def stretches(task: MusicTask) -> list[tuple[Tune, tuple[int, ...]]]:
    """The held-out windows of a task, in the order of its test data, each with its tune."""
    return [
        (tune, tuple(window))
        for tune in task.corpus.test
        for window in windows(tune, task.form, task.sequence_length, task.transpose, task.hop)
    ]


def book_of(corpus: TuneCorpus, tune: Tune) -> str:
    """The title of the book that holds the tune; of several, the first."""
    entry = CORPORA.get(corpus.name)
    for name in entry.books if isinstance(entry, TuneEntry) else ():
        book = load_tunes(name)
        if tune in (*book.train, *book.valid, *book.test):
            return book.title
    return corpus.title


# -- both -----------------------------------------------------------------------------------------


def seed_of(key: str, session: str, number: int) -> int:
    """The seed of a session's question of that number about a model."""
    name = f"{key}\n{session}\n{number}".encode()
    return int.from_bytes(hashlib.sha256(name).digest()[:4], "big") // 2
