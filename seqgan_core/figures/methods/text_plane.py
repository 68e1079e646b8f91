"""Quality against variety: every run a point, and what MLE's temperature alone would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit

from seqgan_core.figures.methods.report import (
    MethodStyle,
    Report,
    method_name,
    method_style,
    row_of,
    seeds_text,
)
from seqgan_core.figures.methods.text_report import (
    BASELINES,
    baselines,
    metric_of,
    ordered_methods,
    real_data_name,
)
from seqgan_core.figures.style import Figure, Trace, empty, figure, line, note
from seqgan_core.messages import _

CURVE = "mle"
OFF_SCALE = "unigram"  # so far from all others that it must not decide the scale
_LABELLED = (0.7, 0.8, 0.9, 1.0, 1.1)  # temperatures that are written beside MLE's curve


@dataclass(frozen=True)
class CurveGap:
    """How far a method lies above MLE's curve, at its own variety.

    Attributes:
        method: its name in the comparison.
        bleu, self_bleu: its means; curve: MLE's BLEU where MLE is as varied.
        gap: how far its runs lie above the curve, each at its own self-BLEU, on average; low, high:
            the 95% interval of that over runs (Student's t), None for a single run.
        n: its runs.
    """

    method: str
    bleu: float
    self_bleu: float
    curve: float
    gap: float
    low: float | None
    high: float | None
    n: int

    @property
    def side(self) -> int:
        """1 where it lies above, -1 where it lies below, 0 where its runs cannot tell."""
        if self.low is None or self.high is None:
            return 0
        return (self.low > 0) - (self.high < 0)

    @property
    def interval(self) -> str:
        """The gap for people, with its interval where there is one."""
        if self.low is None or self.high is None:
            return f"{self.gap:+.3f}"
        return f"{self.gap:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def plane(report: Report, metric: str) -> Figure:
    """Self-BLEU to the right, BLEU upwards: upper left is better in both.

    Args:
        report: a comparison of text.
        metric: the BLEU to draw.
    """
    bleu = metric_of(metric).title
    seeing = _(
        "Each mark is a run: {bleu} upwards is nearer to {real}, self-BLEU to the right is more "
        "alike. The dashed line is MLE with nothing but its temperature turned; {real} and n-gram "
        "models stand where they are measured. Only what lies above the line has learned more than "
        "to play safe."
    ).format(bleu=bleu, real=real_data_name(report))
    methods = [strategy for strategy in ordered_methods(report) if strategy != "random"]
    if not methods:
        return empty(_("No trained method to draw"), seeing, height=420)
    xs, ys, temperatures = curve(report, metric)
    data: list[Trace] = []
    if xs:
        data.append(
            line(
                xs, ys, _("MLE, temperature turned"), method_style(CURVE).colour, dash="dash",
                marker="line-ns-open", hover="at %{customdata}: %{x:.3f} / %{y:.3f}",
                customdata=temperatures,
            )
        )  # fmt: skip
    data += [_runs(report, strategy, metric) for strategy in methods]
    data += _others(report, metric)
    result = figure(
        data,
        finding=_finding(report, metric),
        seeing=seeing,
        x_title=metric_of("self_bleu").axis,
        y_title=f"{bleu}, {_('higher is better')}",
        height=440,
        notes=[
            note(f"{t:g}", x, y, xanchor="center", yanchor="top", yshift=-5)
            for x, y, t in zip(xs, ys, temperatures, strict=True)
            if t in _LABELLED
        ]
        + _off_scale_note(report, metric),
    )
    result["layout"]["hovermode"] = "closest"
    result["layout"]["xaxis"] |= {"showgrid": True, "nticks": 7}
    return result


def curve(report: Report, metric: str) -> tuple[list[float], list[float], list[float]]:
    """MLE's self-BLEU and BLEU by temperature, means over its seeds; the temperatures."""
    order = metric.removeprefix("bleu_")
    seeds = report["frontier"].get(CURVE, [])
    ordered = [sorted(run["points"], key=lambda p: p["temperature"]) for run in seeds]
    together = list(zip(*ordered, strict=True))
    xs = [_mean([point["self_bleu"] for point in points]) for points in together]
    ys = [_mean([point["bleu"][order] for point in points]) for points in together]
    return xs, ys, [points[0]["temperature"] for points in together]


def gap_to_curve(report: Report, metric: str, method: str) -> CurveGap | None:
    """A method beside MLE's curve at the method's own self-BLEU; None beyond the curve's ends."""
    row = row_of(report, method)
    xs, ys, _temperatures = curve(report, metric)
    if row is None or len(xs) < 2:
        return None
    at, value = (float(row["summary"][key]["mean"]) for key in ("self_bleu", metric))
    order = np.argsort(xs)
    x, y = np.asarray(xs)[order], np.asarray(ys)[order]
    if not x[0] <= at <= x[-1]:
        return None
    runs = [run["values"] for run in row["results"]]
    gaps = np.array([run[metric] - np.interp(run["self_bleu"], x, y) for run in runs])
    gap, n, low, high = float(gaps.mean()), len(gaps), None, None
    if n > 1:
        half = float(stdtrit(n - 1, 0.975) * gaps.std(ddof=1) / n**0.5)
        low, high = gap - half, gap + half
    return CurveGap(method, value, at, float(np.interp(at, x, y)), gap, low, high, n)


def _finding(report: Report, metric: str) -> str:
    bleu = metric_of(metric).title
    for method in ordered_methods(report):
        if method in (CURVE, "random"):
            continue
        at = gap_to_curve(report, metric, method)
        if at is None:
            continue
        words = {
            1: _("{method} lies {gap:.3f} above MLE's curve in {bleu}, at the same self-BLEU "
                 "({n})"),
            -1: _("{method} lies {gap:.3f} below MLE's curve in {bleu}: turning MLE's temperature "
                  "does better ({n})"),
            0: _("{method} cannot be told apart from MLE's curve in {bleu}: {interval} ({n})"),
        }[at.side]  # fmt: skip
        return words.format(
            method=method_name(method), gap=abs(at.gap), bleu=bleu, interval=at.interval,
            n=seeds_text(report),
        )  # fmt: skip
    return _("{bleu} against self-BLEU: quality and variety, never one alone").format(bleu=bleu)


def _runs(report: Report, strategy: str, metric: str) -> Trace:
    row = row_of(report, strategy)
    assert row is not None
    style, title, results = method_style(strategy), method_name(strategy), row["results"]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": title,
        "x": [result["values"]["self_bleu"] for result in results],
        "y": [result["values"][metric] for result in results],
        "customdata": [result["seed"] for result in results],
        "marker": {"symbol": style.symbol, "size": 10, "color": style.colour, "opacity": 0.85},
        "hovertemplate": title
        + ", "
        + _("seed")
        + " %{customdata}: %{x:.3f} / %{y:.3f}<extra></extra>",
    }


