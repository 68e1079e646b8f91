"""Means, intervals and tests, against textbook numbers and known coverage."""

import math

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from seqgan_core.judge.significance import TooFewError, _welch, compare, holm, summarise


def test_the_interval_of_a_mean_covers_it_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(2000):
        summary = summarise(rng.normal(3.0, 2.0, size=5))
        assert summary.low is not None
        assert summary.high is not None
        covered += summary.low <= 3.0 <= summary.high
    assert 0.93 < covered / 2000 < 0.97


def test_one_observation_has_no_interval_and_equal_ones_a_width_of_nothing() -> None:
    assert summarise([2.0]) == summarise(np.array([2.0]))
    assert summarise([2.0]).low is None
    same = summarise([2.0, 2.0])
    assert (same.low, same.high) == (2.0, 2.0)


def test_welch_by_hand() -> None:
    """a = 1..5, b = 2, 4, 6, 8: t, its degrees of freedom and p worked out on paper."""
    a, b = np.arange(1.0, 6.0), np.array([2.0, 4.0, 6.0, 8.0])
    (difference,) = compare({"a": a, "b": b}, to="b")
    va, vb = 2.5 / 5, (20 / 3) / 4
    t = (3 - 5) / math.sqrt(va + vb)
    freedom = (va + vb) ** 2 / (va**2 / 4 + vb**2 / 3)
    assert difference.difference == -2.0
    from scipy.stats import t as student

    assert difference.p == pytest.approx(2 * student.cdf(t, freedom), abs=1e-12)
    half = student.ppf(0.975, freedom) * math.sqrt(va + vb)
    assert (difference.low, difference.high) == pytest.approx((-2 - half, -2 + half))
    pooled = math.sqrt((4 * 2.5 + 3 * 20 / 3) / 7)
    assert difference.effect == pytest.approx(-2 / pooled * (1 - 3 / (4 * 9 - 9)), abs=1e-9)
    assert (difference.n_first, difference.n_second) == (5, 4)
    assert difference.p_holm == difference.p  # a family of one


def test_the_paired_test_by_hand_and_when_it_finds_more() -> None:
    """Differences -1, -3, -2, 0: mean -1.5, variance 5/3."""
    a, b = np.array([1.0, 10.0, 20.0, 30.0]), np.array([2.0, 13.0, 22.0, 30.0])
    (paired,) = compare({"a": a, "b": b}, to="b", paired=True)
    from scipy.stats import t as student

    error = math.sqrt(5 / 3 / 4)
    half = student.ppf(0.975, 3) * error
    assert paired.paired
    assert paired.difference == -1.5
    assert (paired.low, paired.high) == pytest.approx((-1.5 - half, -1.5 + half))
    assert paired.p == pytest.approx(2 * student.cdf(-1.5 / error, 3), abs=1e-12)
    assert paired.effect == pytest.approx(-1.5 / math.sqrt(5 / 3))  # d_z
    (unpaired,) = compare({"a": a, "b": b}, to="b")
    assert not unpaired.paired
    assert unpaired.p > 0.8 > 0.2 > paired.p


def test_paired_values_that_differ_by_the_same() -> None:
    same, lower = compare(
        {"a": [1.0, 2.0], "b": [0.5, 1.5], "to": [1.0, 2.0]}, to="to", paired=True
    )
    assert (same.p, same.effect) == (1.0, 0.0)
    assert (lower.p, lower.effect, lower.low, lower.high) == (0.0, -math.inf, -0.5, -0.5)


def test_holm_corrects_within_the_family() -> None:
    rng = np.random.default_rng(2)
    groups = {name: rng.normal(shift, 1.0, 6) for name, shift in
              (("a", 2.0), ("b", 1.0), ("c", 0.2), ("to", 0.0))}  # fmt: skip
    differences = compare(groups, to="to")
    ordered = sorted(differences, key=lambda d: d.p)
    running = 0.0
    for rank, difference in enumerate(ordered):
        running = max(running, min(1.0, difference.p * (3 - rank)))
        assert difference.p_holm == pytest.approx(running)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 12])
def test_holm_is_that_of_statsmodels(n: int) -> None:
    p_values = [0.02, *np.random.default_rng(3).random(11), 0.02][-n:] if n else []
    known = multipletests(p_values, method="holm")[1] if n else []
    assert holm(p_values).tolist() == list(known)


def test_the_test_is_fooled_as_seldom_as_it_says() -> None:
    rng = np.random.default_rng(3)
    fooled = sum(
        _welch(rng.normal(size=5), rng.normal(0, 3, size=8))[2] < 0.05 for _ in range(2000)
    )
    assert 0.03 < fooled / 2000 < 0.07


def test_groups_that_do_not_vary() -> None:
    same, different = compare({"a": [1.0, 1.0], "b": [2.0, 2.0], "to": [1.0, 1.0]}, to="to")
    assert (same.p, same.effect, same.difference) == (1.0, 0.0, 0.0)
    assert (different.p, different.effect, different.difference) == (0.0, math.inf, 1.0)


def test_too_few_runs_are_named() -> None:
    with pytest.raises(TooFewError, match=r"seqgan has n = 1.*train more seeds"):
        compare({"mle": [1.0, 2.0], "seqgan": [1.0]}, to="mle")
