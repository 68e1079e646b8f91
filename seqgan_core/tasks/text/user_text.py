"""An uploaded text: which of it can be used, why the rest cannot, and the file it is stored in."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

import regex

from seqgan_core.messages import N_, Message, _
from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.tasks.corpus import (
    CorpusError,
    DamagedFile,
    Rejections,
    Report,
    Sequence,
    TextCorpus,
    Unit,
    clean_title,
)
from seqgan_core.tasks.splitting import by_side, exact_shares
from seqgan_core.tasks.text.cleaning import LONG_TOKEN, MAX_TOKEN, clean_lines, is_punctuation
from seqgan_core.tasks.text.decoding import MAX_BYTES
from seqgan_core.tasks.text.tokenize import READER, detokenize, sentences, words
from seqgan_core.tasks.text.verse_parser import poems_in

MAX_LINES = 200_000
MAX_VOCABULARY = 20_000
MIN_SEQUENCES = 100
MIN_LENGTH, MAX_LENGTH = 3, 64  # tokens in a sequence

DUPLICATE = N_("an exact repeat")
_UNITS = get_args(Unit)[:2]
_HAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")


@dataclass(frozen=True)
class Options:
    """How to read a text."""

    unit: Unit = "characters"  # a token is a character, or a word
    # of verse (characters), the tokens of every poem; of words, the most that a sentence may have
    length: int = 20
    min_count: int = 1  # tokens with fewer occurrences are unknown
    punctuation: bool = False  # marks are tokens; otherwise they are removed
    join_lines: bool = False  # words: a paragraph continues over several lines, up to a blank one

    def check(self) -> None:
        """Raises CorpusError: an option is out of bounds."""
        if self.unit not in _UNITS:
            raise CorpusError("text.unit", unit=self.unit)
        if not MIN_LENGTH <= self.length <= MAX_LENGTH:
            raise CorpusError("text.length", length=self.length, least=MIN_LENGTH, most=MAX_LENGTH)
        if not 1 <= self.min_count <= 1000:
            raise CorpusError("text.min-count", min_count=self.min_count)


@dataclass(frozen=True)
class UserText:
    """An uploaded text with its title and how it is read."""

    # text, title, options: as they were given
    text: str
    title: str
    options: Options
    # whose sentences it has, see `tokenize.READER`; by default the oldest that makes the same of it
    # as today's. Runs know the text by its digest, so what they learnt stays.
    reader: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean_title(self.title) or _("Untitled text"))
        object.__setattr__(self, "reader", self.reader or self._oldest_reader())

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits, the same for the same text, options and sentences."""
        # as ASCII, so any text will do
        content: list[Any] = [self.text, asdict(self.options)]
        content += [self.reader] if self.reader > 1 else []  # there was one reader only
        data = json.dumps(content, sort_keys=True)
        return hashlib.sha256(data.encode("ascii")).hexdigest()[:12]

    @property
    def outdated(self) -> bool:
        """Whether today's reader finds other sentences in it."""
        return self.reader < READER and self.reader < self._oldest_reader()

    def _oldest_reader(self) -> int:
        if self.options.unit == "characters":
            return 1
        lines = [" ".join(self.text.split())] if self.options.join_lines else self.text.splitlines()
        today = list(map(sentences, lines))
        readers = range(1, READER)
        return next((n for n in readers if today == [sentences(x, n) for x in lines]), READER)

    def corpus(self) -> TextCorpus:
        """The text as a corpus without a name.

        Sentences that are too long are rejected, not cut: half a sentence teaches to break off.

        Raises:
            CorpusError: it is too large, or too little of it can be used.
        """
        options = self.options
        options.check()
        rejections = Rejections()
        lines = list(_lines(self.text, rejections))
        read = sum(1 for line in self.text.splitlines() if line.strip())
        if options.unit == "characters":
            sequences, layout = poems_in(lines, options.length, options.punctuation, rejections)
        else:
            found = _sentences_in(lines, options, self.reader, rejections)
            sequences, layout = list(found), ()
        distinct = list(dict.fromkeys(sequences))
        repeats = len(sequences) - len(distinct)
        rejections.add(DUPLICATE, _first_duplicate(sequences, options.unit), count=repeats)
        _check_size(distinct, read, options, rejections)
        _count_rare(distinct, options, rejections)
        sides = exact_shares(distinct, label="\n".join)
        placed = ((sides[sequence], sequence) for sequence in distinct)
        report = Report(read, len(distinct), rejections.all)
        return TextCorpus(
            "", self.title, options.unit, *by_side(placed), lines=layout, report=report
        )

    def save(self, path: Path) -> None:
        """Write it to a file, whole or not at all.

        Raises:
            OSError: the disk refuses.
        """
        options = asdict(self.options)
        content = {"format": self.reader, "title": self.title, "options": options}
        content["text"] = self.text
        with atomic_write(path) as file:
            file.write(json.dumps(content).encode("ascii"))

    @classmethod
    def read(cls, path: Path) -> UserText:
        """The text in a file.

        Raises:
            DamagedFile: it is damaged or of another version.
        """
        try:
            content = json.loads(path.read_text(encoding="ascii"))
            if content["format"] not in range(1, READER + 1):
                raise DamagedFile.version(path)
            if not isinstance(content["text"], str):
                raise DamagedFile.damaged(path)
            options = Options(**content["options"])
            text = cls(content["text"], content["title"], options, content["format"])
            text.options.check()
            return text
        except DamagedFile:
            raise
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise DamagedFile.damaged(path) from None


