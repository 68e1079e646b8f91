"""Tunes as they come from a reader: notes in ticks, their key, their sides, what was left out."""

from __future__ import annotations

import json
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np

from seqgan_core.media.music.melody import HIGHEST, LOWEST, Melody, Note
from seqgan_core.messages import Problem
from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.tasks.corpus import Rejection, Report
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.splitting import Side

TICKS = 960  # of a quarter note; MIDI files divide it by 480 or less, triplets by 3
BPM = 120.0  # where a source states none
FORMAT = 1
UNIT = "notes"  # what a token is

Step = Callable[[int, int], None]
"""Called with how many tunes are read, and how many there are."""


class Clock:
    """When a tick is played: tempi as of a tune, however many."""

    def __init__(self, tempi: Sequence[tuple[int, float]]) -> None:
        self._ticks = [tick for tick, _ in tempi]
        self._rates = [60 / bpm / TICKS for _, bpm in tempi]  # seconds of a tick
        passed = (
            (after - before) * rate
            for (before, after), rate in zip(pairwise(self._ticks), self._rates, strict=False)
        )
        self._seconds = [0.0, *accumulate(passed)]

    def seconds(self, tick: int) -> float:
        """Seconds from tick 0 on."""
        last = max(0, bisect_right(self._ticks, tick) - 1)
        return self._seconds[last] + (tick - self._ticks[last]) * self._rates[last]


@dataclass(frozen=True)
class Tune:
    """One voice, note after note, in ticks of 1/960 quarter.

    Attributes:
        title: for people.
        notes: (pitch, start, length) each, by start, none reaching into the next; pitches are
            MIDI numbers of the 88 keys.
        length: ticks in all, rests at the end included.
        key: the key that was found in it.
        tempi: (tick, quarter notes a minute) each, the first at tick 0.
        family: what near-copies have in common: the intervals of the first two bars.
        about: what of its source it is, where that is not all of it.
    """

    title: str
    notes: tuple[tuple[int, int, int], ...]
    length: int
    key: Key
    tempi: tuple[tuple[int, float], ...] = ((0, BPM),)
    family: str = ""
    about: str = ""

    @property
    def bpm(self) -> float:
        """The tempo as one number: the quarter notes it has, by the minutes it lasts."""
        seconds = Clock(self.tempi).seconds(self.length)
        return self.length / TICKS * 60 / seconds if seconds else self.tempi[0][1]

    @property
    def melody(self) -> Melody:
        """The tune for scores and sound."""
        notes = tuple(Note(p, start / TICKS, length / TICKS) for p, start, length in self.notes)
        return Melody(notes, self.bpm, self.title, self.length / TICKS)


@dataclass(frozen=True, eq=False)
class TuneCorpus:
    """Tunes that are ready to be made into a task; two are equal only if they are one.

    Attributes:
        name: as `TrainConfig.corpus` says it.
        title: for people.
        train, valid, test: to learn from, to choose by, and to be judged by.
        licence: as the source states it; source: an address, or what it is.
        report: what was read, kept and left out.
    """

    name: str
    title: str
    train: tuple[Tune, ...]
    valid: tuple[Tune, ...]
    test: tuple[Tune, ...]
    licence: str = ""
    source: str = ""
    report: Report = field(default_factory=lambda: Report(0, 0))


@dataclass(frozen=True)
class Collection:
    """What a reader made of a book of tunes, each with its side; a cache holds one."""

    tunes: tuple[Tune, ...]
    sides: tuple[Side, ...]
    report: Report
    title: str = ""

    def corpus(self, name: str, title: str, licence: str, source: str) -> TuneCorpus:
        """The tunes by side."""
        train, valid, test = (
            tuple(t for t, its_side in zip(self.tunes, self.sides, strict=True) if its_side == side)
            for side in ("train", "valid", "test")
        )
        return TuneCorpus(name, title, train, valid, test, licence, source, self.report)


class TuneError(Problem, ValueError):
    """A tune cannot be used; the message is a clause for the list of what was left out."""


class CacheError(Problem, ValueError):
    """A file of tunes is damaged or of another version."""


