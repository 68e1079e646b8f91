"""Learning curves of methods: the mean over seeds at each moment, and the seeds' range."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seqgan_core.judge.report import Curve, Report
from seqgan_core.judge.verdict import LAST, Spread

Step = tuple[float, float, float]  # updates of G, NLL_oracle, NLL_test
By = Literal["epoch", "seconds"]
_MOMENTS = 80  # at which seeds of different pace are averaged
_WITHOUT_REWARD = ("random", "mle", "scheduled_sampling")  # they have no switch


@dataclass(frozen=True)
class MeanCurve:
    """One method's curve: mean, lowest and highest seed at each x.

    `switch` is the x at which MLE ended, `begun` the mean there, `end` the mean of the seeds' ends,
    each the mean of its last `LAST` evaluations; `change` is each seed's end minus its beginning.
    """

    strategy: str
    x: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    switch: float | None
    begun: float | None
    end: float
    change: Spread | None
    n: int

    def at(self, x: float) -> float:
        """The mean between two evaluations."""
        return float(np.interp(x, self.x, self.mean))


def paths(report: Report) -> dict[str, dict[int, list[Step]]]:
    """Each seed's way since MLE ended, by method, of those that train with a reward.

    Evaluations without both NLLs are left out, and methods without any other.
    """
    found: dict[str, dict[int, list[Step]]] = {}
    for curve in report.curves:
        columns = (curve.column(name) for name in ("epoch", "nll_oracle", "nll_test"))
        steps = [
            (report.config.get("g_steps", 1) * (epoch - curve.switch), x, y)
            for epoch, x, y in zip(*columns, strict=False)
            if epoch >= curve.switch and math.isfinite(x + y)
        ]
        if steps and curve.strategy not in _WITHOUT_REWARD:
            found.setdefault(curve.strategy, {})[curve.seed] = steps
    return found


def mean_curves(report: Report, metric: str, by: By) -> list[MeanCurve]:
    """Every method's curve; a method that was evaluated only once has none.

    By epoch the mean is over the epochs at which all seeds were evaluated; by seconds all seeds are
    read off at the same moments, up to the end of the quickest.
    """
    curves = []
    for strategy in report.strategies:
        of_seeds = [_columns(c, metric, by) for c in report.curves if c.strategy == strategy]
        of_seeds = [columns for columns in of_seeds if len(columns[0]) > 1]
        if of_seeds:
            curves.append(_mean(strategy, of_seeds, by))
    return curves


_Columns = tuple[np.ndarray, np.ndarray, np.ndarray, float]  # x, metric, epoch, and the switch


def _columns(curve: Curve, metric: str, by: By) -> _Columns:
    """Evaluations without a value are left out."""
    columns = [np.array(curve.column(name), dtype=float) for name in (by, metric, "epoch")]
    shortest = min(map(len, columns))
    x, y, epoch = (column[:shortest] for column in columns)
    good = np.isfinite(x) & np.isfinite(y)
    return x[good], y[good], epoch[good], curve.switch


def _mean(strategy: str, runs: list[_Columns], by: By) -> MeanCurve:
    if by == "epoch":
        x = np.array(sorted(set.intersection(*(set(run[0].tolist()) for run in runs))))
    else:
        x = np.linspace(max(run[0][0] for run in runs), min(run[0][-1] for run in runs), _MOMENTS)
    each = np.stack([np.interp(x, run[0], run[1]) for run in runs])
    switch = begun = change = None
    ends = [float(np.mean(y[-LAST:])) for _x, y, _epoch, _ended in runs]
    if strategy not in _WITHOUT_REWARD:
        switch = float(np.mean([np.interp(run[3], run[2], run[0]) for run in runs]))
        after = [y[epoch > ended] if epoch[-1] > ended else y[-1:] for _x, y, epoch, ended in runs]
        starts = [float(np.interp(run[3], run[2], run[1])) for run in runs]
        ends = [float(np.mean(y[-LAST:])) for y in after]
        begun = float(np.mean(starts))
        change = Spread(tuple(b - a for a, b in zip(starts, ends, strict=True)), least=0.0)
    return MeanCurve(
        strategy, x, each.mean(0), each.min(0), each.max(0), switch, begun,
        end=float(np.mean(ends)), change=change, n=len(runs),
    )  # fmt: skip
