"""One metric of text: every method, every seed a dot, and beside them what trivial models reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seqgan_core.figures.methods.means import dots, off_scale, point, with_rows
from seqgan_core.figures.methods.report import (
    Report,
    method_name,
    method_style,
    row_of,
    seeds_text,
    span,
)
from seqgan_core.figures.methods.text_report import (
    BASELINES,
    baseline_name,
    baselines,
    metric_of,
    ordered_methods,
    real_data_name,
)
from seqgan_core.figures.style import REAL, Figure, Trace, empty, fade, figure
from seqgan_core.messages import _

_ROW = 34  # pixels of height
_FAR = ("unigram",)  # so far from all others that it must not decide the scale


def levels(report: Report, metric: str) -> Figure:
    """A row a method with its mean and its interval; below them real text and n-gram models.

    Args:
        report: a comparison of text.
        metric: one that `metrics` of it names.
    """
    what = metric_of(metric)
    methods = ordered_methods(report)
    if not methods:
        return empty(_("No method to compare yet"), _("A row will be a method, a dot a seed."))
    others = baselines(report, metric)
    data = [
        trace for place, strategy in enumerate(methods)
        for trace in _method(report, strategy, metric, place)
    ]  # fmt: skip
    within = [value for key, value in others.items() if key not in _FAR]
    bounds = span([*(x for trace in data for x in trace["x"]), *within], list(others.values()))
    notes = []
    for place, (key, value) in enumerate(others.items(), start=len(methods)):
        if bounds[0] <= value <= bounds[1]:
            left = value > bounds[0] + 0.75 * (bounds[1] - bounds[0])
            data.append(_other(key, value, place, what.digits, left=left))
        else:
            notes.append(off_scale(value, bounds, place))
    held = others.get("held out", others.get("real"))
    result = figure(
        data,
        finding=_finding(report, metric, others),
        seeing=_seeing(report, metric, others),
        x_title=what.axis,
        y_title="",
        height=_ROW * (len(methods) + len(others)) + 96,
        shapes=[] if held is None else [_upright(held)],
        notes=notes,
        x_range=bounds,
        y_range=(len(methods) + len(others) - 0.5, -0.5),
    )
    return with_rows(result, [*map(method_name, methods), *map(baseline_name, others)])


def _method(report: Report, strategy: str, metric: str, place: int) -> list[Trace]:
    row = row_of(report, strategy)
    assert row is not None
    style = method_style(strategy)
    values = {result["seed"]: result["values"][metric] for result in row["results"]}
    summary: Mapping[str, Any] = row["summary"][metric]
    return [
        dots(strategy, values, place),
        point(method_name(strategy), summary, place, style.colour, style.symbol),
    ]


def _other(key: str, value: float, place: int, digits: int, *, left: bool) -> Trace:
    """A row of one value, which is written on the side where there is room."""
    title, style = BASELINES[key]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": title,
        "x": [value],
        "y": [place],
        "text": [f" {value:.{digits}f} "],
        "textposition": "middle left" if left else "middle right",
        "marker": {"symbol": style.symbol, "size": 11, "color": style.colour,
                   "line": {"color": style.colour, "width": 2}},
        "hovertemplate": f"{title} %{{x:.4f}}<extra></extra>",
    }  # fmt: skip


def _upright(x: float) -> dict[str, Any]:
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1,
        "line": {"color": fade(REAL, 0.7), "width": 1.4, "dash": "dash"}, "layer": "below",
    }  # fmt: skip


def _finding(report: Report, metric: str, others: Mapping[str, float]) -> str:
    what = metric_of(metric)
    parts = []
    for strategy in ("seqgan", "mle"):
        row = row_of(report, strategy)
        if row is not None:
            value = row["summary"][metric]["mean"]
            parts.append(f"{method_name(strategy)} {value:.{what.digits}f}")
    words = ", ".join(parts) or method_name(ordered_methods(report)[0])
    real = "held out" if "held out" in others else "real"
    texts = [
        f"{title} {others[key]:.{what.digits}f}"
        for key, title in ((real, real_data_name(report)), ("bigram", _("a bigram model")))
        if key in others
    ]
    beside_words = "; " + ", ".join(texts) if texts else ""
    return f"{what.title}: {words}{beside_words}"


def _seeing(report: Report, metric: str, others: Mapping[str, float]) -> str:
    words = _("A dot is a run, the large mark their mean with its 95% interval ({n}).").format(
        n=seeds_text(report)
    )
    if others:
        words += " " + _("Below: {real}, and models that only count n-grams.").format(
            real=real_data_name(report)
        )
    if metric.startswith("bleu_"):
        words += " " + _("BLEU is counted against all that is held out.")
    elif metric == "copied":
        words += " " + _("What is held out says how much sharing is natural.")
    return words
