"""A melody as MusicXML, which notation programs open."""

import threading
from functools import cache
from importlib import import_module
from typing import Any

from seqgan_core.media.music.instruments import instrument
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.notation import QUARTER, Notation, Sign, notation
from seqgan_core.media.visible_text import visible_text

_SIGNS = {-2: "--", -1: "-", 0: "", 1: "#", 2: "##"}
_MUSIC21 = threading.Lock()  # it may not be thread-safe


def to_musicxml(melody: Melody, played_on: str = "piano", *, fifths: int | None = None) -> bytes:
    """The melody as MusicXML, in bars, with its tempo, its instrument and its title.

    The last bar is filled with rests. Times are rounded to thirty-second notes.

    Args:
        melody: to write.
        played_on: a name of `INSTRUMENTS`.
        fifths: sharps of the key signature, -7 to 7; by default the one with fewest accidentals.
    """
    program = instrument(played_on).program
    written = notation(melody, fifths)
    with _MUSIC21:
        m21 = _music21()
        part = m21.stream.Part()
        player = m21.instrument.instrumentFromMidiProgram(program)
        player.partId, player.instrumentId = "P1", "P1-I1"  # else both are random
        player.partName = player.instrumentName = played_on.capitalize()
        player.partAbbreviation = player.instrumentAbbreviation = None
        part.insert(0, player)
        for number, signs in enumerate(written.bars, 1):
            part.append(_measure(number, signs, written))
        # The element of the bar, not of the part: exporters look for it there.
        part.measure(1).insert(0, m21.tempo.MetronomeMark(number=melody.bpm))
        part.makeBeams(inPlace=True)
        score = m21.stream.Score()
        score.metadata = m21.metadata.Metadata()
        if melody.title:
            score.metadata.title = visible_text(melody.title)
        score.append(part)
        exporter = m21.musicxml.m21ToXml.ScoreExporter(score, makeNotation=False)
        _unsigned(exporter.parse(), titled=bool(melody.title))
        return bytes(exporter.asBytes())


def _unsigned(root: Any, *, titled: bool) -> None:
    """Removes what music21 adds: its name as composer, and a title if there is none."""
    for about in root.findall("identification"):
        for creator in about.findall("creator"):
            about.remove(creator)
    if not titled:
        for invented in [*root.findall("work"), *root.findall("movement-title")]:
            root.remove(invented)


@cache
def _music21() -> Any:
    """The library, loaded when it is first needed: that takes most of a second."""
    import_module("music21.musicxml.m21ToXml")
    return import_module("music21")


def _measure(number: int, signs: tuple[Sign, ...], written: Notation) -> Any:
    m21 = _music21()
    bar = m21.stream.Measure(number=number)
    if number == 1:
        bar.append(m21.clef.BassClef() if written.low else m21.clef.TrebleClef())
        bar.append(m21.key.KeySignature(written.fifths))
        bar.append(m21.meter.TimeSignature("4/4"))
    for sign in signs:
        bar.append(_element(sign, alone=len(signs) == 1))
    if number == len(written.bars):
        bar.rightBarline = "final"
    return bar


def _element(sign: Sign, *, alone: bool) -> Any:
    m21 = _music21()
    length = sign.units / QUARTER
    if sign.pitch is None:
        rest = m21.note.Rest(quarterLength=length)
        if alone:
            rest.fullMeasure = True
        return rest
    name = f"{sign.pitch.step}{_SIGNS[sign.pitch.alter]}{sign.pitch.octave}"
    made = m21.note.Note(m21.pitch.Pitch(name), quarterLength=length)
    if sign.accidental and made.pitch.accidental is None:
        made.pitch.accidental = m21.pitch.Accidental("natural")
    if made.pitch.accidental is not None:
        made.pitch.accidental.displayStatus = sign.accidental
    if sign.tied_from or sign.tied_to:
        kinds = {(False, True): "start", (True, True): "continue", (True, False): "stop"}
        made.tie = m21.tie.Tie(kinds[sign.tied_from, sign.tied_to])
    return made
