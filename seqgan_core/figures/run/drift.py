"""How far the rounds of one run have moved from what MLE reached, without flipping by chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from seqgan_core.figures.run.curves import ADVERSARIAL, Curves
from seqgan_core.judge.verdict import CLEAR, LAST, above


@dataclass(frozen=True)
class Drift:
    """A difference over the rounds, in nats per token."""

    mean: float  # of the last `LAST` evaluations; below 0 is better
    band: float  # their standard deviation, at least `least`: a single evaluation swings that much
    sign: int  # 1 or -1 once the mean was outside the band, until it is within half of the band


def drift(differences: Sequence[float | None], least: float = CLEAR) -> Drift | None:
    """The drift after all evaluations; None unless the last `LAST` are known.

    >>> drift([-0.03] * 4), drift([-0.03] * 5)
    (None, Drift(mean=-0.03, band=0.02, sign=-1))
    """
    result: Drift | None = None
    for end in range(LAST, len(differences) + 1):
        last = [value for value in differences[end - LAST : end] if value is not None]
        if len(last) < LAST:
            result = None
            continue
        mean, band = fmean(last), max(least, stdev(last))
        before = result.sign if result else 0
        sign = (mean > 0) - (mean < 0)
        stays = sign == before and abs(mean) > band / 2
        result = Drift(mean, band, sign if abs(mean) > band or stays else 0)
    return result


def since_mle(curves: Curves, metric: str) -> Drift | None:
    """A metric less its value where MLE ended."""
    start, rounds = curves.at_switch(metric), curves.rows("evaluated", ADVERSARIAL)
    if start is None or metric not in rounds:
        return None
    return drift([value - start for value in rounds[metric].dropna()])


def beyond_temperature(curves: Curves) -> list[float | None]:
    """Each round's NLL_test less what a temperature alone gives MLE's model.

    With an oracle, at the temperature that has the round's NLL_oracle; without one, at the
    temperature that has the lowest NLL_test. None where no temperature reaches so far, empty if
    they were not measured.
    """
    rounds, curve = curves.rows("evaluated", ADVERSARIAL), curves.temperature_curve
    if not curve or not len(rounds):
        return []
    if not curves.has_oracle:
        return [value - min(test for _, test in curve) for value in rounds["nll_test"]]
    points = zip(rounds["nll_oracle"], rounds["nll_test"], strict=True)
    return [above(curve, point) for point in points]
