"""Quality against coverage: every run a point, and what a temperature alone would do as a curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seqgan_core.figures.i18n import _
from seqgan_core.figures.methods.frontier_gaps import CURVE, Gap, plane_words
from seqgan_core.figures.methods.report import (
    METRICS,
    UNTRAINED,
    Found,
    look,
    mean,
    name,
    span,
    strategies,
)
from seqgan_core.figures.style import REAL, Figure, Trace, empty, fade, figure, line, note

ORACLE = "oracle"
_TOLD = (0.7, 0.8, 0.9, 1.0, 1.1)  # temperatures that are written beside MLE's curve


def offered(found: Found) -> list[str]:
    """The methods whose own curves can be asked for; MLE's and the oracle's are always drawn."""
    return [s for s in strategies(found) if s in found["frontier"] and s not in (CURVE, UNTRAINED)]


def plane(
    found: Found, gaps: Sequence[Gap], curves: Sequence[str] = (), *, near: bool = False
) -> Figure:
    """NLL_oracle to the right, NLL_test upwards: lower left is better in both.

    Args:
        found: a comparison.
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
    names = strategies(found)
    if not names or mean(found, names[0], "nll_oracle") is None:
        return empty(_("Without an oracle there is no quality to draw"), seeing)
    data = [*_sweep(found, ORACLE), *_sweep(found, CURVE)]
    for strategy in curves:
        data += _sweep(found, strategy) if strategy in offered(found) else []
    data += [_runs(row) for row in found["rows"] if row["strategy"] != UNTRAINED]
    x_range, y_range = _near(found) if near else (None, None)
    result = figure(
        data,
        finding=plane_words(found, gaps),
        seeing=seeing,
        x_title=METRICS["nll_oracle"].axis,
        y_title=METRICS["nll_test"].axis,
        height=460,
        notes=_temperatures(found) if near else [*_temperatures(found), *_untrained(found)],
        x_range=x_range,
        y_range=y_range,
    )
    result["layout"]["hovermode"] = "closest"
    result["layout"]["xaxis"] |= {"showgrid": True, "nticks": 7}
    return result


# -- drawing ---------------------------------------------------------------------------------------


def _sweep(found: Found, strategy: str) -> list[Trace]:
    """One model's curve over temperatures: the mean over seeds, and each seed faintly."""
    seeds = found["frontier"].get(strategy, [])
    if not seeds:
        return []
    style = look(strategy)
    colour = REAL if strategy == ORACLE else style.colour
    dash = "solid" if strategy == ORACLE else style.dash
    traces = []
    if len(seeds) > 1:
        for one in seeds:
            x, y, _temperature = _columns([one])
            traces.append(
                line(x, y, name(strategy), fade(colour, 0.3), width=1, showlegend=False,
                     hoverinfo="skip")
            )  # fmt: skip
    x, y, temperatures = _columns(seeds)
    title = _("{method}, temperature turned").format(method=name(strategy))
    traces.append(
        line(
            x, y, title, colour, dash=dash, marker="line-ns-open",
            hover="at %{customdata}: %{x:.3f} / %{y:.3f}", customdata=temperatures,
        )
    )  # fmt: skip
    return traces


def _columns(seeds: Sequence[Mapping[str, Any]]) -> tuple[list[float], list[float], list[float]]:
    """NLL_oracle, NLL_test and temperature, means over the seeds given."""
    ordered = [sorted(one["points"], key=lambda p: p["temperature"]) for one in seeds]
    together = list(zip(*ordered, strict=True))
    x, y = (
        [sum(point[key] for point in points) / len(points) for points in together]
        for key in ("nll_oracle", "nll_test")
    )
    return x, y, [points[0]["temperature"] for points in together]


def _runs(row: Mapping[str, Any]) -> Trace:
    style, title = look(row["strategy"]), name(row["strategy"])
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


def _near(found: Found) -> tuple[_Range, _Range]:
    """The ranges around MLE's curve, its runs, and the reference's."""
    seeds = found["frontier"].get(CURVE, [])
    xs, ys, _temperature = _columns(seeds) if seeds else ([], [], [])
    for row in found["rows"]:
        if row["strategy"] in (CURVE, found["reference"]):
            xs += [result["values"]["nll_oracle"] for result in row["results"]]
            ys += [result["values"]["nll_test"] for result in row["results"]]
    return (span(xs), span(ys)) if xs else (None, None)


def _temperatures(found: Found) -> list[dict[str, Any]]:
    seeds = found["frontier"].get(CURVE, [])
    if not seeds:
        return []
    return [
        note(f"{temperature:g}", x, y, xanchor="center", yanchor="top", yshift=-5)
        for x, y, temperature in zip(*_columns(seeds), strict=True)
        if temperature in _TOLD
    ]


def _untrained(found: Found) -> list[dict[str, Any]]:
    """The untrained generator is left off the scale, and said."""
    x, y = (mean(found, UNTRAINED, metric) for metric in ("nll_oracle", "nll_test"))
    if x is None or y is None:
        return []
    text = _("Random lies off the scale: {x:.2f} / {y:.2f} ↗").format(x=x, y=y)
    return [note(text, 1, 1, xref="paper", yref="paper", xanchor="right", yanchor="top")]
