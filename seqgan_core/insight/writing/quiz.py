"""Which one is real? A held-out text or tune and a model's, in random order."""

import hashlib
from dataclasses import dataclass, field

import torch

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import Sampler, open_sampler, sample_tokens
from seqgan_core.insight.writing.samples import training_task
from seqgan_core.tasks.corpora.book import Book
from seqgan_core.tasks.corpora.registry import CORPORA
from seqgan_core.tasks.corpus import Sequence
from seqgan_core.tasks.music.quantisation import Quantisation, quantisation_of
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tokens import transposition
from seqgan_core.tasks.music.tune import Tune, TuneCorpus
from seqgan_core.tasks.text.task import MIN_LENGTH, TextTask
from seqgan_core.training.randomness import rng_for

TRIES = 50  # texts drawn until one is as long as the shortest real ones


@dataclass(frozen=True)
class Origin:
    """Where a real tune is from."""

    tune: str  # its title
    book: str  # the title of its book
    key: str  # its key in the book
    moved: int  # semitones that it was transposed by, 0 for none
    quantisation: Quantisation  # how the tune in eighths differs from the book


@dataclass(frozen=True)
class Question:
    """Two sequences, one real and one generated."""

    texts: tuple[Sequence, Sequence]  # both in the order shown, as words or names of notes
    real: int  # the place of the real one, 0 or 1
    seed: int  # of the draws
    origin: Origin | None  # of a real tune; None for text
    sampler: Sampler = field(compare=False)  # the model


def question(models: Models, key: str, session: str, number: int) -> Job[Question]:
    """The question of that number in a session; the same at each call.

    The real one is of the test split, cut and transposed like the training data; the other is the
    sampler's at temperature 1, drawn again while it is shorter than real ones are. Errors are those
    of `open_sampler` and `training_task`.
    """
    sampler = open_sampler(models, key)
    yield 0.2
    task = training_task(sampler)
    yield 0.6
    held_out = _held_out(task)
    seed = seed_of(key, session, number)
    text, tune = held_out[int(torch.randint(len(held_out), (1,), generator=rng_for(seed, "quiz")))]
    real = int(torch.randint(2, (1,), generator=rng_for(seed, "quiz order")))
    drawn = sampler.text(sample_tokens(sampler, TRIES if sampler.end is not None else 1, seed))
    generated = next((row for row in drawn if len(row) >= MIN_LENGTH), drawn[0])
    pair = (text, generated) if real == 0 else (generated, text)
    origin = None
    if isinstance(task, MusicTask) and tune is not None:
        origin = Origin(
            tune.title, book_of(task.corpus, tune), tune.key.name,
            transposition(tune, task.form) if task.transpose else 0, quantisation_of([tune]),
        )  # fmt: skip
    return Question(pair, real, seed, origin, sampler)


def _held_out(task: TextTask | MusicTask) -> list[tuple[Sequence, Tune | None]]:
    """Held-out sequences of the length that the task has, each with its tune."""
    if isinstance(task, MusicTask):
        cut = task.windows(task.corpus.test)
        return [(tuple(task.words[token] for token in row), tune) for tune, row in cut]
    return [(text, None) for text in task.fitting(task.corpus.test)]


def book_of(corpus: TuneCorpus, tune: Tune) -> str:
    """The title of the book that holds the tune; of several, the first."""
    source = CORPORA.get(corpus.name)
    return source.book_of(tune).title if isinstance(source, Book) else corpus.title


def seed_of(key: str, session: str, number: int) -> int:
    """The seed of a session's question of that number about a model."""
    name = f"{key}\n{session}\n{number}".encode()
    return int.from_bytes(hashlib.sha256(name).digest()[:4], "big") // 2
