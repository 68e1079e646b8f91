"""English verse out of NLTK's selection of Project Gutenberg: each line a sequence of words."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from seqgan_core.tasks.corpus import Corpus, CorpusError, Rejection, Report, Sequence
from seqgan_core.tasks.splitting import deduplicated, side_of
from seqgan_core.tasks.text.tokenize import words

TRAIN, VALID = 0.85, 0.05  # shares of the passages; the rest is held out
PASSAGE = 20  # lines at most that stay on one side together
LARGEST = 20_000_000  # bytes of a text; the real ones hold less than a million

HEADINGS = "titles, headings, stage directions"
PROSE = "speeches in prose"
SINGLE_WORD = "lines of a single word"
DUPLICATE = "lines that are there already"

_CONTINUED = re.compile(r"\n {4}(?=\S)")  # Whitman's long lines are broken and set in by four
_SPEAKER = re.compile(r"\s+(?:\d|[A-Z][\w'. ]{0,18}?)\. ?(?=\S)")
_DIRECTION = re.compile(
    r"(?:Enter|Exit|Exeunt|Actus|Scaena|Scena|Scoena|Manet|Manent|Alarums?|Flourish|Sennet|Drum"
    r"|Thunder and|Finis|FINIS)\b|Dies\.?$"
)
Lines = Iterator[tuple[int, str, str]]  # the passage, a line, or "" and why it is left out


def read_poems(text: str) -> Lines:
    """Blake, Whitman: stanzas between blank lines; titles are in capitals or marked."""
    for number, block in enumerate(_blocks(_CONTINUED.sub(" ", text))):
        for line in block:
            yield (number, "", HEADINGS) if _is_heading(line) else (number, line, "")


def read_epic(text: str) -> Lines:
    """Milton: books of a thousand lines, cut into passages."""
    passage, size = 0, 0
    for block in _blocks(text):
        for line in block:
            if _is_heading(line) or re.fullmatch(r"Book [IVXL]+", line):
                yield passage, "", HEADINGS
                continue
            size += 1
            if size > PASSAGE:
                passage, size = passage + 1, 1
            yield passage, line, ""


def read_play(text: str) -> Lines:
    """Shakespeare: speeches that are set as verse, each line with a capital; no speakers' names.

    The First Folio sets prose in lines too, which go on in small letters: such a speech is left
    out.
    """
    for number, speech in enumerate(_speeches(text)):
        if not speech or _DIRECTION.match(speech[0]) or _is_heading(speech[0]):
            yield from ((number, "", HEADINGS) for _ in speech)
        elif any(line.lstrip("('\"&- ")[:1].islower() for line in speech):
            yield from ((number, "", PROSE) for _ in speech)
        else:
            yield from ((number, line, "") for line in speech)


BOOKS: dict[str, Callable[[str], Lines]] = {
    "blake-poems.txt": read_poems,
    "milton-paradise.txt": read_epic,
    "shakespeare-caesar.txt": read_play,
    "shakespeare-hamlet.txt": read_play,
    "shakespeare-macbeth.txt": read_play,
    "whitman-leaves.txt": read_poems,
}


def verse_corpus(path: Path, *, name: str, title: str, licence: str, source: str) -> Corpus:
    """The verse of NLTK's gutenberg.zip, split by stanza, speech or passage.

    Raises:
        CorpusError: the archive is damaged, or is another.
    """
    sides: dict[str, list[Sequence]] = {"train": [], "valid": [], "test": []}
    left_out: Counter[str] = Counter()
    read = 0
    for book, reader in BOOKS.items():
        for passage, line, reason in reader(_text_of(path, book)):
            read += 1
            sequence = words(line.strip())
            if reason or sum(word[0].isalnum() for word in sequence) < 2:
                left_out[reason or SINGLE_WORD] += 1
            else:
                sides[side_of(f"{book} {passage}", TRAIN, VALID)].append(sequence)
    train, valid, test, left_out[DUPLICATE] = deduplicated(
        sides["train"], sides["valid"], sides["test"]
    )
    kept = len(train) + len(valid) + len(test)
    reasons = tuple(Rejection(reason, count) for reason, count in left_out.items() if count)
    report = Report(read, kept, reasons)
    return Corpus(
        name, title, "words", train, valid, test, licence, source, lines=(), report=report
    )


def _text_of(path: Path, book: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo(f"gutenberg/{book}")
            if info.file_size > LARGEST:
                raise CorpusError(f"{book} in {path} is larger than a book of verse")
            return archive.read(info).decode("utf-8", errors="replace")
    except (KeyError, OSError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise CorpusError(
            f"{path} is not NLTK's gutenberg.zip, or is damaged ({type(error).__name__}: {book}); "
            "remove it and get it again"
        ) from None


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
