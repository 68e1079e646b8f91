"""Learning curves, as in the paper's Figure 2: a method's mean over seeds, and its spread."""

from collections.abc import Sequence
from typing import Any

from seqgan_core.figures.methods.names import look_of, method_name, real_level
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.style import (
    NEUTRAL,
    REAL,
    Figure,
    Trace,
    around,
    empty,
    figure,
    level,
    line,
    marks,
    note,
    ribbon,
    upright,
)
from seqgan_core.judge.mean_curves import By, MeanCurve
from seqgan_core.judge.report import Report
from seqgan_core.judge.verdict import LAST
from seqgan_core.messages import _, remark

_SETTLED = 0.2  # of the way: the plunge before it does not decide the scale


def learning(report: Report, curves: Sequence[MeanCurve], metric: str, by: By) -> Figure:
    """One metric of all methods over the training; `curves` are the `mean_curves` of both."""
    what = metric_of(metric)
    ends = _("The title has the mean of each run's last {last} evaluations.").format(last=LAST)
    seeing = f"{remark(f'seeing.curves-{by}')} {ends}"
    if not curves:
        return empty(_("No run was evaluated more than once"), seeing, height=360)
    real = real_level(report, metric)
    switches = sorted({curve.switch for curve in curves if curve.switch is not None})
    shapes, notes = [], []
    if real is not None:
        shapes, notes = [level(real, REAL)], [_real_note(what.text(real), real)]
    if by == "epoch" and len(switches) == 1:
        place: dict[str, Any] = {"yref": "paper", "xanchor": "left", "yanchor": "top", "xshift": 4}
        shapes.append(upright(switches[0], NEUTRAL))
        notes.append(note(_("adversarial training begins"), switches[0], 1, **place))
    return figure(
        [trace for curve in curves for trace in _drawn(curve, what.digits)],
        finding=_finding(report, curves, metric), seeing=seeing,
        x_title=_("epoch") if by == "epoch" else _("seconds of training"), y_title=what.axis,
        height=390, shapes=shapes, notes=notes, y_range=_range(curves, real),
    )  # fmt: skip


def _drawn(curve: MeanCurve, digits: int) -> list[Trace]:
    look, title = look_of(curve.strategy), method_name(curve.strategy)
    traces = []
    if curve.n > 1:
        band = ribbon(curve.x.tolist(), curve.low.tolist(), curve.high.tolist(), title, look.colour)
        traces.append(band | {"showlegend": False})
    traces.append(
        line(curve.x.tolist(), curve.mean.tolist(), title, look.colour, dash=look.dash,
             hover=f"%{{y:.{digits}f}}")
    )  # fmt: skip
    if curve.switch is not None:
        text = _("{method}: MLE ends").format(method=title)
        at = [curve.switch], [curve.at(curve.switch)]
        traces.append(marks(*at, text, look.colour, f"{look.symbol}-open", showlegend=False))
    return traces


def _range(curves: Sequence[MeanCurve], real: float | None) -> tuple[float, float]:
    bounds = [] if real is None else [real]
    for curve in curves:
        settled = curve.x >= curve.x[0] + _SETTLED * (curve.x[-1] - curve.x[0])
        bounds += [*curve.low[settled].tolist(), *curve.high[settled].tolist()]
    return around(bounds)


def _real_note(text: str, at: float) -> dict[str, Any]:
    return note(
        _("real data {value}").format(value=text), 1, at, colour=REAL, xref="paper",
        xanchor="right", yanchor="bottom",
    )  # fmt: skip


def _finding(report: Report, curves: Sequence[MeanCurve], metric: str) -> str:
    curve = next((c for c in curves if c.strategy == report.reference), curves[0])
    what = metric_of(metric)
    key = "finding.curve-once"
    if curve.change is None:
        key = "finding.curve-end"
    elif curve.n > 1:
        signs = {-1: "finding.curve-falls", 1: "finding.curve-rises", 0: "finding.curve-level"}
        key = signs[curve.change.sign]
    return remark(
        key, metric=what.title, method=method_name(curve.strategy), begun=what.text(curve.begun),
        end=what.text(curve.end), n=curve.n,
    )  # fmt: skip