def one_voice(
    notes: Iterable[tuple[int, int, int]],
) -> tuple[tuple[int, int, int], ...]:
    """The highest of the notes that sound together: (pitch, start, end) -> (pitch, start, length).

    >>> one_voice([(60, 0, 960), (64, 0, 480), (67, 960, 1440)])
    ((64, 0, 480), (60, 480, 480), (67, 960, 480))
    """
    notes_by_start = sorted((start, end, pitch) for pitch, start, end in notes if end > start)
    times = sorted({time for start, end, _ in notes_by_start for time in (start, end)})
    voice: list[list[int]] = []  # pitch, start, end, and the start of the note it is
    sounding: list[tuple[int, int, int]] = []  # a heap, the highest first, of equals the latest
    at = 0
    for time, following in pairwise(times):
        while at < len(notes_by_start) and notes_by_start[at][0] == time:
            start, end, pitch = notes_by_start[at]
            heappush(sounding, (-pitch, -start, end))
            at += 1
        while sounding and sounding[0][2] <= time:
            heappop(sounding)
        if not sounding:
            continue
        pitch, start = -sounding[0][0], -sounding[0][1]
        if voice and voice[-1][0] == pitch and voice[-1][3] == start and voice[-1][2] == time:
            voice[-1][2] = following
        else:
            voice.append([pitch, time, following, start])
    return tuple((pitch, start, end - start) for pitch, start, end, _ in voice)


def within_keyboard(notes: Sequence[tuple[int, int, int]]) -> bool:
    """Whether a piano has all the keys."""
    return all(LOWEST <= pitch <= HIGHEST for pitch, _, _ in notes)


def save(path: Path, collection: Collection) -> None:
    """Writes a collection as a compressed file of arrays; the same tunes give the same arrays."""
    tunes = collection.tunes
    content = {
        "format": FORMAT,
        "title": collection.title,
        "titles": [tune.title for tune in tunes],
        "about": [tune.about for tune in tunes],
        "kin": [tune.family for tune in tunes],
        "keys": [(tune.key.tonic, tune.key.minor) for tune in tunes],
        "tempi": [tune.tempi for tune in tunes],
        "sides": collection.sides,
        "read": collection.report.read,
        "kept": collection.report.kept,
        "left_out": [vars(rejection) for rejection in collection.report.rejections],
    }
    notes = [note for tune in tunes for note in tune.notes]
    arrays = {
        "notes": np.array(notes, dtype=np.int32).reshape(-1, 3),
        "sizes": np.array([len(tune.notes) for tune in tunes], dtype=np.int32),
        "lengths": np.array([tune.length for tune in tunes], dtype=np.int32),
        "told": np.frombuffer(json.dumps(content).encode("ascii"), dtype=np.uint8),
    }
    with atomic_write(path) as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def read(path: Path) -> Collection:
    """A collection as it was saved.

    Raises:
        CacheError: the file is missing, damaged or of another version.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            content = json.loads(file["told"].tobytes())
            if content["format"] != FORMAT:
                raise CacheError(f"{path} was written by another version")
            notes = [tuple(note) for note in file["notes"].tolist()]
            sizes, lengths = file["sizes"].tolist(), file["lengths"].tolist()
        ends = np.cumsum(sizes).tolist()
        tunes = tuple(
            Tune(title, tuple(notes[end - size : end]), length, Key(*key), _pairs(tempi), *texts)
            for title, size, end, length, key, tempi, *texts in zip(
                content["titles"], sizes, ends, lengths, content["keys"], content["tempi"],
                content["kin"], content["about"], strict=True,
            )
        )  # fmt: skip
        report = Report(
            content["read"],
            content["kept"],
            tuple(Rejection(**entry) for entry in content["left_out"]),
        )
        return Collection(tunes, tuple(content["sides"]), report, content["title"])
    except CacheError:
        raise
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
        raise CacheError(f"{path} is damaged") from None


def _pairs(tempi: list[list[float]]) -> tuple[tuple[int, float], ...]:
    return tuple((int(tick), float(bpm)) for tick, bpm in tempi)
