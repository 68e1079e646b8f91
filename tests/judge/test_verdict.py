"""The rule of verdicts: every verdict, and the cases that must not get it."""

import math

import pytest

from seqgan_core.judge.verdict import LAST, Outcome, Path, Point, Spread, above, outcome_of

SWITCH = (2.5, 2.2)
CURVE = ((2.0, 2.5), (2.2, 2.3), (2.4, 2.22), (2.5, 2.2), (2.6, 2.21))


def path(oracle: float, test: float, curve: tuple[Point, ...] = CURVE, **more: bool) -> Path:
    """A run that ends where both numbers have changed by this much since the switch."""
    return Path(SWITCH, ((2.5 + oracle, 2.2 + test),) * LAST, curve, **more)


def judged(*changes: Point) -> Outcome:
    return outcome_of([path(*change) for change in changes])


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ([(-0.3, 0.0)] * 3, "learned"),
        ([(-0.31, 0.05), (-0.3, 0.05), (-0.29, 0.05)], "learned"),  # the curve costs 0.1 there
        ([(-0.11, -0.003), (-0.10, -0.002), (-0.09, -0.004)], "learned"),  # better in both
        ([(0.0, -0.02)] * 3, "learned"),  # no temperature has so low an NLL_test
        ([(-0.3, 0.096)] * 3, "sharpened"),  # below the curve by less than counts
        ([(-0.3, 0.1)] * 3, "sharpened"),
        ([(-0.2, 0.06), (-0.22, 0.068), (-0.25, 0.08)], "sharpened"),
        ([(-0.3, 0.104)] * 3, "sharpened"),
        ([(-0.3, 0.106)] * 3, "traded"),
        ([(-0.3, 0.29)] * 3, "traded"),
        ([(-0.3, 0.31)] * 3, "collapsed"),
        ([(0.0, 0.0)] * 3, "stalled"),
        ([(0.3, 0.1)] * 3, "stalled"),
        ([(-0.019, 0.004)] * 3, "stalled"),  # clear of the seeds, but not of 0.02
        ([(-0.02, 0.006), (-0.25, 0.08), (0.1, 0.01)], "stalled"),  # the seeds disagree
        ([(-0.3, 0.0), (-0.3, 0.2), (-0.3, 0.1)], "undecided"),  # on the curve by luck
        ([(-0.6, 0.29)] * 3, "learned"),  # left of the curve, and better than its leftmost
        ([(-0.3, 0.0)] * 2, "undecided"),
        ([(-0.3, 0.0)], "undecided"),
        ([(-0.3, 0.31)], "collapsed"),
    ],
)
def test_the_verdict_follows_the_rule(changes: list[Point], verdict: str) -> None:
    assert judged(*changes).verdict == verdict


def test_a_certain_distance_needs_seeds_that_agree() -> None:
    assert judged((-0.3, 0.0), (-0.3, 0.09), (-0.3, 0.05)).verdict == "undecided"
    agreed = judged((-0.3, 0.02), (-0.3, 0.03), (-0.3, 0.04))
    assert agreed.verdict == "learned"
    assert agreed.distance is not None
    assert agreed.distance.mean == pytest.approx(-0.07)
    assert agreed.distance.half == pytest.approx(4.3027 * 0.01 / math.sqrt(3), rel=1e-4)


def test_without_a_curve_nothing_is_said_but_a_collapse() -> None:
    bare = [path(-0.3, 0.0, ())] * 3
    assert outcome_of(bare).verdict == "undecided"
    assert not outcome_of(bare).measured
    assert outcome_of([*bare[:2], path(-0.3, 0.0)]).verdict == "undecided"
    assert outcome_of([path(-0.3, 0.5, ())] * 3).verdict == "collapsed"


def test_left_of_the_curve_nothing_is_said_because_the_curve_would_rise_further() -> None:
    short = CURVE[1:]  # to NLL_oracle 2.2, +0.1
    result = outcome_of([path(-0.4, 0.15, short)] * 3)
    assert (result.verdict, result.distance, result.measured) == ("undecided", None, True)
    assert outcome_of([path(-0.4, 0.05, short)] * 3).verdict == "learned"


def test_a_diverged_seed_is_a_collapse() -> None:
    result = outcome_of([path(-0.3, 0.0)] * 3 + [path(-0.3, 0.0, diverged=True)])
    assert (result.verdict, result.diverged, result.n) == ("collapsed", 1, 4)


def test_the_end_is_a_mean_and_one_round_does_not_change_the_verdict() -> None:
    steady = ((2.2, 2.2),) * LAST
    lucky = Path(SWITCH, (*((2.5, 2.2),) * LAST, (1.9, 2.2)), CURVE)
    assert lucky.end == pytest.approx((2.38, 2.2))
    unlucky = Path(SWITCH, (*steady, (2.6, 2.3)), CURVE)
    assert unlucky.end == pytest.approx((2.28, 2.22))
    assert unlucky.swing == pytest.approx((0.4 / math.sqrt(5), 0.1 / math.sqrt(5)))
    others = [path(-0.3, 0.0), path(-0.28, 0.0)]
    assert outcome_of([*others, unlucky]).verdict == "learned"
    assert outcome_of([*others, path(-0.3, 0.0)]).verdict == "learned"
    assert Path(SWITCH, steady[:1]).swing == (0.0, 0.0)


def test_a_spread_is_clear_where_the_interval_and_the_size_say_so() -> None:
    assert Spread((-0.1, -0.2, -0.15)).sign == -1
    assert Spread((0.1, 0.2, 0.15)).sign == 1
    assert Spread((-0.1, 0.3, 0.15)).sign == 0
    assert Spread((-0.019,) * 3).sign == 0
    assert Spread((-0.019,) * 3, least=0.005).sign == -1
    assert Spread((-0.1,)).half == math.inf
    assert Spread((-0.1, -0.2, -0.15), of=10).sign == 0  # the best of ten
    assert Spread((0.0, 0.1, 0.2), of=5).half == pytest.approx(
        9.9248 * 0.1 / math.sqrt(3), rel=1e-4
    )


def test_the_envelope_is_what_some_temperature_reaches() -> None:
    assert above(CURVE, (2.3, 2.26)) == pytest.approx(0.0)
    assert above(CURVE, (2.6, 2.2)) == pytest.approx(0.0)  # not 2.21: 2.2 is reached with less
    assert above(CURVE[::-1], (9.0, 2.1)) == pytest.approx(-0.1)
    assert above(CURVE, (2.0, 2.5)) == pytest.approx(0.0)
    assert above(CURVE, (1.9, 2.6)) is None
    assert above(CURVE, (1.9, 2.4)) == pytest.approx(-0.1)
    assert above((), (2.3, 2.26)) is None
