"""A melody for one voice, with its metre, the parts that are repeated, and chords under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import Literal, TypeVar

LOWEST, HIGHEST = 21, 108  # MIDI numbers of the 88 keys, A0 to C8
Metre = Literal["4/4", "6/8", "3/4"]
BAR: dict[Metre, float] = {"4/4": 4.0, "6/8": 3.0, "3/4": 3.0}  # quarter notes


@dataclass(frozen=True)
class Note:
    """One note."""

    pitch: int  # MIDI number, 21 (A0) to 108 (C8); 60 is middle C
    start: float  # quarter notes from the beginning, 0 or more
    length: float  # quarter notes, above 0


@dataclass(frozen=True)
class Chord:
    """A triad that accompanies a melody."""

    root: int  # pitch class, 0 (C) to 11
    minor: bool
    start: float  # quarter notes from the beginning, 0 or more
    length: float  # quarter notes, above 0


Timed = TypeVar("Timed", Note, Chord)


@dataclass(frozen=True)
class Melody:
    """Consecutive notes, with rests between them, as they are written."""

    notes: tuple[Note, ...]  # by their start; none overlaps the next
    bpm: float = 120.0  # quarter notes a minute
    title: str = ""  # for people
    length: float = 0.0  # quarter notes in total, rests at the end included
    metre: Metre = "4/4"
    # where its parts begin, in quarter notes, the first at 0, each on a bar; every part is played
    # twice. () for a melody that is played once
    parts: tuple[float, ...] = ()
    chords: tuple[Chord, ...] = ()  # by their start; none overlaps the next

    @property
    def end(self) -> float:
        """Quarter notes to the end, rests included."""
        return max(self.length, max((note.start + note.length for note in self.notes), default=0.0))

    @property
    def seconds(self) -> float:
        """Its duration without repeats."""
        return self.end * 60.0 / self.bpm

    @property
    def stretches(self) -> tuple[tuple[float, float], ...]:
        """From where to where it is played, in order, in quarter notes: a part twice, in bars."""
        if not self.parts:
            return ((0.0, self.end),)
        bar = BAR[self.metre]
        end = ceil(round(self.end / bar, 6)) * bar  # rests fill the last bar
        return tuple(part for part in pairwise((*self.parts, end)) for _ in range(2))

    @property
    def order(self) -> tuple[int, ...]:
        """The number of each note that is played, in order, among those that are written."""
        return tuple(
            at
            for start, end in self.stretches
            for at, note in enumerate(self.notes)
            if start <= note.start < end or not self.parts
        )

    def played(self) -> Melody:
        """The melody as it sounds: its repeats written out."""
        if not self.parts:
            return self
        notes, chords = tuple(self._heard(self.notes)), tuple(self._heard(self.chords))
        length = sum(end - start for start, end in self.stretches)
        return replace(self, notes=notes, chords=chords, length=length, parts=())

    def _heard(self, written: tuple[Timed, ...]) -> Iterator[Timed]:
        now = 0.0
        for start, end in self.stretches:
            for one in written:
                if start <= one.start < end:
                    length = min(one.length, end - one.start)  # a part ends what sounds
                    yield replace(one, start=one.start - start + now, length=length)
            now += end - start

    def transposed(self, semitones: int) -> Melody:
        """The melody in another key."""
        notes = tuple(replace(note, pitch=note.pitch + semitones) for note in self.notes)
        chords = tuple(replace(c, root=(c.root + semitones) % 12) for c in self.chords)
        return replace(self, notes=notes, chords=chords)
