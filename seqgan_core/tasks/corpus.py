"""Text as it comes from a reader: sequences of tokens in words, split, with what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from seqgan_core.tasks.protocol import DataError

Sequence = tuple[str, ...]
"""A line, a sentence or a poem: its characters or its words."""

Unit = Literal["characters", "words"]


@dataclass(frozen=True)
class Rejection:
    """Why some of the text is not used.

    Attributes:
        reason: a clause for people ("holds a lacuna").
        count: how many lines it befell, 1 or more.
        example: the first of them, shortened to 80 characters, and `line`, its number from 1.
    """

    reason: str
    count: int
    example: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Report:
    """What a reader made of a text: `read` lines, `kept` sequences, and what was left out."""

    read: int
    kept: int
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, eq=False)
class Corpus:
    """A text that is ready to be made into a task; two are equal only if they are one.

    Attributes:
        name: as `TrainConfig.corpus` says it: a name of the registry, or one's own text's.
        title: for people.
        unit: what a token is.
        train, valid, test: sequences to learn from, to choose by, and to be judged by; no
            sequence of `train` is in `valid` or `test`.
        licence: as the source states it.
        source: an address, or what it is.
        lines: how many tokens each line of verse holds, all sequences alike; () for running text.
        report: what was kept and what was left out.
    """

    name: str
    title: str
    unit: Unit
    train: tuple[Sequence, ...]
    valid: tuple[Sequence, ...]
    test: tuple[Sequence, ...]
    licence: str = ""
    source: str = ""
    lines: tuple[int, ...] = ()
    report: Report = field(default_factory=lambda: Report(0, 0))


class CorpusError(DataError):
    """A text cannot be used; the message says what and where, and what to do."""


class CorpusMissing(CorpusError):
    """The corpus has not been fetched to this machine; the message says how to."""
