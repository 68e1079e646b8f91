"""What a reader is shown: an author's new sequences, coloured, and beside the training text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import torch
from torch import LongTensor, Tensor

from seqgan_core.insight.jobs import Work
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import (
    Author,
    fixed_tokens,
    open_author,
    surprise,
    worth,
    write,
)
from seqgan_core.insight.writing.tunes import origins, tunes_of
from seqgan_core.paper.copying import NOBODY, Copies
from seqgan_core.tasks.corpora.registry import load
from seqgan_core.tasks.corpus import Corpus, Sequence
from seqgan_core.tasks.music.quantisation import Evened, evened
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.practice import corpus as practice
from seqgan_core.tasks.text.poems import ORDERS as POEMS
from seqgan_core.tasks.text.speech import ORDERS as SPEECH
from seqgan_core.tasks.text.task import TextTask
from seqgan_core.training.model_files import shelf

Colour = Literal["none", "q", "surprise"]
HELD_OUT = 1000  # real sequences that say how much copying is natural


@dataclass(frozen=True)
class Wish:
    """What is asked of an author.

    Attributes:
        author: its key.
        n: how many; seed: of the dice; temperature: above 0.
        first, acrostic: what is fixed, one of them or neither.
        colour: what each token is coloured by; rollouts: N, for Q alone.
        critic: key of the author whose D gives Q; "" for its own, or that of a model that ships
            and fits (see `critic_of`).
    """

    author: str
    n: int
    seed: int
    temperature: float = 1.0
    first: str = ""
    acrostic: str = ""
    colour: Colour = "none"
    rollouts: int = 16
    critic: str = ""


@dataclass(frozen=True, eq=False)
class Reading:
    """What was written.

    Attributes:
        author: who wrote; judge: the title of the model whose D gave Q, "" where there is none.
        tokens: (n, T) on the CPU; texts: their words, up to the end.
        values: (n, T), Q or nats, on the CPU; None without a colour, or without a D for Q.
    """

    wish: Wish
    author: Author
    judge: str
    tokens: LongTensor
    texts: list[Sequence]
    values: Tensor | None


def reading(models: Models, wish: Wish) -> Work[Reading]:
    """Writes, and values every token as the wish asks.

    Raises:
        ConfigError: there is no such author, or it does not know a word.
        StoreError, DataError: its run cannot be opened.
    """
    author = open_author(models, wish.author)
    yield 0.05
    fixed = fixed_tokens(author, _spelled(author, wish.first), wish.acrostic)
    tokens = write(author, wish.n, wish.seed, wish.temperature, fixed)
    yield 0.1
    values: Tensor | None = None
    judge = ""
    if wish.colour == "surprise":
        values = surprise(author, tokens)
    elif wish.colour == "q":
        critic = critic_of(models, author, wish.critic)
        if critic is not None:
            judge = critic.title
            judged = replace(author, discriminator=critic.discriminator)
            values = yield from worth(judged, tokens, wish.rollouts, wish.seed)
    on_cpu: LongTensor = tokens.cpu()  # type: ignore[assignment]
    values = values if values is None else values.cpu()
    return Reading(wish, author, judge, on_cpu, author.text(on_cpu), values)


def _spelled(author: Author, word: str) -> str:
    """A word as the author knows it, who may know it in small letters only."""
    forms = (word, word.lower(), word.capitalize())
    return next((form for form in forms if author.token(form) is not None), word)


def critic_of(models: Models, author: Author, key: str) -> Author | None:
    """Who scores: the author named, else the author itself, else a model that ships.

    It has a D that learned from the same tokens, none of whose filters is wider than a sequence; of
    tunes also in the same keys, for a D that only ever saw C major calls every other key fake.
    """
    candidates = [key, author.key, *shelf()[0]]
    for candidate in filter(None, candidates):
        other = author if candidate == author.key else open_author(models, candidate)
        alike = other.words == author.words and other.config.transpose == author.config.transpose
        critic = other.discriminator
        if critic is not None and alike and max(critic.widths) <= author.length:
            return other
    return None


# -- beside the training text ----------------------------------------------------------------------


@dataclass(frozen=True)
class Copied:
    """How much of one sequence stands in the training text.

    Attributes:
        run: its longest run that one training sequence holds, () if none; it begins at `start`.
        holder: the first training sequence that holds it.
        nearest: the training sequence with most in common, () if nothing is; `shared` tokens of
            this sequence stand in it, and `distance` edits lead from one to the other.
        holder_title, nearest_title: of the tunes that the two were cut from; "" for text.
        holder_evened, nearest_evened: what of these tunes is not as in their book; None for text.
    """

    run: Sequence
    start: int
    holder: Sequence
    nearest: Sequence
    shared: int
    distance: int
    holder_title: str = ""
    nearest_title: str = ""
    holder_evened: Evened | None = None
    nearest_evened: Evened | None = None


@dataclass(frozen=True)
class Beside:
    """The sequences beside the training text.

    Attributes:
        title: of that text; training: its sequences.
        copied: one for each sequence.
        natural: tokens in the longest copied run of held-out real text, on average over `n` of it.
    """

    title: str
    training: int
    copied: list[Copied]
    natural: float
    n: int


def beside(found: Reading) -> Work[Beside]:
    """Lays what was written beside the text, or the tunes, that the author learned from.

    Raises:
        CorpusMissing: these are not on this machine.
    """
    yield 0.0
    task = learned_from(found.author)
    yield 0.2
    tunes = origins(task) if isinstance(task, MusicTask) else ()
    copies = _copies(task)
    runs, near = copies.longest(found.tokens), copies.nearest(found.tokens)
    yield 0.7
    data = copies.training
    copied = []
    for index, words in enumerate(found.texts):
        start, length = int(runs.start[index]), int(runs.length[index])
        row, nearest = int(runs.row[index]), int(near.row[index])
        holder, other = (
            () if at == NOBODY else found.author.text(data[at : at + 1])[0]  # type: ignore[arg-type]
            for at in (row, nearest)
        )
        of, like = (tunes[at] if tunes and at != NOBODY else None for at in (row, nearest))
        copied.append(
            Copied(
                words[start : start + length], start, holder, other,
                int(near.tokens[index]), int(near.distance[index]),
                of.title if of else "", like.title if like else "",
                evened([of]) if of else None, evened([like]) if like else None,
            )
        )  # fmt: skip
    natural, n = _natural(task)
    return Beside(task.corpus.title, len(data), copied, natural, n)


def learned_from(author: Author) -> TextTask | MusicTask:
    """The text or the tunes that the author learned from, on the CPU.

    Raises:
        CorpusMissing: they are not on this machine.
        CorpusError: they are damaged, or no longer what they were.
    """
    return tunes_of(author) if author.config.task == "music" else text_of(author)


def text_of(author: Author) -> TextTask:
    """The text that the author learned from, in the tokens of its vocabulary, on the CPU.

    Raises:
        CorpusMissing: it is not on this machine.
        CorpusError: it is damaged, or no longer what it was.
    """
    c = author.config
    corpus = load(c.corpus, c.punctuation)
    return _task(c.task, corpus, author.length, c.min_count, author.words)


@lru_cache(maxsize=3)
def _task(
    task: str, corpus: Corpus, length: int, min_count: int, words: tuple[str, ...]
) -> TextTask:
    orders = POEMS if task == "poems" else SPEECH
    return TextTask(task, corpus, length, min_count=min_count, orders=orders, words=words)


@lru_cache(maxsize=3)  # a task is equal to itself alone, and `_task` keeps as many
def _copies(task: TextTask | MusicTask) -> Copies:
    return Copies(task.train_data(), task.end)


@lru_cache(maxsize=3)
def _natural(task: TextTask | MusicTask) -> tuple[float, int]:
    real: LongTensor = task.references()[:HELD_OUT]  # type: ignore[assignment]
    return float(_copies(task).longest(real).length.double().mean()), len(real)


# -- the practice corpus has a rule ----------------------------------------------------------------


def by_rule(
    models: Models, key: str, n: int, seed: int, temperature: float
) -> Work[practice.Shares]:
    """What share of n new poems of an author keeps the rule of the practice corpus."""
    yield 0.0
    author = open_author(models, key)
    yield 0.1
    with torch.no_grad():
        tokens = write(author, n, seed, temperature)
    yield 0.5
    return practice.shares(author.text(tokens))
