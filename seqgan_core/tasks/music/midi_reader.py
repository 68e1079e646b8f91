"""MIDI files, read as players read them: by their events, however wrong the lengths around them.

Containers (RIFF, MacBinary), unknown chunks, events that say nothing about notes, tempo or names,
and wrong lengths do not stop it; each problem that does is one clause. An untrusted file may claim
65,535 tracks or a false length, so nothing is allocated by what it claims.
"""

import struct
from bisect import bisect_right
from collections import defaultdict

from seqgan_core.media.music.validation import FASTEST, SLOWEST
from seqgan_core.tasks.music.melody_part import Part, Piece, check_length
from seqgan_core.tasks.music.tune import BPM, TICKS, TuneError
from seqgan_core.tasks.text.decoding import DecodedName, decode_name

MAX_BYTES = 500_000
MAX_TRACKS = 256
MAX_NOTES = 50_000
DRUMS = 9  # channel 10, as people count
LAST = 2**32  # ticks of a file; two hours at the fastest tempo with the finest ticks have fewer
LEGATO = 1 / 8  # of a quarter note: how far a note may reach into its own repetition
_NAME, _PORT, _END, _TEMPO = 0x03, 0x21, 0x2F, 0x51  # the meta events that are read
_COMMON = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # bytes after other system messages; files should have none


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
    if data[:4] != b"MThd":  # in a container
        data = data[max(0, data.find(b"MThd\0\0\0\6")) :]
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
            track = _Track(data, start, end, number)
            end = track.at
            notes = track.notes(TICKS / division, division * LEGATO)
            tempi |= {round(tick * TICKS / division): bpm for tick, bpm in track.tempi.items()}
            count += sum(map(len, notes.values()))
            if count > MAX_NOTES:
                raise TuneError(
                    "tune.too-many-notes", "it has more than {most:,} notes", most=MAX_NOTES
                )
            parts += [
                Part(track.name.text, tuple(voice), channel % 16 == DRUMS, track.name.guess)
                for channel, voice in sorted(notes.items())
            ]
        at = _next_chunk(data, end)
    lost = TuneError(
        "midi.track-count", "it claims {claimed:,} tracks and has {n:,}", claimed=claimed, n=number
    )
    piece = Piece(
        title, tuple(parts), tuple(sorted(({0: BPM} | tempi).items())),
        lost if number < claimed else None,
    )  # fmt: skip
    check_length(piece)
    return piece


def _next_chunk(data: bytes, at: int) -> int:
    """Where the next chunk begins, perhaps after filling; -1 if there is none."""
    return at if _is_chunk(data, at) else data.find(b"MTrk", at)


def _is_chunk(data: bytes, at: int) -> bool:
    """Whether a track begins there, or another chunk that fits into the file."""
    name, end = data[at : at + 4], at + 8 + int.from_bytes(data[at + 4 : at + 8])
    fits = at + 8 <= end <= len(data) and name.isascii() and name.decode().isprintable()
    return fits or name == b"MTrk"


