"""The windows that D's filters chose in tunes, and their effect on its score."""

from dataclasses import dataclass

from seqgan_core.insight.discriminator.attribution import Attribution, Bracket, attribute
from seqgan_core.insight.jobs import Job, finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.samples import SampleSet, critic_of

MOST = 4  # brackets over a tune: what one can take in
SHOWN = 0.0005  # of P(real): the last digit that is shown of an effect, a tenth of a point
SHARED = 0.5  # share of its steps that a bracket may have in common with a stronger one


@dataclass(frozen=True)
class TuneMotifs:
    """One tune as D reads it."""

    reading: Attribution
    motifs: tuple[Bracket, ...]  # the strongest windows that its filters chose, in the tune's order


@dataclass(frozen=True)
class Motifs:
    """Motifs of every tune, by the D of `judge`, a model's title."""

    judge: str
    tunes: tuple[TuneMotifs, ...]


def motifs(models: Models, samples: SampleSet) -> Job[Motifs | None]:
    """Reads every tune with the D that gives Q; None where there is no such D.

    The effect of a window is measured: D's score less its score without the filters that chose it.
    Errors are those of `critic_of`.
    """
    yield 0.0
    critic = critic_of(models, samples.sampler, samples.request.critic)
    if critic is None or critic.discriminator is None:
        return None
    tunes = []
    for row in samples.tokens.tolist():
        reading = finish(attribute(critic.discriminator, row))  # milliseconds
        tunes.append(TuneMotifs(reading, strongest(reading.brackets)))
        yield len(tunes) / len(samples.tokens)
    return Motifs(critic.title, tuple(tunes))


def strongest(brackets: tuple[Bracket, ...], most: int = MOST) -> tuple[Bracket, ...]:
    """Those with the greatest effect, none for the most part inside a stronger one; by place.

    A window of one step is a note and no motif, so it is left out.
    """
    kept: list[Bracket] = []
    for bracket in sorted(brackets, key=lambda bracket: -abs(bracket.effect)):
        if len(kept) == most or abs(bracket.effect) < SHOWN:
            break
        if bracket.width > 1 and all(_shared(bracket, stronger) <= SHARED for stronger in kept):
            kept.append(bracket)
    return tuple(sorted(kept, key=lambda bracket: (bracket.start, bracket.width)))


def _shared(a: Bracket, b: Bracket) -> float:
    """The share of the shorter one that lies in the other."""
    overlap = min(a.start + a.width, b.start + b.width) - max(a.start, b.start)
    return max(0, overlap) / min(a.width, b.width)
