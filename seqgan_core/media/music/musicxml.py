"""A melody as MusicXML, which notation programs open and the engraver reads."""

from itertools import groupby
from xml.sax.saxutils import escape

from seqgan_core.media.music.instruments import instrument
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.notation import QUARTER, Notation, Sign, Symbol, notation
from seqgan_core.media.visible_text import visible_text

_TYPES = {1: "whole", 2: "half", 4: "quarter", 8: "eighth", 16: "16th", 32: "32nd"}
_BEAMS = {8: 1, 16: 2, 32: 3}  # of a note value
_ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">\n'
)


def to_musicxml(melody: Melody, played_on: str = "piano", *, fifths: int | None = None) -> bytes:
    """The melody as MusicXML, with its bars, repeats, chords, tempo, instrument and title.

    The last bar is filled with rests. Times are rounded to thirty-second notes.

    Args:
        melody: to write.
        played_on: a name of `INSTRUMENTS`.
        fifths: sharps of the key signature, -7 to 7; by default the one with fewest accidentals.
    """
    player, program = played_on.capitalize(), instrument(played_on).program + 1  # counted from 1
    title = escape(visible_text(melody.title))
    beat, dot = (1.5, "<beat-unit-dot/>") if melody.metre == "6/8" else (1, "")
    titles = (
        f"<work><work-title>{title}</work-title></work>\n<movement-title>{title}</movement-title>"
    )
    text = score(
        notation(melody, fifths),
        titles=titles if melody.title else "",
        part=f"<part-name>{player}</part-name>"
        f'<score-instrument id="I1"><instrument-name>{player}</instrument-name></score-instrument>'
        '<midi-instrument id="I1"><midi-channel>1</midi-channel>'
        f"<midi-program>{program}</midi-program></midi-instrument>",
        tempo=f"<direction><direction-type><metronome><beat-unit>quarter</beat-unit>{dot}"
        f"<per-minute>{melody.bpm / beat:.10g}</per-minute></metronome></direction-type>"
        f'<sound tempo="{melody.bpm:.10g}"/></direction>',
    )
    return (_HEAD + text).encode()


def score(
    written: Notation, *, name: str = "", titles: str = "", part: str = "<part-name/>",
    tempo: str = "",
) -> str:  # fmt: skip
    """One staff, without the declarations of a file.

    Args:
        written: the notation.
        name: note number 3's symbols get the ids NAME-n3, NAME-n3-1 and so on; no ids if empty.
        titles: elements before the list of parts.
        part: elements of the part in that list.
        tempo: the first bar's direction.
    """
    seen: dict[int, int] = {}
    bars = []
    for number, signs in enumerate(written.bars, 1):
        inside = ""
        for beam, group in groupby(signs, key=lambda sign: sign.beam):
            hung = list(group)
            for at, sign in enumerate(hung):
                beams = "" if beam is None else _beams([_BEAMS[s.value] for s in hung], at)
                over = (s for s in written.symbols[number - 1] if 0 <= s.at - sign.at < sign.units)
                inside += "".join(_harmony(symbol, symbol.at - sign.at) for symbol in over)
                inside += _note(sign, name, seen, beams, alone=len(signs) == 1)
        if number == 1:
            inside = _attributes(written) + tempo + "\n" + inside
        if number - 1 in written.parts:
            inside = _barline("left", "heavy-light", "forward") + inside
        last = number == len(written.bars)
        if number in written.parts or (last and written.parts):
            inside += _barline("right", "light-heavy", "backward")
        elif last:
            inside += _barline("right", "light-heavy")
        bars.append(f'<measure number="{number}">\n{inside}</measure>\n')
    return (
        f'<score-partwise version="4.0">\n{titles}\n'
        f'<part-list><score-part id="P1">{part}</score-part></part-list>\n'
        f'<part id="P1">\n{"".join(bars)}</part>\n</score-partwise>\n'
    )


def _attributes(written: Notation) -> str:
    sign, line = ("F", 4) if written.low else ("G", 2)
    beats, kind = written.metre.split("/")
    return (
        f"<attributes><divisions>{QUARTER}</divisions><key><fifths>{written.fifths}</fifths></key>"
        f"<time><beats>{beats}</beats><beat-type>{kind}</beat-type></time>"
        f"<clef><sign>{sign}</sign><line>{line}</line></clef></attributes>"
    )


def _barline(side: str, style: str, repeat: str = "") -> str:
    sign = f'<repeat direction="{repeat}"/>' if repeat else ""
    return f'<barline location="{side}"><bar-style>{style}</bar-style>{sign}</barline>\n'


def _harmony(symbol: Symbol, offset: int) -> str:
    """A chord over the next note, or so many units after its start."""
    alter = f"<root-alter>{symbol.root.alter}</root-alter>" if symbol.root.alter else ""
    return (
        f"<harmony><root><root-step>{symbol.root.step}</root-step>{alter}</root>"
        f"<kind>{'minor' if symbol.minor else 'major'}</kind>"
        f"{f'<offset>{offset}</offset>' if offset else ''}</harmony>\n"
    )


def _note(sign: Sign, name: str, seen: dict[int, int], beams: str, *, alone: bool) -> str:
    """A note or a rest; `seen` counts the symbols of each note so far."""
    length = f"<duration>{sign.units}</duration>"
    value = f"<type>{_TYPES[sign.value]}</type>" + "<dot/>" * sign.dots
    if sign.pitch is None or sign.index is None:
        kind = '<rest measure="yes"/>' if alone else "<rest/>"
        return f"<note>{kind}{length}{'' if alone else value}</note>\n"
    nth = seen[sign.index] = seen.get(sign.index, -1) + 1
    named = f' id="{name}-n{sign.index}{f"-{nth}" if nth else ""}"' if name else ""
    alter = f"<alter>{sign.pitch.alter}</alter>" if sign.pitch.alter else ""
    drawn = f"<accidental>{_ACCIDENTALS[sign.pitch.alter]}</accidental>" if sign.accidental else ""
    ends = [end for end, tied in (("stop", sign.tied_from), ("start", sign.tied_to)) if tied]
    heard = "".join(f'<tie type="{end}"/>' for end in ends)
    seen_ties = "".join(f'<tied type="{end}"/>' for end in ends)
    return (
        f"<note{named}><pitch><step>{sign.pitch.step}</step>{alter}"
        f"<octave>{sign.pitch.octave}</octave></pitch>{length}{heard}{value}{drawn}{beams}"
        f"{f'<notations>{seen_ties}</notations>' if ends else ''}</note>\n"
    )


def _beams(counts: list[int], at: int) -> str:
    """The beams at one note of a group; `counts` has the number of beams of each of its notes."""
    text = ""
    for level in range(1, counts[at] + 1):
        before = at > 0 and counts[at - 1] >= level
        after = at + 1 < len(counts) and counts[at + 1] >= level
        alone = "backward hook" if at else "forward hook"
        kind = {(False, True): "begin", (True, True): "continue", (True, False): "end"}.get(
            (before, after), alone
        )
        text += f'<beam number="{level}">{kind}</beam>'
    return text
