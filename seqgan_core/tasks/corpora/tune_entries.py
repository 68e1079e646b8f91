"""The tunes there are, by name: the books that music21 carries, and the paper's release."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from seqgan_core.tasks.corpus import CorpusError, CorpusMissing
from seqgan_core.tasks.download import File, Progress, fetch_files, readable_disk_errors
from seqgan_core.tasks.home import corpora_folder
from seqgan_core.tasks.music import cache, folk_books, nottingham
from seqgan_core.tasks.music import tune as tunes
from seqgan_core.tasks.music.cache import NAME, Item
from seqgan_core.tasks.music.tune import UNIT, CacheError, Collection, Tune, TuneCorpus
from seqgan_core.tasks.splitting import Side


@dataclass(frozen=True)
class TuneEntry:
    """Tunes that one can learn from.

    Attributes:
        name, title, about, licence, source: as of a text (`TextEntry`).
        tunes: how many its source holds.
        items: the tunes in the folder that holds its files; split: their sides, where the source
            gives none; read: makes one.
        files: of which it is made; () where music21 carries it.
        books: names of the entries that it is put together of.
        ships: whether a model made of it may be handed on.
    """

    name: str
    title: str
    about: str
    licence: str
    source: str
    tunes: int
    items: Callable[[Path], list[Item]] | None = None
    read: Callable[[Item], Tune] = folk_books.read_item
    split: Callable[[Tune], Side] = folk_books.side
    files: tuple[File, ...] = ()
    books: tuple[str, ...] = ()
    ships: bool = True
    unit: str = field(default=UNIT, init=False)

    @property
    def bytes(self) -> int:
        """What there is to fetch."""
        return sum(file.bytes or 0 for file in self.files)

    @property
    def size(self) -> str:
        """What there is to do, for people."""
        fetched = f"{self.bytes / 1e6:.1f} MB, then " if self.files else ""
        return f"{fetched}{self.tunes:,} tunes to read"

    def folder(self, home: Path | None) -> Path:
        """Where its tunes are once they are read."""
        return corpora_folder(home) / self.name

    def caches(self, home: Path | None) -> list[Path]:
        """The files that hold them, there or not."""
        if self.books:
            return [path for name in self.books for path in TUNES[name].caches(home)]
        return [self.folder(home) / NAME]

    def have(self, home: Path | None) -> bool:
        """Whether they are read."""
        return all(path.is_file() for path in self.caches(home))

    def fetch(self, home: Path | None, progress: Progress | None) -> None:
        """Reads them, once; a broken reading goes on. The progress is told bytes, then tunes.

        Of several books it is told the tunes of all together.
        """
        before = 0
        for name in self.books:
            book = TUNES[name]
            book.fetch(home, _after(before, self.tunes, progress))
            before += book.tunes
        if self.have(home) and self._whole(home):
            return
        folder = self.folder(home)
        if self.files:
            fetch_files(self.files, folder, progress)
        assert self.items is not None
        cache.build(self.items(folder), self.read, self.split, folder, progress)

    def load(self, home: Path | None) -> TuneCorpus:
        """The tunes, split; the same object as long as its files stay as they are."""
        if not self.have(home):
            raise CorpusMissing(
                f"the corpus {self.name} ({self.title}) is not on this machine yet; `python -m "
                f"seqgan_core corpus get {self.name}` makes it ({self.size})"
            )
        stats = [(path, path.stat()) for path in self.caches(home)]
        return _load(self.name, tuple((p, stat.st_size, stat.st_mtime_ns) for p, stat in stats))

    def remove(self, home: Path | None) -> None:
        """Takes them off this machine."""
        if self.books:
            raise CorpusError(f"{self.name} is made of {' and '.join(self.books)}; remove those")
        folder = self.folder(home)
        with readable_disk_errors(folder):
            if folder.exists():
                shutil.rmtree(folder)

    def _whole(self, home: Path | None) -> bool:
        try:
            for path in self.caches(home):
                tunes.read(path)
        except CacheError:
            return False
        return True


def _after(before: int, total: int, progress: Progress | None) -> Progress | None:
    """Tells of one book as a part of several: so many tunes were before it, of so many in all."""
    if progress is None:
        return None
    report = progress
    return lambda done, _total: report(before + done, total)


def _of_book(book: folk_books.Book) -> TuneEntry:
    return TuneEntry(
        book.name,
        book.title,
        book.about,
        book.licence,
        f"music21's package, corpus/{book.folder}",
        book.tunes,
        lambda folder: folk_books.items(book),
        ships=book.ships,
    )


_RYAN, _ONEILL, _AIRD, _ESSEN = (_of_book(book) for book in folk_books.BOOKS.values())

TUNES: dict[str, TuneEntry] = {
    entry.name: entry
    for entry in (
        TuneEntry(
            "ryan-oneill",
            "Ryan's and O'Neill's tunes",
            "Both books as one, a tune that both have taken once.",
            _RYAN.licence.replace("the book of 1883 is", "the books of 1883 and 1903 are"),
            "music21's package, corpus/ryansMammoth and corpus/oneills1850",
            _RYAN.tunes + _ONEILL.tunes,
            books=(_RYAN.name, _ONEILL.name),
        ),
        _RYAN,
        _ONEILL,
        _AIRD,
        _ESSEN,
        TuneEntry(
            "nottingham",
            "Nottingham tunes",
            "The release that the paper used: 1,037 tunes with chords as MIDI, in its own split.",
            "none stated (Nottingham Music Database, E. Foxley; MIDI by N. Boulanger-Lewandowski "
            "2012). Nothing made of it ships with this program",
            "https://github.com/ShakeelRaja/Structured-Augmented-LSTM",
            1037,
            lambda folder: nottingham.items(folder / nottingham.FILE.name),
            nottingham.read_item,
            files=(nottingham.FILE,),
            ships=False,
        ),
    )
}


@lru_cache(maxsize=8)
def _load(name: str, seen: tuple[tuple[Path, int, int], ...]) -> TuneCorpus:
    entry = TUNES[name]
    collections: list[Collection] = []
    for path, _, _ in seen:
        try:
            collections.append(tunes.read(path))
        except CacheError as error:
            book = path.parent.name
            raise CorpusError(
                f"{error}; `python -m seqgan_core corpus get {book}` reads it anew"
            ) from None
    whole = cache.merged(collections) if len(collections) > 1 else collections[0]
    return whole.corpus(name, entry.title, entry.licence, entry.source)
