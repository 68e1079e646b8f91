"""Quality against coverage or diversity: every run a point, MLE's temperatures a curve."""

import math
from collections.abc import Sequence
from typing import Any

from seqgan_core.figures.methods.forest import span
from seqgan_core.figures.methods.gaps import gap_of, interval, verdict
from seqgan_core.figures.methods.names import FAR, UNTRAINED, levels, look_of, method_name
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.style import Figure, Trace, empty, fade, figure, line, marks, note
from seqgan_core.judge.report import CURVE, ORACLE, Distance, Report, Sweep
from seqgan_core.messages import _, remark

_LABELLED = (0.7, 0.8, 0.9, 1.0, 1.1)  # temperatures that are written at MLE's curve

Range = tuple[float, float] | None


def selectable(report: Report) -> list[str]:
    """The methods with curves of their own; MLE's and the oracle's are always drawn."""
    return [s for s in report.strategies if s in report.frontier and s not in (CURVE, UNTRAINED)]


def plane(
    report: Report, x: str, y: str, gaps: Sequence[Distance], curves: Sequence[str] = (), *,
    near: bool = False,
) -> Figure:  # fmt: skip
    """One metric to the right, another upwards, which a temperature trades for each other.

    The distances `gaps` from MLE's curve are for the title; the methods `curves` are drawn with
    curves of their own; `near` shows the neighbourhood of MLE's curve.
    """
    across, up = metric_of(x), metric_of(y)
    seeing = remark(
        "seeing.plane", x=across.title, y=up.title, x_better=across.better, y_better=up.better
    )
    drawn = [r for r in report.rows if r.strategy != UNTRAINED and {x, y} <= r.summary.keys()]
    if not drawn:
        return empty(_("No trained method to draw"), seeing, height=440)
    data = [t for name in (ORACLE, CURVE, *curves) for t in _sweep(report, name, x, y)]
    for row in drawn:
        values = [result.values for result in row.results]
        data.append(
            _runs(
                row.strategy, [v[x] for v in values], [v[y] for v in values],
                [result.seed for result in row.results],
            )
        )  # fmt: skip
    marks = {name: (value, levels(report, y)[name])
             for name, value in levels(report, x).items() if name in levels(report, y)}  # fmt: skip
    for name, at in marks.items():
        if name not in FAR:
            shown = {"showlegend": name not in report.frontier}  # its curve has an entry
            data.append(_runs(name, [at[0]], [at[1]]) | shown)
    marks |= {UNTRAINED: (report.mean(UNTRAINED, x), report.mean(UNTRAINED, y))}
    notes = [
        note(f"{temperature:g}", x_at, y_at, xanchor="center", yanchor="top", yshift=-5)
        for temperature, x_at, y_at in mean_sweep(report.frontier.get(CURVE, ()), x, y)
        if temperature in _LABELLED
    ]
    if not near:
        notes += [
            _far_note(name, *marks[name])
            for name in FAR
            if name in marks and all(map(math.isfinite, marks[name]))
        ]
    x_range, y_range = _near(report, x, y) if near else (None, None)
    return figure(
        data,
        finding=_finding(report, x, y, gaps),
        seeing=seeing,
        x_title=across.axis,
        y_title=up.axis,
        height=440,
        notes=notes,
        x_range=x_range,
        y_range=y_range,
        x_axis={"showgrid": True, "nticks": 7},
        hovermode="closest",
    )


def _sweep(report: Report, strategy: str, x: str, y: str) -> list[Trace]:
    """One model's curve over temperatures: the mean over seeds, and each seed faintly."""
    sweeps = report.frontier.get(strategy, ())
    if not sweeps or (strategy not in (CURVE, ORACLE) and strategy not in selectable(report)):
        return []
    look, title = look_of(strategy), method_name(strategy)
    traces = []
    for sweep in sweeps if len(sweeps) > 1 else ():
        _t, xs, ys = zip(*mean_sweep([sweep], x, y), strict=True)
        traces.append(
            line(xs, ys, title, fade(look.colour, 0.3), width=1, showlegend=False, hoverinfo="skip")
        )
    temperatures, xs, ys = zip(*mean_sweep(sweeps, x, y), strict=True)
    traces.append(
        line(
            xs, ys, _("{method}, temperature varied").format(method=title), look.colour,
            dash=look.dash, marker="line-ns-open", customdata=temperatures,
            hover="at %{customdata}: %{x:.3f} / %{y:.3f}",
        )
    )  # fmt: skip
    return traces


def mean_sweep(sweeps: Sequence[Sweep], x: str, y: str) -> list[tuple[float, float, float]]:
    """Temperature and the two metrics, mean over the seeds, lowest temperature first."""
    together = zip(*(sweep.points for sweep in sweeps), strict=True)
    return [
        (
            points[0].temperature,
            sum(point.value(x) for point in points) / len(points),
            sum(point.value(y) for point in points) / len(points),
        )
        for points in together
    ]


def _runs(name: str, xs: Sequence[float], ys: Sequence[float], seeds: Sequence[int] = ()) -> Trace:
    """The runs of a method, or the single place of what methods are compared with."""
    look, title = look_of(name), method_name(name)
    label = _("{method}, seed {seed}").format(method=title, seed="%{customdata}")
    trace = marks(
        xs, ys, title, look.colour, look.symbol, edge={"color": look.colour, "width": 2},
        opacity=0.85, hover=f"{label if seeds else title}: %{{x:.3f}} / %{{y:.3f}}",
    )  # fmt: skip
    return trace | {"customdata": list(seeds)} if seeds else trace


def _near(report: Report, x: str, y: str) -> tuple[Range, Range]:
    """The ranges around MLE's curve, its runs, and those of the reference."""
    places = [(x_at, y_at) for _t, x_at, y_at in mean_sweep(report.frontier.get(CURVE, ()), x, y)]
    for name in (CURVE, report.reference):
        row = report.row(name)
        places += [(r.values[x], r.values[y]) for r in row.results] if row else []
    if not places:
        return None, None
    xs, ys = zip(*places, strict=True)
    return span(xs), span(ys)


def _far_note(name: str, x: float, y: float) -> dict[str, Any]:
    """What is left off the scale."""
    text = _("{method} is off the scale: {x:.2f} / {y:.2f}")
    return note(
        text.format(method=method_name(name), x=x, y=y), 1, 1, xref="paper", yref="paper",
        xanchor="right", yanchor="top",
    )  # fmt: skip


def _finding(report: Report, x: str, y: str, gaps: Sequence[Distance]) -> str:
    gap = gap_of(gaps, report.reference)
    if gap is None:
        text = _("{y} against {x}: every run, and what MLE's temperature achieves")
        return text.format(y=metric_of(y).title, x=metric_of(x).title)
    text = {
        1: _("{method} is better than MLE at any of the temperatures: {y} {gap}"),
        -1: _("MLE at a suitable temperature is better than {method}: {y} {gap}"),
        0: _("No difference found: {method} and MLE at a suitable temperature, {y} {gap}"),
    }[verdict(gap)]
    return text.format(
        method=method_name(report.reference), y=metric_of(y).title, gap=interval(gap)
    )
