"""What a corpus holds, text or tunes: its sequences, how they are split, and what was rejected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from seqgan_core.media.visible_text import SHORT, visible_text
from seqgan_core.messages import _
from seqgan_core.tasks.protocol import DataError

T = TypeVar("T")

Sequence = tuple[str, ...]
"""A line, a sentence or a poem: its characters or its words."""

Unit = Literal["characters", "words", "notes"]


@dataclass(frozen=True)
class Rejection:
    """Why a part of a source is not used; as text in the reader's language."""

    reason: str  # a clause for people ("shorter than {n} words"), marked for translation
    count: int  # how many lines, sequences, tunes or files it concerns, 1 or more
    example: str = ""  # the first of them, at most 80 characters
    line: int | None = None  # its number, from 1
    fields: dict[str, Any] = field(default_factory=dict)  # what fills the braces of the reason

    def __str__(self) -> str:
        shown = {key: _(v) if isinstance(v, str) else v for key, v in self.fields.items()}
        return _(self.reason).format(**shown) if shown else _(self.reason)


@dataclass(frozen=True)
class Report:
    """What a reader made of a source: the number of lines, tunes or files read, and sequences kept.

    `rejections` may name a reason more than once, with an example each.
    """

    read: int
    kept: int
    rejections: tuple[Rejection, ...] = ()

    def by_reason(self) -> list[Rejection]:
        """Each reason once with its total, the most frequent first."""
        return list(Rejections(self.rejections).all)


class Rejections:
    """Counts rejections by reason, each with its first example."""

    def __init__(self, given: Iterable[Rejection] = ()) -> None:
        self._by_reason: dict[str, Rejection] = {}
        for rejection in given:
            self._add(rejection)

    def add(
        self, reason: str, example: str = "", line: int | None = None, count: int = 1, **fields: Any
    ) -> None:
        """Count `count` more for this reason; nothing if `count` is 0."""
        if count:
            self._add(Rejection(reason, count, visible_text(example, SHORT), line, fields))

    def _add(self, new: Rejection) -> None:
        key = f"{new.reason} {new.fields}"
        old = self._by_reason.get(key)
        if old is not None:
            new = Rejection(old.reason, old.count + new.count, old.example, old.line, old.fields)
        self._by_reason[key] = new

    @property
    def all(self) -> tuple[Rejection, ...]:
        """The most frequent reason first."""
        return tuple(sorted(self._by_reason.values(), key=lambda rejection: -rejection.count))

    def __str__(self) -> str:
        """The three most frequent reasons with their counts."""
        return "; ".join(f"{rejection}: {rejection.count:,}" for rejection in self.all[:3])


@dataclass(frozen=True, eq=False)
class Corpus(Generic[T]):
    """Data that is ready to be made into a task; two corpora are equal only if they are the same.

    A reader fills in the data; the source of the corpus fills in what it is called.
    """

    name: str = ""  # as `TrainConfig.corpus` has it
    title: str = ""  # for people
    unit: Unit = "characters"  # what a token is
    # train, valid, test: sequences of text, or tunes, to learn from, to choose settings by, and
    # held out; nothing of `train` is in `valid` or `test`
    train: tuple[T, ...] = ()
    valid: tuple[T, ...] = ()
    test: tuple[T, ...] = ()
    licence: str = ""  # as the source states it
    source: str = ""  # an address, or what it is
    # tokens in each line of verse, the same in all sequences; () where there are no lines
    lines: tuple[int, ...] = ()
    report: Report = field(default_factory=lambda: Report(0, 0))

    @property
    def sides(self) -> dict[str, tuple[T, ...]]:
        """Training, validation and held-out data by name."""
        return {"train": self.train, "valid": self.valid, "test": self.test}


TextCorpus = Corpus[Sequence]


def clean_title(title: str) -> str:
    """A title on one line, with controls written out."""
    return visible_text(" ".join(title.split()), SHORT)


class CorpusError(DataError):
    """A corpus cannot be used; the message says what is wrong, where, and what to do."""


class CorpusMissing(CorpusError):
    """The corpus is not on this machine; the message says how to get it."""


class DamagedFile(DataError):
    """A stored file is damaged or of another version."""
