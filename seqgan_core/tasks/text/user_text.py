"""A text of one's own: what of it can be learnt from, and why the rest cannot."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import get_args

import regex

from seqgan_core.tasks.corpus import Corpus, CorpusError, Report, Sequence, Unit
from seqgan_core.tasks.splitting import split_hash
from seqgan_core.tasks.text.cleaning import (
    LONG_TOKEN,
    MAX_TOKEN,
    Rejections,
    clean_lines,
    is_punctuation,
)
from seqgan_core.tasks.text.decoding import MAX_BYTES, escaped
from seqgan_core.tasks.text.tokenize import detokenize, sentences, words
from seqgan_core.tasks.text.verse_parser import poems_in

PREFIX = "own-"
MAX_LINES = 200_000
MAX_VOCABULARY = 20_000
MIN_SEQUENCES = 100
MIN_LENGTH, MAX_LENGTH = 3, 64  # tokens in a sequence
VALID = TEST = 0.1  # shares of the sequences
LICENCE = "your own text; it stays on this machine"

DUPLICATE = "there already, word for word"
_HAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")


@dataclass(frozen=True)
class Options:
    """How to read a text.

    Attributes:
        unit: a token is a character, or a word.
        length: of verse (characters), how many tokens every poem has; of words, how many a
            sentence has at most.
        min_count: tokens that are there less often will be unknown.
        punctuation: marks are tokens; else they are layout and left out.
        join_lines: words: a paragraph runs over several lines, up to a blank one.
    """

    unit: Unit = "characters"
    length: int = 20
    min_count: int = 1
    punctuation: bool = False
    join_lines: bool = False

    def check(self) -> None:
        """Raises CorpusError: an option is out of bounds."""
        if self.unit not in get_args(Unit):
            raise CorpusError(f"unit is {self.unit!r}; it must be characters or words")
        if not MIN_LENGTH <= self.length <= MAX_LENGTH:
            raise CorpusError(
                f"length is {self.length}; it must be from {MIN_LENGTH} to {MAX_LENGTH} tokens"
            )
        if not 1 <= self.min_count <= 1000:
            raise CorpusError(f"min_count is {self.min_count}; it must be from 1 to 1000")


def upload_name(text: str, options: Options) -> str:
    """The name of a text read with these options: of the same bytes it is the same."""
    content = json.dumps([text, asdict(options)], sort_keys=True)  # as ASCII, so any text will do
    return PREFIX + hashlib.sha256(content.encode("ascii")).hexdigest()[:12]


def user_text_corpus(text: str, title: str, options: Options) -> Corpus:
    """The text as a corpus, or a sentence on why it is none.

    Too long sentences are left out, not cut: half a sentence teaches to break off.

    Raises:
        CorpusError: it is too large, or too little of it is left; says how much and why.
    """
    options.check()
    rejections = Rejections()
    lines = list(_lines(text, rejections))
    read = sum(1 for line in text.splitlines() if line.strip())
    if options.unit == "characters":
        sequences, layout = poems_in(lines, options.length, options.punctuation, rejections)
    else:
        sequences, layout = list(_sentences_in(lines, options, rejections)), ()
    distinct = list(dict.fromkeys(sequences))
    rejections.add_many(
        DUPLICATE, len(sequences) - len(distinct), _first_duplicate(sequences, options.unit)
    )
    _check_size(distinct, read, options, rejections)
    rejections.add_many(*_rare(distinct, options))
    train, valid, test = _split(distinct)
    return Corpus(
        upload_name(text, options),
        clean_title(title),
        options.unit,
        train,
        valid,
        test,
        LICENCE,
        "added here",
        lines=layout,
        report=Report(read, len(distinct), rejections.all),
    )


def clean_title(title: str) -> str:
    """A title on one line in which nothing acts."""
    return escaped(" ".join(title.split())) or "A text of your own"


def looks_hard_wrapped(text: str) -> bool:
    """Whether the lines of a text seem to be broken paragraphs: many go on in small letters."""
    lines = [line.strip() for line in text[:100_000].splitlines() if line.strip()]
    going_on = sum(line[0].islower() for line in lines[1:])
    return going_on > 0.4 * len(lines)


def _lines(text: str, rejections: Rejections) -> Iterator[tuple[int, str]]:
    size = len(text.encode("utf-8", errors="surrogatepass"))
    if size > MAX_BYTES:
        raise CorpusError(
            f"the text has {size:,} bytes; at most {MAX_BYTES:,} are taken, give a part of it"
        )
    count = len(text.splitlines())
    if count > MAX_LINES:
        raise CorpusError(
            f"the text has {count:,} lines; at most {MAX_LINES:,} are taken, give a part of it"
        )
    return clean_lines(text, rejections)


def _sentences_in(
    lines: list[tuple[int, str]], options: Options, rejections: Rejections
) -> Iterator[Sequence]:
    short = f"shorter than {MIN_LENGTH} words"
    long = f"longer than {options.length} words"
    unspaced = spaced = 0
    for number, paragraph in _joined(lines) if options.join_lines else lines:
        for sentence in sentences(paragraph):
            tokens = words(sentence)
            if not options.punctuation:
                tokens = tuple(token for token in tokens if not is_punctuation(token))
            if any(len(token) > MAX_TOKEN for token in tokens):
                rejections.add(LONG_TOKEN, sentence, number)
            elif len(tokens) < MIN_LENGTH:
                rejections.add(short, sentence, number)
            elif len(tokens) > options.length:
                rejections.add(long, sentence, number)
            else:
                yield tokens
            unspaced += len(_HAN.findall(sentence))
            spaced += len(sentence)
    if unspaced > 0.3 * spaced:
        raise CorpusError(
            "the text is mostly Chinese or Japanese, which sets no spaces between words; take "
            "characters as the unit"
        )


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
    what = "poems" if options.unit == "characters" else "sentences"
    reasons = "; ".join(
        f"{rejection.reason}: {rejection.count:,}" for rejection in rejections.all[:3]
    )
    because = f" (left out: {reasons})" if reasons else ""
    if len(distinct) < MIN_SEQUENCES:
        raise CorpusError(
            f"the text has {read:,} lines, which give {len(distinct)} different {what} of "
            f"{_length_words(options)}; at least {MIN_SEQUENCES} are needed{because}"
        )
    if vocabulary < 2:
        raise CorpusError(
            f"the text has {vocabulary} {options.unit} that are there {options.min_count} times or "
            "more; at least 2 are needed to learn an order"
        )
    if vocabulary > MAX_VOCABULARY:
        raise CorpusError(
            f"the text has {vocabulary:,} different {options.unit}; at most {MAX_VOCABULARY:,} are "
            "taken: raise min_count, or give a part of it"
        )


def _length_words(options: Options) -> str:
    if options.unit == "characters":
        return f"exactly {options.length} characters"
    return f"{MIN_LENGTH} to {options.length} words"


def _rare(distinct: list[Sequence], options: Options) -> tuple[str, int, str]:
    counts = Counter(token for sequence in distinct for token in sequence)
    rare = [token for token, count in counts.items() if count < options.min_count]
    reason = f"different {options.unit} seen fewer than {options.min_count} times (read as □)"
    return reason, len(rare), rare[0] if rare else ""


def _first_duplicate(sequences: Iterable[Sequence], unit: Unit) -> str:
    seen: set[Sequence] = set()
    for sequence in sequences:
        if sequence in seen:
            return "".join(sequence) if unit == "characters" else detokenize(sequence)
        seen.add(sequence)
    return ""


def _split(distinct: list[Sequence]) -> tuple[tuple[Sequence, ...], ...]:
    """In random order, in exact shares, so that even a small text has something on each side."""
    in_random_order = sorted(distinct, key=lambda sequence: split_hash("\n".join(sequence)))
    n_test, n_valid = round(TEST * len(distinct)), round(VALID * len(distinct))
    held = {sequence: side for side, some in (
        ("test", in_random_order[:n_test]), ("valid", in_random_order[n_test : n_test + n_valid])
    ) for sequence in some}  # fmt: skip
    return tuple(
        tuple(sequence for sequence in distinct if held.get(sequence, "train") == side)
        for side in ("train", "valid", "test")
    )
