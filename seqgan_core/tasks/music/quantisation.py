"""What tunes lose on their way into eighths: values doubled, notes moved, notes left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from seqgan_core.tasks.music.tokens import quantised_steps, ticks_per_step
from seqgan_core.tasks.music.tune import TICKS, Tune


@dataclass(frozen=True)
class Quantisation:
    """How some tunes in eighths differ from their originals.

    Attributes:
        tunes: how many; doubled: those that move in sixteenths, whose note values are doubled.
        uneven: those of which a note is moved or left out.
        notes: of all together; moved: those that began between two steps and are on a free one
            now; left: those for which no step was free.
    """

    tunes: int
    doubled: int
    uneven: int
    notes: int
    moved: int
    left: int


def quantisation_of(tunes: Iterable[Tune]) -> Quantisation:
    """The quantisation of one tune or many, counted."""
    many = doubled = uneven = notes = moved = left = 0
    for tune in tunes:
        unit = ticks_per_step(tune)
        steps = quantised_steps(tune, unit)
        lost = sum(step < 0 for step in steps)
        between = sum(start % unit != 0 for _pitch, start, _length in tune.notes)
        many += 1
        doubled += unit < TICKS // 2
        uneven += between > 0
        notes += len(steps)
        moved += between - lost
        left += lost
    return Quantisation(many, doubled, uneven, notes, moved, left)
