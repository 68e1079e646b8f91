"""Shares, their intervals and the calibration of D, against known numbers and by simulation."""

import math

import numpy as np
import pytest
from scipy.stats import binomtest, t

from seqgan_core.insight.discriminator.calibration import Share, accuracy, calibration, gap


@pytest.mark.parametrize(("right", "n"), [(0, 10), (10, 10), (3, 10), (583, 1000), (1, 1)])
def test_wilson_is_scipys(right: int, n: int) -> None:
    expected = binomtest(right, n).proportion_ci(method="wilson")
    share = Share(right, n)
    assert share.interval == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert (share.low, share.high) == share.interval


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="n is 0"):
        Share(0, 0)


def test_accuracy_counts_both_kinds_and_one_half_is_fake() -> None:
    rates = accuracy(np.array([0.9, 0.51, 0.5, 0.1]), np.array([0.5, 0.4, 0.6]))
    assert (rates.right, rates.n) == (4, 7)


def test_the_gaps_interval_is_newcombes() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 56/70 against 48/80, method 10.
    difference = gap(Share(56, 70), Share(48, 80))
    assert difference.value == pytest.approx(0.2)
    assert (difference.low, difference.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert difference.clear
    assert not gap(Share(5, 10), Share(4, 10)).clear
    assert gap(Share(10, 100), Share(60, 100)).clear


def test_calibration_by_hand() -> None:
    real, fake = np.array([0.9, 0.7, 0.2, 0.6]), np.array([0.1, 0.3, 0.8, 0.4])
    curve = calibration(real, fake, bins=2)
    assert [bucket.predicted for bucket in curve.bins] == pytest.approx([0.25, 0.75])
    assert [(bucket.real.right, bucket.real.n) for bucket in curve.bins] == [(1, 4), (3, 4)]
    assert curve.error == pytest.approx(0.0)
    p = np.array([0.9, 0.7, 0.2, 0.6, 0.1, 0.3, 0.8, 0.4])
    y = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    assert curve.brier == pytest.approx(((p - y) ** 2).mean())
    assert curve.brier_half == pytest.approx(
        t.ppf(0.975, 7) * ((p - y) ** 2).std(ddof=1) / math.sqrt(8)
    )
    assert curve.predicted == pytest.approx(0.5)
    assert curve.n == 8
    assert [each.real.n for each in curve.bins] == [4, 4]


def test_a_d_that_always_says_one_half_is_calibrated_and_of_no_use() -> None:
    curve = calibration(np.full(500, 0.5), np.full(500, 0.5))
    assert curve.brier == pytest.approx(0.25)
    assert sum(bucket.real.n for bucket in curve.bins) == 1000


def drawn(n: int, seed: int, bend: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores of a D whose log-odds are `bend` times too large; bend 1 is calibrated.

    Its log-odds of real and fake sequences are normal with means ±s²/2 and variance s²: of those
    with log-odds x a share of 1 / (1 + e^-x) is real, exactly.
    """
    generator = np.random.default_rng(seed)
    s = 1.0
    real = generator.normal(s * s / 2, s, n) * bend
    fake = generator.normal(-s * s / 2, s, n) * bend
    return 1 / (1 + np.exp(-real)), 1 / (1 + np.exp(-fake))


def test_what_chance_alone_gives_is_what_a_calibrated_d_shows() -> None:
    curves = [calibration(*drawn(500, seed, bend=1.0)) for seed in range(200)]
    errors = np.array([curve.error for curve in curves])
    by_chance = np.array([curve.by_chance for curve in curves])
    assert errors.mean() == pytest.approx(by_chance.mean(), rel=0.05)
    false_alarms = sum(curve.clear for curve in curves)
    assert false_alarms <= 14  # 5 of 200 expected


def test_an_overconfident_d_is_detected() -> None:
    curve = calibration(*drawn(500, 1, bend=3.0))
    assert curve.clear
    assert curve.error > 3 * curve.by_chance


def test_equal_scores_share_a_bin() -> None:
    """Cut in two, a tie would be real ones first, for that is how they are handed over."""
    curve = calibration(np.full(500, 0.5), np.full(500, 0.5))
    assert [(bucket.predicted, bucket.real.right, bucket.real.n) for bucket in curve.bins] == [
        (0.5, 500, 1000)
    ]
    assert curve.error == 0.0
    assert curve.by_chance == 0.0  # half of them are real, whatever chance does
    assert not curve.clear
    wrong = calibration(np.full(50, 0.53), np.full(50, 0.53))
    assert wrong.error == pytest.approx(0.03)
    assert wrong.clear


def test_a_d_of_four_words_that_keeps_them_is_calibrated() -> None:
    words, counts = [0.2, 0.4, 0.6, 0.8], [200, 50, 50, 200]
    real = np.repeat(words, [40, 20, 30, 160])
    fake = np.repeat(words, [160, 30, 20, 40])
    curve = calibration(real, fake)
    assert [bucket.predicted for bucket in curve.bins] == pytest.approx(words)
    assert [bucket.real.n for bucket in curve.bins] == counts
    assert curve.error == pytest.approx(0.0, abs=1e-12)
    assert not curve.clear


@pytest.mark.parametrize("log_odds", [(-1.0, 1.0), (-1.5, -0.3, 0.3, 1.5)])
def test_chance_is_known_for_few_and_uneven_bins(log_odds: tuple[float, ...]) -> None:
    """Scores that are often the outer ones; n real and n fake from a D that keeps its word."""
    generator = np.random.default_rng(3)
    p = 1 / (1 + np.exp(-np.array(log_odds)))
    weight = np.abs(log_odds) / np.abs(log_odds).sum()
    curves = [
        calibration(
            generator.choice(p, 300, p=2 * weight * p),
            generator.choice(p, 300, p=2 * weight * (1 - p)),
        )
        for _ in range(300)
    ]
    assert np.mean([curve.error for curve in curves]) == pytest.approx(
        np.mean([curve.by_chance for curve in curves]), rel=0.1
    )
    assert sum(curve.clear for curve in curves) <= 27
