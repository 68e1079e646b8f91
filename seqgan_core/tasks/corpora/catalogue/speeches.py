"""Speeches: transcripts as paragraphs of the speaker's words, and these as sentences."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from seqgan_core.messages import N_
from seqgan_core.tasks.corpora.files import Files, utf8
from seqgan_core.tasks.corpus import Rejections, Report, Sequence, TextCorpus
from seqgan_core.tasks.download import File
from seqgan_core.tasks.splitting import Side, by_side, deduplicated, families, side_of
from seqgan_core.tasks.text.tokenize import detokenize, sentences, without_first_capitals, words

SHARED_SENTENCE = 8  # paragraphs that share a sentence of so many tokens stay on one side

NOTE = N_("notes on sounds, such as (Applause.)")
OTHERS = N_("words of others: questions, calls from the audience")
DUPLICATE = N_("repeated paragraphs")
BARE = N_("paragraphs without a word")
REPEATED = N_("repeated sentences, including held-out ones that are in the training data")

_HEADER = re.compile(r"\A\s*President:.*\n")
_CONTINUED = re.compile(r"\n\s*(?=[a-z])")  # a line broken in the middle
_SAID_BY = re.compile(r"(?:THE (PRESIDENT):|A?UDIENCE(?: MEMBERS?)?:|Q\b)\s*")
_NOTE = re.compile(r"\([^()]{2,}\)|\[(?:applause|laughter|sic)\]", re.IGNORECASE)
_ADDED = re.compile(r"\[([^\[\]]*)\]")  # a word that the transcript adds: "meet [it]"
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "–": " -- ", "—": " -- ", "\\": None}
)
_DASHES = re.compile(r"(?:\s*(?:-{2,}|(?<=\s)-(?=\s)))+\s*")
_SPACE_BEFORE = re.compile(r"\s+(?=[.,;:?!])")


def read_transcript(text: str, rejections: Rejections) -> list[str]:
    """The speaker's own paragraphs, in plain ASCII punctuation."""
    paragraphs, by_speaker = [], True
    for line in _CONTINUED.sub(" ", _HEADER.sub("", text.lstrip("\ufeff"))).splitlines():
        if not line.strip():
            continue
        label = _SAID_BY.match(line.strip())
        if label:
            by_speaker = label[1] is not None
            line = line.strip()[label.end() :]
        if not by_speaker:
            rejections.add(OTHERS, line)
            continue
        paragraph, notes = _plain(line)
        rejections.add(NOTE, line, count=notes)
        if any(sign.isalpha() for sign in paragraph):
            paragraphs.append(paragraph)
        else:
            rejections.add(BARE, line)
    return paragraphs


def _plain(line: str) -> tuple[str, int]:
    line = unicodedata.normalize("NFC", line).translate(_PLAIN)
    line, notes = _NOTE.subn(" ", line)
    line = _DASHES.sub(" -- ", _ADDED.sub(r"\1", line))
    return " ".join(_SPACE_BEFORE.sub("", line).split()), notes


def speech_corpus(transcripts: Iterable[str]) -> TextCorpus:
    """Transcripts as a corpus of sentences, split by paragraph.

    A sentence's first word loses its capital unless it is mostly written with one; the rest
    is as it was said. So the vocabulary is about as small as in lower case, and still reads well.
    """
    rejections = Rejections()
    by_letters: dict[str, str] = {}
    for text in transcripts:
        for paragraph in read_transcript(text, rejections):
            first = by_letters.setdefault(_letters(paragraph), paragraph)
            rejections.add(DUPLICATE, paragraph, count=first is not paragraph)
    split = list(_split(list(by_letters.values())))
    plain = without_first_capitals(sequence for _, sequence in split)
    placed = ((side, sequence) for (side, _), sequence in zip(split, plain, strict=True))
    sides, repeated = deduplicated(by_side(placed))
    rejections.add(REPEATED, detokenize(repeated[0] if repeated else ()), count=len(repeated))
    report = Report(len(plain), sum(map(len, sides)), rejections.all)
    return TextCorpus("", "", "words", *sides, report=report)


def _split(paragraphs: list[str]) -> Iterator[tuple[Side, Sequence]]:
    """Each sentence with the side of its paragraph."""
    parts = [[words(sentence) for sentence in sentences(text)] for text in paragraphs]
    long = [{sentence for sentence in part if len(sentence) >= SHARED_SENTENCE} for part in parts]
    for part, first in zip(parts, families(long, shared=1), strict=True):
        side = side_of(paragraphs[first])
        for sentence in part:
            yield side, sentence


def _letters(paragraph: str) -> str:
    return "".join(sign for sign in paragraph.lower() if sign.isalnum())


COMMIT = "a4c8b38eeba49703f515a701db03e60417e042e6"
_RAW = f"https://raw.githubusercontent.com/kfogel/presidential-speeches/{COMMIT}/data"
_TABLE = Path(__file__).resolve().parents[4] / "assets" / "corpora" / "obama-speeches.tsv"


def _speeches_in_office() -> tuple[File, ...]:
    """The 46 files of the table: name, bytes and SHA-256 of each at that commit.

    Four more are left out: given as a candidate they are campaign speeches, not works of the United
    States Government, which 17 U.S.C. 105 puts in the public domain.
    """
    _head, *rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines())
    return tuple(File(name, f"{_RAW}/{name}", int(size), digest) for name, size, digest in rows)


SOURCES = (
    Files(
        name="obama-speeches",
        title=N_("Speeches in office"),
        about=N_("46 speeches by Barack Obama as President: only his words, split into sentences."),
        unit="words",
        english=True,
        licence=N_(
            'public domain ("The presidential speeches themselves are in the public domain, as '
            'per 17 U.S. Code 105")'
        ),
        origin=f"https://github.com/kfogel/presidential-speeches/tree/{COMMIT}",
        place=10,
        read=lambda paths, _marks: speech_corpus(map(utf8, paths)),
        files=_speeches_in_office(),
    ),
    Files(
        name="obama-paper",
        title=N_("Speeches of the paper"),
        about=N_("The file of Obama's speeches that the paper used, split into sentences."),
        unit="words",
        english=True,
        licence=N_("MIT for the collection (samim 2015)"),
        origin="https://github.com/samim23/obama-rnn",
        place=20,
        read=lambda paths, _marks: speech_corpus(map(utf8, paths)),
        files=(
            File(
                "input.txt",
                "https://raw.githubusercontent.com/samim23/obama-rnn/"
                "10248ee07440125e1e3ea3bd07f4b3b4b6b54131/input.txt",
                git_blob="11ec5f013964d47a45c55dbc3c9cefd71a6e3172",
            ),
        ),
    ),
)
