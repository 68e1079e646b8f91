"""MIDI and MusicXML made by hand, byte by byte, so that they can be wrong on purpose."""

import io
import struct
import zipfile
from collections.abc import Sequence

import pytest

from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.music.melody_part import melody_of, tune_of
from seqgan_core.tasks.music.user_tunes import UploadedFile, read_piece
from tests.support.files.user_tunes import read_user_tunes

DIVISIONS = "<attributes><divisions>2</divisions></attributes>"
TUNE = (60, 62, 64, 65, 67, 65, 64, 62, 60, 64, 67, 72, 71, 67, 65, 62)


def length(number: int) -> bytes:
    """A number as MIDI writes it, seven bits a byte."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(0x80 | number & 0x7F)
    return bytes(reversed(groups))


def note_events(
    pitches: Sequence[int], ticks: int = 240, channel: int = 0, first: int = 0
) -> bytes:
    """Notes one after the other."""
    events, delta = b"", first
    for pitch in pitches:
        events += length(delta) + bytes((0x90 | channel, pitch, 80))
        events += length(ticks) + bytes((0x80 | channel, pitch, 0))
        delta = 0
    return events


def tempo(microseconds: int, delta: int = 0) -> bytes:
    return length(delta) + b"\xff\x51\x03" + microseconds.to_bytes(3, "big")


def named(name: str) -> bytes:
    return b"\x00\xff\x03" + length(len(name)) + name.encode("latin-1")


def track(events: bytes) -> bytes:
    events += b"\x00\xff\x2f\x00"
    return b"MTrk" + struct.pack(">I", len(events)) + events


def midi(*tracks: bytes, kind: int = 1, division: int = 480, claims: int | None = None) -> bytes:
    """A file of these tracks' events; `claims` is how many the header says there are."""
    count = len(tracks) if claims is None else claims
    return b"MThd" + struct.pack(">IHHH", 6, kind, count, division) + b"".join(map(track, tracks))


def song(repeats: int = 40, shift: int = 0) -> bytes:
    """Long enough to be learnt from: 16 eighths, so many times."""
    pitches = [pitch + shift + (n // 16) % 3 for n, pitch in enumerate(TUNE * repeats)]
    return midi(tempo(500_000), note_events(pitches))


def xml_note(step: str, octave: int, duration: float | str, extra: str = "", alter: int = 0) -> str:
    return (
        f"<note>{extra}<pitch><step>{step}</step><alter>{alter}</alter><octave>{octave}</octave>"
        f"</pitch><duration>{duration}</duration></note>"
    )


def musicxml(*parts: str, doctype: str = "", names: Sequence[str] = ()) -> bytes:
    """A score; each part is its measures."""
    listed = "".join(
        f'<score-part id="P{n}"><part-name>{names[n] if n < len(names) else ""}</part-name>'
        "</score-part>"
        for n in range(len(parts))
    )
    body = "".join(f'<part id="P{n}">{part}</part>' for n, part in enumerate(parts))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<score-partwise version="4.0">'
        f"<part-list>{listed}</part-list>{body}</score-partwise>"
    ).encode()


def measure(*notes: str, attributes: str = "") -> str:
    return f"<measure>{attributes}{''.join(notes)}</measure>"


def xml_song(repeats: int = 40) -> bytes:
    divisions = "<attributes><divisions>2</divisions></attributes>"
    bars = [
        measure(*(xml_note("CDEFGABC"[(n * k + k) % 7], 4 + k % 2, 1) for k in range(8)))
        for n in range(2 * repeats)
    ]
    return musicxml(measure(attributes=divisions) + "".join(bars))


def zipped(files: dict[str, bytes], rare: bool = False) -> bytes:
    made = io.BytesIO()
    way = zipfile.ZIP_BZIP2 if rare else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(made, "w", way) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def mxl(score: bytes, container: str | None = None) -> bytes:
    container_xml = (
        container or '<container><rootfiles><rootfile full-path="s.xml"/></rootfiles></container>'
    )
    return zipped({"META-INF/container.xml": container_xml.encode(), "s.xml": score})


def first_notes(data: bytes, choice: str | int = "highest") -> list[tuple[int, int, int]]:
    """The notes of the melody."""
    piece = read_piece(UploadedFile("a.mid", data))
    return list(tune_of(piece, melody_of(piece, choice)).notes)


def refused(*uploads: tuple[str, bytes], melody: str | int = "highest") -> str:
    """The one-sentence error message."""
    with pytest.raises(CorpusError) as error:
        read_user_tunes([UploadedFile(name, data) for name, data in uploads], melody=melody)
    message = str(error.value)
    assert "\n" not in message
    assert len(message) < 300
    return message
