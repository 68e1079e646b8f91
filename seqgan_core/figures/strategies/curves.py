"""Settings next to each other: NLLs above, how well D told real from generated below."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.run.findings import GUESSING, TOO_STRONG
from seqgan_core.figures.strategies.findings import finding
from seqgan_core.figures.style import (
    DISCRIMINATOR,
    GENERATOR,
    NEUTRAL,
    REAL,
    REWARD,
    Figure,
    Trace,
    around,
    empty,
    fade,
    figure,
    level,
    line,
    marks,
    note,
    zone,
)
from seqgan_core.judge.study import Axis, Metric, Setting
from seqgan_core.messages import _, ngettext, remark

_SPLIT = 0.34  # of the height is D's
_D_RANGE = (0.38, 1.03)
HEIGHT = 430
_ROOM = 0.5  # nats above the switch at which an axis ends, so that a collapse hides nobody
NLLS: tuple[Metric, Metric] = ("nll_test", "nll_oracle")
LOOKS: dict[Metric, tuple[str, str]] = {
    "nll_test": (REAL, "diamond"),
    "nll_oracle": (GENERATOR, "circle"),
    "d_accuracy": (DISCRIMINATOR, "square"),
}


@dataclass(frozen=True)
class Frame:
    """Axes that several figures share, so that they can be compared by eye."""

    axis: Axis
    x: tuple[float, float]
    y: tuple[float, float]


def frame_of(settings: Sequence[Setting], axis: Axis) -> Frame:
    """Axes that hold every seed of these settings, but for what collapses far off."""
    runs = [(setting, run) for setting in settings for run in setting.runs]
    ends = [setting.along(run, axis)[-1] for setting, run in runs]
    curves = [run.values(metric) for _setting, run in runs for metric in NLLS]
    every = [value for values in curves for value in values]
    return Frame(axis, (0, max([*ends, 1e-9])), capped(every, [values[0] for values in curves]))


def capped(values: Sequence[float], starts: Sequence[float]) -> tuple[float, float]:
    """A vertical range for `values` that ends half a nat above the highest of `starts`.

    >>> capped([2.0, 2.5, 9.0], [2.0])
    (1.96, 2.54)
    """
    begins = [value for value in starts if math.isfinite(value)]
    known = [value for value in values if math.isfinite(value)]
    if not begins or not known:
        return 0.0, 1.0
    low, high = around(min(value, max(begins) + _ROOM) for value in known)
    return round(low, 4), round(high, 4)


def curves(setting: Setting, frame: Frame, name: str = "") -> Figure:
    """One setting: the mean over seeds as a line, every seed faint behind it.

    `name` stands in the title instead of (g, d, k).
    """
    if not setting.runs:
        text = _("The curves appear with the first finished run.")
        return empty(finding(setting, name), f"{_caption(setting)} {text}", height=HEIGHT)
    zones = [zone(*GUESSING, NEUTRAL, 0.14), zone(TOO_STRONG, _D_RANGE[1], REWARD, 0.12)]
    at = {"xref": "paper", "yref": "y2", "xanchor": "left", "yanchor": "top"}
    above: dict[str, Any] = {"domain": [_SPLIT + 0.05, 1]}
    below = {
        "domain": [0, _SPLIT],
        "range": list(_D_RANGE),
        "title": {"text": metric_of("d_accuracy").title},
        "tickformat": ".0%",
        "tickvals": [0.5, 0.75, 1],
    }
    x_axis: dict[str, Any] = {"anchor": "y2"}
    if frame.axis == "updates":  # 10 of one setting against 400 of another
        end = math.log10(max(frame.x[1], 1.5)) + 0.03
        x_axis |= {"type": "log", "range": [-0.05, end], "dtick": 1}
    result = figure(
        [trace for metric in LOOKS for trace in _lines(setting, frame.axis, metric)],
        finding=finding(setting, name), seeing=_caption(setting),
        x_title=axis_title(frame.axis), y_title=metric_of("nll_test").unit, height=HEIGHT,
        shapes=[*mle_levels([setting]), *({**shape, "yref": "y2"} for shape in zones)],
        notes=[note(_("guessing"), 0.015, GUESSING[1], **at),
               note(_("too strong"), 0.985, _D_RANGE[1],  # above the zone, which lines reach
                    **at | {"xanchor": "right", "yanchor": "bottom"})],
        x_range=frame.x, y_range=frame.y, x_axis=x_axis, y_axis=above,
    )  # fmt: skip
    result["layout"]["yaxis2"] = result["layout"]["yaxis"] | below
    return result


def axis_title(axis: Axis) -> str:
    return {
        "seconds": _("seconds of training since MLE ended"),
        "rounds": _("epochs of adversarial training"),
        "updates": _("generator updates since MLE ended (log)"),
    }[axis]


def mle_levels(settings: Sequence[Setting]) -> list[dict[str, Any]]:
    """Where MLE left both NLLs, the mean over the settings' runs, as dashed levels."""
    starts = {
        metric: [value for setting in settings if math.isfinite(value := setting.start(metric))]
        for metric in NLLS
    }
    return [
        level(sum(values) / len(values), LOOKS[metric][0])
        for metric, values in starts.items()
        if values
    ]


def _lines(setting: Setting, axis: Axis, metric: Metric) -> list[Trace]:
    (colour, marker), name = LOOKS[metric], metric_of(metric).title
    below = metric == "d_accuracy"
    place: dict[str, Any] = {"yaxis": "y2"} if below else {}
    first = 1 if axis == "updates" else 0  # a logarithmic axis has no place for 0 updates
    seeds = [
        line(
            setting.along(run, axis)[first:],
            run.values(metric)[first:],
            _("{name}, seed {n}").format(name=name, n=run.seed),
            fade(colour, 0.35),
            width=1,
            showlegend=False,
            hoverinfo="skip",
            **place,
        )
        for run in setting.runs
    ]
    x, y = setting.mean_curve(axis, metric)
    hover = "%{y:.1%}" if below else "%{y:.3f}"
    mean = line(
        x[first:], y[first:], name, colour, marker=marker, hover=hover, showlegend=not below,
        **place,
    )  # fmt: skip
    crosses = [
        marks([setting.along(run, axis)[-1]], [last], _("diverged"), colour, "x", showlegend=False,
              **place)
        for run in setting.runs
        if run.status == "diverged" and math.isfinite(last := run.values(metric)[-1])
    ]  # fmt: skip
    return [*seeds, *crosses, mean]


def _caption(setting: Setting) -> str:
    g, d, k = setting.triple
    runs = len(setting.runs)
    seeds = ngettext("n = {n} seed.", "n = {n} seeds.", runs) if runs else _("No seed has ended.")
    return remark("seeing.setting", g=g, d=d, k=k, seeds=seeds)
