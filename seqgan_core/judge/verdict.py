"""One rule that says what became of a method since MLE ended: against MLE's temperature curve.

NLL_oracle alone cannot tell learning from sharpening: MLE's own model, sampled at a lower
temperature, has a lower NLL_oracle too, and pays for it with a higher NLL_test. So each run is
compared with the temperatures of the model that it started from (Caccia et al., "Language GANs
Falling Short", ICLR 2020), and a method is judged by several seeds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Literal, get_args

import numpy as np

from seqgan_core.judge.report import ALPHA, Distance

Verdict = Literal["learned", "sharpened", "traded", "stalled", "collapsed", "undecided"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
Point = tuple[float, float]  # NLL_oracle and NLL_test, nats per token

CLEAR = 0.02  # nats below which a change of NLL_oracle is not called one
BEYOND = 0.005  # the same of NLL_test against the curve, whose straight lines err by 0.002
ALONG = 0.02  # nats of NLL_test from the curve that still count as along it
HELD = 0.05  # nats that NLL_test may rise and still count as held
COLLAPSED = 0.3  # nats that NLL_test must rise for a collapse
FEWEST = 3  # seeds that a verdict needs
LAST = 5  # evaluations at the end of a run that are averaged: one alone swings by 0.02 to 0.05 nats


@dataclass(frozen=True)
class Spread:
    """One number of each seed."""

    values: tuple[float, ...]  # never empty
    least: float = CLEAR  # a mean closer to 0 is not called clear
    of: int = 1  # so many such spreads are looked at; the interval is widened for that (Bonferroni)

    @property
    def n(self) -> int:
        """Seeds."""
        return len(self.values)

    @property
    def mean(self) -> float:
        return fmean(self.values)

    @property
    def width(self) -> float:
        """How far the seeds are apart."""
        return max(self.values) - min(self.values)

    @property
    def half(self) -> float:
        """Half of Student's 95% interval of the mean; infinite for one seed."""
        if self.n < 2:
            return math.inf
        from scipy.special import stdtrit  # figures import this file, and load nothing heavy

        quantile = float(stdtrit(self.n - 1, 1 - ALPHA / (2 * self.of)))
        return quantile * stdev(self.values) / math.sqrt(self.n)

    @property
    def sign(self) -> int:
        """1 or -1 where the interval excludes 0 and the mean is `least` away from it; else 0."""
        certain = abs(self.mean) > self.half and abs(self.mean) >= self.least
        return (1 if self.mean > 0 else -1) if certain else 0


@dataclass(frozen=True)
class Path:
    """One run since MLE ended."""

    switch: Point  # where MLE ended
    points: tuple[Point, ...]  # the evaluations after it, in order; never empty
    # MLE's model at the switch at several temperatures, in any order; empty if that was not
    # measured
    curve: tuple[Point, ...] = ()
    diverged: bool = False  # whether the guard stopped the run

    @property
    def end(self) -> Point:
        """The mean of the last evaluations."""
        quality, coverage = zip(*self.points[-LAST:], strict=True)
        return fmean(quality), fmean(coverage)

    @property
    def swing(self) -> Point:
        """The standard deviation of the last evaluations; 0 where there is one."""
        last = self.points[-LAST:]
        if len(last) < 2:
            return 0.0, 0.0
        quality, coverage = zip(*last, strict=True)
        return stdev(quality), stdev(coverage)

    @property
    def change(self) -> Point:
        """Of both metrics, from the switch to the end."""
        return self.end[0] - self.switch[0], self.end[1] - self.switch[1]

    @property
    def distance(self) -> float | None:
        """NLL_test at the end minus the curve's at the same NLL_oracle, nats; None: see `above`."""
        return above(self.curve, self.end)


@dataclass(frozen=True)
class Outcome:
    """What became of a method since MLE ended."""

    verdict: Verdict
    # oracle, test: change of NLL_oracle and NLL_test of each seed, nats per token
    oracle: Spread
    test: Spread
    # NLL_test minus that of MLE's temperature curve at the same NLL_oracle; below 0 the method is
    # better than MLE sampled at any temperature. None if a seed has no curve, or ends where its
    # curve does not reach.
    distance: Spread | None
    measured: bool  # whether every seed has a curve
    # D's on held-out sequences, mean of the last evaluations; None if not measured
    accuracy: Spread | None
    swing: float  # standard deviation of NLL_oracle over the last evaluations, mean over the seeds
    diverged: int  # seeds that the guard stopped

    @property
    def n(self) -> int:
        """Seeds."""
        return self.oracle.n


