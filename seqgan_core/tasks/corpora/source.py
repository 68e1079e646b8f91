"""What every source of a corpus can do: fetch it, load it, remove it, say how large it is."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from seqgan_core.messages import _
from seqgan_core.tasks.corpus import Corpus, CorpusMissing, Unit
from seqgan_core.tasks.download import File, Progress, readable_disk_errors, silent, total_bytes
from seqgan_core.tasks.home import corpora_folder
from seqgan_core.tasks.registry import TaskName

TASK_OF: dict[Unit, TaskName] = {"characters": "poems", "words": "speech", "notes": "music"}


@dataclass(frozen=True, kw_only=True)
class Source(ABC):
    """A corpus that can be had, on this machine or not.

    There are three kinds: files that are fetched, bundled or built in (`files.Files`), a book of
    tunes that is read once (`book.Book`), and an upload (`upload.Upload`).
    """

    name: str  # as settings and commands have it
    # title, about, licence: for people; marked for translation
    title: str
    about: str = ""
    licence: str
    unit: Unit  # what a token is
    origin: str  # an address, or where it is from
    files: tuple[File, ...] = ()  # what is fetched; () if nothing is
    place: int = 100  # orders the corpora of a unit in lists
    screen: TaskName | None = None  # that of "Create" that shows it, if not the one of its task
    # its sentences are shown with a capital, and so is the word I: its reader removes the capital
    # of a first word. Any other text is shown as it is.
    english: bool = False
    home: Path | None = None  # the folder of all data; by default `SEQGAN_HOME`

    uploaded: ClassVar[bool] = False

    @property
    def bundled(self) -> bool:
        """Whether nothing is fetched, but it has to be read once."""
        return False

    @property
    def task(self) -> TaskName:
        return TASK_OF[self.unit]

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return _(self.title)

    @property
    def bytes(self) -> int | None:
        """How much is fetched; None if the source does not state it."""
        return total_bytes(self.files)

    @property
    @abstractmethod
    def size(self) -> str:
        """How much there is to fetch or to read, for people."""

    @property
    def folder(self) -> Path:
        """The folder of its files on this machine, which may not exist."""
        return corpora_folder(self.home) / self.name

    @abstractmethod
    def paths(self) -> list[Path]:
        """The files that it is loaded from, whether they exist or not."""

    def have(self) -> bool:
        """Whether it can be loaded without fetching anything."""
        return all(path.is_file() for path in self.paths())

    def fetch(self, progress: Progress = silent) -> None:
        """Bring it to this machine; files that are here are left alone.

        `progress` is called with bytes, and for tunes that are read then with tunes.

        Raises:
            FetchError: it could not be fetched; what came is kept, and the next try continues.
        """
        self._fetch(progress)

    @abstractmethod
    def _fetch(self, progress: Progress) -> None: ...

    def load(self, punctuation: bool = False) -> Corpus[Any]:
        """The corpus, read and split; the same object until its files change.

        With `punctuation` marks are tokens, in poems.

        Raises:
            CorpusMissing: it is not on this machine.
            CorpusError: its files are damaged.
        """
        if not self.have():
            raise self._missing()
        stats = [(path, path.stat()) for path in self.paths()]
        stamp = tuple((path, stat.st_size, stat.st_mtime_ns) for path, stat in stats)
        return _loaded(self, punctuation, stamp)

    def remove(self) -> None:
        """Remove it from this machine; again, if it is not there.

        Raises:
            CorpusError: it cannot be removed.
        """
        with readable_disk_errors(self.folder):
            if self.folder.exists():
                shutil.rmtree(self.folder)

    @abstractmethod
    def _read(self, punctuation: bool) -> Corpus[Any]:
        """The data and the report of `load`, without name, title, unit, licence and source."""

    def _missing(self) -> CorpusMissing:
        return CorpusMissing("corpus.missing", name=self.name, title=self.label, size=self.size)


@lru_cache(maxsize=16)
def _loaded(
    source: Source, punctuation: bool, stamp: Sequence[tuple[Path, int, int]]
) -> Corpus[Any]:
    return replace(
        source._read(punctuation), name=source.name, title=source.title, unit=source.unit,
        licence=source.licence, source=source.origin,
    )  # fmt: skip