def _others(report: Report, metric: str) -> list[Trace]:
    """Real text and n-gram models, where both of their numbers are known."""
    return [
        _mark(BASELINES[key][0], BASELINES[key][1], x, y)
        for key, (x, y) in _places(report, metric).items()
        if key != OFF_SCALE
    ]


def _off_scale_note(report: Report, metric: str) -> list[dict[str, Any]]:
    """The unigram model is left off the scale, and said."""
    at = _places(report, metric).get(OFF_SCALE)
    if at is None:
        return []
    text = _("unigram model off the scale: {x:.2f} / {y:.2f} ↙").format(x=at[0], y=at[1])
    return [note(text, 1, 0, xref="paper", yref="paper", xanchor="right", yanchor="bottom")]


def _places(report: Report, metric: str) -> dict[str, tuple[float, float]]:
    alike, good = baselines(report, "self_bleu"), baselines(report, metric)
    return {key: (alike[key], good[key]) for key in good if key in alike}


def _mark(title: str, style: MethodStyle, x: float, y: float) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": title,
        "x": [x],
        "y": [y],
        "marker": {"symbol": style.symbol, "size": 12, "color": style.colour,
                   "line": {"color": style.colour, "width": 2}},
        "hovertemplate": f"{title}: %{{x:.3f}} / %{{y:.3f}}<extra></extra>",
    }  # fmt: skip


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def points(report: Report, metric: str) -> list[Mapping[str, Any]]:
    """MLE's curve as rows for a table: temperature, BLEU, self-BLEU."""
    return [
        {"temperature": t, "bleu": y, "self_bleu": x}
        for x, y, t in zip(*curve(report, metric), strict=True)
    ]
