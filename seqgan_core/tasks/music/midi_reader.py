"""MIDI files, read as players read them: by their events, however wrong the lengths around them.

Containers (RIFF, MacBinary), unknown chunks, events that say nothing about notes, tempo or names,
and wrong lengths do not stop it; each problem that does is one clause. An untrusted file may claim
65,535 tracks or a false length, so nothing is allocated by what it claims.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections import defaultdict

from seqgan_core.tasks.music.melody_part import Part, Piece, check_length
from seqgan_core.tasks.music.tune import BPM, TICKS, TuneError
from seqgan_core.tasks.text.decoding import DecodedName, decode_name

MAX_BYTES = 500_000
MAX_TRACKS = 256
MAX_NOTES = 50_000
SLOWEST, FASTEST = 4.0, 1000.0  # quarter notes a minute
DRUMS = 9  # channel 10, as people count
LAST = 2**32  # ticks of a file; two hours at the fastest tempo with the finest ticks have fewer
LEGATO = 1 / 8  # of a quarter note: how far a note may reach into its own repetition
JUNK = 1024  # bytes before the header; a MacBinary header has 128
_HEADER = b"MThd\0\0\0\6"
_NAME, _PORT, _END, _TEMPO = 0x03, 0x21, 0x2F, 0x51  # the meta events that are read
_COMMON = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # bytes after other system messages; files should have none


def start_of(data: bytes) -> int:
    """The byte where the MIDI file begins in what may be around it; -1 if it is none."""
    if data[:4] == b"MThd":
        return 0
    riff = data[:4] == b"RIFF" and data[8:12] == b"RMID"
    return data.find(_HEADER, 0, None if riff else JUNK)


def _header(data: bytes) -> tuple[int, int, int]:
    """The size of the header, how many tracks it claims, and the ticks of a quarter note.

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
    if kind == 2 and tracks > 1:
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
    return size, tracks, division


def read_midi(data: bytes, title: str = "") -> Piece:
    """A MIDI file as parts, one for each channel of a track.

    Tracks beyond the number that the header claims are read too; if there are fewer, the piece says
    what it lacks.

    Raises:
        TuneError: it cannot be read, or is beyond the limits; a clause that says why.
    """
    data = data[max(0, start_of(data)) :]
    size, claimed, division = _header(data)
    tempi: dict[int, float] = {}
    parts: list[Part] = []
    count = number = 0
    at = _next_chunk(data, 8 + size)
    while at >= 0:
        start, end = at + 8, at + 8 + int.from_bytes(data[at + 4 : at + 8])
        if data[at : at + 4] == b"MTrk":
            number += 1
            if number > MAX_TRACKS:
                raise TuneError("midi.tracks", "it has more than {most} tracks", most=MAX_TRACKS)
            track = _track_at(data, start, end, number)
            end = track.end
            notes = track.notes(TICKS / division, division * LEGATO)
            tempi |= {round(tick * TICKS / division): bpm for tick, bpm in track.tempi.items()}
            count += sum(map(len, notes.values()))
            if count > MAX_NOTES:
                raise TuneError(
                    "tune.too-many-notes", "it has more than {most:,} notes", most=MAX_NOTES
                )
            name = track.name
            parts += [
                Part(name.text, tuple(notes[channel]), channel % 16 == DRUMS, name.guess)
                for channel in sorted(notes)
            ]
        at = _next_chunk(data, end)
    lost = None
    if number < claimed:
        lost = TuneError(
            "midi.track-count",
            "it claims {claimed:,} tracks and has {n:,}",
            claimed=claimed, n=number,
        )  # fmt: skip
        if not number:
            raise lost
    piece = Piece(title, tuple(parts), tuple(sorted(({0: BPM} | tempi).items())), lost)
    check_length(piece)
    return piece


def _is_chunk(data: bytes, at: int) -> bool:
    """Whether a track or another chunk that fits into the file begins there."""
    name = data[at : at + 4]
    fits = at + 8 + int.from_bytes(data[at + 4 : at + 8]) <= len(data)
    return name == b"MTrk" or (
        at + 8 <= len(data) and fits and name.isascii() and name.decode().isprintable()
    )


def _next_chunk(data: bytes, at: int) -> int:
    """Where the next chunk begins, perhaps after filling; -1 if there is none."""
    return at if _is_chunk(data, at) else data.find(b"MTrk", at)


def _track_at(data: bytes, start: int, end: int, number: int) -> _Track:
    """The events of track `number` from byte `start`, and by its length up to `end`.

    If that is wrong, up to the track's own end.

    Raises:
        TuneError: it is damaged, or the file ends within it.
    """
    right = end == len(data) or _is_chunk(data, end)
    following = data.find(b"MTrk", start)
    stop = end if right else following if following >= 0 else len(data)
    whole = right or stop < len(data)  # then it may lack an end of its own
    track = _Track(data[start:stop], number)
    try:
        track.read()
    except IndexError:
        whole = False
    if not whole and not track.ended:
        if end > len(data):
            raise TuneError("midi.ends-in-track", "it ends within track {n}", n=number)
        raise TuneError(
            "midi.track-length",
            "the length of track {n} ({size:,} bytes) is wrong, and its own end is missing",
            n=number, size=end - start,
        )  # fmt: skip
    own = start + track.at
    track.end = end if right and data[own : own + 4] != b"MTrk" else own
    return track


