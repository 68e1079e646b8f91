"""How often voters recognised the real text, and whether that is better than chance.

Paper: judges saw one poem at a time and said whether a person wrote it; the score of a method is
the share of its poems that were taken for a person's.
Here: one of two texts is real, so that voters need not guess how many are; a model's score is the
share of its votes that took its text for the real one, and a perfect imitation gets 1/2. The two
scales are not the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from seqgan_core.judge.report import ALPHA
from seqgan_core.judge.significance import TooFewError, holm
from seqgan_core.runs.votes import Vote

CHANCE = 0.5


@dataclass(frozen=True)
class Tally:
    """Votes counted."""

    n: int  # votes
    recognised: int  # votes for the real text
    # of `recognised`, with its exact 95% interval `low` to `high` (Clopper and Pearson)
    share: float
    low: float
    high: float
    # of the exact binomial test against 1/2, two-sided; below 0.05 exactly where the interval
    # leaves 1/2 out
    p: float
    p_holm: float  # corrected for the number of models; `p` itself for all votes together
    # visits that the votes came from. The test takes votes for independent, which many votes of one
    # person are not.
    sessions: int

    @property
    def score(self) -> float:
        """The share of votes that took the model's text for real; 1/2 for a perfect imitation."""
        return (self.n - self.recognised) / self.n


@dataclass(frozen=True)
class VoteSummary:
    """All votes together, and those on each model, by its key."""

    all: Tally
    by_model: dict[str, Tally]


def summarise_votes(votes: Iterable[Vote]) -> VoteSummary:
    """Statistics of one quiz's votes.

    Raises:
        TooFewError: there are no votes.
    """
    all_votes = list(votes)
    if not all_votes:
        raise TooFewError("votes.none")
    models = sorted({vote.model for vote in all_votes})
    tallies = [_tally([vote for vote in all_votes if vote.model == model]) for model in models]
    corrected = holm([tally.p for tally in tallies]).tolist()
    by_model = {
        model: replace(tally, p_holm=p)
        for model, tally, p in zip(models, tallies, corrected, strict=True)
    }
    return VoteSummary(_tally(all_votes), by_model)


def _tally(votes: list[Vote]) -> Tally:
    n, recognised = len(votes), sum(vote.chose == vote.human for vote in votes)
    low, high = proportion_confint(recognised, n, ALPHA, method="beta")  # Clopper and Pearson
    p = float(binomtest(recognised, n, CHANCE).pvalue)
    return Tally(
        n, recognised, recognised / n, float(low), float(high), p, p,
        len({vote.session for vote in votes}),
    )  # fmt: skip
