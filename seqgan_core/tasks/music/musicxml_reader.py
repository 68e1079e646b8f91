"""MusicXML: the parts of a score, read without entities and without opening other files."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException, ElementTree  # type: ignore[import-untyped]

from seqgan_core.tasks.music.melody_part import Part, Piece, check_length
from seqgan_core.tasks.music.midi_reader import FASTEST, MAX_NOTES, SLOWEST
from seqgan_core.tasks.music.tune import BPM, TICKS, TuneError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_BYTES = 8_000_000  # of a score, unpacked
LARGEST = 100_000.0  # of a duration, in the score's own units
ARCHIVE_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, NotImplementedError,
    RuntimeError, ValueError, LookupError, OverflowError,
)  # fmt: skip
"""What Python's zipfile raises for a damaged or locked archive."""
CONTAINER = "META-INF/container.xml"
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def read_xml(data: bytes, title: str = "") -> Piece:
    """A MusicXML score by parts, repeats played once.

    Raises:
        TuneError: it cannot be read, or is beyond the limits; a clause that says why.
    """
    if len(data) > MAX_BYTES:
        raise TuneError(
            "xml.too-large",
            "{size:,} bytes; a score may have at most {most:,}",
            size=len(data), most=MAX_BYTES,
        )  # fmt: skip
    root = _root(data)
    if root.tag == "score-timewise":
        raise TuneError(
            "xml.timewise", "it is sorted by time; save it sorted by parts (score-partwise)"
        )
    if root.tag != "score-partwise":
        raise TuneError("xml.other-kind", "it is XML, but not MusicXML")
    names = {part.get("id", ""): part.findtext("part-name", "") for part in root.iter("score-part")}
    tempi: dict[int, float] = {}
    parts: list[Part] = []
    left = MAX_NOTES
    for element in root.findall("part"):
        voice = _Voice(left)
        for measure in element.findall("measure"):
            voice.measure(measure)
        left -= len(voice.notes)
        tempi |= voice.tempi
        name = names.get(element.get("id", ""), "")
        parts.append(Part(name or "", tuple(voice.notes), voice.drums and not voice.notes))
    piece = Piece(title, tuple(parts), tuple(sorted(({0: BPM} | tempi).items())))
    check_length(piece)
    return piece


def read_mxl(data: bytes, title: str = "") -> Piece:
    """A compressed MusicXML file.

    Raises:
        TuneError: it cannot be read, or is beyond the limits.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            container = _root(unpack(archive, CONTAINER, 100_000))
            scores = [file.get("full-path") or "" for file in container.iter("rootfile")]
            if not scores:
                raise TuneError("mxl.no-score", "its container names no score")
            return read_xml(unpack(archive, scores[0], MAX_BYTES), title)
    except TuneError:
        raise
    except KeyError:
        raise TuneError(
            "mxl.score-missing", "its container names a score that it does not have"
        ) from None
    except ARCHIVE_ERRORS:
        raise TuneError("tune.archive", "its archive is damaged, or locked") from None


def claimed_size(data: bytes) -> int:
    """The size of a file, or of what an archive claims to contain, which is not read."""
    if data[:2] != b"PK":
        return len(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(info.file_size for info in archive.infolist())
    except ARCHIVE_ERRORS:
        return len(data)


def unpack(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One file of an archive; no more than `most` bytes are ever unpacked.

    Raises:
        TuneError: it is larger, whatever the archive says, or packed in a rare way.
        KeyError: there is none of that name.
    """
    if archive.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise TuneError("tune.compression", "its compression is not supported; use plain zip")
    with archive.open(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise TuneError("tune.unpacks-large", "it unpacks to more than {most:,} bytes", most=most)
    return data


class _Voice:
    """Reads one part, measure by measure."""

    def __init__(self, most: int) -> None:
        self.notes: list[tuple[int, int, int]] = []
        self.tempi: dict[int, float] = {}
        self.drums = False
        self._most = most
        self._divisions, self._transposed = 1.0, 0
        self._measure = self._at = self._last = 0.0  # quarter notes
        self._tied: dict[int, int] = {}  # pitch: number of the note that continues

    def measure(self, measure: Element) -> None:
        self._at = reached = self._measure
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
        self._measure = reached

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
            self._transposed = round(chromatic + 12 * octaves)
        self.drums |= any(sign.text == "percussion" for sign in element.iter("sign"))

    def _note(self, element: Element) -> None:
        if element.find("grace") is not None:
            return
        length = self._duration(element)
        if element.find("chord") is None:
            self._last, self._at = self._at, self._at + length
        self.drums |= element.find("unpitched") is not None
        pitch = element.find("pitch")
        if pitch is None:
            return
        midi = _midi(pitch) + self._transposed
        ties = {tie.get("type") for tie in element.findall("tie")}
        start, end = _ticks(self._last), _ticks(self._last + length)
        continuing = self._tied.pop(midi, None) if "stop" in ties else None
        if continuing is not None:
            self.notes[continuing] = (midi, self.notes[continuing][1], end)
        elif end > start:
            if len(self.notes) >= self._most:
                raise TuneError(
                    "tune.too-many-notes", "it has more than {most:,} notes", most=MAX_NOTES
                )
            self.notes.append((midi, start, end))
            continuing = len(self.notes) - 1
        if "start" in ties and continuing is not None:
            self._tied[midi] = continuing

    def _tempo(self, element: Element) -> None:
        for sound in element.iter("sound"):
            tempo = sound.get("tempo")
            if tempo is not None:
                bpm = _number(tempo, "tempo")
                if not SLOWEST <= bpm <= FASTEST:
                    raise TuneError(
                        "xml.tempo",
                        "a tempo of {tempo} quarter notes a minute; from {least:g} to {most:g} "
                        "are allowed",
                        tempo=tempo.strip()[:10], least=SLOWEST, most=FASTEST,
                    )  # fmt: skip
                self.tempi[_ticks(self._at)] = bpm

    def _duration(self, element: Element) -> float:
        length = _number(element.findtext("duration", "0"), "duration")
        if length < 0:
            raise TuneError("xml.negative-duration", "a duration below 0")
        return length / self._divisions


def _root(data: bytes) -> Element:
    try:
        # A score may name its DTD, which is not looked at; entities and all else are refused.
        root: Element = ElementTree.fromstring(data, forbid_dtd=False)
    except DefusedXmlException:
        raise TuneError("xml.entities", "it defines entities, which no score needs") from None
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise TuneError(
            "xml.damaged", "it is not well-formed XML ({error})", error=type(error).__name__
        ) from None
    return root


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


def scores_in(archive: zipfile.ZipFile) -> Iterator[str]:
    """The files of an archive, without folders and the extra files of operating systems."""
    for info in archive.infolist():
        name = info.filename.rpartition("/")[2]
        if not info.is_dir() and not name.startswith(".") and "__MACOSX" not in info.filename:
            yield info.filename
