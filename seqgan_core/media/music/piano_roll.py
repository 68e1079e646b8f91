"""A melody as a piano roll, in numbers to draw it by."""

from dataclasses import dataclass

from seqgan_core.media.music.melody import BAR, HIGHEST, LOWEST, Melody
from seqgan_core.media.music.pitch_names import key_signature, pitch_name
from seqgan_core.media.music.validation import validate

_FEWEST = 12  # keys in the picture at least, so that a repeated note does not fill it


@dataclass(frozen=True)
class RollNote:
    """A note that is played: start and end in seconds, key, name, length in quarter notes."""

    start: float
    end: float
    pitch: int
    name: str
    quarters: float
    index: int  # of the note in the melody, where repeats are not written out


@dataclass(frozen=True)
class PianoRoll:
    """A piano roll."""

    notes: tuple[RollNote, ...]  # as they are played, repeats written out
    seconds: float  # from the beginning to the end, rests included
    # low, high: the keys to draw, both included
    low: int
    high: int
    bars: tuple[float, ...]  # where bars begin, in seconds, the first at 0
    beat: float  # seconds of a quarter note


def piano_roll(melody: Melody, *, fifths: int | None = None) -> PianoRoll:
    """The roll of a melody as it is played.

    Args:
        melody: to draw.
        fifths: sharps of the key in which notes are named; found if None.
    """
    played = validate(melody).played()
    key = key_signature(melody) if fifths is None else fifths
    beat = 60.0 / melody.bpm
    bar = BAR[melody.metre] * beat
    notes = tuple(
        RollNote(
            note.start * beat,
            (note.start + note.length) * beat,
            note.pitch,
            str(pitch_name(note.pitch, key)),
            note.length,
            index,
        )
        for note, index in zip(played.notes, melody.order, strict=True)
    )
    pitches = [note.pitch for note in melody.notes] or [60]
    low, high = _room(min(pitches), max(pitches))
    bars = tuple(number * bar for number in range(max(_whole(played.seconds / bar), 1)))
    return PianoRoll(notes, played.seconds, low, high, bars, beat)


def _room(lowest: int, highest: int) -> tuple[int, int]:
    """Keys to draw: one more above and below, and at least an octave."""
    low, high = lowest - 1, highest + 1
    missing = max(_FEWEST - (high - low + 1), 0)
    low, high = low - missing // 2, high + missing - missing // 2
    low, high = max(low, LOWEST), min(high, HIGHEST)
    return max(min(low, high - _FEWEST + 1), LOWEST), min(max(high, low + _FEWEST - 1), HIGHEST)


def _whole(bars: float) -> int:
    """The number of bars, rounding errors aside."""
    return int(bars) + (bars - int(bars) > 1e-6)
