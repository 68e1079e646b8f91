"""Which one is human? A real held-out text beside one that a model wrote, in an order by lot."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import torch

from seqgan_core.insight.jobs import Work
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import open_author, write
from seqgan_core.insight.writing.samples import text_of
from seqgan_core.tasks.corpus import CorpusError, Sequence
from seqgan_core.tasks.text.task import SHORTEST, TextTask
from seqgan_core.training.randomness import rng_for

TRIES = 50  # texts drawn until one is as long as real ones are at least


@dataclass(frozen=True)
class Question:
    """Two texts side by side.

    Attributes:
        texts: left and right; human: the place of the real one, 0 or 1.
        lines: tokens in each line of verse, () for running text; unit: what a token is.
        title: of the author, for afterwards; seed: of the draws.
    """

    texts: tuple[Sequence, Sequence]
    human: int
    lines: tuple[int, ...]
    unit: str
    title: str
    seed: int


def question(models: Models, key: str, session: str, number: int) -> Work[Question]:
    """The question of that number in a session; the same one whenever it is asked again.

    The real text is of the test split, so that the author cannot have learned it; the other is
    the author's own, at temperature 1, drawn again while it is shorter than real ones are.

    Raises:
        CorpusMissing: the real text is not on this machine.
        ConfigError, StoreError, DataError: the author cannot be opened.
    """
    author = open_author(models, key)
    yield 0.2
    task = text_of(author)
    yield 0.8
    real = _real(task)
    seed = seed_of(key, session, number)
    chosen = real[int(torch.randint(len(real), (1,), generator=rng_for(seed, "quiz")))]
    human = int(torch.randint(2, (1,), generator=rng_for(seed, "quiz order")))
    texts = author.text(write(author, TRIES if author.end is not None else 1, seed))
    written = next((text for text in texts if len(text) >= SHORTEST), texts[0])
    pair = (chosen, written) if human == 0 else (written, chosen)
    return Question(pair, human, author.lines, author.unit, author.title, seed)


def _real(task: TextTask) -> list[Sequence]:
    """Held-out sequences of the length that the task has."""
    T = task.sequence_length
    fits = (T, T) if task.lines else (SHORTEST, T)
    found = [text for text in task.corpus.test if fits[0] <= len(text) <= fits[1]]
    if not found:
        raise CorpusError(f"{task.corpus.title} holds no text back, so there is nothing to guess")
    return found


def seed_of(key: str, session: str, number: int) -> int:
    """What a session's round of that number on an author is drawn by."""
    told = f"{key}\n{session}\n{number}".encode()
    return int.from_bytes(hashlib.sha256(told).digest()[:4], "big") // 2
