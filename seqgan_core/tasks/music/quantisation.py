"""What quantising to eighths changes in tunes: values doubled, notes moved or dropped."""

from collections.abc import Iterable
from dataclasses import dataclass

from seqgan_core.tasks.music.tokens import quantised_steps, ticks_per_step
from seqgan_core.tasks.music.tune import TICKS, Tune


@dataclass(frozen=True)
class Quantisation:
    """How some tunes in eighths differ from their originals."""

    tunes: int  # how many
    doubled: int  # those that move in sixteenths, whose note values are doubled
    uneven: int  # those with a note that is moved or dropped
    notes: int  # of all tunes
    moved: int  # those between two steps, which are moved to a free one
    left: int  # those that are dropped, as no step is free


def quantisation_of(tunes: Iterable[Tune]) -> Quantisation:
    """The counts of one tune or many."""
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
