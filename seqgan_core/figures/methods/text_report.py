"""A comparison of text or tunes as the figures read it: metrics, methods, and the rows beside them.

The rows beside the methods are real text and models that only count n-grams, measured alike; the
comparison keeps them as `ceilings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seqgan_core.figures.methods.report import MethodStyle, Report, strategies
from seqgan_core.figures.style import COMPARED, REAL
from seqgan_core.messages import _

SELF_BLEU_ORDER = "3"  # of the comparison's self-BLEU, whatever BLEU it stands beside
_HIGH, _ALIKE, _VARIED = _("higher is better"), _("1 is all alike"), _("0 is all alike")
BASELINES: dict[str, tuple[str, MethodStyle]] = {
    "held out": (_("real, held back"), MethodStyle(REAL, "diamond", "solid")),
    "real": (_("real, learned from"), MethodStyle(REAL, "diamond-open", "dash")),
    "trigram": (_("trigram model"), MethodStyle(COMPARED[3], "triangle-up-open", "dot")),
    "bigram": (_("bigram model"), MethodStyle(COMPARED[3], "triangle-down-open", "dot")),
    "unigram": (_("unigram model"), MethodStyle(COMPARED[3], "x-thin-open", "dot")),
}


@dataclass(frozen=True)
class TextMetric:
    """A metric of text for people; `digits` after the point are shown."""

    title: str
    axis: str
    digits: int = 3


def metric_of(metric: str) -> TextMetric:
    """How a metric is called and which way is better.

    >>> metric_of("bleu_2").axis
    'BLEU-2, higher is better'
    """
    if metric.startswith("bleu_"):
        title = f"BLEU-{metric.removeprefix('bleu_')}"
        return TextMetric(title, f"{title}, {_HIGH}")
    metrics = {
        "self_bleu": TextMetric("self-BLEU-3", f"self-BLEU-3, {_ALIKE}"),
        "distinct_2": TextMetric("distinct-2", f"distinct-2, {_VARIED}"),
        "distinct_3": TextMetric("distinct-3", f"distinct-3, {_VARIED}"),
        "copied": TextMetric(_("Longest copy"), _("tokens in the longest copied run"), 2),
        "nll_test": TextMetric("NLL_test", _("NLL_test, nats per token, lower is better"), 2),
        "mse": TextMetric("MSE", _("semitones² to the nearest real tune, lower is better"), 2),
        "in_key": TextMetric(_("Share in key"), _("share of time on the notes of its key")),
        "repeated": TextMetric(_("Repeated patterns"), _("share of patterns that come again")),
    }
    return metrics.get(metric, TextMetric(metric, metric))


def metrics(report: Report) -> list[str]:
    """The metrics that all methods have: BLEU, what music adds, variety, copies, and the rest."""
    rows = report["rows"]
    shared = set.intersection(*(set(row["summary"]) for row in rows)) if rows else set()
    bleu = sorted(metric for metric in shared if metric.startswith("bleu_"))
    rest = ("mse", "in_key", "repeated", "self_bleu", "distinct_2", "copied", "nll_test")
    return [*bleu, *(metric for metric in rest if metric in shared)]


def baselines(report: Report, metric: str) -> dict[str, float]:
    """What real text and n-gram models are measured at, by their names, where that is known."""
    rows = report.get("ceilings") or []
    if metric == "self_bleu" or metric.startswith("distinct_"):
        # they change with how many texts are looked at: what was counted in fewer is no measure
        most = max((row["varied"] for row in rows), default=0)
        rows = [row for row in rows if row["varied"] == most]
    values = {str(row["name"]): _value(row, metric) for row in rows}
    if not values and report["real"].get(metric) is not None:
        values = {"real": report["real"][metric]}
    return {key: values[key] for key in BASELINES if values.get(key) is not None}  # type: ignore[misc]


def baseline_name(key: str) -> str:
    """What a row beside the methods is called."""
    return BASELINES[key][0]


def is_music(report: Report) -> bool:
    """Whether it is a comparison of tunes, which alone have an MSE."""
    return all("mse" in row["summary"] for row in report["rows"])


def real_data_name(report: Report) -> str:
    """What real data of it is called."""
    return _("real tunes") if is_music(report) else _("real text")


def ordered_methods(report: Report) -> list[str]:
    """The methods, the untrained one last."""
    return sorted(strategies(report), key=lambda strategy: strategy == "random")


def compared_pair(report: Report) -> tuple[str, str] | None:
    """The method under test and the one that it is laid beside, if both are here."""
    methods = strategies(report)
    return ("seqgan", "mle") if {"seqgan", "mle"} <= set(methods) else None


def difference(report: Report, metric: str, first: str, second: str) -> Mapping[str, Any] | None:
    """The test between two methods over runs, `first` less `second`; None where there is none."""
    for test in report["over_runs"].get(metric, []):
        if (test["first"], test["second"]) == (first, second):
            return dict(test)
        if (test["first"], test["second"]) == (second, first):
            return dict(test) | {
                "difference": -test["difference"], "low": -test["high"], "high": -test["low"],
                "n_first": test["n_second"], "n_second": test["n_first"],
            }  # fmt: skip
    return None


def _value(row: Mapping[str, Any], metric: str) -> float | None:
    """A metric of a row beside the methods; orders are words in a file's JSON."""
    kind, _low, order = metric.rpartition("_")
    report: Any = None
    if kind == "bleu":
        report = row["bleu"].get(order, {}).get("mean")
    elif metric == "self_bleu":
        report = row["self_bleu"].get(SELF_BLEU_ORDER)
    elif kind == "distinct":
        report = row["distinct"].get(order)
    elif metric == "copied":
        report = row.get("run")
    else:
        report = row.get("others", {}).get(metric, {}).get("mean")
    return None if report is None else float(report)