def outcome_of(paths: Sequence[Path], accuracy: Spread | None = None) -> Outcome:
    """The verdict on the seeds of one method.

    collapsed: NLL_test rose by more than `COLLAPSED`, or a run diverged.
    undecided: fewer than `FEWEST` seeds, no temperature curve, or none of the others is certain.
    learned: beyond the curve.
    stalled: NLL_oracle did not fall.
    traded: NLL_oracle fell, behind the curve: a lower temperature does the same for less NLL_test.
    sharpened: NLL_oracle fell, along the curve: a lower temperature does the same.
    "Beyond", "behind" and "fell" are `Spread.sign`: the 95% interval of the seeds' means excludes
    0, and the mean is at least `BEYOND` or `CLEAR` nats from it. Each seed's number is a mean of
    evaluations, so that the interval holds what the swing between them adds. "Along": the interval
    lies within `ALONG`. That an interval contains 0 is no proof, so nothing is built on it.

    Args:
        paths: one a seed, one or more.
        accuracy: D's, which decides nothing.
    """
    quality, coverage = zip(*(path.change for path in paths), strict=True)
    oracle, test = Spread(quality), Spread(coverage)
    gaps = tuple(gap for path in paths if (gap := path.distance) is not None)
    distance = Spread(gaps, BEYOND) if len(gaps) == len(paths) else None
    diverged = sum(path.diverged for path in paths)
    return Outcome(
        _verdict(oracle, test, distance, diverged), oracle, test, distance,
        all(path.curve for path in paths), accuracy, fmean(path.swing[0] for path in paths),
        diverged,
    )  # fmt: skip


def _verdict(oracle: Spread, test: Spread, distance: Spread | None, diverged: int) -> Verdict:
    if diverged or test.mean > COLLAPSED:
        return "collapsed"
    if oracle.n < FEWEST or distance is None:
        return "undecided"
    if distance.sign < 0:
        return "learned"
    if oracle.sign >= 0:
        return "stalled"
    if distance.sign > 0:
        return "traded"
    return "sharpened" if abs(distance.mean) + distance.half < ALONG else "undecided"


Place = Literal["beyond", "along", "behind", "undecided"]


def place_of(distance: Distance) -> Place:
    """Where a method lies to a curve, by the bounds of `outcome_of`."""
    if distance.outside or not distance.paired or len(distance.seeds) < FEWEST:
        return "undecided"
    gap = Spread(tuple(distance.seeds.values()), BEYOND)
    if gap.sign:
        return "behind" if gap.sign > 0 else "beyond"
    return "along" if abs(gap.mean) + gap.half < ALONG else "undecided"


def above(curve: Sequence[Point], point: Point) -> float | None:
    """How far a point lies above a curve, in the second metric; lower is better in both.

    The curve stands for all that it reaches: at each value of the first metric, the lowest second
    one of any of its points that is at least as good in the first. Between neighbours in the order
    of the first metric it is a straight line. What is better than all of them in the first metric
    is compared with the leftmost if it is better in the second as well; else it is out of reach.

    Returns:
        Below 0 where the point is better than the curve; None out of its reach, or if it is empty.

    >>> curve = [(2.0, 2.3), (2.2, 2.1), (2.4, 2.0), (2.6, 2.2)]
    >>> [round(above(curve, point), 3) for point in ((2.3, 2.15), (2.6, 2.1), (1.9, 2.2))]
    [0.1, 0.1, -0.1]
    >>> above(curve, (1.9, 2.4)) is None
    True
    """
    if not curve:
        return None
    x, y = np.array(sorted(curve)).T
    reached = np.append(y[x <= point[0]], np.interp(point[0], x, y))
    gap = float(point[1] - reached.min())
    return None if point[0] < x[0] and gap > 0 else gap
