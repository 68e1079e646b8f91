"""What D's filters chose in each of some tunes, and what becomes of its score without them."""

from __future__ import annotations

from dataclasses import dataclass

from seqgan_core.insight.discriminator.attribution import Bracket, read
from seqgan_core.insight.jobs import Work, finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.samples import Reading, critic_of

MOST = 4  # brackets over a tune: what one can take in
SHOWN = 0.0005  # of P(real): the last digit that is shown of an effect, a tenth of a point
SHARED = 0.5  # share of its steps that a bracket may have in common with a stronger one


@dataclass(frozen=True)
class Heard:
    """One tune as D reads it.

    Attributes:
        score: P(real); nothing: what D says where no filter fires.
        motifs: the strongest windows that its filters chose, in the tune's order.
        windows: how many different ones they chose; silent: filters that fired nowhere, of `n`.
    """

    score: float
    nothing: float
    motifs: tuple[Bracket, ...]
    windows: int
    silent: int
    n: int


@dataclass(frozen=True)
class Motifs:
    """What the D of `judge`, a model's title, reads in every tune of a reading."""

    judge: str
    tunes: tuple[Heard, ...]


def motifs(models: Models, found: Reading) -> Work[Motifs | None]:
    """Reads every tune with the D that gives Q; None where there is no such D.

    The effect of a window is measured: D's score less its score without the filters that chose it.

    Raises:
        ConfigError, StoreError, DataError: the D that was asked for cannot be opened.
    """
    yield 0.0
    critic = critic_of(models, found.author, found.wish.critic)
    if critic is None or critic.discriminator is None:
        return None
    tunes = []
    for row in found.tokens.tolist():
        reading = finish(read(critic.discriminator, row))  # milliseconds
        tunes.append(
            Heard(
                reading.score, reading.nothing, strongest(reading.brackets),
                len(reading.brackets), reading.n_silent, reading.n_filters,
            )
        )  # fmt: skip
        yield len(tunes) / len(found.tokens)
    return Motifs(critic.title, tuple(tunes))


def strongest(brackets: tuple[Bracket, ...], most: int = MOST) -> tuple[Bracket, ...]:
    """Those with the greatest effect, none for the most part inside a stronger one; by place.

    A window of one step is a note and no motif, so it is left out.
    """
    kept: list[Bracket] = []
    for one in sorted(brackets, key=lambda bracket: -abs(bracket.effect)):
        if len(kept) == most or abs(one.effect) < SHOWN:
            break
        if one.width > 1 and all(_shared(one, other) <= SHARED for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda bracket: (bracket.start, bracket.width)))


def _shared(one: Bracket, other: Bracket) -> float:
    """The share of the shorter one that lies in the other."""
    together = min(one.start + one.width, other.start + other.width) - max(one.start, other.start)
    return max(0, together) / min(one.width, other.width)
