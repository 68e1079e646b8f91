"""Transcripts of speeches as paragraphs of one speaker's own words, and those as sentences."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seqgan_core.tasks.corpus import Corpus, Rejection, Report, Sequence
from seqgan_core.tasks.splitting import deduplicated, families, side_of
from seqgan_core.tasks.text.tokenize import detokenize, sentences, without_first_capitals, words

TRAIN, VALID = 0.85, 0.05  # shares of the paragraphs; the rest is held out
SHARED_SENTENCE = 8  # paragraphs that share a sentence of so many tokens stay on one side

NOTE = "notes of what was heard, such as (Applause.)"
OTHERS = "words of others: questions, calls from the audience"
DUPLICATE = "paragraphs said before, word for word"
BARE = "paragraphs without a word"
REPEATED = "sentences that are there already, or that are learnt from and would be judged by"

_HEADER = re.compile(r"\A\s*President:.*\n")
_GOES_ON = re.compile(r"\n\s*(?=[a-z])")  # a line that a transcript broke in the middle
_SAID_BY = re.compile(r"(?:THE (PRESIDENT):|A?UDIENCE(?: MEMBERS?)?:|Q\b)\s*")
_NOTE = re.compile(r"\([^()]{2,}\)|\[(?:applause|laughter|sic)\]", re.IGNORECASE)
_ADDED = re.compile(r"\[([^\[\]]*)\]")  # a word that the transcript adds: "meet [it]"
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "–": " -- ", "—": " -- ", "\\": None}
)
_DASHES = re.compile(r"(?:\s*(?:-{2,}|(?<=\s)-(?=\s)))+\s*")
_SPACE_BEFORE = re.compile(r"\s+(?=[.,;:?!])")


@dataclass(frozen=True)
class Transcript:
    """What one transcript holds of its speaker, and how much of it is not his."""

    paragraphs: tuple[str, ...]
    left_out: Counter[str]


def read_transcript(text: str) -> Transcript:
    """The speaker's own paragraphs, in plain typewriter signs."""
    left_out: Counter[str] = Counter()
    paragraphs, by_speaker = [], True
    for line in _GOES_ON.sub(" ", _HEADER.sub("", text.lstrip("\ufeff"))).splitlines():
        if not line.strip():
            continue
        label = _SAID_BY.match(line.strip())
        if label:
            by_speaker = label[1] is not None
            line = line.strip()[label.end() :]
        if not by_speaker:
            left_out[OTHERS] += 1
            continue
        paragraph, notes = _plain(line)
        left_out[NOTE] += notes
        if any(sign.isalpha() for sign in paragraph):
            paragraphs.append(paragraph)
        else:
            left_out[BARE] += 1
    return Transcript(tuple(paragraphs), left_out)


def _plain(line: str) -> tuple[str, int]:
    line = unicodedata.normalize("NFC", line).translate(_PLAIN)
    line, notes = _NOTE.subn(" ", line)
    line = _DASHES.sub(" -- ", _ADDED.sub(r"\1", line))
    return " ".join(_SPACE_BEFORE.sub("", line).split()), notes


def speech_corpus(
    transcripts: Iterable[str], *, name: str, title: str, licence: str, source: str
) -> Corpus:
    """Transcripts as a corpus of sentences, split by paragraph.

    A sentence's first word loses its capital unless it is mostly written with one; the rest
    is as it was said. So the vocabulary is about as small as in lower case, and still reads well.
    """
    left_out: Counter[str] = Counter()
    by_letters: dict[str, str] = {}
    for text in transcripts:
        transcript = read_transcript(text)
        left_out += transcript.left_out
        for paragraph in transcript.paragraphs:
            first = by_letters.setdefault(_letters(paragraph), paragraph)
            left_out[DUPLICATE] += first is not paragraph
    split = list(_split(list(by_letters.values())))
    plain = without_first_capitals(sequence for _, sequence in split)
    by_side: dict[str, list[Sequence]] = {"train": [], "valid": [], "test": []}
    for (side, _), sequence in zip(split, plain, strict=True):
        by_side[side].append(sequence)
    train, valid, test, repeated = deduplicated(by_side["train"], by_side["valid"], by_side["test"])
    left_out[REPEATED] += repeated
    examples = {REPEATED: detokenize(_first_repeated(plain))}
    return Corpus(
        name,
        title,
        "words",
        train,
        valid,
        test,
        licence,
        source,
        report=Report(
            len(plain),
            len(train) + len(valid) + len(test),
            tuple(
                Rejection(reason, count, examples.get(reason, ""))
                for reason, count in left_out.items()
                if count
            ),
        ),
    )


def _split(paragraphs: list[str]) -> Iterator[tuple[str, Sequence]]:
    """Each sentence with the side that its paragraph is on."""
    parts = [[words(sentence) for sentence in sentences(text)] for text in paragraphs]
    long = [{sentence for sentence in part if len(sentence) >= SHARED_SENTENCE} for part in parts]
    for part, first in zip(parts, families(long, shared=1), strict=True):
        side = side_of(paragraphs[first], TRAIN, VALID)
        for sentence in part:
            yield side, sentence


def _letters(paragraph: str) -> str:
    return "".join(sign for sign in paragraph.lower() if sign.isalnum())


def _first_repeated(texts: list[Sequence]) -> Sequence:
    counts = Counter(texts)
    return next((text for text in texts if counts[text] > 1), ())
