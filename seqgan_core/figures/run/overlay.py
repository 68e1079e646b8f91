"""Several runs on one axis, and the settings in which they differ."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.run.curves import Curves, columns
from seqgan_core.figures.run.phases import epochs
from seqgan_core.figures.settings import shown
from seqgan_core.figures.style import (
    COMPARED,
    DASHES,
    GENERATOR,
    Figure,
    around,
    empty,
    figure,
    line,
)
from seqgan_core.messages import _

_Drawn = tuple[Curves, list[Any], list[Any]]  # a run, its epochs, its values
_MARKERS = ("circle", "square", "diamond", "triangle-up", "cross", "star")


def overlay(runs: Sequence[Curves], metric: str = "nll_oracle") -> Figure:
    """One metric of several runs; each run has its own colour, dash and marker."""
    seeing = {
        "lower": _("Each line is a run; the legend shows its last value. Lower is better."),
        "higher": _("Each line is a run; the legend shows its last value. Higher is better."),
        "neither": _("Each line is a run; the legend shows its last value."),
    }[metric_of(metric).direction]
    drawn: list[_Drawn] = []
    for run in runs:
        x, y = columns(run.evaluated, "epoch", metric)
        if y:
            drawn.append((run, x, y))
    if not drawn:
        return empty(_("None of these runs has been evaluated yet"), seeing, height=360)
    colours = (GENERATOR, *COMPARED[1:])
    data = [
        line(
            x,
            y,
            f"{run.name} ({y[-1]:.3f})",
            colours[index % len(colours)],
            dash="solid" if index == 0 else DASHES[(index - 1) % len(DASHES)],
            marker=_MARKERS[index % len(_MARKERS)],
        )
        for index, (run, x, y) in enumerate(drawn)
    ]
    return figure(
        data,
        finding=_finding(metric, [(run.name, y[-1]) for run, _x, y in drawn]),
        seeing=seeing,
        x_title=epochs(),
        y_title=metric_of(metric).axis,
        height=360,
        y_range=_settled(drawn),
    )


def differing_settings(
    configs: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str]
) -> pd.DataFrame:
    """The settings in which runs differ: one row per setting of `titles`, one column per run."""
    rows = {}
    for name, title in titles.items():
        values = [shown(config.get(name)) for config in configs.values()]
        if len(set(values)) > 1:
            rows[title] = values
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(configs))


def _finding(name: str, ends: list[tuple[str, float]]) -> str:
    metric = metric_of(name)
    if len(ends) == 1:
        run, value = ends[0]
        return _("{metric} of {run} ends at {value}").format(
            metric=metric.title, run=run, value=metric.text(value)
        )
    high = metric.direction == "higher"
    (best, first), (other, second) = sorted(ends, key=lambda end: end[1], reverse=high)[:2]
    gap = metric.text(abs(second - first))
    if gap == metric.text(0.0):
        text = _("{metric}: no difference between {run} and {other} (one run each)")
    elif high:
        text = _("{metric}: {run} is highest, by {gap} (one run each)")
    elif metric.unit:
        text = _("{metric}: {run} is lowest, by {gap} {unit} (one run each)")
    else:
        text = _("{metric}: {run} is lowest, by {gap} (one run each)")
    return text.format(metric=metric.title, run=best, other=other, gap=gap, unit=metric.unit)


def _settled(drawn: Sequence[_Drawn]) -> tuple[float, float]:
    """A range without the steep start: what follows the first fifth of each run."""
    return around(
        value for _run, x, y in drawn for at, value in zip(x, y, strict=True) if at >= 0.2 * x[-1]
    )
