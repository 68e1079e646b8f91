"""A part of a MusicXML score, measure by measure: notes that sound, and tempi."""

from __future__ import annotations

import re
from collections import defaultdict
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from seqgan_core.media.music.validation import FASTEST, SLOWEST
from seqgan_core.tasks.music.tune import TICKS, TuneError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 100_000.0  # of a duration, in the score's own units
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_BEATS = {"breve": 8, "whole": 4, "half": 2, "quarter": 1, "eighth": 1 / 2, "16th": 1 / 4}
_PER_MINUTE = re.compile(r"\D*?(\d{1,4}(?:[.,]\d{1,4})?)(?:\s*[-–—]\s*(\d{1,4}))?\D*")


class _Written(NamedTuple):
    """A note of a known voice, before ties are joined; in ticks."""

    pitch: int
    start: int
    end: int
    voice: str
    begins_tie: bool
    ends_tie: bool


class PartReader:
    """Reads one part, measure by measure."""

    def __init__(self) -> None:
        self.tempi: dict[int, float] = {}  # quarter notes a minute by tick, for players
        self.printed: dict[int, float] = {}  # the same by metronome marks
        self.drums = False  # whether it has unpitched notes
        self.bar = 4.0  # quarter notes that a measure should have
        self._divisions = 1.0
        self._transposed: dict[str | None, int] = {}  # by staff
        self._measure = self._at = self._last = 0.0  # quarter notes
        self._voice, self._sounds = "", False
        self._written: list[_Written] = []

    def notes(self) -> list[tuple[int, int, int]]:
        """The notes as (pitch, start, end) in ticks, by start.

        A tie joins what touches: a note that begins one, and one of the same pitch that starts
        where it ends. Programs leave out the end of a tie, and leave ties of deleted notes behind,
        so the voice, and whether the later note ends a tie, only decide between several.
        """
        written = sorted(self._written, key=lambda note: note.start)
        waiting: dict[tuple[int, int, str | None], list[int]] = defaultdict(list)
        for number, note in enumerate(written):
            for voice in (note.voice, None) if note.begins_tie else ():
                waiting[note.pitch, note.end, voice].append(number)
        before: dict[int, int] = {}  # the note that one continues
        taken: set[int] = set()
        by_right = sorted(range(len(written)), key=lambda number: not written[number].ends_tie)
        for same_voice in (True, False):
            for number in by_right:
                note = written[number]
                voice = note.voice if same_voice else None
                choices = waiting.get((note.pitch, note.start, voice), [])
                while choices and number not in before:
                    if choices[-1] not in taken:
                        before[number] = choices[-1]
                        taken.add(choices[-1])
                    choices.pop()
        heads: list[int] = []
        ends: list[int] = []
        for number, note in enumerate(written):
            heads.append(heads[before[number]] if number in before else number)
            ends.append(note.end)
            ends[heads[number]] = note.end
        return [
            (note.pitch, note.start, ends[number])
            for number, note in enumerate(written)
            if heads[number] == number
        ]

    def measure(self, measure: Element, start: float) -> tuple[float, bool]:
        """Read a measure: how many quarter notes it lasts, and whether it has notes."""
        self._at = self._measure = reached = start
        self._sounds = False
        for element in measure:
            if element.tag == "attributes":
                self._attributes(element)
            elif element.tag == "note":
                self._note(element)
            elif element.tag == "backup":
                self._at = max(self._measure, self._at - self._duration(element))
            elif element.tag == "forward":
                self._at += self._duration(element)
            elif element.tag in ("sound", "direction"):
                self._tempo(element)
            reached = max(reached, self._at)
        return reached - start, self._sounds

    def _attributes(self, element: Element) -> None:
        divisions = element.findtext("divisions")
        if divisions is not None:
            self._divisions = _number(divisions, "divisions")
            if self._divisions < 0.01:
                raise TuneError(
                    "xml.divisions", "it divides a quarter note into {n}", n=divisions.strip()[:10]
                )
        for transpose in element.iter("transpose"):
            chromatic = _number(transpose.findtext("chromatic", "0"), "transposition")
            octaves = _number(transpose.findtext("octave-change", "0"), "transposition")
            self._transposed[transpose.get("number")] = round(chromatic + 12 * octaves)
        for time in element.iter("time"):
            beats, kind = (re.findall(r"\d{1,3}", time.findtext(tag, "")) for tag in
                           ("beats", "beat-type"))  # fmt: skip
            if beats and kind and int(kind[0]):
                self.bar = 4 * sum(map(int, beats)) / int(kind[0])
        self.drums |= any(sign.text == "percussion" for sign in element.iter("sign"))

    def _note(self, element: Element) -> None:
        if element.find("grace") is not None:
            return
        length = self._duration(element)
        if element.find("chord") is None:
            self._last, self._at = self._at, self._at + length
        self._voice = element.findtext("voice", self._voice)
        self.drums |= element.find("unpitched") is not None
        if element.find("rest") is not None or element.find("cue") is not None:
            return  # cue notes are for the eyes
        self._sounds = True
        pitch = element.find("pitch")
        start, end = _ticks(self._last), _ticks(self._last + length)
        if pitch is None or end == start:
            return
        staff = element.findtext("staff")
        midi = _midi(pitch) + self._transposed.get(staff, self._transposed.get(None, 0))
        ties = element.findall("tie") or element.findall("notations/tied")
        kinds = {tie.get("type") for tie in ties}
        begins = not kinds.isdisjoint(("start", "continue"))
        self._written.append(_Written(midi, start, end, self._voice, begins, "stop" in kinds))

    def _tempo(self, element: Element) -> None:
        for metronome in element.findall("direction-type/metronome"):
            bpm = _printed_tempo(metronome)
            if bpm is not None:
                self.printed[_ticks(self._at)] = _bpm(bpm, f"{bpm:g}")
        for sound in element.iter("sound"):
            tempo = sound.get("tempo")
            if tempo is not None:
                self.tempi[_ticks(self._at)] = _bpm(_number(tempo, "tempo"), tempo.strip()[:10])

    def _duration(self, element: Element) -> float:
        length = _number(element.findtext("duration", "0"), "duration")
        if length < 0:
            raise TuneError("xml.negative-duration", "a duration below 0")
        return length / self._divisions


