"""A melody in notation: bars, note values, ties, beams, accidentals, repeats and chord symbols.

The shortest note value is the thirty-second; times are rounded to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from seqgan_core.media.music.melody import Melody, Metre
from seqgan_core.media.music.pitch_names import STEPS, PitchName, key_signature, pitch_name
from seqgan_core.media.music.validation import validate

QUARTER = 8  # units of time, thirty-seconds, in a quarter note
_VALUES = {1: 32, 2: 16, 4: 8, 8: 4, 16: 2, 32: 1}  # units -> what part of a whole note


@dataclass(frozen=True)
class _Rules:
    """What a metre asks of notation; in units."""

    bar: int
    beat: int
    strong: int  # the place in a bar that a note from off the beat is split at
    beamed: int  # a stretch that has one beam if it holds nothing but eighths


_RULES: dict[Metre, _Rules] = {
    "4/4": _Rules(bar=32, beat=8, strong=16, beamed=16),
    "6/8": _Rules(bar=24, beat=12, strong=12, beamed=12),
    "3/4": _Rules(bar=24, beat=8, strong=16, beamed=24),
}


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
class Symbol:
    """A chord symbol."""

    at: int  # where in its bar, in thirty-seconds
    root: PitchName  # its octave says nothing
    minor: bool


@dataclass(frozen=True)
class Notation:
    """A written melody."""

    metre: Metre
    fifths: int  # sharps of the key signature; flats are negative
    low: bool  # whether it is in the bass clef
    bars: tuple[tuple[Sign, ...], ...]  # the signs of each; an empty bar has one rest
    parts: tuple[int, ...]  # the bars, from 0, at which parts begin that are played twice
    symbols: tuple[tuple[Symbol, ...], ...]  # the chords of each bar


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
    rules = _RULES[melody.metre]
    spans = list(_spans(melody, rules.bar))
    bars, symbols = [], []
    for start in range(0, spans[-1][1], rules.bar):
        inside = [span for span in spans if span[0] < start + rules.bar and span[1] > start]
        bars.append(_bar(inside, start, pitches, key, rules))
        symbols.append(tuple(_symbols(melody, start, key, rules)))
    low = bool(pitches) and sorted(pitches)[len(pitches) // 2] < 55
    parts = tuple(_units(part) // rules.bar for part in melody.parts)
    return Notation(melody.metre, key, low, tuple(bars), parts, tuple(symbols))


def _symbols(melody: Melody, start: int, key: int, rules: _Rules) -> Iterator[Symbol]:
    """The chord symbols of the bar that starts there."""
    for chord in melody.chords:
        at = _units(chord.start) - start
        if 0 <= at < rules.bar:
            yield Symbol(at, pitch_name(chord.root, key), chord.minor)


Span = tuple[int, int, int | None]  # start and end in units, and which note


def _spans(melody: Melody, bar: int) -> Iterator[Span]:
    """Notes and rests without a gap, to the end of the last bar; a part ends what sounds."""
    now = 0
    for index, note in enumerate(melody.notes):
        start = max(_units(note.start), now)
        end = max(_units(note.start + note.length), start + 1)
        end = min([end, *(part for part in map(_units, melody.parts) if part > start)])
        if start > now:
            yield now, start, None
        yield start, end, index
        now = end
    end = max(now, _units(melody.length), 1)
    end += -end % bar
    if end > now:
        yield now, end, None


def _units(quarters: float) -> int:
    return round(quarters * QUARTER)


def _bar(
    spans: list[Span], start: int, pitches: list[int], key: int, rules: _Rules
) -> tuple[Sign, ...]:
    signs: list[Sign] = []
    for begin, end, index in spans:
        low, high = max(begin - start, 0), min(end - start, rules.bar)
        cuts = [low, *_cuts(low, high, rules, rest=index is None), high]
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
    return tuple(_beamed(_with_accidentals(signs, key), rules))


# -- note values --------------------------------------------------------------------------------


def _cuts(start: int, end: int, rules: _Rules, *, rest: bool) -> list[int]:
    """Where a note or a rest is split, so that each part has a note value and beats are visible."""
    whole_bar = rest and end - start == rules.bar
    if whole_bar or _reads_well(start, end, rules, rest=rest):
        return []
    cut = _strongest(start, end, rules)
    return [*_cuts(start, cut, rules, rest=rest), cut, *_cuts(cut, end, rules, rest=rest)]


def _reads_well(start: int, end: int, rules: _Rules, *, rest: bool) -> bool:
    """Whether one note value can stand for it without hiding a beat."""
    units = end - start
    dotted = units not in _VALUES
    if dotted and (units % 3 or units // 3 * 2 not in _VALUES):
        return False
    # From off the beat; in 6/8, whose only other beat is the strong place, from the beat as well.
    weak = rest or start % rules.beat != 0 or rules.beat == rules.strong
    if start < rules.strong < end and weak and units < rules.bar:
        return False
    if rest:  # rests show the beat more strictly than notes
        fits = rules.bar % units == 0 and start % rules.beat % units == 0
        return fits and (not dotted or units == rules.beat)
    inside = start // QUARTER == (end - 1) // QUARTER
    largest = units // 3 * 2 if dotted else units
    return inside or start % max(largest // 2, 1) == 0


def _strongest(start: int, end: int, rules: _Rules) -> int:
    """The strongest place inside: that of the metre, else a beat, else a part of one."""
    if start < rules.strong < end:
        return rules.strong
    for step in (rules.beat, 4, 2):
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
        before = heard.get(place, of_signature(sign.pitch.step, key))
        if sign.tied_from:  # the tie implies it, and it does not apply to later notes
            made.append(sign)
            continue
        heard[place] = sign.pitch.alter
        made.append(replace(sign, accidental=sign.pitch.alter != before))
    return made


def of_signature(step: str, key: int) -> int:
    """1 if the key signature sharpens this step, -1 if it flattens it."""
    place = STEPS.index(step)  # F C G D A E B: the order of sharps
    return (1 if place < key else 0) - (1 if place >= 7 + key else 0)


def _beamed(signs: list[Sign], rules: _Rules) -> list[Sign]:
    """Eighths and shorter notes are beamed by the beat; eighths alone by the metre's stretch."""
    groups: dict[tuple[int, int], list[int]] = {}
    run = 0
    for place, sign in enumerate(signs):
        near = [s for s in signs if s.at // rules.beamed == sign.at // rules.beamed]
        eighths = all(s.pitch and s.value == 8 and not s.dots for s in near)
        wide = eighths and len(near) * QUARTER // 2 == rules.beamed
        size = rules.beamed if wide else rules.beat
        group = sign.at // size * size
        if sign.pitch is None or sign.value < 8:
            run += 1  # a longer note or a rest breaks a beam
        else:
            groups.setdefault((run, group), []).append(place)
    made = list(signs)
    for number, places in enumerate(group for group in groups.values() if len(group) > 1):
        for place in places:
            made[place] = replace(made[place], beam=number)
    return made