def looks_hard_wrapped(text: str) -> bool:
    """Whether paragraphs seem to be broken into lines: many lines begin in lower case."""
    lines = [line.strip() for line in text[:100_000].splitlines() if line.strip()]
    continuing = sum(line[0].islower() for line in lines[1:])
    return continuing > 0.4 * len(lines)


def _lines(text: str, rejections: Rejections) -> Iterator[tuple[int, str]]:
    size, count = len(text.encode("utf-8", errors="surrogatepass")), len(text.splitlines())
    if size > MAX_BYTES:
        raise CorpusError(
            "text.too-large",
            "the text has {size:,} bytes; at most {most:,} are allowed; use a part of it",
            size=size, most=MAX_BYTES,
        )  # fmt: skip
    if count > MAX_LINES:
        raise CorpusError("text.too-many-lines", n=count, most=MAX_LINES)
    return clean_lines(text, rejections)


def _sentences_in(
    lines: list[tuple[int, str]], options: Options, reader: int, rejections: Rejections
) -> Iterator[Sequence]:
    unspaced = spaced = 0
    for number, paragraph in _joined(lines) if options.join_lines else lines:
        for sentence in sentences(paragraph, reader):
            tokens = words(sentence)
            if not options.punctuation:
                tokens = tuple(token for token in tokens if not is_punctuation(token))
            if any(len(token) > MAX_TOKEN for token in tokens):
                rejections.add(LONG_TOKEN, sentence, number, n=MAX_TOKEN)
            elif len(tokens) < MIN_LENGTH:
                rejections.add(N_("shorter than {n} words"), sentence, number, n=MIN_LENGTH)
            elif len(tokens) > options.length:
                rejections.add(N_("longer than {n} words"), sentence, number, n=options.length)
            else:
                yield tokens
            unspaced += len(_HAN.findall(sentence))
            spaced += len(sentence)
    if unspaced > 0.3 * spaced:
        raise CorpusError("text.no-spaces")


def _joined(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    first, paragraph = 0, ""
    for number, line in [*lines, (0, "")]:
        if line:
            first, paragraph = (first, f"{paragraph} {line}") if paragraph else (number, line)
        elif paragraph:
            yield first, paragraph
            paragraph = ""


def _check_size(
    distinct: list[Sequence], read: int, options: Options, rejections: Rejections
) -> None:
    counts = Counter(token for sequence in distinct for token in sequence)
    vocabulary = sum(count >= options.min_count for count in counts.values())
    verse = options.unit == "characters"
    if len(distinct) < MIN_SEQUENCES:
        poems = N_(
            "the text has too few poems of exactly {length} characters: it has {n}, and at least "
            "{least} different ones are needed; use more text, or another length (lines read: "
            "{lines:,}{rejected})"
        )
        prose = N_(
            "the text has too few sentences of {shortest} to {length} words: it has {n}, and at "
            "least {least} different ones are needed; use more text, or another length (lines "
            "read: {lines:,}{rejected})"
        )
        raise CorpusError(
            "text.too-short",
            poems if verse else prose,
            lines=read,
            n=len(distinct),
            shortest=MIN_LENGTH,
            length=options.length,
            least=MIN_SEQUENCES,
            rejected=Message("; rejected: {reasons}", reasons=rejections) if rejections.all else "",
        )
    if vocabulary < 2:
        characters = N_(
            "different characters with a count of {min_count} or more: {n}; at least 2 are needed"
        )
        words = N_(
            "different words with a count of {min_count} or more: {n}; at least 2 are needed"
        )
        raise CorpusError(
            "text.small-vocabulary",
            characters if verse else words,
            n=vocabulary, min_count=options.min_count,
        )  # fmt: skip
    if vocabulary > MAX_VOCABULARY:
        characters = N_(
            "the text has {n:,} different characters; at most {most:,} are allowed; raise "
            "min_count, or use a part of it"
        )
        words = N_(
            "the text has {n:,} different words; at most {most:,} are allowed; raise min_count, "
            "or use a part of it"
        )
        raise CorpusError(
            "text.large-vocabulary",
            characters if verse else words,
            n=vocabulary, most=MAX_VOCABULARY,
        )  # fmt: skip


def _count_rare(distinct: list[Sequence], options: Options, rejections: Rejections) -> None:
    counts = Counter(token for sequence in distinct for token in sequence)
    rare = [token for token, count in counts.items() if count < options.min_count]
    characters = N_("different characters with a count below {n} (read as □)")
    words = N_("different words with a count below {n} (read as □)")
    rejections.add(
        characters if options.unit == "characters" else words,
        rare[0] if rare else "",
        count=len(rare),
        n=options.min_count,
    )


def _first_duplicate(sequences: Iterable[Sequence], unit: Unit) -> str:
    seen: set[Sequence] = set()
    for sequence in sequences:
        if sequence in seen:
            return "".join(sequence) if unit == "characters" else detokenize(sequence)
        seen.add(sequence)
    return ""