def _printed_tempo(metronome: Element) -> float | None:
    """Quarter notes a minute by a metronome mark, None if it compares two notes or says nothing.

    Of "60-66" it is the middle; "ca. 60" is 60.
    """
    match = _PER_MINUTE.fullmatch(metronome.findtext("per-minute", "").strip())
    beat = _BEATS.get(metronome.findtext("beat-unit", "").strip())
    if match is None or beat is None:
        return None
    low = float(match[1].replace(",", "."))
    dots = len(metronome.findall("beat-unit-dot"))
    return beat * (2 - 0.5**dots) * (low + float(match[2] or low)) / 2


def _bpm(bpm: float, text: str) -> float:
    if not SLOWEST <= bpm <= FASTEST:
        raise TuneError(
            "xml.tempo",
            "a tempo of {tempo} quarter notes a minute; from {least:g} to {most:g} are allowed",
            tempo=text, least=SLOWEST, most=FASTEST,
        )  # fmt: skip
    return bpm


def _midi(pitch: Element) -> int:
    step = (pitch.findtext("step") or "").strip()
    if step not in _STEPS:
        raise TuneError("xml.pitch", "{step!r} is not a pitch", step=step[:10])
    octave = _number(pitch.findtext("octave", ""), "octave")
    return round(12 * (octave + 1) + _STEPS[step] + _number(pitch.findtext("alter", "0"), "alter"))


def _number(text: str, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise TuneError(
            "xml.number",
            "{element} {value!r} is not a number",
            element=what, value=text.strip()[:10],
        ) from None  # fmt: skip
    if not isfinite(value) or abs(value) > LARGEST:
        raise TuneError(
            "xml.out-of-range", "{element} {value!r} is out of range", element=what,
            value=text.strip()[:10],
        )  # fmt: skip
    return value


def _ticks(quarters: float) -> int:
    return round(quarters * TICKS)
