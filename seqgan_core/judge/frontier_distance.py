"""How far a method lies from what MLE reaches by its temperature alone."""

from collections.abc import Sequence

import numpy as np

from seqgan_core.judge.report import CURVE, Distance, FrontierPoint, Report, Row, Summary, Sweep
from seqgan_core.judge.significance import compare, summarise
from seqgan_core.judge.verdict import Point, above


def distances(report: Report, x: str, y: str, curve: str = CURVE) -> list[Distance]:
    """Every method's `y` minus the curve's, where the curve has the same `x` or a better one.

    Each run is compared with the curve of its own seed, which takes part in the spread over the
    seeds. If a seed has no curve, all runs are compared with the mean of the curves, and the
    interval is Welch's: the curves' spread counts as that of the runs does.

    Args:
        report: a comparison.
        x: a metric of which less is better, such as "nll_oracle" or "self_bleu".
        y: another, such as "nll_test" or "bleu_2".
        curve: the method with whose temperatures the others are compared.

    Returns:
        One entry for each method but the curve's own; none where there is no such curve.
    """
    sweeps = report.frontier.get(curve, ())
    return [_distance(row, sweeps, x, y) for row in report.rows if sweeps and row.strategy != curve]


def _distance(row: Row, sweeps: Sequence[Sweep], x: str, y: str) -> Distance:
    curves = {sweep.seed: _points(sweep.points, x, y) for sweep in sweeps}
    runs = {result.seed: (result.values[x], result.values[y]) for result in row.results}
    paired = runs.keys() <= curves.keys()
    mean = [(float(a), float(b)) for a, b in np.mean(list(curves.values()), axis=0)]
    gaps = {seed: _gap(curves[seed] if paired else mean, run, y) for seed, run in runs.items()}
    seeds = {seed: gap for seed, gap in gaps.items() if gap is not None}
    summary = summarise(list(seeds.values())) if seeds else None
    if summary and not paired:
        # What each curve alone says of the mean run: its spread is the curve's uncertainty.
        middle = tuple(np.mean([runs[seed] for seed in seeds], axis=0).tolist())
        each = [g for points in curves.values() if (g := _gap(points, middle, y)) is not None]
        summary = _welch(list(seeds.values()), each)
    return Distance(
        strategy=row.strategy, x=x, y=y, seeds=seeds, outside=len(gaps) - len(seeds),
        summary=summary, paired=paired, curves=len(curves),
    )  # fmt: skip


def _points(points: Sequence[FrontierPoint], x: str, y: str) -> list[Point]:
    return [(point.value(x), point.value(y)) for point in points]


def _gap(curve: Sequence[Point], run: Point, y: str) -> float | None:
    """`run` minus the best of the curve; None where no temperature takes it there."""
    xs, sign = [x for x, _y in curve], -1 if y.startswith("bleu_") else 1  # of BLEU more is better
    # BLEU is best at the curve's right end, where self-BLEU is high: further on it would rise.
    if sign < 0 and run[0] > max(xs):
        return None
    gap = above([(x, sign * value) for x, value in curve], (run[0], sign * run[1]))
    return None if gap is None else sign * gap


def _welch(gaps: Sequence[float], each: Sequence[float]) -> Summary:
    """The mean gap; its interval from the spread of the runs and that of the curves."""
    summary = summarise(gaps)
    if len(gaps) < 2 or len(each) < 2:
        return summary.model_copy(update={"low": None, "high": None})
    centred = np.asarray(each) - np.mean(each)
    (test,) = compare({"runs": gaps, "curves": centred}, "curves")
    return summary.model_copy(update={"low": test.low, "high": test.high})
