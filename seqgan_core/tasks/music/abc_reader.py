"""Reads a tune in ABC with music21: notes and bars, each part once with its last ending."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from seqgan_core.media.music.melody import Metre
from seqgan_core.media.music.validation import FASTEST, SLOWEST
from seqgan_core.tasks.music.abc_cleanup import simplified, title_of, voices_in
from seqgan_core.tasks.music.key_finding import key_of
from seqgan_core.tasks.music.melody_part import FEWEST, Part, Piece, check_length
from seqgan_core.tasks.music.tune import BPM, TICKS, Tune, TuneError, within_keyboard

if TYPE_CHECKING:
    from music21.abcFormat import ABCToken

# Accidentals last to the end of the bar. music21 applies them to one note only in files without a
# version, as these are. In ABC 2.1 they apply to every octave, though some encoders of these files
# may have meant one: it matters in 44 of the 4,248 tunes of Ryan, O'Neill and Aird.
VERSION = (2, 1, 0)
MAX_LENGTH = 50_000  # characters of a tune; the longest in the books has 2,439
FAMILY_BARS = 2
BARS = 8  # in a part
# The metres of the books as those of a melody, with the quarter notes of a bar. Reels in 2/4 move
# in sixteenths, which is the same music as eighths in 4/4.
METRES: dict[str, tuple[Metre, int]] = {
    **dict.fromkeys(("C", "C|", "4/4", "2/2"), ("4/4", 4)), "2/4": ("4/4", 2),
    "6/8": ("6/8", 3), "3/4": ("3/4", 3),
}  # fmt: skip


@dataclass
class _Reading:
    """What has been read of a tune so far; times in quarter notes."""

    notes: list[tuple[int, Fraction, Fraction]] = field(default_factory=list)
    bars: list[Fraction] = field(default_factory=list)
    at: Fraction = Fraction(0)
    bpm: float | None = None
    metre: str = ""  # as the tune states it
    breaks: list[Fraction] = field(default_factory=list)  # repeat signs and double bars
    tied: str = ""  # the letter and octave of the last note, if it is tied to the next

    def note(self, pitch: int, name: str, length: Fraction, tie: str | None) -> None:
        if self.tied == name and self.notes:  # also over a bar line, where accidentals end
            sounding, start, before = self.notes[-1]
            self.notes[-1] = (sounding, start, before + length)
        else:
            self.notes.append((pitch, self.at, length))
        self.tied = name if tie in ("start", "continue") else ""
        self.at += length

    def bar(self, sign: str) -> None:
        if not self.bars or self.bars[-1] != self.at:
            self.bars.append(self.at)
        if ":" in sign or sign in ("||", "|]", "[|"):
            self.breaks.append(self.at)
        elif sign == "[2" and self.at in self.breaks:  # after the first ending, which is left out
            self.breaks.remove(self.at)

    def parts(self) -> list[tuple[Fraction, Fraction]]:
        """Where parts of eight bars begin, at their first whole bar, and end."""
        bar, found = METRES.get(self.metre, ("", 0))[1], []
        for first, after in pairwise(sorted({Fraction(0), *self.breaks, self.at})):
            inside = [at for at in self.bars if first < at < after]
            start = first if inside[:1] == [first + bar] else next(iter(inside), after)
            whole = set(inside) | {first} >= {start + n * bar for n in range(BARS)}
            if bar and whole and BARS - 1 < (after - start) / bar <= BARS:
                found.append((start, after))
        return found


def read_abc(text: str) -> Tune:
    """One tune, from its X: field.

    Repeats are played once, with their last ending, without grace notes, and with the highest note
    of a chord. The default tempo is 120 quarter notes a minute.

    Raises:
        TuneError: it cannot be used.
    """
    reading = _reading(text)
    if len(reading.notes) < FEWEST:
        raise TuneError("tune.few-notes", "fewer than {n} notes", n=FEWEST)
    notes = tuple(
        (pitch, _ticks(start), _ticks(start + length) - _ticks(start))
        for pitch, start, length in reading.notes
    )
    if not within_keyboard(notes):
        raise TuneError("tune.beyond-keyboard", "notes beyond the 88 keys of a piano")
    return Tune(
        title_of(text),
        notes,
        _ticks(reading.at),
        key_of(notes),
        ((0, reading.bpm or BPM),),
        _family(notes, [_ticks(bar) for bar in reading.bars]),
        metre=METRES[reading.metre][0] if reading.metre in METRES else None,
        parts=tuple((_ticks(start), _ticks(end)) for start, end in reading.parts()),
    )


def read_abc_piece(text: str, title: str = "") -> Piece:
    """One tune of an upload, from its X: field, with its voices as parts.

    Args:
        text: the tune.
        title: if it states none.

    Raises:
        TuneError: it cannot be read, or is beyond the limits; a clause that says why.
    """
    if len(text) > MAX_LENGTH:
        raise TuneError(
            "abc.too-large",
            "{n:,} characters; a tune in ABC may have at most {most:,}",
            n=len(text), most=MAX_LENGTH,
        )  # fmt: skip
    parts: list[Part] = []
    tempi: list[float] = []
    for name, voice in voices_in(text):
        reading = _reading(voice)
        notes = ((pitch, start, start + length) for pitch, start, length in reading.notes)
        parts.append(Part(name, tuple((p, _ticks(start), _ticks(end)) for p, start, end in notes)))
        tempi += [reading.bpm] if reading.bpm else []
    bpm = tempi[0] if tempi else BPM
    if not SLOWEST <= bpm <= FASTEST:
        raise TuneError(
            "abc.tempo",
            "a tempo of {bpm:,.0f}; from {least:g} to {most:g} quarter notes a minute are allowed",
            bpm=bpm, least=SLOWEST, most=FASTEST,
        )  # fmt: skip
    piece = Piece(title_of(text) or title, tuple(parts), ((0, bpm),))
    check_length(piece)
    return piece


def _reading(text: str) -> _Reading:
    from music21.abcFormat import ABCFile  # a second and a half
    from music21.exceptions21 import Music21Exception

    signs = simplified(text)
    try:
        tokens = ABCFile(abcVersion=VERSION).readstr(signs).tokens
        return _read(_without_first_endings(tokens))
    except (Music21Exception, ArithmeticError, LookupError, TypeError, ValueError):
        raise TuneError("abc.music21", "music21 cannot read it") from None


def _ticks(quarters: Fraction) -> int:
    return round(quarters * TICKS)


def _without_first_endings(tokens: list[ABCToken]) -> list[ABCToken]:
    """A part is played once, so its first ending is dropped if another, with notes, follows."""
    from music21.abcFormat import ABCBar, ABCNote

    last = max((n for n, token in enumerate(tokens) if isinstance(token, ABCNote)), default=0)
    ends = [n for n, token in enumerate(tokens[:last]) if isinstance(token, ABCBar)
            and token.src in (":|", "[2")]  # fmt: skip
    kept: list[ABCToken] = []
    skipping = False
    for number, token in enumerate(tokens):
        if isinstance(token, ABCBar):
            if token.src == "[1":
                skipping = bool(ends) and number < ends[-1]
            elif skipping and token.src in (":|", "[2"):
                skipping = False
        if not skipping:
            kept.append(token)
    return kept


def _read(tokens: list[ABCToken]) -> _Reading:
    from music21 import pitch
    from music21.abcFormat import ABCBar, ABCMetadata, ABCNote

    reading = _Reading()
    for token in tokens:
        if isinstance(token, ABCBar):
            reading.bar(token.src)
        elif isinstance(token, ABCMetadata) and token.isMeter():
            reading.metre = reading.metre or token.data.strip()
        elif isinstance(token, ABCMetadata) and token.isTempo():
            mark = token.getMetronomeMarkObject()
            bpm = mark.getQuarterBPM() if mark is not None else None
            reading.bpm = reading.bpm or (float(bpm) if bpm else None)
        elif isinstance(token, ABCNote):
            length = Fraction(token.quarterLength).limit_denominator(1024)
            if token.activeTuplet is not None:
                tuplet = token.activeTuplet
                length *= Fraction(tuplet.numberNotesNormal, tuplet.numberNotesActual)
            if token.pitchName is None:
                reading.at, reading.tied = reading.at + length, ""
            else:
                name = "".join(sign for sign in token.src if sign in "ABCDEFGabcdefg,'")
                reading.note(pitch.Pitch(token.pitchName).midi, name, length, token.tie)
    return reading


def _family(notes: tuple[tuple[int, int, int], ...], bars: list[int]) -> str:
    """The intervals within the first two whole bars, which near-copies share in any key."""
    sizes = [end - start for start, end in pairwise(bars)]
    usual = max(set(sizes), key=sizes.count) if sizes else 4 * TICKS
    first = next((n for n, size in enumerate(sizes) if size >= usual), 0)
    start = bars[first] if bars else 0
    if bars and bars[0] >= usual:
        start = 0  # no upbeat
    pitches = [pitch for pitch, at, _ in notes if start <= at < start + FAMILY_BARS * usual]
    return " ".join(str(b - a) for a, b in pairwise(pitches))