class _Track:
    """The events of a track that matter, in the file's ticks; `at` is the byte after it.

    Raises:
        TuneError: it is damaged, the file ends within it, or it is beyond the limits.
    """

    def __init__(self, data: bytes, start: int, end: int, number: int) -> None:
        right = end == len(data) or _is_chunk(data, end)
        following = data.find(b"MTrk", start)
        self._stop = end if right else following if following >= 0 else len(data)
        self._data, self.at, self._number = data, start, number
        self._tick = self._port = 0
        self._ended = False
        self.name = DecodedName("")
        self.tempi: dict[int, float] = {}
        # channel -> pitch -> (tick, whether it is struck or released)
        self._strikes: dict[int, dict[int, list[tuple[int, bool]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        whole = right or self._stop < len(data)  # then it may lack an end of its own
        try:
            self._read()
        except IndexError:
            whole = False
        if not whole and not self._ended:
            if end > len(data):
                raise TuneError("midi.ends-in-track", "it ends within track {n}", n=number)
            raise TuneError(
                "midi.track-length",
                "the length of track {n} is wrong, and its own end is missing",
                n=number,
            )
        if right and data[self.at : self.at + 4] != b"MTrk":
            self.at = end

    def _read(self) -> None:
        """Read the events; IndexError if the bytes end within one."""
        data, status = self._data, 0
        while self.at < self._stop and not self._ended:
            self._tick += self._length()
            if self._tick > LAST:  # a larger number overflows a float
                raise TuneError("tune.endless", "it is too long to be a tune")
            if data[self.at] >= 0xF0:
                self._system()  # does not end a running status, as writers have it
                continue
            if data[self.at] >= 0x80:
                status = data[self.at]
                self.at += 1
            elif not status:
                raise TuneError("midi.damaged", "track {n} begins without an event", n=self._number)
            if status < 0xA0:
                struck = status >= 0x90 and data[self.at + 1] > 0
                channel = self._strikes[self._port << 4 | status & 0x0F]
                channel[min(data[self.at], 127)].append((self._tick, struck))
            self.at += 1 if status & 0xE0 == 0xC0 else 2
        if self.at > self._stop:
            raise IndexError

    def _length(self) -> int:
        """A number of any size, seven bits a byte."""
        value, byte = 0, 0x80
        while byte >= 0x80:
            byte = self._data[self.at]
            self.at += 1
            value = value << 7 | byte & 0x7F
            if value > LAST:
                raise TuneError("midi.endless-number", "it has a number that does not end")
        return value

    def _system(self) -> None:
        """A meta event or a system message: most are skipped, whatever they hold."""
        byte, kind = self._data[self.at], self._data[self.at + 1]
        if byte not in (0xFF, 0xF0, 0xF7):
            self.at += 1 + _COMMON.get(byte, 0)
            return
        self.at += 2 if byte == 0xFF else 1
        size = self._length()
        content = self._data[self.at : self.at + size]
        self.at += size
        if byte != 0xFF:
            return
        self._ended = kind == _END
        if kind == _NAME and not self.name.text:
            self.name = decode_name(content)
        elif kind == _PORT and content:
            self._port = content[0]
        elif kind == _TEMPO and size >= 3:
            self.tempi[self._tick] = _bpm(int.from_bytes(content[:3]))

    def notes(self, scale: float, legato: float) -> dict[int, list[tuple[int, int, int]]]:
        """The notes of each channel: (pitch, start, end) in ticks of the piece, `scale` to one.

        A note that is struck again while it sounds ends where its release says, if that comes
        within `legato` ticks of the repetition, or if two releases follow (two voices in unison).
        Otherwise its release was lost: it ends where the next note of its channel begins, and the
        release belongs to the repetition. So one lost event never shifts the notes after it. A note
        that is struck twice at a time is one, unless two releases follow; a release without a note
        does nothing; a last note without one ends with the track.
        """
        result: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for channel, pitches in self._strikes.items():
            onsets = sorted({tick for all in pitches.values() for tick, struck in all if struck})
            for pitch, strikes in pitches.items():
                for start, end in _paired(strikes, onsets, self._tick, legato):
                    first = round(start * scale)
                    after = max(round(end * scale), first + (end > start))  # not silent by rounding
                    result[channel].append((pitch, first, after))
        return result


def _paired(
    strikes: list[tuple[int, bool]], onsets: list[int], last: int, legato: float
) -> list[tuple[int, int]]:
    """The starts and ends of one pitch; the rule is that of `_Track.notes`."""

    def lost(start: int) -> tuple[int, int]:
        following = bisect_right(onsets, start)
        return start, onsets[following] if following < len(onsets) else last

    def released(number: int) -> bool:
        return number < len(strikes) and not strikes[number][1]

    notes = []
    sounding: list[int] = []  # starts; two at most
    for number, (tick, struck) in enumerate(strikes):
        if struck:
            if tick in sounding and not (released(number + 1) and released(number + 2)):
                continue
            if len(sounding) == 2:
                notes.append(lost(sounding.pop(0)))
            sounding.append(tick)
        elif sounding:
            if len(sounding) == 2 and tick - sounding[1] > legato and not released(number + 1):
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
