"""How good D's scores are: accuracy with its interval, and the calibration of P(real).

Real and fake sequences are equally many here, so chance is ½.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seqgan_core.insight.statistics import CONFIDENCE, Z, half_width

BINS = 10
LEANING = 0.05  # of D's mean score from ½; beyond it D leans to one side

Fault = Literal["none", "biased", "overconfident", "underconfident"]


@dataclass(frozen=True)
class Share:
    """`right` of `n`, with Wilson's 95% interval `low` to `high`, which stays inside 0 to 1."""

    right: int
    n: int

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"n is {self.n}; it must be 1 or more")

    @property
    def value(self) -> float:
        return self.right / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high.

        >>> [round(end, 4) for end in Share(5, 10).interval + Share(0, 10).interval]
        [0.2366, 0.7634, 0.0, 0.2775]
        """
        from statsmodels.stats.proportion import proportion_confint  # a second's import

        low, high = proportion_confint(self.right, self.n, 1 - CONFIDENCE, method="wilson")
        return float(low), float(high)

    @property
    def low(self) -> float:
        return self.interval[0]

    @property
    def high(self) -> float:
        return self.interval[1]


def accuracy(real: np.ndarray, fake: np.ndarray) -> Share:
    """How many D calls rightly, from its P(real) of real and fake sequences."""
    return Share(int((real > 0.5).sum() + (fake <= 0.5).sum()), len(real) + len(fake))


@dataclass(frozen=True)
class Gap:
    """A difference of two shares with its 95% interval."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0.0 or self.high < 0.0


def gap(first: Share, second: Share) -> Gap:
    """first - second of two independent samples, with Newcombe's interval."""
    from statsmodels.stats.proportion import confint_proportions_2indep  # a second's import

    low, high = confint_proportions_2indep(
        first.right, first.n, second.right, second.n, method="newcomb", alpha=1 - CONFIDENCE
    )
    return Gap(first.value - second.value, float(low), float(high))


@dataclass(frozen=True)
class Bin:
    """Sequences with nearly the same score: their mean P(real), and how many are real."""

    predicted: float
    real: Share


@dataclass(frozen=True)
class Calibration:
    """Whether of the sequences that D scores p a share of p is real."""

    # by rising P(real), of about equally many sequences; equal scores share a bin
    bins: tuple[Bin, ...]
    error: float  # expected calibration error, the mean |share real - mean P| over all sequences
    # the expected `error` of a perfectly calibrated D with these n, since a share of n draws is
    # never exactly its probability
    by_chance: float
    # mean (P - [real])², 0 is perfect and ¼ is what "always ½" gets; `brier_half` is the half width
    # of its 95% interval
    brier: float
    brier_half: float
    # predicted, n: the mean P(real) of all sequences, and how many they are
    predicted: float
    n: int

    @property
    def clear(self) -> bool:
        """Whether `error` is larger than what chance gives in 97.5% of cases."""
        # The mean of K half-normal distances varies by √(π/2 - 1)/√K of itself; one of them
        # follows from the others, for as many are real as are fake.
        spread = math.sqrt(math.pi / 2 - 1) / math.sqrt(max(1, len(self.bins) - 1))
        return self.error > self.by_chance * (1 + Z * spread)

    @property
    def fault(self) -> Fault:
        """What is wrong with P(real), beyond chance."""
        if not self.clear:
            return "none"
        if abs(self.predicted - 0.5) > LEANING or len(self.bins) < 2:  # one bin has no slope
            return "biased"
        n = np.array([bin.real.n for bin in self.bins])
        predicted = np.array([bin.predicted for bin in self.bins]) - self.predicted
        real = np.array([bin.real.value for bin in self.bins])
        slope = (n * predicted * (real - real.mean())).sum() / max(1e-12, (n * predicted**2).sum())
        return "overconfident" if slope < 1 else "underconfident"


def calibration(real: np.ndarray, fake: np.ndarray, bins: int = BINS) -> Calibration:
    """From D's P(real) of equally many real and fake sequences.

    The bins hold equally many sequences, not equal stretches of P: an unsure D says nearly the
    same of all, and would leave most stretches empty. A bin ends only where the score changes:
    among equal scores the order is ours and not D's, and a cut there would be made of it.
    """
    p = np.concatenate([real, fake]).astype(float)
    is_real = np.concatenate([np.ones(len(real)), np.zeros(len(fake))])
    order = np.argsort(p, kind="stable")
    rising = p[order]
    lasts = [part[-1] for part in np.array_split(rising, bins) if len(part)]
    ends = np.unique(np.searchsorted(rising, lasts, side="right"))
    parts = np.split(order, ends[:-1])
    filled = [
        Bin(float(p[part].mean()), Share(int(is_real[part].sum()), len(part))) for part in parts
    ]
    squares = (p - is_real) ** 2
    sizes = [bin.real.n for bin in filled]
    distances = [abs(bin.real.value - bin.predicted) for bin in filled]
    error = np.average(distances, weights=sizes)
    by_chance = np.average([_chance(bin, len(p)) for bin in filled], weights=sizes)
    return Calibration(
        tuple(filled), float(error), float(by_chance), float(squares.mean()),
        float(half_width(squares)), float(p.mean()), len(p),
    )  # fmt: skip


def _chance(bin: Bin, total: int) -> float:
    """The mean |share - p| of n draws with probability p: √(2/π) standard errors.

    As many are real as are fake, so what is too many in one bin is too few in the others: of the
    variance that takes away 4p(1 - p) times the bin's part of all `total` sequences.
    """
    n, single = bin.real.n, bin.predicted * (1 - bin.predicted)  # of one draw
    variance = single / n * (1 - 4 * single * n / total)
    return math.sqrt(2 / math.pi * variance)
