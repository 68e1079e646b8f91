"""What all of this room counts with: 95% intervals, and rows drawn at random."""

from __future__ import annotations

import numpy as np
import torch
from scipy.special import stdtrit

from seqgan_core.paper.tokens import Tokens
from seqgan_core.training.randomness import rng_for

Z = 1.959964  # two-sided 95 % of a normal distribution, in standard errors


def half_width(values: np.ndarray) -> np.ndarray:
    """Of the mean over the first axis, (n, ...): Student's t times its standard error.

    With few draws the standard error is itself uncertain; t widens the interval for that. NaN
    where a single draw leaves it unknown.

    >>> half_width(np.array([1.0, 3.0])).round(3).item()  # 12.706 standard errors of 1
    12.706
    """
    n = len(values)
    if n < 2:
        return np.full(values.shape[1:], np.nan)
    error = values.astype(np.float64).std(0, ddof=1) / n**0.5
    return np.asarray(stdtrit(n - 1, 0.975) * error)


def random_rows(data: Tokens, n: int, seed: int, stream: str) -> Tokens:
    """At most n rows of `data` in random order, without repeats; a larger n keeps the first ones.

    The same seed and stream give the same rows.
    """
    order = torch.randperm(len(data), generator=rng_for(seed, stream))[:n]
    return data[order.to(data.device)]
