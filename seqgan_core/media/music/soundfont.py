"""Reads a SoundFont: which recording a key plays, and its envelopes.

The font is part of the installed pretty_midi package. It is read from there and not copied, because
its licence (GPL-2) is not this project's.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = "TimGM6mb.sf2"

# Numbers of a zone's settings in the SoundFont 2 standard.
_START, _END, _LOOP_START, _LOOP_END = 0, 1, 2, 3
_COARSE_ADDRESSES = {4: _START, 12: _END, 45: _LOOP_START, 50: _LOOP_END}
_WAVER_TO_PITCH, _WAVER_DELAY, _WAVER_RATE = 5, 21, 22
_CUTOFF, _SWEEP_TO_CUTOFF = 8, 11
_SWEEP, _VOLUME = 25, 33  # first of six: delay, attack, hold, decay, sustain, release
_INSTRUMENT, _KEYS, _VELOCITIES, _ATTENUATION = 41, 43, 44, 48
_COARSE_TUNE, _FINE_TUNE, _SAMPLE, _MODE, _SCALE, _ROOT = 51, 52, 53, 54, 56, 58

_NEVER = -12000  # timecents: a millisecond
_DEFAULTS = {_CUTOFF: 13500, _SCALE: 100, _ROOT: -1, _WAVER_DELAY: _NEVER}
_DEFAULTS |= {first + at: _NEVER for first in (_SWEEP, _VOLUME) for at in (0, 1, 2, 3, 5)}
_VELOCITY = 100  # of every note
_FEW_CYCLES = 12  # a longer loop may waver on purpose, and half a sample hardly matters in it
_EMU = 0.4  # share of the written attenuation that players apply


@dataclass(frozen=True)
class Envelope:
    """Times in seconds; `sustain` in the standard's units, centibels or tenths of a percent."""

    delay: float
    attack: float
    hold: float
    decay: float
    sustain: float
    release: float


@dataclass(frozen=True, eq=False)
class Zone:
    """A recording for a key, with its envelopes."""

    wave: NDArray[np.float32]  # the recording, up to the end of its loop, between -1 and 1
    loop: int  # how many samples at its end are repeated; 0 for none
    step: float  # samples of the recording for one second of sound at this key's pitch
    ring_step: float  # the same for the loop; it differs if the loop is out of tune with the rest
    gain: float  # factor of loudness
    volume: Envelope  # envelope of the loudness
    sweep: Envelope  # envelope of the filter
    cutoff: float  # of the low-pass filter when `sweep` is 0, in hertz
    opening: float  # octaves that a full `sweep` opens the filter
    waver: float  # depth of the vibrato, in cents
    # waver_rate, waver_delay: of the vibrato, in hertz and seconds
    waver_rate: float
    waver_delay: float


