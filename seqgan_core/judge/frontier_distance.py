"""How far a method lies from what MLE reaches by its temperature alone, and from other curves."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from seqgan_core.judge.mean_curves import paths
from seqgan_core.judge.report import CURVE, Distance, Report, Row, Summary, Sweep
from seqgan_core.judge.significance import compare, summarise
from seqgan_core.judge.verdict import Point, above

_PAIR = ("nll_oracle", "nll_test")


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
    curves = _curves(report.frontier.get(curve, ()), x, y)
    return [_distance(row, curves, x, y) for row in report.rows if curves and row.strategy != curve]


def _curves(sweeps: Sequence[Sweep], x: str, y: str) -> dict[int, list[Point]]:
    return {s.seed: [(point.value(x), point.value(y)) for point in s.points] for s in sweeps}


def rivals(report: Report) -> list[Distance]:
    """The reference's NLL_test minus that of each other curve at the same NLL_oracle.

    Of MLE's stopping times these are the hardest to beat and the one with which the other methods
    began; then come the paths since then. The hardest is chosen by the same seeds, so it seems a
    little harder than it is, and so does a path, of which the best of many evaluations counts.
    Without stopping times it is the model that MLE's runs end with. The controls come last.
    """
    row = report.row(report.reference)
    if row is None or row.strategy == CURVE or not set(_PAIR) <= row.summary.keys():
        return []
    stopped = [_of_mle(row, *stop) for stop in report.stopping.items()]
    if not stopped and CURVE in report.frontier:
        stopped = [_of_mle(row, None, report.frontier[CURVE])]
    stopped.sort(key=lambda gap: (gap.outside, -gap.summary.mean if gap.summary else math.inf))
    switch = report.config.get("pretrain_epochs")
    found = stopped[:1] + [gap for gap in stopped[1:] if gap.epochs == switch]
    others = {
        name: {seed: [(x, y) for _updates, x, y in steps] for seed, steps in seeds.items()}
        for name, seeds in paths(report).items()
    } | {name: _curves(sweeps, *_PAIR) for name, sweeps in report.controls.items()}
    return found + [
        _distance(row, curves, *_PAIR).model_copy(update={"curve": name})
        for name, curves in others.items() if name != row.strategy
    ]  # fmt: skip


def _of_mle(row: Row, epochs: int | None, sweeps: Sequence[Sweep]) -> Distance:
    settings = [
        (*(summarise([point.value(metric) for point in points]) for metric in _PAIR),
         points[0].temperature)
        for points in zip(*(sweep.points for sweep in sweeps), strict=True)
    ]  # fmt: skip
    good = [each for each in settings if each[0].mean <= row.summary[_PAIR[0]].mean]
    best = min(good, key=lambda each: each[1].mean, default=None)
    gap = _distance(row, _curves(sweeps, *_PAIR), *_PAIR)
    return gap.model_copy(update={"epochs": epochs, "best": best})


def _distance(row: Row, curves: Mapping[int, Sequence[Point]], x: str, y: str) -> Distance:
    runs = {result.seed: (result.values[x], result.values[y]) for result in row.results}
    paired = runs.keys() <= curves.keys()
    together = list(zip(*curves.values(), strict=False))  # up to the end of the shortest path
    mean = [(float(a), float(b)) for a, b in np.mean(together, axis=1)]
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
