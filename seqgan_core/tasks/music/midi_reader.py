"""MIDI files: the header is checked first, then mido reads them; each problem is one clause.

An untrusted file may claim 65,535 tracks or a false length, so its claims are checked against its
size before anything is allocated.
"""

from __future__ import annotations

import io
import re
import struct
from collections import defaultdict, deque
from collections.abc import Iterator

import mido  # type: ignore[import-untyped]
from mido.midifiles.meta import KeySignatureError  # type: ignore[import-untyped]

from seqgan_core.tasks.music.melody_part import Part, Piece, check_length
from seqgan_core.tasks.music.tune import BPM, TICKS, TuneError

MAX_BYTES = 500_000
MAX_TRACKS = 256
MAX_NOTES = 50_000
SLOWEST, FASTEST = 4.0, 1000.0  # quarter notes a minute
DRUMS = 9  # channel 10, as people count
LAST = 2**32  # ticks of a file; two hours at the fastest tempo with the finest ticks have fewer
LONGEST_NUMBER = (
    1000  # bytes; MIDI's numbers have four, but mido reads longer ones, ever more slowly
)
_HIGH = re.compile(rb"[\x80-\xff]+")  # all of a number's bytes but its last


def check_midi(data: bytes) -> None:
    """Check the header and the length of every track.

    Raises:
        TuneError: it is not MIDI, truncated, or beyond the limits.
    """
    if len(data) > MAX_BYTES:
        raise TuneError(
            "midi.too-large",
            "{size:,} bytes; a MIDI file may have at most {most:,}",
            size=len(data), most=MAX_BYTES,
        )  # fmt: skip
    if data[:4] != b"MThd":
        raise TuneError("midi.other-kind", "it is not a MIDI file, whatever its name says")
    if len(data) < 14:
        raise TuneError("midi.header-ends", "it ends within its header")
    size, kind, tracks, division = struct.unpack(">IHHH", data[4:14])
    if size < 6 or size > 64 or kind > 2:
        raise TuneError("midi.header", "its header is not a MIDI header")
    if kind == 2:
        raise TuneError("midi.patterns", "it has separate patterns (MIDI format 2), not one piece")
    if not 1 <= tracks <= MAX_TRACKS:
        raise TuneError(
            "midi.track-limit",
            "it claims {n:,} tracks; from 1 to {most} are allowed",
            n=tracks, most=MAX_TRACKS,
        )  # fmt: skip
    if division == 0:
        raise TuneError("midi.no-ticks", "it divides a quarter note into 0 ticks")
    if division & 0x8000:
        raise TuneError("midi.film-frames", "it counts film frames, not quarter notes")
    if any(len(run[0]) > LONGEST_NUMBER for run in _HIGH.finditer(data)):
        raise TuneError("midi.endless-number", "it has a number that does not end")
    at, seen = 8 + size, 0
    while at < len(data) and seen < tracks:
        if len(data) - at < 8:
            raise TuneError("midi.ends-between", "it ends between two tracks")
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8])
        if size > len(data) - at - 8:
            raise TuneError("midi.ends-in-track", "it ends within track {n}", n=seen + 1)
        seen += name == b"MTrk"
        at += 8 + size
    if seen < tracks:
        raise TuneError(
            "midi.track-count", "it claims {claimed:,} tracks and has {n:,}", claimed=tracks, n=seen
        )


def read_midi(data: bytes, title: str = "") -> Piece:
    """A MIDI file as parts, one for each channel of a track.

    Raises:
        TuneError: it cannot be read, or is beyond the limits; a clause that says why.
    """
    check_midi(data)
    try:
        file = mido.MidiFile(file=io.BytesIO(data), clip=True)
    except (OSError, ValueError, EOFError, LookupError, TypeError, KeySignatureError) as error:
        raise TuneError(
            "midi.damaged", "it is damaged ({error})", error=type(error).__name__
        ) from None
    scale = TICKS / file.ticks_per_beat
    tempi: dict[int, float] = {}
    parts: list[Part] = []
    count = 0
    for track in file.tracks:
        content = _Track(track, scale)
        tempi |= content.tempi
        count += sum(map(len, content.notes.values()))
        if count > MAX_NOTES:
            raise TuneError(
                "tune.too-many-notes", "it has more than {most:,} notes", most=MAX_NOTES
            )
        parts += [
            Part(content.name, tuple(notes), channel == DRUMS)
            for channel, notes in sorted(content.notes.items())
        ]
    piece = Piece(title, tuple(parts), _map(tempi))
    check_length(piece)
    return piece


class _Track:
    """The notes of a track by channel, and its tempi by tick."""

    def __init__(self, track: mido.MidiTrack, scale: float) -> None:
        self.name = ""
        self.tempi: dict[int, float] = {}
        self.notes: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        on: dict[tuple[int, int], deque[int]] = defaultdict(deque)
        tick = 0
        for tick, message in _timed(track):
            at = round(tick * scale)
            if message.type == "set_tempo":
                self.tempi[at] = _bpm(message.tempo)  # the last of several at one tick counts
            elif message.type == "track_name":
                self.name = self.name or message.name
            elif message.type in ("note_on", "note_off"):
                key = (message.channel, message.note)
                if message.type == "note_on" and message.velocity:
                    on[key].append(at)
                elif on[key]:
                    self.notes[message.channel].append((message.note, on[key].popleft(), at))
        for (channel, pitch), starts in on.items():  # never released
            self.notes[channel] += [(pitch, start, round(tick * scale)) for start in starts]


def _timed(track: mido.MidiTrack) -> Iterator[tuple[int, mido.Message]]:
    tick = 0
    for message in track:
        tick += message.time
        if tick > LAST:  # a larger number overflows a float
            raise TuneError("tune.endless", "it is too long to be a tune")
        yield tick, message


def _bpm(tempo: int) -> float:
    bpm = 60e6 / tempo if tempo else 0.0
    if not SLOWEST <= bpm <= FASTEST:
        raise TuneError(
            "midi.tempo",
            "a tempo of {tempo:,} microseconds a quarter note; from {least:,} to {most:,} are "
            "allowed",
            tempo=tempo, least=round(60e6 / FASTEST), most=round(60e6 / SLOWEST),
        )  # fmt: skip
    return bpm


def _map(tempi: dict[int, float]) -> tuple[tuple[int, float], ...]:
    return tuple(sorted(({0: BPM} | tempi).items()))
