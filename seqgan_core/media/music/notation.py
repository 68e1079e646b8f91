"""A melody in notation: bars of 4/4, note values, ties, beams and accidentals.

The shortest note value is the thirty-second; times are rounded to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.pitch_names import STEPS, PitchName, key_signature, pitch_name
from seqgan_core.media.music.validation import validate

QUARTER = 8  # units of time, thirty-seconds, in a quarter note, which is the beat
BAR = 4 * QUARTER  # of every melody: 4/4
_MIDDLE = BAR // 2
_VALUES = {1: 32, 2: 16, 4: 8, 8: 4, 16: 2, 32: 1}  # units -> what part of a whole note


@dataclass(frozen=True)
class Sign:
    """A note or a rest in a bar; a long note may need several, tied."""

    # at, units: its start in the bar and its length, in thirty-seconds
    at: int
    units: int
    value: int  # 1 whole, 2 half, 4 quarter, 8, 16, 32
    dots: int  # 0 or 1
    index: int | None = None  # of the note in the melody; None for a rest
    pitch: PitchName | None = None  # how it is spelled; None for a rest
    accidental: bool = False  # whether it has an accidental, natural signs included
    # tied_from, tied_to: to the sign before, to the one after
    tied_from: bool = False
    tied_to: bool = False
    beam: int | None = None  # the number of its beam within the bar; None for none


@dataclass(frozen=True)
class Notation:
    """A written melody."""

    fifths: int  # sharps of the key signature; flats are negative
    low: bool  # whether it is in the bass clef
    bars: tuple[tuple[Sign, ...], ...]  # the symbols of each; an empty bar has one rest


def notation(melody: Melody, fifths: int | None = None) -> Notation:
    """The notation of a melody.

    Args:
        melody: with its rest at the end, up to a full bar.
        fifths: sharps of the key signature, -7 to 7; by default the one with fewest accidentals.
    """
    if fifths is not None and not -7 <= fifths <= 7:
        raise ValueError(f"fifths is {fifths}; a key signature has -7 (flats) to 7 (sharps)")
    validate(melody)
    pitches = [note.pitch for note in melody.notes]
    key = key_signature(melody) if fifths is None else fifths
    spans = list(_spans(melody))
    bars = []
    for start in range(0, spans[-1][1], BAR):
        inside = [span for span in spans if span[0] < start + BAR and span[1] > start]
        bars.append(_bar(inside, start, pitches, key))
    low = bool(pitches) and sorted(pitches)[len(pitches) // 2] < 55
    return Notation(key, low, tuple(bars))


Span = tuple[int, int, int | None]  # start and end in units, and which note


def _spans(melody: Melody) -> Iterator[Span]:
    """Notes and rests without a gap, to the end of the last bar."""
    now = 0
    for index, note in enumerate(melody.notes):
        start = max(_units(note.start), now)
        end = max(_units(note.start + note.length), start + 1)
        if start > now:
            yield now, start, None
        yield start, end, index
        now = end
    end = max(now, _units(melody.length), 1)
    end += -end % BAR
    if end > now:
        yield now, end, None


def _units(quarters: float) -> int:
    return round(quarters * QUARTER)


def _bar(spans: list[Span], start: int, pitches: list[int], key: int) -> tuple[Sign, ...]:
    signs: list[Sign] = []
    for begin, end, index in spans:
        low, high = max(begin - start, 0), min(end - start, BAR)
        cuts = [low, *_cuts(low, high, rest=index is None), high]
        for first, last in pairwise(cuts):
            value, dots = _value(last - first)
            if index is None:
                signs.append(Sign(first, last - first, value, dots))
                continue
            signs.append(
                Sign(
                    first, last - first, value, dots, index, pitch_name(pitches[index], key),
                    tied_from=start + first > begin, tied_to=start + last < end,
                )
            )  # fmt: skip
    return tuple(_beamed(_with_accidentals(signs, key)))


# -- note values --------------------------------------------------------------------------------


def _cuts(start: int, end: int, *, rest: bool) -> list[int]:
    """Where a note or a rest is split, so that each part has a note value and beats are visible."""
    whole_bar = rest and end - start == BAR
    if whole_bar or _reads_well(start, end, rest=rest):
        return []
    cut = _strongest(start, end)
    return [*_cuts(start, cut, rest=rest), cut, *_cuts(cut, end, rest=rest)]


def _reads_well(start: int, end: int, *, rest: bool) -> bool:
    """Whether one note value can stand for it without hiding a beat."""
    units = end - start
    dotted = units not in _VALUES
    if dotted and (units % 3 or units // 3 * 2 not in _VALUES):
        return False
    on_beat = start % QUARTER == 0
    if start < _MIDDLE < end and (rest or not on_beat) and units < BAR:
        return False
    if rest:  # rests show the beat more strictly than notes
        return start % units == 0 and (not dotted or units == QUARTER)
    inside = start // QUARTER == (end - 1) // QUARTER
    largest = units // 3 * 2 if dotted else units
    return inside or start % max(largest // 2, 1) == 0


def _strongest(start: int, end: int) -> int:
    """The strongest place inside: the middle of the bar, else a beat, else a part of one."""
    if start < _MIDDLE < end:
        return _MIDDLE
    for step in (QUARTER, 4, 2):
        places = [at for at in range(start + 1, end) if at % step == 0]
        if places:
            return places[-1] if start % step == 0 else places[0]
    return start + 1


def _value(units: int) -> tuple[int, int]:
    """Note value and dots of a length; a bar without such a value has a whole rest.

    >>> _value(8), _value(12), _value(40)
    ((4, 0), (4, 1), (1, 0))
    """
    if units in _VALUES:
        return _VALUES[units], 0
    return (_VALUES[units // 3 * 2], 1) if units // 3 * 2 in _VALUES else (1, 0)


# -- accidentals and beams ----------------------------------------------------------------------


def _with_accidentals(signs: list[Sign], key: int) -> list[Sign]:
    """Sets an accidental where the bar or the key signature differs."""
    heard: dict[tuple[str, int], int] = {}
    made = []
    for sign in signs:
        if sign.pitch is None:
            made.append(sign)
            continue
        place = (sign.pitch.step, sign.pitch.octave)
        before = heard.get(place, _of_signature(sign.pitch.step, key))
        if sign.tied_from:  # the tie implies it, and it does not apply to later notes
            made.append(sign)
            continue
        heard[place] = sign.pitch.alter
        made.append(replace(sign, accidental=sign.pitch.alter != before))
    return made


def _of_signature(step: str, key: int) -> int:
    """1 if the key signature sharpens this step, -1 if it flattens it."""
    place = STEPS.index(step)  # F C G D A E B: the order of sharps
    return (1 if place < key else 0) - (1 if place >= 7 + key else 0)


def _beamed(signs: list[Sign]) -> list[Sign]:
    """Eighths and shorter notes are beamed by the beat; four eighths by the half bar."""
    groups: dict[tuple[int, int], list[int]] = {}
    run = 0
    for place, sign in enumerate(signs):
        half = [s for s in signs if s.at // _MIDDLE == sign.at // _MIDDLE]
        wide = len(half) == 4 and all(s.pitch and s.value == 8 and not s.dots for s in half)
        group = sign.at // (_MIDDLE if wide else QUARTER)
        if sign.pitch is None or sign.value < 8:
            run += 1  # a longer note or a rest breaks a beam
        else:
            groups.setdefault((run, group), []).append(place)
    made = list(signs)
    for number, places in enumerate(group for group in groups.values() if len(group) > 1):
        for place in places:
            made[place] = replace(made[place], beam=number)
    return made
