"""Settings beside each other: what G became above, how well D told it apart below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

from seqgan_core.figures.run import notices
from seqgan_core.figures.strategies.notices import finding
from seqgan_core.figures.strategies.study import Axis, Metric, Run, Setting, mean_curve
from seqgan_core.figures.style import (
    DISCRIMINATOR,
    GENERATOR,
    NEUTRAL,
    REAL,
    REWARD,
    Figure,
    Trace,
    empty,
    fade,
    figure,
    level,
    line,
    note,
    zone,
)
from seqgan_core.messages import _

HEIGHT = 430
_SPLIT = 0.34  # of the height is D's
_D_RANGE = (0.38, 1.03)
_ROOM = 0.5  # nats above the switch at which an axis ends, so that a collapse hides nobody
_LOOKS: dict[Metric, tuple[str, str, str]] = {
    "nll_test": (_("NLL_test"), REAL, "diamond"),
    "nll_oracle": (_("NLL_oracle"), GENERATOR, "circle"),
    "d_accuracy": (_("D's accuracy"), DISCRIMINATOR, "square"),
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
    ends = [run.along(axis, setting.triple[0])[-1] for setting, run in runs]
    of_each = [run.values(metric) for _setting, run in runs for metric in _nlls()]
    every = [value for values in of_each for value in values]
    return Frame(axis, (0, max([*ends, 1e-9])), capped(every, [values[0] for values in of_each]))


def capped(values: Sequence[float | None], starts: Sequence[float | None]) -> tuple[float, float]:
    """A vertical range for `values` that ends half a nat above the highest of `starts`.

    >>> capped([2.0, 2.5, 9.0], [2.0])
    (1.96, 2.54)
    """
    begins = [value for value in starts if value is not None]
    known = [value for value in values if value is not None]
    if not begins or not known:
        return 0.0, 1.0
    within = [min(value, max(begins) + _ROOM) for value in known]
    pad = 0.06 * (max(within) - min(within)) + 0.01
    return round(min(within) - pad, 4), round(max(within) + pad, 4)


def curves(setting: Setting, frame: Frame, name: str = "", *, height: int = HEIGHT) -> Figure:
    """One setting: the mean of each number as a line, every seed faint behind it.

    `name` stands in the title instead of (g, d, k).
    """
    if not setting.runs:
        words = _("Its curves come with its first finished run.")
        return empty(finding(setting, name), f"{_caption(setting)} {words}", height=height)
    data: list[Trace] = []
    for metric in (*_nlls(), "d_accuracy"):
        data += _lines(setting, frame.axis, metric)
    shapes, notes = _levels(setting), []
    high = notices.GUESSING[1]
    zones = [
        zone(*notices.GUESSING, NEUTRAL, 0.14),
        zone(notices.TOO_STRONG, _D_RANGE[1], REWARD, 0.12),
    ]
    shapes += [{**shape, "yref": "y2"} for shape in zones]
    for text, y in ((_("guessing"), high), (_("too strong"), _D_RANGE[1])):
        at = {"xref": "paper", "yref": "y2", "xanchor": "left", "yanchor": "top"}
        notes.append(note(text, 0.015, y, **at))
    result = figure(
        data,
        finding=finding(setting, name), seeing=_caption(setting),
        x_title=axis_words(frame.axis), y_title=_("nats per token"), height=height,
        shapes=shapes, notes=notes, x_range=frame.x, y_range=frame.y,
    )  # fmt: skip
    layout = result["layout"]
    layout["yaxis"] |= {"domain": [_SPLIT + 0.05, 1]}
    layout["yaxis2"] = layout["yaxis"] | {
        "domain": [0, _SPLIT],
        "range": list(_D_RANGE),
        "title": {"text": _("D's accuracy")},
        "tickformat": ".0%",
        "tickvals": [0.5, 0.75, 1],
    }
    layout["xaxis"] |= {"anchor": "y2"}
    if frame.axis == "updates":  # 10 of one setting against 400 of another
        layout["xaxis"] |= {"type": "log", "range": [-0.05, log10(max(frame.x[1], 1.5)) + 0.03]}
        layout["xaxis"] |= {"dtick": 1}
    return result


def axis_words(axis: Axis) -> str:
    """What stands under the horizontal axis."""
    return {
        "seconds": _("seconds of training since MLE ended"),
        "rounds": _("adversarial rounds"),
        "updates": _("generator updates since MLE ended (log)"),
    }[axis]


def _nlls() -> tuple[Metric, Metric]:
    return "nll_test", "nll_oracle"


def _lines(setting: Setting, axis: Axis, metric: Metric) -> list[Trace]:
    name, colour, marker = _LOOKS[metric]
    below = metric == "d_accuracy"
    place: dict[str, Any] = {"yaxis": "y2"} if below else {}
    hover = "%{y:.1%}" if below else "%{y:.3f}"
    seeds = [
        line(
            *_drawable(axis, run.along(axis, setting.triple[0]), run.values(metric)),
            _("{name}, seed {n}").format(name=name, n=run.seed),
            fade(colour, 0.35),
            width=1,
            showlegend=False,
            hoverinfo="skip",
            **place,
        )
        for run in setting.runs
    ]
    x, y = _drawable(axis, *mean_curve(setting, axis, metric))
    ends = [_ended(run, setting, axis, metric, colour, place) for run in setting.runs]
    mean = line(x, y, name, colour, marker=marker, hover=hover, showlegend=not below, **place)
    return [*seeds, *(end for end in ends if end), mean]


def _drawable(
    axis: Axis, x: Sequence[float], y: Sequence[float | None]
) -> tuple[list[float], list[float | None]]:
    """Without the switch on a logarithmic axis, which has no place for 0 updates."""
    first = 1 if axis == "updates" else 0
    return list(x[first:]), list(y[first:])


def _ended(
    run: Run, setting: Setting, axis: Axis, metric: Metric, colour: str, place: dict[str, Any]
) -> Trace | None:
    """A cross where a run that diverged was stopped."""
    last = run.last(metric)
    if not run.diverged or last is None:
        return None
    return {
        "type": "scatter", "mode": "markers", "x": [run.along(axis, setting.triple[0])[-1]],
        "y": [last], "name": _("diverged"), "showlegend": False, "hoverinfo": "skip",
        "marker": {"symbol": "x", "size": 10, "color": colour}, **place,
    }  # fmt: skip


def _levels(setting: Setting) -> list[dict[str, Any]]:
    """Where MLE had left both numbers."""
    shapes = []
    for metric in _nlls():
        start = [v for run in setting.runs if (v := run.values(metric)[0]) is not None]
        if start:
            shapes.append(level(sum(start) / len(start), _LOOKS[metric][1]))
    return shapes


def _caption(setting: Setting) -> str:
    g, d, k = setting.triple
    seeds = len(setting.runs)
    return _(
        "g = {g}: updates of G in a round. d = {d}: sets of fresh negatives for D. k = {k}: epochs "
        "on each. {n}"
    ).format(g=g, d=d, k=k, n=_n(seeds))


def _n(seeds: int) -> str:
    if not seeds:
        return _("No seed has ended.")
    return _("n = 1 seed.") if seeds == 1 else _("n = {n} seeds.").format(n=seeds)
