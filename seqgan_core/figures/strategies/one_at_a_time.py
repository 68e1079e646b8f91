"""One factor at a time: where both NLLs end, against the value of one setting."""

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Any

from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.settings import shown
from seqgan_core.figures.strategies.curves import LOOKS, NLLS, capped, mle_levels
from seqgan_core.figures.strategies.findings import factor_caption, factor_finding
from seqgan_core.figures.style import (
    NEUTRAL,
    Figure,
    Trace,
    empty,
    fade,
    figure,
    line,
    marks,
    upright,
)
from seqgan_core.judge.one_at_a_time import Effect, order
from seqgan_core.judge.study import Metric, Setting
from seqgan_core.messages import _

HEIGHT = 330


def effect_of_factor(effect: Effect, *, y_range: tuple[float, float]) -> Figure:
    """Both NLLs at the end against the factor's value: every seed a dot, the means joined.

    `y_range` is common to all factors, so that their effects can be compared.
    """
    results = [result for _setting, result in effect.outcomes]
    finding, seeing = factor_finding(effect), factor_caption(effect.factor, results)
    if not results:
        return empty(finding, seeing, height=HEIGHT)
    places, title, x_axis = _axis(effect)
    return figure(
        [trace for metric in NLLS for trace in _traces(effect, metric, places)],
        finding=finding, seeing=seeing, x_title=title,
        y_title=_("nats per token at the end"), height=HEIGHT,
        shapes=[*_own_values(effect, places), *mle_levels([s for s, _r in effect.outcomes])],
        y_range=y_range, x_axis=x_axis, hovermode="closest",
    )  # fmt: skip


def common_range(settings: Sequence[Setting]) -> tuple[float, float]:
    """A vertical range that holds where every seed ended, but for what collapses far off."""
    of_each = [(run, metric) for setting in settings for run in setting.runs for metric in NLLS]
    starts = [run.values(metric)[0] for run, metric in of_each]
    ends = [last for run, metric in of_each if (last := run.end(metric)) is not None]
    return capped([*starts, *ends], starts)


def _axis(effect: Effect) -> tuple[dict[Any, float], str, dict[str, Any]]:
    """Where each value stands, and the axis: logarithmic, or in steps where a value is a word."""
    factor = effect.factor
    own = [value for value in (factor.preset, factor.paper) if value is not None]
    tried = [effect.value(setting) for setting, _result in effect.outcomes]
    values = sorted(dict.fromkeys([*tried, *own]), key=order)
    in_steps = factor.live is not None
    places = {value: float(at if in_steps else value) for at, value in enumerate(values)}
    ends = [places[values[0]], places[values[-1]]]
    low, high = ends if in_steps else map(math.log10, ends)
    pad = 0.12 * (high - low or 1.0)
    title = _("share of the old average that is kept; live: no average") if in_steps else (
        _("{title} (log)").format(title=_(factor.title))
    )  # fmt: skip
    return (
        places,
        title,
        {
            "type": "linear" if in_steps else "log",
            "tickvals": list(places.values()),
            "ticktext": [
                "<br>".join(
                    [
                        shown(value),
                        *([_("preset")] if value == factor.preset else []),
                        *([_("paper")] if value == factor.paper else []),
                    ]
                )
                for value in values
            ],
            "range": [low - pad, high + pad],
        },
    )


def _own_values(effect: Effect, places: dict[Any, float]) -> list[dict[str, Any]]:
    """A vertical line at the preset's value and at the paper's."""
    own = {effect.factor.preset, effect.factor.paper} & set(places)
    return [upright(at, NEUTRAL) for at in sorted(places[value] for value in own)]


def _traces(effect: Effect, metric: Metric, places: dict[Any, float]) -> list[Trace]:
    (colour, marker), name = LOOKS[metric], metric_of(metric).title
    dots, means = [], []
    for setting, result in effect.outcomes:
        at = places[effect.value(setting)]
        ends = [(run.seed, v) for run in setting.runs if (v := run.end(metric)) is not None]
        dots += [(at, value, seed) for seed, value in ends]
        symbol = "x" if result.verdict == "collapsed" else marker
        means.append((at, fmean(value for _seed, value in ends), symbol))
    text = _("{name}, seed %{{customdata}}: %{{y:.3f}}")
    joined = line(
        [mean[0] for mean in means], [mean[1] for mean in means], name, colour, width=2,
        hovertemplate=_("{name}, mean: %{{y:.3f}}").format(name=name) + "<extra></extra>",
    )  # fmt: skip
    symbols = {"symbol": [mean[2] for mean in means], "size": 7, "color": colour}
    return [
        marks(
            [dot[0] for dot in dots], [dot[1] for dot in dots],
            _("{name}, seeds").format(name=name), fade(colour, 0.75), f"{marker}-open", size=9,
            customdata=[dot[2] for dot in dots], hover=text.format(name=name), showlegend=False,
        ),
        joined | {"mode": "lines+markers", "marker": symbols},
    ]  # fmt: skip
