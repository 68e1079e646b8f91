"""Statistics shared by the screens: 95% confidence intervals and random rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import ndtri, stdtrit

from seqgan_core.paper.tokens import Tokens
from seqgan_core.training.randomness import rng_for

CONFIDENCE = 0.95  # of every interval
Z = float(ndtri(0.5 + CONFIDENCE / 2))  # half width for a normal distribution, in standard errors


@dataclass(frozen=True)
class Mean:
    """A mean with half the width of its 95% interval; NaN where that is not known."""

    value: float
    half: float

    @property
    def sign(self) -> int:
        """1 or -1 where the interval leaves 0 out, else 0; 0 too where it is not known."""
        return (self.value > self.half) - (self.value < -self.half)

    def __sub__(self, other: Mean) -> Mean:
        """The difference of means over independent samples."""
        return Mean(self.value - other.value, math.hypot(self.half, other.half))

    def times(self, factor: float) -> Mean:
        """The same in another unit."""
        return Mean(factor * self.value, factor * self.half)

    def __str__(self) -> str:
        """With its sign, as a difference is written, and no more places than the interval earns.

        >>> str(Mean(0.0312, 0.0104)), str(Mean(-1.204, 0.15)), str(Mean(0.5, float("nan")))
        ('+0.031 ± 0.010', '−1.20 ± 0.15', '+0.500 ± nan')
        """
        places = 2 if self.half >= 0.0995 else 3
        return f"{self.value:+.{places}f} ± {self.half:.{places}f}".replace("-", "−")


def mean_of(values: np.ndarray) -> Mean:
    """The mean of independent values (n,)."""
    return Mean(float(values.mean(dtype=np.float64)), float(half_width(values)))


def half_width(values: np.ndarray) -> np.ndarray:
    """Half the 95% interval of the mean over the first axis, (n, ...), by Student's t.

    NaN marks what is not there; NaN for a single value.

    >>> half_width(np.array([1.0, 3.0])).round(3).item()  # 12.706 standard errors of 1
    12.706
    """
    exact = values.astype(np.float64)
    n = (~np.isnan(exact)).sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = np.nansum((exact - np.nansum(exact, 0) / n) ** 2, 0)
        return np.asarray(stdtrit(n - 1.0, 0.5 + CONFIDENCE / 2) * np.sqrt(squares / (n - 1) / n))


def random_rows(data: Tokens, n: int, seed: int, stream: str) -> Tokens:
    """At most n rows of `data` in random order, without repeats.

    The same seed and stream give the same order, so a larger n begins with the same rows.
    """
    order = torch.randperm(len(data), generator=rng_for(seed, stream))[:n]
    return data[order]