class _Track:
    """The events of a track that matter, in the file's ticks.

    Attributes:
        at: the byte that is read next; ended: whether its own end was read; end: where the next
            chunk may begin.
        name: as decoded; tempi: quarter notes a minute by tick.
    """

    def __init__(self, data: bytes, number: int) -> None:
        self._data, self._number = data, number
        self.at = self.end = 0
        self.ended = False
        self.name = DecodedName("")
        self.tempi: dict[int, float] = {}
        self._tick = 0
        self._port = 0
        # channel -> pitch -> (tick, whether it is struck or released)
        self._strikes: dict[int, dict[int, list[tuple[int, bool]]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def read(self) -> None:
        """Read the events up to the track's own end, or to the end of the bytes.

        Raises:
            IndexError: the bytes end within an event.
            TuneError: it is damaged, or a number, a tempo or the length is beyond the limits.
        """
        data, status = self._data, 0
        while self.at < len(data) and not self.ended:
            self._tick += self._length()
            if self._tick > LAST:  # a larger number overflows a float
                raise TuneError("tune.endless", "it is too long to be a tune")
            byte = data[self.at]
            if byte >= 0xF0:
                self.at += 1
                self._system(byte)  # does not end a running status, as writers have it
                continue
            if byte >= 0x80:
                status = byte
                self.at += 1
            elif not status:
                raise TuneError(
                    "midi.damaged",
                    "track {n} is damaged: no event begins at byte {at:,} of it",
                    n=self._number, at=self.at + 1,
                )  # fmt: skip
            kind = status & 0xF0
            first = data[self.at]
            if kind in (0x80, 0x90):
                struck = kind == 0x90 and data[self.at + 1] > 0
                channel = self._port << 4 | status & 0x0F
                self._strikes[channel][min(first, 127)].append((self._tick, struck))
            self.at += 1 if kind in (0xC0, 0xD0) else 2
        if self.at > len(data):
            raise IndexError

    def _length(self) -> int:
        """A number of any size, seven bits a byte."""
        value = 0
        while True:
            byte = self._data[self.at]
            self.at += 1
            value = value << 7 | byte & 0x7F
            if value > LAST:
                raise TuneError("midi.endless-number", "it has a number that does not end")
            if byte < 0x80:
                return value

    def _system(self, byte: int) -> None:
        """A meta event or a system message: most are skipped, whatever they hold."""
        if byte not in (0xFF, 0xF0, 0xF7):
            self.at += _COMMON.get(byte, 0)
            return
        kind = -1
        if byte == 0xFF:
            kind = self._data[self.at]
            self.at += 1
        size = self._length()
        content = self._data[self.at : self.at + size]
        self.at += size
        self.ended = kind == _END
        if kind == _NAME and not self.name.text:
            self.name = decode_name(content)
        elif kind == _PORT and content:
            self._port = content[0]
        elif kind == _TEMPO and len(content) >= 3:
            self.tempi[self._tick] = _bpm(int.from_bytes(content[:3]))

    def notes(self, scale: float, legato: float) -> dict[int, list[tuple[int, int, int]]]:
        """The notes of each channel: (pitch, start, end) in ticks of the piece.

        A note that is struck again while it sounds ends where its release says, if that comes
        within `legato` of the repetition, or if two releases follow (two voices in unison).
        Otherwise its release was lost: it ends where the next note of its channel begins, and the
        release belongs to the repetition. So one lost event never shifts the notes after it. A note
        that is struck twice at a time is one; a release without a note does nothing; a last note
        without one ends with the track.

        Args:
            scale: ticks of the piece in one of the file.
            legato: in the file's ticks.
        """
        result = {}
        for channel, pitches in self._strikes.items():
            onsets = sorted({tick for all in pitches.values() for tick, struck in all if struck})
            notes = []
            for pitch, strikes in pitches.items():
                for start, end in _paired(strikes, onsets, self._tick, legato):
                    first = round(start * scale)
                    after = max(round(end * scale), first + (end > start))  # not silent by rounding
                    notes.append((pitch, first, after))
            if notes:
                result[channel] = notes
        return result


def _paired(
    strikes: list[tuple[int, bool]], onsets: list[int], last: int, legato: float
) -> list[tuple[int, int]]:
    """The starts and ends of one pitch; the rule is that of `_Track.notes`."""

    def lost(start: int) -> tuple[int, int]:
        following = bisect_right(onsets, start)
        return start, onsets[following] if following < len(onsets) else last

    notes = []
    sounding: list[int] = []  # starts; two at most
    for number, (tick, struck) in enumerate(strikes):
        if struck:
            if sounding and sounding[-1] == tick:
                continue
            if len(sounding) == 2:
                notes.append(lost(sounding.pop(0)))
            sounding.append(tick)
        elif sounding:
            both = number + 1 < len(strikes) and not strikes[number + 1][1]
            if len(sounding) == 2 and tick - sounding[1] > legato and not both:
                notes.append(lost(sounding.pop(0)))
            notes.append((sounding.pop(0), tick))
    return notes + [lost(start) for start in sounding]


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
