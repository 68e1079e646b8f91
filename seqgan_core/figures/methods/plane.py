"""Quality against coverage: every run a point, and what a temperature alone would do as a curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seqgan_core.figures.methods.frontier_gaps import CURVE, Gap, plane_words
from seqgan_core.figures.methods.report import (
    METRICS,
    UNTRAINED,
    Report,
    mean,
    method_name,
    method_style,
    span,
    strategies,
)
from seqgan_core.figures.style import REAL, Figure, Trace, empty, fade, figure, line, note
from seqgan_core.messages import _

ORACLE = "oracle"
_LABELLED = (0.7, 0.8, 0.9, 1.0, 1.1)  # temperatures that are written beside MLE's curve


def selectable(report: Report) -> list[str]:
    """The methods whose own curves can be asked for; MLE's and the oracle's are always drawn."""
    return [
        s for s in strategies(report) if s in report["frontier"] and s not in (CURVE, UNTRAINED)
    ]


def plane(
    report: Report, gaps: Sequence[Gap], curves: Sequence[str] = (), *, near: bool = False
) -> Figure:
    """NLL_oracle to the right, NLL_test upwards: lower left is better in both.

    Args:
        report: a comparison.
        gaps: distances to MLE's curve, for the title.
        curves: methods whose own curves are drawn as well.
        near: only the neighbourhood of MLE's curve.
    """
    seeing = _(
        "Each mark is a run: quality to the right, coverage upwards, both better when lower. The "
        "dashed line is MLE with nothing but its temperature turned, mean over seeds (faint: "
        "single seeds). A method that only sharpens moves along it; one below it has learned "
        "something more. Green: the oracle itself at the same temperatures."
    )
    names = strategies(report)
    if not names or mean(report, names[0], "nll_oracle") is None:
        return empty(_("Without an oracle there is no quality to draw"), seeing)
    data = [*_sweep(report, ORACLE), *_sweep(report, CURVE)]
    for strategy in curves:
        data += _sweep(report, strategy) if strategy in selectable(report) else []
    data += [_runs(row) for row in report["rows"] if row["strategy"] != UNTRAINED]
    x_range, y_range = _near(report) if near else (None, None)
    result = figure(
        data,
        finding=plane_words(report, gaps),
        seeing=seeing,
        x_title=METRICS["nll_oracle"].axis,
        y_title=METRICS["nll_test"].axis,
        height=460,
        notes=_temperatures(report) if near else [*_temperatures(report), *_untrained(report)],
        x_range=x_range,
        y_range=y_range,
    )
    result["layout"]["hovermode"] = "closest"
    result["layout"]["xaxis"] |= {"showgrid": True, "nticks": 7}
    return result


# -- drawing ---------------------------------------------------------------------------------------


def _sweep(report: Report, strategy: str) -> list[Trace]:
    """One model's curve over temperatures: the mean over seeds, and each seed faintly."""
    seeds = report["frontier"].get(strategy, [])
    if not seeds:
        return []
    style = method_style(strategy)
    colour = REAL if strategy == ORACLE else style.colour
    dash = "solid" if strategy == ORACLE else style.dash
    traces = []
    if len(seeds) > 1:
        for seed in seeds:
            x, y, _temperature = _columns([seed])
            traces.append(
                line(x, y, method_name(strategy), fade(colour, 0.3), width=1, showlegend=False,
                     hoverinfo="skip")
            )  # fmt: skip
    x, y, temperatures = _columns(seeds)
    title = _("{method}, temperature turned").format(method=method_name(strategy))
    traces.append(
        line(
            x, y, title, colour, dash=dash, marker="line-ns-open",
            hover="at %{customdata}: %{x:.3f} / %{y:.3f}", customdata=temperatures,
        )
    )  # fmt: skip
    return traces


def _columns(seeds: Sequence[Mapping[str, Any]]) -> tuple[list[float], list[float], list[float]]:
    """NLL_oracle, NLL_test and temperature, means over the seeds given."""
    ordered = [sorted(seed["points"], key=lambda p: p["temperature"]) for seed in seeds]
    together = list(zip(*ordered, strict=True))
    x, y = (
        [sum(point[key] for point in points) / len(points) for points in together]
        for key in ("nll_oracle", "nll_test")
    )
    return x, y, [points[0]["temperature"] for points in together]


def _runs(row: Mapping[str, Any]) -> Trace:
    style, title = method_style(row["strategy"]), method_name(row["strategy"])
    results = row["results"]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": title,
        "x": [result["values"]["nll_oracle"] for result in results],
        "y": [result["values"]["nll_test"] for result in results],
        "customdata": [result["seed"] for result in results],
        "marker": {"symbol": style.symbol, "size": 10, "color": style.colour, "opacity": 0.85},
        "hovertemplate": title
        + ", "
        + _("seed")
        + " %{customdata}: %{x:.3f} / %{y:.3f}<extra></extra>",
    }


_Range = tuple[float, float] | None


def _near(report: Report) -> tuple[_Range, _Range]:
    """The ranges around MLE's curve, its runs, and the reference's."""
    seeds = report["frontier"].get(CURVE, [])
    xs, ys, _temperature = _columns(seeds) if seeds else ([], [], [])
    for row in report["rows"]:
        if row["strategy"] in (CURVE, report["reference"]):
            xs += [result["values"]["nll_oracle"] for result in row["results"]]
            ys += [result["values"]["nll_test"] for result in row["results"]]
    return (span(xs), span(ys)) if xs else (None, None)


def _temperatures(report: Report) -> list[dict[str, Any]]:
    seeds = report["frontier"].get(CURVE, [])
    if not seeds:
        return []
    return [
        note(f"{temperature:g}", x, y, xanchor="center", yanchor="top", yshift=-5)
        for x, y, temperature in zip(*_columns(seeds), strict=True)
        if temperature in _LABELLED
    ]


def _untrained(report: Report) -> list[dict[str, Any]]:
    """The untrained generator is left off the scale, and said."""
    x, y = (mean(report, UNTRAINED, metric) for metric in ("nll_oracle", "nll_test"))
    if x is None or y is None:
        return []
    text = _("Random lies off the scale: {x:.2f} / {y:.2f} ↗").format(x=x, y=y)
    return [note(text, 1, 1, xref="paper", yref="paper", xanchor="right", yanchor="top")]
