"""Means with intervals, and tests of their differences; every formula but one is a library's.

Intervals are Student's at 95%; differences are tested by Welch's test (unequal variances), the
p-values of one family corrected by Holm's method; the effect size is Hedges' g. A p-value says
nothing without its n, so both travel together.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats
from statsmodels.stats.meta_analysis import effectsize_smd
from statsmodels.stats.weightstats import DescrStatsW

from seqgan_core.judge.report import ALPHA, Difference, Summary
from seqgan_core.messages import Problem


class TooFewError(Problem, ValueError):
    """There are too few observations for a test."""


def summarise(values: Sequence[float] | np.ndarray) -> Summary:
    """The mean of the observations with its 95% interval.

    >>> summary = summarise([1.0, 2.0, 3.0])
    >>> summary.n, summary.mean, round(summary.low, 3), round(summary.high, 3)
    (3, 2.0, -0.484, 4.484)
    """
    values = np.asarray(values, dtype=np.float64)
    mean = float(values.mean())
    if len(values) < 2:
        return Summary(n=len(values), mean=mean, low=None, high=None)
    if np.ptp(values) == 0:
        return Summary(n=len(values), mean=mean, low=mean, high=mean)
    low, high = DescrStatsW(values).tconfint_mean(ALPHA)
    return Summary(n=len(values), mean=mean, low=float(low), high=float(high))


def compare(groups: Mapping[str, Sequence[float] | np.ndarray], to: str) -> tuple[Difference, ...]:
    """Test every other group against the group named `to`, as one family of tests.

    Raises:
        TooFewError: a group has fewer than two observations.
    """
    arrays = {name: np.asarray(group, dtype=np.float64) for name, group in groups.items()}
    for name, group in arrays.items():
        if len(group) < 2:
            raise TooFewError(
                "compare.too-few",
                "{name} has n = {n}; a test needs 2 observations or more of each method, so train "
                "more seeds",
                name=name, n=len(group),
            )  # fmt: skip
    second = arrays.pop(to)
    tests = [_welch(first, second) for first in arrays.values()]
    corrected = holm([p for *_interval, p in tests])
    return tuple(
        Difference(
            first=name, second=to, difference=float(first.mean() - second.mean()),
            low=low, high=high, p=p, p_holm=float(p_holm), effect=_hedges(first, second),
            n_first=len(first), n_second=len(second),
        )
        for (name, first), (low, high, p), p_holm in zip(
            arrays.items(), tests, corrected, strict=True
        )
    )  # fmt: skip


def holm(p_values: Sequence[float]) -> np.ndarray:
    """The p-values of one family, corrected by Holm's step-down method.

    Holm (1979). The numbers are those of statsmodels' `multipletests`, which runs a full garbage
    collection at each call: about half a second with models loaded, for each metric of a page.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p)
    corrected = np.empty_like(p)
    corrected[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(corrected, 1.0)


def _welch(first: np.ndarray, second: np.ndarray) -> tuple[float, float, float]:
    """95% interval of the difference of the means, and the p-value."""
    if np.ptp(first) == 0 and np.ptp(second) == 0:  # the test would divide by nothing
        difference = float(first.mean() - second.mean())
        return difference, difference, 1.0 if difference == 0 else 0.0
    with warnings.catch_warnings():  # equal values in one group lose no precision here
        warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
        test = stats.ttest_ind(first, second, equal_var=False)
    low, high = test.confidence_interval(1 - ALPHA)
    return float(low), float(high), float(test.pvalue)


def _hedges(first: np.ndarray, second: np.ndarray) -> float:
    if np.ptp(first) == 0 and np.ptp(second) == 0:
        difference = float(first.mean() - second.mean())
        return math.copysign(math.inf, difference) if difference else 0.0
    g, _variance = effectsize_smd(
        first.mean(), first.std(ddof=1), len(first), second.mean(), second.std(ddof=1), len(second)
    )
    return float(g)
