"""One factor at a time: where both numbers end, against the value of one setting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Any

from seqgan_core.figures.settings import shown
from seqgan_core.figures.strategies.curves import capped
from seqgan_core.figures.strategies.one_at_a_time_text import Factor, caption, finding, order
from seqgan_core.figures.strategies.study import Metric, Setting
from seqgan_core.figures.strategies.verdicts import Outcome, outcome
from seqgan_core.figures.style import (
    GENERATOR,
    NEUTRAL,
    REAL,
    Figure,
    Trace,
    empty,
    fade,
    figure,
    level,
)
from seqgan_core.messages import _

_LOOKS: dict[Metric, tuple[str, str, str]] = {
    "nll_test": (_("NLL_test"), REAL, "diamond"),
    "nll_oracle": (_("NLL_oracle"), GENERATOR, "circle"),
}


def effect(settings: Sequence[Setting], factor: Factor, *, y_range: tuple[float, float],
           height: int = 330) -> Figure:  # fmt: skip
    """Both NLLs at the end against the factor's value: every seed a dot, the means joined.

    Args:
        settings: those of `turned`.
        factor: the factor.
        y_range: common to all factors, so that their effects can be compared.
        height: in pixels.
    """
    outcomes = [
        (setting, result) for setting in settings if (result := outcome(setting)) is not None
    ]
    if not outcomes:
        return empty(finding(settings, factor), caption(factor, []), height=height)
    values = [factor.value(setting) for setting, _result in outcomes]
    axis = _Axis(factor, values)
    data = [trace for metric in _LOOKS for trace in _traces(outcomes, factor, metric, axis)]
    shapes = axis.lines()
    for metric, (_name, colour, _marker) in _LOOKS.items():
        start = [
            v
            for setting, _r in outcomes
            for run in setting.runs
            if (v := run.values(metric)[0]) is not None
        ]
        shapes.append(level(fmean(start), colour))
    drawn = figure(
        data,
        finding=finding(settings, factor), seeing=caption(factor, [r for _one, r in outcomes]),
        x_title=axis.title, y_title=_("nats per token at the end"),
        height=height, shapes=shapes, y_range=y_range,
    )  # fmt: skip
    drawn["layout"]["xaxis"] |= axis.layout
    drawn["layout"]["hovermode"] = "closest"
    return drawn


def common_range(settings: Sequence[Setting]) -> tuple[float, float]:
    """A vertical range that holds where every seed ended, but for what collapses far off."""
    of_each = [(run, metric) for setting in settings for run in setting.runs for metric in _LOOKS]
    starts = [run.values(metric)[0] for run, metric in of_each]
    return capped([*starts, *(run.last(metric) for run, metric in of_each)], starts)


class _Axis:
    """Horizontal places of a factor's values: logarithmic, or in steps where a value is a word."""

    def __init__(self, factor: Factor, values: Sequence[Any]) -> None:
        self._factor, self._in_steps = factor, factor.live is not None
        own = [value for value in (factor.preset, factor.paper) if value is not None]
        self._values = sorted(dict.fromkeys([*values, *own]), key=order)
        self.title = (
            _("share of the old average kept; live: no average")
            if self._in_steps
            else _("{title} (log)").format(title=factor.title)
        )
        places = [self.place(value) for value in self._values]
        low, high = (
            (places[0], places[-1])
            if self._in_steps
            else (math.log10(places[0]), math.log10(places[-1]))
        )
        pad = 0.12 * (high - low or 1.0)
        self.layout: dict[str, Any] = {
            "type": "linear" if self._in_steps else "log",
            "tickvals": places,
            "ticktext": [self._tick(value) for value in self._values],
            "range": [low - pad, high + pad],
        }

    def place(self, value: Any) -> float:
        """Where a value stands; values with a word among them stand in equal steps."""
        return float(self._values.index(value) if self._in_steps else value)

    def _tick(self, value: Any) -> str:
        """The value, and whose it is."""
        whose = [
            name
            for name, own in ((_("preset"), self._factor.preset), (_("paper"), self._factor.paper))
            if own == value
        ]
        return "<br>".join([shown(value), *whose])

    def lines(self) -> list[dict[str, Any]]:
        """A vertical line at the preset's value and at the paper's."""
        places = [
            self.place(value)
            for value in dict.fromkeys((self._factor.preset, self._factor.paper))
            if value in self._values
        ]
        return [
            {
                "type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at,
                "y0": 0, "y1": 1, "layer": "below",
                "line": {"color": NEUTRAL, "width": 1.2, "dash": "dot"},
            }
            for at in places
        ]  # fmt: skip


def _traces(
    outcomes: Sequence[tuple[Setting, Outcome]], factor: Factor, metric: Metric, axis: _Axis
) -> list[Trace]:
    name, colour, marker = _LOOKS[metric]
    dots, means = [], []
    for setting, result in outcomes:
        at = axis.place(factor.value(setting))
        ends = [(run.seed, v) for run in setting.runs if (v := run.last(metric)) is not None]
        dots += [(at, value, seed) for seed, value in ends]
        symbol = "x" if result.verdict == "collapsed" else marker
        means.append((at, fmean(value for _seed, value in ends), symbol))
    return [
        {
            "type": "scatter", "mode": "markers", "showlegend": False,
            "x": [dot[0] for dot in dots], "y": [round(dot[1], 5) for dot in dots],
            "name": _("{name}, seeds").format(name=name), "customdata": [dot[2] for dot in dots],
            "marker": {"symbol": f"{marker}-open", "size": 9, "color": fade(colour, 0.75)},
            "hovertemplate": _("{name}, seed %{{customdata}}: %{{y:.3f}}").format(name=name)
            + "<extra></extra>",
        },
        {
            "type": "scatter", "mode": "lines+markers", "name": name,
            "x": [mean[0] for mean in means], "y": [round(mean[1], 5) for mean in means],
            "line": {"color": colour, "width": 2},
            "marker": {"symbol": [mean[2] for mean in means], "size": 7, "color": colour},
            "hovertemplate": _("{name}, mean: %{{y:.3f}}").format(name=name) + "<extra></extra>",
        },
    ]  # fmt: skip
