"""How far a method lies from what MLE reaches by its temperature alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seqgan_core.judge.report import CURVE, Distance, FrontierPoint, Report
from seqgan_core.judge.significance import summarise


def distances(report: Report, x: str, y: str, curve: str = CURVE) -> list[Distance]:
    """Every method's `y` minus the curve's, where the curve has the same `x`.

    Each run is compared with the curve of its own seed, and with the mean curve where its seed has
    none. Between two temperatures the curve is a straight line.

    Args:
        report: a comparison.
        x: a metric, such as "nll_oracle" or "self_bleu".
        y: another, such as "nll_test" or "bleu_2".
        curve: the method with whose temperatures the others are compared.

    Returns:
        One entry for each method but the curve's own; none where there is no such curve.
    """
    sweeps = report.frontier.get(curve, ())
    if not sweeps:
        return []
    pairs = {sweep.seed: _pairs(sweep.points, x, y) for sweep in sweeps}  # each (K, 2)
    mean: np.ndarray = np.mean(list(pairs.values()), axis=0)
    result = []
    for row in report.rows:
        if row.strategy == curve:
            continue
        gaps = {
            r.seed: _gap(pairs.get(r.seed, mean), r.values[x], r.values[y]) for r in row.results
        }
        seeds = {seed: gap for seed, gap in gaps.items() if gap is not None}
        result.append(
            Distance(
                strategy=row.strategy, x=x, y=y, seeds=seeds, outside=len(gaps) - len(seeds),
                summary=summarise(list(seeds.values())) if seeds else None,
            )
        )  # fmt: skip
    return result


def _pairs(points: Sequence[FrontierPoint], x: str, y: str) -> np.ndarray:
    return np.array([[point.value(x), point.value(y)] for point in points])


def _gap(pairs: np.ndarray, x: float, y: float) -> float | None:
    curve = pairs[np.argsort(pairs[:, 0])]
    if not curve[0, 0] <= x <= curve[-1, 0]:
        return None
    return float(y - np.interp(x, curve[:, 0], curve[:, 1]))
