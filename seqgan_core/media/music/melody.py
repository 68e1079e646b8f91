"""A melody for one voice."""

from dataclasses import dataclass

LOWEST, HIGHEST = 21, 108  # MIDI numbers of the 88 keys, A0 to C8


@dataclass(frozen=True)
class Note:
    """One note."""

    pitch: int  # MIDI number, 21 (A0) to 108 (C8); 60 is middle C
    start: float  # quarter notes from the beginning, 0 or more
    length: float  # quarter notes, above 0


@dataclass(frozen=True)
class Melody:
    """Consecutive notes, with rests between them."""

    notes: tuple[Note, ...]  # by their start; none overlaps the next
    bpm: float = 120.0  # quarter notes a minute
    title: str = ""  # for people
    length: float = 0.0  # quarter notes in total, rests at the end included

    @property
    def seconds(self) -> float:
        """Its duration."""
        end = max((note.start + note.length for note in self.notes), default=0.0)
        return max(end, self.length) * 60.0 / self.bpm