class SoundFont:
    """A SoundFont file; programs are read when they are needed."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        if self._bytes[:4] != b"RIFF" or self._bytes[8:12] != b"sfbk":
            raise ValueError(f"{path.name} is not a SoundFont; install pretty_midi again")
        self._chunks = dict(self._walk(12, len(self._bytes)))

    @classmethod
    def installed(cls) -> SoundFont:
        """The font of the pretty_midi package, read once a process."""
        return _installed()

    def zones(self, program: int, key: int) -> tuple[Zone, ...]:
        """The recordings that sound together for `key`.

        Args:
            program: of General MIDI, from 0; bank 0.
            key: MIDI number.
        """
        zones = []
        for outer in self._levels("phdr", "pbag", "pgen", self._preset(program)):
            if _INSTRUMENT not in outer or not _covers(outer, key):
                continue
            for inner in self._levels("inst", "ibag", "igen", outer[_INSTRUMENT]):
                if _SAMPLE in inner and _covers(inner, key):
                    zones.append(self._zone(_added(inner, outer), key))
        return tuple(zones)

    # -- the file -----------------------------------------------------------------------------

    def _walk(self, start: int, end: int) -> list[tuple[str, tuple[int, int]]]:
        """Name, start and length of every chunk, nested ones included."""
        chunks: list[tuple[str, tuple[int, int]]] = []
        while start + 8 <= end:
            name = self._bytes[start : start + 4].decode("latin-1")
            length = int.from_bytes(self._bytes[start + 4 : start + 8], "little")
            start += 8
            if name == "LIST":
                chunks += self._walk(start + 4, start + length)
            else:
                chunks.append((name, (start, length)))
            start += length + length % 2
        return chunks

    def _records(self, name: str, kind: Any) -> NDArray[Any]:
        start, length = self._chunks[name]
        size = np.dtype(kind).itemsize
        return np.frombuffer(self._bytes, kind, length // size, start)

    @cached_property
    def _tables(self) -> dict[str, NDArray[Any]]:
        bag = [("first", "<u2"), ("modulator", "<u2")]
        generator = [("kind", "<u2"), ("value", "<i2")]
        kinds: dict[str, Any] = {
            "phdr": [("name", "S20"), ("program", "<u2"), ("bank", "<u2"), ("first", "<u2"),
                     ("rest", "V12")],
            "inst": [("name", "S20"), ("first", "<u2")],
            "pbag": bag, "ibag": bag, "pgen": generator, "igen": generator,
            "shdr": [("name", "S20"), ("start", "<u4"), ("end", "<u4"), ("loop_start", "<u4"),
                     ("loop_end", "<u4"), ("rate", "<u4"), ("key", "u1"), ("cents", "i1"),
                     ("rest", "V4")],
        }  # fmt: skip
        return {name: self._records(name, kind) for name, kind in kinds.items()}

    @cached_property
    def _pool(self) -> NDArray[np.int16]:
        return self._records("smpl", "<i2")

    def _preset(self, program: int) -> int:
        heads = self._tables["phdr"][:-1]  # the last one is the end of the table
        matches = np.flatnonzero((heads["program"] == program) & (heads["bank"] == 0))
        if not matches.size:
            raise ValueError(f"program is {program}; this SoundFont has no such instrument")
        return int(matches[0])

    def _levels(self, heads: str, bags: str, generators: str, at: int) -> list[dict[int, int]]:
        """The settings of each zone of a preset or an instrument, with those of the global zone."""
        first, last = (int(self._tables[heads][at + step]["first"]) for step in (0, 1))
        starts = self._tables[bags]["first"]
        common: dict[int, int] = {}
        zones = []
        for bag in range(first, last):
            rows = self._tables[generators][int(starts[bag]) : int(starts[bag + 1])]
            settings = {int(row["kind"]): int(row["value"]) for row in rows}
            if bag == first and _SAMPLE not in settings and _INSTRUMENT not in settings:
                common = settings
            else:
                zones.append(common | settings)
        return zones

    def _zone(self, sets: dict[int, int], key: int) -> Zone:
        def value(kind: int) -> int:
            return sets.get(kind, _DEFAULTS.get(kind, 0))

        sample = self._tables["shdr"][value(_SAMPLE)]
        at = {
            kind: int(sample[name]) + value(kind)
            for kind, name in (
                (_START, "start"), (_END, "end"), (_LOOP_START, "loop_start"),
                (_LOOP_END, "loop_end"),
            )
        }  # fmt: skip
        for coarse, kind in _COARSE_ADDRESSES.items():
            at[kind] += 32768 * value(coarse)
        loops = value(_MODE) in (1, 3)
        end = at[_LOOP_END] if loops else at[_END]
        loop = end - at[_LOOP_START] if loops else 0
        root = int(sample["key"]) if value(_ROOT) < 0 else value(_ROOT)
        tuning = 100 * value(_COARSE_TUNE) + value(_FINE_TUNE) + int(sample["cents"])
        step = float(sample["rate"]) * 2.0 ** (((key - root) * value(_SCALE) + tuning) / 1200)
        return Zone(
            wave=(self._pool[at[_START] : end] / np.float32(32768)).astype(np.float32),
            loop=loop,
            step=step,
            ring_step=step * _mending(loop, step / _hertz(100 * key)),
            gain=10.0 ** (-_EMU * value(_ATTENUATION) / 200),
            volume=_envelope(_VOLUME, value),
            sweep=_envelope(_SWEEP, value),
            cutoff=_hertz(value(_CUTOFF)),
            opening=value(_SWEEP_TO_CUTOFF) / 1200,
            waver=float(value(_WAVER_TO_PITCH)),
            waver_rate=_hertz(value(_WAVER_RATE)),
            waver_delay=_seconds(value(_WAVER_DELAY)),
        )


@lru_cache(maxsize=1)
def _installed() -> SoundFont:
    spec = importlib.util.find_spec("pretty_midi")  # for its folder, not its code
    path = Path(spec.origin).with_name(FILE) if spec and spec.origin else Path(FILE)
    if not path.is_file():
        raise FileNotFoundError(
            f"{FILE} is not where pretty_midi keeps it; install the version that "
            "requirements.txt names"
        )
    return SoundFont(path)


def _mending(loop: int, period: float) -> float:
    """Factor on the speed of a loop that tunes it.

    A loop of a few cycles that was rounded to whole samples is out of tune: the accordion's, halved
    from 39 samples to 20, by 44 cents. In tune, it is as long as a whole number of cycles.

    Args:
        loop: samples in the loop.
        period: samples of one cycle of the zone's pitch.

    >>> round(_mending(20, 19.5), 4), round(_mending(39, 19.5), 4), _mending(400, 19.9)
    (1.0256, 1.0, 1.0)
    """
    cycles = round(loop / period)
    return loop / (cycles * period) if 1 <= cycles <= _FEW_CYCLES else 1.0


def _covers(sets: dict[int, int], key: int) -> bool:
    """Whether a zone sounds for this key; a range is two bytes, lowest and highest."""
    for kind, value in ((_KEYS, key), (_VELOCITIES, _VELOCITY)):
        low, high = sets.get(kind, 127 << 8) & 0xFF, (sets.get(kind, 127 << 8) >> 8) & 0xFF
        if not low <= value <= high:
            return False
    return True


def _added(inner: dict[int, int], outer: dict[int, int]) -> dict[int, int]:
    """An instrument's zone with the settings that the preset adds."""
    alone = {_INSTRUMENT, _KEYS, _VELOCITIES}
    more = {
        kind: inner.get(kind, _DEFAULTS.get(kind, 0)) + value
        for kind, value in outer.items()
        if kind not in alone
    }
    return inner | more


def _envelope(first: int, value: Any) -> Envelope:
    delay, attack, hold, decay, release = (
        _seconds(value(first + step)) for step in (0, 1, 2, 3, 5)
    )
    return Envelope(delay, attack, hold, decay, float(value(first + 4)), release)


def _seconds(timecents: int) -> float:
    return float(2.0 ** (timecents / 1200))


def _hertz(cents: int) -> float:
    return float(440.0 * 2.0 ** ((cents - 6900) / 1200))
