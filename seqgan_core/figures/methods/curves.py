"""Learning curves, as in the paper's Figure 2: a method's mean over seeds, and its spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from seqgan_core.figures.methods.report import (
    METRICS,
    Report,
    method_name,
    method_style,
    real_level,
    strategies,
)
from seqgan_core.figures.style import (
    NEUTRAL,
    REAL,
    Figure,
    Trace,
    empty,
    figure,
    level,
    line,
    note,
    ribbon,
)
from seqgan_core.messages import _

By = Literal["epoch", "seconds"]
BY: tuple[By, ...] = ("epoch", "seconds")
_GRID = 80  # moments at which seeds of different pace are put together
_WITHOUT_REWARD = ("random", "mle", "scheduled_sampling")  # they have no switch
_SETTLED = 0.2  # of the way: the plunge before it does not decide the scale


@dataclass(frozen=True)
class Mean:
    """One method's curve: mean, lowest and highest seed at each x.

    `switch` is where MLE ended and `begun` the mean there, `end` the mean of where the seeds ended.
    """

    strategy: str
    x: np.ndarray
    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    switch: float | None
    begun: float | None
    end: float
    n: int

    def at(self, x: float) -> float:
        """The mean at a place between two evaluations."""
        return float(np.interp(x, self.x, self.middle))


def mean_curves(report: Report, metric: str, by: By) -> list[Mean]:
    """Every method's curve; methods that were evaluated once have none.

    By epoch the seeds are put together where all were evaluated; by seconds they are read off at
    the same moments, up to the end of the quickest.
    """
    curves = []
    for strategy in strategies(report):
        runs = [run for run in map(_run(metric, by), _of(report, strategy)) if len(run[0]) > 1]
        if runs:
            curves.append(_together(strategy, runs, by))
    return curves


def learning(report: Report, metric: str, by: By) -> Figure:
    """One metric of all methods over the training."""
    what = METRICS[metric]
    curves = mean_curves(report, metric, by)
    seeing = _seeing(by)
    if not curves:
        return empty(_("No run was evaluated more than once"), seeing, height=360)
    real = real_level(report, metric)
    data: list[Trace] = []
    for curve in curves:
        data += _drawn(curve)
    switches = sorted({curve.switch for curve in curves if curve.switch is not None})
    result = figure(
        data,
        finding=_finding(report, curves, metric),
        seeing=seeing,
        x_title=_("MLE epochs, then rounds") if by == "epoch" else _("seconds of training"),
        y_title=what.axis,
        height=390,
        shapes=[] if real is None else [level(real, REAL)],
        notes=[] if real is None else [_real(real)],
        y_range=_range(curves, real),
    )
    if by == "epoch" and len(switches) == 1:
        result["layout"]["shapes"].append(_switch(switches[0]))
        result["layout"]["annotations"].append(_switch_note(switches[0]))
    return result


def _of(report: Report, strategy: str) -> list[Mapping[str, Any]]:
    return [run for run in report["curves"] if run["strategy"] == strategy]


def _run(metric: str, by: By) -> Any:
    """Reads a run's x, y, epochs and switch; evaluations without a value are left out."""

    def read(run: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
        columns = [np.array(run.get(key, []), dtype=float) for key in (by, metric, "epoch")]
        shortest = min(map(len, columns))
        x, y, epoch = (column[:shortest] for column in columns)
        good = np.isfinite(x) & np.isfinite(y)
        return x[good], y[good], epoch[good], float(run["switch"])

    return read


def _together(strategy: str, runs: Sequence[tuple[Any, ...]], by: By) -> Mean:
    if by == "epoch":
        shared = sorted(set.intersection(*(set(x.tolist()) for x, *_rest in runs)))
        x = np.array(shared)
    else:
        x = np.linspace(max(run[0][0] for run in runs), min(run[0][-1] for run in runs), _GRID)
    each = np.stack([np.interp(x, run[0], run[1]) for run in runs])
    switch = begun = None
    if strategy not in _WITHOUT_REWARD:
        switch, begun = (
            float(np.mean([np.interp(run[3], run[2], run[column]) for run in runs]))
            for column in (0, 1)
        )
    end = float(np.mean([run[1][-1] for run in runs]))
    return Mean(strategy, x, each.mean(0), each.min(0), each.max(0), switch, begun, end, len(runs))


def _drawn(curve: Mean) -> list[Trace]:
    style, title = method_style(curve.strategy), method_name(curve.strategy)
    traces = []
    if curve.n > 1:
        band = ribbon(curve.x.tolist(), curve.low.tolist(), curve.high.tolist(), title,
                      style.colour)  # fmt: skip
        traces.append(band | {"showlegend": False})
    traces.append(
        line(curve.x.tolist(), curve.middle.tolist(), title, style.colour, dash=style.dash)
    )
    if curve.switch is not None:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": _("{method}: MLE ends").format(method=title),
                "x": [round(curve.switch, 3)],
                "y": [round(curve.at(curve.switch), 5)],
                "marker": {"symbol": f"{style.symbol}-open", "size": 10, "color": style.colour},
                "showlegend": False,
                "hoverinfo": "skip",
            }
        )
    return traces


def _range(curves: Sequence[Mean], real: float | None) -> tuple[float, float]:
    bounds = [] if real is None else [real]
    for curve in curves:
        settled = curve.x >= curve.x[0] + _SETTLED * (curve.x[-1] - curve.x[0])
        bounds += [*curve.low[settled].tolist(), *curve.high[settled].tolist()]
    pad = 0.06 * (max(bounds) - min(bounds)) + 0.01
    return min(bounds) - pad, max(bounds) + pad


def _real(real: float) -> dict[str, Any]:
    return note(
        _("real data {value:.3f}").format(value=real), 1, real, colour=REAL, xref="paper",
        xanchor="right", yanchor="bottom",
    )  # fmt: skip


def _switch(x: float) -> dict[str, Any]:
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1,
        "line": {"color": NEUTRAL, "width": 1.4, "dash": "dot"},
    }  # fmt: skip


def _switch_note(x: float) -> dict[str, Any]:
    text = _("the rewards begin")
    return note(text, x, 1, yref="paper", xanchor="left", yanchor="top", xshift=4)


def _seeing(by: By) -> str:
    text = _(
        "Lines: the mean over seeds; bands: from the lowest to the highest seed. Up to the switch "
        "(open marks) all of them learn by maximum likelihood."
    )
    if by == "epoch":
        return text
    return text + " " + _(
        "Seconds are of the machine that trained, with whatever else it did meanwhile; a line "
        "ends where its quickest seed ended."
    )  # fmt: skip


def _finding(report: Report, curves: Sequence[Mean], metric: str) -> str:
    what = METRICS[metric].title
    curve = next((c for c in curves if c.strategy == report["reference"]), curves[0])
    begun, end = curve.begun, curve.end
    if begun is None:
        return _("{metric}: {method} ends at {end:.3f}, mean of n = {n}").format(
            metric=what, method=method_name(curve.strategy), end=end, n=curve.n
        )
    word = _("falls") if end < begun else _("rises")
    return _(
        "{metric}: after the switch {method} {word} from {a:.3f} to {z:.3f}, mean of n = {n}"
    ).format(
        metric=what, method=method_name(curve.strategy), word=word, a=begun, z=end, n=curve.n
    )  # fmt: skip
