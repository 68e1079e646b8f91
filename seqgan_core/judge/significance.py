"""Means with intervals, and tests of their differences; every formula but two is a library's.

Intervals are Student's at 95%; differences are tested by Welch's test (unequal variances) or, where
the observations are the same ones, by the paired t-test; the p-values of one family are corrected
by Holm's method; the effect size is Hedges' g or, paired, d_z. A p-value says nothing without its
n, so both travel together.
"""

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


def compare(
    groups: Mapping[str, Sequence[float] | np.ndarray], to: str, *, paired: bool = False
) -> tuple[Difference, ...]:
    """Test every other group against the group named `to`, as one family of tests.

    Held-out sequences are the same for all models, so their values are paired. Samples are drawn
    for each model, and runs are trained for each method, so these are not: runs of one seed share
    their initial weights and MLE's batches, but no step after them. Where that makes their results
    alike, Welch's test is more cautious than it need be; pairing by seed would halve the few
    degrees of freedom.

    Args:
        groups: (n,) observations by name.
        to: the group that the others are compared with.
        paired: whether the i-th observations of all groups are of the same thing.

    Raises:
        TooFewError: a group has fewer than two observations.
    """
    arrays = {name: np.asarray(group, dtype=np.float64) for name, group in groups.items()}
    for name, group in arrays.items():
        if len(group) < 2:
            raise TooFewError("compare.too-few", name=name, n=len(group))
    second = arrays.pop(to)
    tests = [(_paired if paired else _welch)(first, second) for first in arrays.values()]
    corrected = holm([p for _low, _high, p, _effect in tests])
    return tuple(
        Difference(
            first=name, second=to, difference=float(first.mean() - second.mean()),
            low=low, high=high, p=p, p_holm=float(p_holm), effect=effect,
            n_first=len(first), n_second=len(second), paired=paired,
        )
        for (name, first), (low, high, p, effect), p_holm in zip(
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


_Test = tuple[float, float, float, float]  # 95% interval of the difference, p, effect size


def _welch(first: np.ndarray, second: np.ndarray) -> _Test:
    if np.ptp(first) == 0 and np.ptp(second) == 0:
        return _certain(float(first.mean() - second.mean()))
    with warnings.catch_warnings():  # equal values in one group lose no precision here
        warnings.filterwarnings("ignore", "Precision loss", RuntimeWarning)
        test = stats.ttest_ind(first, second, equal_var=False)
    g, _variance = effectsize_smd(
        first.mean(), first.std(ddof=1), len(first), second.mean(), second.std(ddof=1), len(second)
    )
    low, high = test.confidence_interval(1 - ALPHA)
    return float(low), float(high), float(test.pvalue), float(g)


def _paired(first: np.ndarray, second: np.ndarray) -> _Test:
    differences = first - second
    if np.ptp(differences) == 0:
        return _certain(float(differences[0]))
    test = stats.ttest_rel(first, second)
    low, high = test.confidence_interval(1 - ALPHA)
    d_z = differences.mean() / differences.std(ddof=1)
    return float(low), float(high), float(test.pvalue), float(d_z)


def _certain(difference: float) -> _Test:
    """Of values that do not vary: a test would divide by nothing."""
    effect = math.copysign(math.inf, difference) if difference else 0.0
    return difference, difference, 0.0 if difference else 1.0, effect
