"""An uploaded text: which of it can be used, why the rest cannot, and the file it is stored in."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
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
from seqgan_core.tasks.splitting import by_side, deduplicated, exact_shares
from seqgan_core.tasks.text.cleaning import LONG_TOKEN, MAX_TOKEN, clean_lines, is_punctuation
from seqgan_core.tasks.text.decoding import MAX_BYTES
from seqgan_core.tasks.text.tokenize import READER, detokenize, sentences, words
from seqgan_core.tasks.text.verse_parser import blocks, poems_in

MAX_LINES = 200_000
MAX_VOCABULARY = 20_000
MIN_SEQUENCES = 100
MIN_LENGTH, MAX_LENGTH = 3, 64  # tokens in a sequence

DUPLICATE = N_("an exact repeat")
RARE_CHARACTERS = N_("different characters with a count below {n} (read as □)")
RARE_WORDS = N_("different words with a count below {n} (read as □)")
_UNITS = get_args(Unit)[:2]
_HAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")


@dataclass(frozen=True)
class Options:
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
        options, given = self.options, self.text.splitlines()
        options.check()
        size = len(self.text.encode("utf-8", errors="surrogatepass"))
        if size > MAX_BYTES:
            raise CorpusError("text.too-large", size=size, most=MAX_BYTES)
        if len(given) > MAX_LINES:
            raise CorpusError("text.too-many-lines", n=len(given), most=MAX_LINES)
        rejections = Rejections()
        lines = list(clean_lines(self.text, rejections))
        read = sum(1 for line in given if line.strip())
        verse = options.unit == "characters"
        if verse:
            sequences, layout = poems_in(lines, options.length, options.punctuation, rejections)
        else:
            found = _sentences_in(lines, options, self.reader, rejections)
            sequences, layout = list(found), ()
        (distinct, _valid, _test), repeats = deduplicated((tuple(sequences), (), ()))
        first: Sequence = next(iter(repeats), ())
        repeat = "".join(first) if verse else detokenize(first)
        rejections.add(DUPLICATE, repeat, count=len(repeats))
        counts = Counter(token for sequence in distinct for token in sequence)
        _check_size(len(distinct), counts, read, options, rejections)
        rare = [token for token, count in counts.items() if count < options.min_count]
        reason = RARE_CHARACTERS if verse else RARE_WORDS
        rejections.add(reason, "".join(rare[:1]), count=len(rare), n=options.min_count)
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
                raise DamagedFile("file.version", path=path)
            if not isinstance(content["text"], str):
                raise DamagedFile("file.damaged", path=path)
            options = Options(**content["options"])
            text = cls(content["text"], content["title"], options, content["format"])
            text.options.check()
            return text
        except DamagedFile:
            raise
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise DamagedFile("file.damaged", path=path) from None


def looks_hard_wrapped(text: str) -> bool:
    """Whether paragraphs seem to be broken into lines: many lines begin in lower case."""
    lines = [line.strip() for line in text[:100_000].splitlines() if line.strip()]
    continuing = sum(line[0].islower() for line in lines[1:])
    return continuing > 0.4 * len(lines)


def _sentences_in(
    lines: list[tuple[int, str]], options: Options, reader: int, rejections: Rejections
) -> Iterator[Sequence]:
    unspaced = spaced = 0
    if options.join_lines:
        lines = [(part[0][0], " ".join(text for _, text in part)) for part in blocks(lines)]
    for number, paragraph in lines:
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


def _check_size(
    n: int, counts: Counter[str], read: int, options: Options, rejections: Rejections
) -> None:
    verse = options.unit == "characters"
    if n < MIN_SEQUENCES:
        raise CorpusError(
            "text.too-short.verse" if verse else "text.too-short.prose",
            lines=read, n=n, shortest=MIN_LENGTH, length=options.length, least=MIN_SEQUENCES,
            rejected=Message("; rejected: {reasons}", reasons=rejections) if rejections.all else "",
        )  # fmt: skip
    size = sum(count >= options.min_count for count in counts.values())
    if size < 2:
        raise CorpusError(
            "text.small-vocabulary.verse" if verse else "text.small-vocabulary.prose",
            n=size, min_count=options.min_count,
        )  # fmt: skip
    if size > MAX_VOCABULARY:
        raise CorpusError(
            "text.large-vocabulary.verse" if verse else "text.large-vocabulary.prose",
            n=size, most=MAX_VOCABULARY,
        )  # fmt: skip
