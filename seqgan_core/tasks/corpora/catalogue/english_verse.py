"""English verse from NLTK's selection of Project Gutenberg: each line is a sequence of words."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from seqgan_core.messages import N_
from seqgan_core.tasks.corpora.files import Files
from seqgan_core.tasks.corpora.nltk_package import Package
from seqgan_core.tasks.corpus import CorpusError, Rejections, Report, Sequence, TextCorpus
from seqgan_core.tasks.splitting import Side, by_side, deduplicated, side_of
from seqgan_core.tasks.text.tokenize import words

PASSAGE = 20  # lines at most that stay on one side together
LARGEST = 20_000_000  # bytes of a text; the real ones hold less than a million

HEADINGS = N_("titles, headings, stage directions")
PROSE = N_("speeches in prose")
SINGLE_WORD = N_("lines of a single word")
DUPLICATE = N_("repeated lines")

_CONTINUED = re.compile(r"\n {4}(?=\S)")  # Whitman's long lines are broken and set in by four
_SPEAKER = re.compile(r"\s+(?:\d|[A-Z][\w'. ]{0,18}?)\. ?(?=\S)")
_DIRECTION = re.compile(
    r"(?:Enter|Exit|Exeunt|Actus|Scaena|Scena|Scoena|Manet|Manent|Alarums?|Flourish|Sennet|Drum"
    r"|Thunder and|Finis|FINIS)\b|Dies\.?$"
)
Lines = Iterator[tuple[int, str, str]]  # the passage, a line, and why it is rejected, or ""


def read_poems(text: str) -> Lines:
    """Blake, Whitman: stanzas between blank lines; titles are in capitals or marked."""
    for number, block in enumerate(_blocks(_CONTINUED.sub(" ", text))):
        for line in block:
            yield number, line, HEADINGS if _is_heading(line) else ""


def read_epic(text: str) -> Lines:
    """Milton: books of a thousand lines, cut into passages."""
    passage, size = 0, 0
    for block in _blocks(text):
        for line in block:
            if _is_heading(line) or re.fullmatch(r"Book [IVXL]+", line):
                yield passage, line, HEADINGS
                continue
            size += 1
            if size > PASSAGE:
                passage, size = passage + 1, 1
            yield passage, line, ""


def read_play(text: str) -> Lines:
    """Shakespeare: speeches that are set as verse, each line with a capital; no speakers' names.

    The First Folio sets prose in lines too, which continue in lower case: such a speech is
    rejected.
    """
    for number, speech in enumerate(_speeches(text)):
        reason = ""
        if not speech or _DIRECTION.match(speech[0]) or _is_heading(speech[0]):
            reason = HEADINGS
        elif any(line.lstrip("('\"&- ")[:1].islower() for line in speech):
            reason = PROSE
        yield from ((number, line, reason) for line in speech)


BOOKS: dict[str, Callable[[str], Lines]] = {
    "blake-poems.txt": read_poems,
    "milton-paradise.txt": read_epic,
    "shakespeare-caesar.txt": read_play,
    "shakespeare-hamlet.txt": read_play,
    "shakespeare-macbeth.txt": read_play,
    "whitman-leaves.txt": read_poems,
}


def verse_corpus(path: Path) -> TextCorpus:
    """The verse of NLTK's gutenberg.zip, split by stanza, speech or passage.

    Raises:
        CorpusError: the archive is damaged, or is another.
    """
    placed: list[tuple[Side, Sequence]] = []
    rejections = Rejections()
    read = 0
    for book, reader in BOOKS.items():
        for passage, line, reason in reader(_text_of(path, book)):
            read += 1
            sequence = words(line.strip())
            if reason or sum(word[0].isalnum() for word in sequence) < 2:
                rejections.add(reason or SINGLE_WORD, line)
            else:
                placed.append((side_of(f"{book} {passage}"), sequence))
    sides, repeated = deduplicated(by_side(placed))
    rejections.add(DUPLICATE, " ".join(repeated[0] if repeated else ()), count=len(repeated))
    report = Report(read, sum(map(len, sides)), rejections.all)
    return TextCorpus("", "", "words", *sides, report=report)


def _text_of(path: Path, book: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(f"gutenberg/{book}")
            if info.file_size > LARGEST:
                raise CorpusError("verse.too-large", book=book, path=path)
            return archive.read(info).decode("utf-8", errors="replace")
    except (KeyError, OSError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        kind = type(error).__name__
        raise CorpusError("verse.damaged", path=path, error=kind, book=book) from None


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines between blank ones."""
    for block in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if lines:
            yield lines


def _is_heading(line: str) -> bool:
    letters = [sign for sign in line if sign.isalpha()]
    capitals = len(letters) > 1 and all(sign.isupper() for sign in letters)
    return capitals or line.startswith(("[", "}")) or not letters


def _speeches(text: str) -> Iterator[list[str]]:
    """What one speaker says, or one stage direction."""
    speech: list[str] = []
    for line in text.splitlines():
        speaker = _SPEAKER.match(line)
        direction = _DIRECTION.match(line)
        if (speaker or direction or not line.strip()) and speech:
            yield speech
            speech = []
        if line.strip():
            speech.append(line[speaker.end() :] if speaker else line.strip())
    if speech:
        yield speech


SOURCES = (
    Files(
        name="english-verse",
        title=N_("English verse"),
        about=N_(
            "Lines by Blake, Milton, Shakespeare (three plays, in the spelling of 1623) and "
            "Whitman, from NLTK's selection of Project Gutenberg."
        ),
        unit="words",
        english=True,
        licence=N_("public domain"),
        origin="https://www.nltk.org/nltk_data/",
        place=30,
        screen="poems",
        read=lambda paths, _marks: verse_corpus(paths[0]),
        package=Package("gutenberg", "corpora/gutenberg.zip"),
    ),
)
