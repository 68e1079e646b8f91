"""How far a method lies from what MLE reaches by its temperature alone, at equal NLL_oracle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqgan_core.judge.significance import Summary, summarise

CURVE = "mle"


@dataclass(frozen=True)
class Distance:
    """One method's NLL_test above the curve, where the curve has the same NLL_oracle.

    Attributes:
        seeds: nats per token of each run that the curve reaches, by seed; below 0 is better than
            any temperature of the curve's model.
        outside: runs whose NLL_oracle none of the curve's temperatures has.
        summary: mean over seeds with its 95% interval; None where the curve reaches no run.
    """

    strategy: str
    seeds: dict[int, float]
    outside: int
    summary: Summary | None


def distances(report: Mapping[str, Any], curve: str = CURVE) -> list[Distance]:
    """Every method's distance to the curve: seed by seed, each to the curve of its own seed.

    A seed without a curve is measured to the mean curve. Between two temperatures the curve is a
    straight line.

    Args:
        report: a report of `seqgan_core.judge.report`.
        curve: whose temperatures are the measure.

    Returns:
        One entry a method but the curve's own; none where there is no such curve.
    """
    sweeps = report["frontier"].get(curve, [])
    if not sweeps:
        return []
    curves = {sweep["seed"]: _line(sweep["points"]) for sweep in sweeps}
    middle = np.mean([_by_temperature(sweep["points"]) for sweep in sweeps], axis=0)
    between = middle[np.argsort(middle[:, 0])]
    result = []
    for row in report["rows"]:
        if row["strategy"] == curve:
            continue
        above = {
            result["seed"]: _above(curves.get(result["seed"], between), result["values"])
            for result in row["results"]
        }
        reached = {seed: value for seed, value in above.items() if value is not None}
        summary = summarise(list(reached.values())) if reached else None
        result.append(Distance(row["strategy"], reached, len(above) - len(reached), summary))
    return result


def _by_temperature(points: list[dict[str, float]]) -> np.ndarray:
    ordered = sorted(points, key=lambda point: point["temperature"])
    return np.array([[point["nll_oracle"], point["nll_test"]] for point in ordered])


def _line(points: list[dict[str, float]]) -> np.ndarray:
    """(K, 2), NLL_oracle rising."""
    pairs = _by_temperature(points)
    return np.asarray(pairs[np.argsort(pairs[:, 0])])


def _above(line: np.ndarray, values: Mapping[str, float]) -> float | None:
    at = values["nll_oracle"]
    if not line[0, 0] <= at <= line[-1, 0]:
        return None
    return float(values["nll_test"] - np.interp(at, line[:, 0], line[:, 1]))
