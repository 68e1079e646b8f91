"""Corpora in files that are fetched, bundled or built in, and read each time they are loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqgan_core.messages import Message, _
from seqgan_core.tasks.corpora.nltk_package import Package, fetch_package
from seqgan_core.tasks.corpora.source import Source
from seqgan_core.tasks.corpus import Corpus, CorpusError
from seqgan_core.tasks.download import Progress, fetch_files
from seqgan_core.tasks.home import corpora_folder


@dataclass(frozen=True, kw_only=True)
class Files(Source):
    """A corpus in `files`, in a package of NLTK's data, or, without either, built in."""

    # makes a corpus of the files, in the order of `files`, with or without punctuation marks as
    # tokens; it fills in data, lines and report
    read: Callable[[list[Path], bool], Corpus[Any]]
    package: Package | None = None  # of NLTK's data

    @property
    def built_in(self) -> bool:
        """Whether there is nothing to fetch."""
        return not self.files and self.package is None

    @property
    def bytes(self) -> int | None:
        return None if self.package else super().bytes

    @property
    def size(self) -> str:
        if self.built_in:
            return _("built in")
        if self.bytes is None:
            return _("a few MB; the source does not state the size")
        return str(Message("{mb:.1f} MB", mb=self.bytes / 1e6))

    @property
    def folder(self) -> Path:
        return corpora_folder(self.home) / "nltk" if self.package else super().folder

    def paths(self) -> list[Path]:
        if self.package is not None:
            return [self.folder / self.package.path]
        return [self.folder / file.name for file in self.files]

    def have(self) -> bool:
        """Whether all files are there, as large as they should be."""
        paths = self.paths()
        return super().have() and (
            self.package is not None
            or all(file.seems_present(path) for file, path in zip(self.files, paths, strict=True))
        )

    def _fetch(self, progress: Progress) -> None:
        if self.package is not None:
            fetch_package(self.package, self.folder, progress)
        elif self.files:
            fetch_files(self.files, self.folder, progress)

    def remove(self) -> None:
        if self.built_in:
            raise CorpusError("corpus.built-in", name=self.name)
        super().remove()

    def _read(self, punctuation: bool) -> Corpus[Any]:
        paths = self.paths()
        for file, path in zip(self.files, paths, strict=False):
            if not file.matches(path):
                raise CorpusError("corpus.damaged", path=path, name=self.name)
        return self.read(paths, punctuation)


def utf8(path: Path) -> str:
    """The text of a file.

    Raises:
        CorpusError: it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError("corpus.not-utf8", name=path.name, reason=error.reason) from error
