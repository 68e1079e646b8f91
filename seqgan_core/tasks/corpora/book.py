"""A book of tunes that is read once, step by step, into the home folder; a break costs one step."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from seqgan_core.messages import Message
from seqgan_core.tasks.corpora.source import Source
from seqgan_core.tasks.corpus import CorpusError, DamagedFile, Report, Unit
from seqgan_core.tasks.download import Progress, fetch_files, in_all, locked, readable_disk_errors
from seqgan_core.tasks.music.collection import Collection, concatenated, deduplicated
from seqgan_core.tasks.music.tune import Step, Tune, TuneCorpus, TuneError
from seqgan_core.tasks.splitting import Side

STEP = 100  # tunes that are stored together; so many are read again after a break
READER = 1  # goes up when the readers change what they make of the same bytes
NAME = f"tunes-{READER}.npz"


@dataclass(frozen=True)
class Item:
    """One tune as its book has it: its name and bytes, and its side if the book states one."""

    name: str
    data: bytes
    side: Side | None = None


@dataclass(frozen=True, kw_only=True)
class Book(Source):
    """A book of tunes, or several as one."""

    unit: Unit = "notes"
    tunes: int  # how many its source has
    items: Callable[[Path], list[Item]] | None = None  # the tunes in the folder of its files
    # makes a tune of an item, or raises TuneError with the reason
    read: Callable[[Item], Tune] | None = None
    split: Callable[[Tune], Side] | None = None  # the side of a tune, where the source states none
    books: tuple[Book, ...] = ()  # the books that it consists of; then it has no items
    ships: bool = True  # whether a model trained on it may be distributed

    @property
    def bundled(self) -> bool:
        return not self.files

    @property
    def size(self) -> str:
        if not self.files:
            return str(Message("{n:,} tunes to read", n=self.tunes))
        mb = (self.bytes or 0) / 1e6
        return str(Message("{mb:.1f} MB, then {n:,} tunes to read", mb=mb, n=self.tunes))

    def paths(self) -> list[Path]:
        """The files with its tunes, whether they exist or not."""
        if self.books:
            return [path for book in self._books() for path in book.paths()]
        return [self.folder / NAME]

    def _fetch(self, progress: Progress) -> None:
        """Fetch its files and read them; a reading that broke off continues.

        `progress` is called with bytes, then with tunes; with the tunes of all books together.
        """
        before = 0
        for book in self._books():
            book.fetch(in_all(progress, before, self.tunes))
            before += book.tunes
        with suppress(CorpusError):
            self.load()
            return
        folder = self.folder
        if self.files:
            fetch_files(self.files, folder, progress)
        assert self.items
        assert self.read
        build(self.items(folder), self.read, self.split, folder, progress)

    def remove(self) -> None:
        if self.books:
            books = ", ".join(book.name for book in self.books)
            raise CorpusError("corpus.made-of-books", name=self.name, books=books)
        super().remove()

    def book_of(self, tune: Tune) -> Book:
        """The book that has the tune; of several the first."""
        for book in self._books():
            corpus = book.load()
            if any(tune in side for side in corpus.sides.values()):
                return book
        return self

    def _books(self) -> list[Book]:
        return [replace(book, home=self.home) for book in self.books]

    def _read(self, punctuation: bool) -> TuneCorpus:
        collections = []
        for path in self.paths():
            try:
                collections.append(Collection.read(path))
            except DamagedFile as error:
                raise CorpusError("book.damaged", reason=error, name=path.parent.name) from None
        whole = deduplicated(concatenated(collections)) if self.books else collections[0]
        return whole.corpus()


def build(
    items: Sequence[Item], read: Callable[[Item], Tune], split: Callable[[Tune], Side] | None,
    folder: Path, progress: Step,
) -> None:  # fmt: skip
    """Reads a book into `folder`, or what is left of it after a break.

    Where the book states no sides, each tune is kept once, in whatever key it is repeated.
    `progress` is called after each step; `read` and `split` are those of `Book`.

    Raises:
        CorpusError: another process reads it already, or the disk refuses.
    """
    with readable_disk_errors(folder), locked(folder):
        mark = _mark(items)
        parts = []
        for number, first in enumerate(range(0, len(items), STEP)):
            path = folder / f"part-{mark}-{number:04d}.npz"
            batch = items[first : first + STEP]
            try:
                part = Collection.read(path)
            except DamagedFile:
                part = _read(batch, read, split)
                part.save(path)
            parts.append(part)
            progress(min(first + STEP, len(items)), len(items))
        whole = concatenated(parts)
        if items and items[0].side is None:
            whole = deduplicated(whole)
        if not whole.tunes:
            raise CorpusError("book.empty", "no tune of {name} can be read", name=folder.name)
        whole.save(folder / NAME)
        for path in folder.glob("part-*.npz"):
            path.unlink(missing_ok=True)


def _read(
    items: Sequence[Item], read: Callable[[Item], Tune], split: Callable[[Tune], Side] | None
) -> Collection:
    tunes, sides, rejections = [], [], []
    for item in items:
        try:
            tune = read(item)
        except TuneError as error:
            rejections.append(error.rejection(item.name))
            continue
        tunes.append(tune)
        assert item.side or split
        sides.append(item.side or split(tune))  # type: ignore[misc]
    report = Report(len(items), len(tunes), tuple(rejections))
    return Collection(tuple(tunes), tuple(sides), report)


def _mark(items: Sequence[Item]) -> str:
    """What the parts belong to: these bytes, read by this reader."""
    digest = hashlib.sha256(f"{NAME} {STEP} {len(items)}".encode())
    for item in items:
        digest.update(hashlib.sha256(item.data).digest())
    return digest.hexdigest()[:12]
