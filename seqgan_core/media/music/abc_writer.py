"""A melody as ABC, the text in which tunes are mailed, pasted and collected.

By the standard of ABC 2.1, https://abcnotation.com/wiki/abc:standard:v2.1.
"""

import re
from fractions import Fraction
from itertools import pairwise

from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.notation import Sign, Symbol, notation, of_signature
from seqgan_core.media.music.pitch_names import STEPS, PitchName
from seqgan_core.media.visible_text import visible_text

_EIGHTH = 4  # units of notation in the unit length
_A_LINE = 4  # bars
_ACCIDENTALS = {-2: "__", -1: "_", 0: "=", 1: "^", 2: "^^"}


def to_abc(melody: Melody, fifths: int | None = None) -> str:
    """The melody as a tune in ABC, with its bars, repeats and chords, four bars a line.

    The last bar is filled with rests. Times are rounded to thirty-second notes. The key is minor if
    the last note is the tonic of that minor key.

    Args:
        melody: to write.
        fifths: sharps of the key signature, -7 to 7; by default the one with fewest accidentals.
    """
    written = notation(melody, fifths)
    title = re.sub(r"[%&\\]", r"\\\g<0>", visible_text(melody.title))
    beat, quarters = ("3/8", 1.5) if melody.metre == "6/8" else ("1/4", 1.0)
    lines = [
        "%abc-2.1",
        "X:1",
        f"T:{title}",
        f"M:{melody.metre}",
        "L:1/8",
        f"Q:{beat}={melody.bpm / quarters:.10g}",
        f"K:{_key(written.fifths, melody.notes[-1].pitch if melody.notes else 0)}",
    ]
    bars = [_bar(*bar, written.fifths) for bar in zip(written.bars, written.symbols, strict=True)]
    for start, end in pairwise((*(written.parts or (0,)), len(bars))):
        for first in range(start, end, _A_LINE):
            last = min(first + _A_LINE, end)
            begin = "|:" if written.parts and first == start else ""
            close = "|" if last < end else ":|" if written.parts else "|]"
            lines.append(begin + "|".join(bars[first:last]) + close)
    return "\n".join(lines) + "\n"


def _key(fifths: int, last: int) -> str:
    minor = last % 12 == (7 * fifths + 9) % 12
    place = fifths + 1 + (3 if minor else 0)  # in the order of sharps
    return f"{STEPS[place % 7]}{_alter(place // 7)}{'m' if minor else ''}"


def _alter(alter: int) -> str:
    return "#" * alter + "b" * -alter


def _bar(signs: tuple[Sign, ...], symbols: tuple[Symbol, ...], key: int) -> str:
    """One bar; notes of a beam touch, and one over which a chord begins is split there."""
    chords = {symbol.at: symbol for symbol in symbols}
    heard: dict[str, int] = {}
    text, beam = "", None
    for sign in signs:
        if text and (sign.beam is None or sign.beam != beam):
            text += " "
        beam, after = sign.beam, sign.at + sign.units
        for start, end in pairwise(
            [sign.at, *(at for at in chords if sign.at < at < after), after]
        ):
            if start in chords:
                text += _chord(chords[start])
            text += _name(sign.pitch, heard, key) + _length(end - start)
            text += "-" if sign.pitch and (end < after or sign.tied_to) else ""
    return text


def _chord(symbol: Symbol) -> str:
    return f'"{symbol.root.step}{_alter(symbol.root.alter)}{"m" if symbol.minor else ""}"'


def _name(pitch: PitchName | None, heard: dict[str, int], key: int) -> str:
    """A note or a rest; `heard` has the accidentals of the bar so far.

    By the standard an accidental holds in every octave of its bar, for many programs only in its
    own. A note that the two read differently has an accidental of its own.
    """
    if pitch is None:
        return "z"
    signature = of_signature(pitch.step, key)
    places = (pitch.step, f"{pitch.step}{pitch.octave}")
    plain = all(heard.get(place, signature) == pitch.alter for place in places)
    heard |= dict.fromkeys(places, pitch.alter)
    letter = pitch.step if pitch.octave < 5 else pitch.step.lower()
    octave = "," * (4 - pitch.octave) + "'" * (pitch.octave - 5)
    return ("" if plain else _ACCIDENTALS[pitch.alter]) + letter + octave


def _length(units: int) -> str:
    length = Fraction(units, _EIGHTH)
    below = f"/{length.denominator}" if length.denominator > 1 else ""
    return f"{length.numerator if length.numerator > 1 else ''}{below}"
