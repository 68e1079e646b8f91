"""A melody for one voice."""

from dataclasses import dataclass

LOWEST, HIGHEST = 21, 108  # MIDI numbers of the 88 keys, A0 to C8


@dataclass(frozen=True)
class Note:
    """One note.

    Attributes:
        pitch: MIDI number, 21 (A0) to 108 (C8); 60 is middle C.
        start: quarter notes from the beginning, 0 or more.
        length: quarter notes, above 0.
    """

    pitch: int
    start: float
    length: float


@dataclass(frozen=True)
class Melody:
    """Consecutive notes, with rests between them.

    Attributes:
        notes: by their start; none overlaps the next.
        bpm: quarter notes a minute.
        title: for people.
        length: quarter notes in total, rests at the end included.
    """

    notes: tuple[Note, ...]
    bpm: float = 120.0
    title: str = ""
    length: float = 0.0

    @property
    def seconds(self) -> float:
        """Its duration."""
        end = max((note.start + note.length for note in self.notes), default=0.0)
        return max(end, self.length) * 60.0 / self.bpm
