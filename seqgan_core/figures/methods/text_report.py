"""A comparison of text or tunes as the figures read it: metrics, methods, and the rows beside them.

The rows beside the methods are real text and models that only count n-grams, measured alike; the
comparison keeps them as `ceilings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seqgan_core.figures.i18n import _
from seqgan_core.figures.methods.report import Found, Look, name, strategies
from seqgan_core.figures.style import COMPARED, REAL

SELF_BLEU_ORDER = "3"  # of the comparison's self-BLEU, whatever BLEU it stands beside
_HIGH, _ALIKE, _VARIED = _("higher is better"), _("1 is all alike"), _("0 is all alike")
BESIDE: dict[str, tuple[str, Look]] = {
    "held out": (_("real, held back"), Look(REAL, "diamond", "solid")),
    "real": (_("real, learned from"), Look(REAL, "diamond-open", "dash")),
    "trigram": (_("trigram model"), Look(COMPARED[3], "triangle-up-open", "dot")),
    "bigram": (_("bigram model"), Look(COMPARED[3], "triangle-down-open", "dot")),
    "unigram": (_("unigram model"), Look(COMPARED[3], "x-thin-open", "dot")),
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
    known = {
        "self_bleu": TextMetric("self-BLEU-3", f"self-BLEU-3, {_ALIKE}"),
        "distinct_2": TextMetric("distinct-2", f"distinct-2, {_VARIED}"),
        "distinct_3": TextMetric("distinct-3", f"distinct-3, {_VARIED}"),
        "copied": TextMetric(_("Longest copy"), _("tokens in the longest copied run"), 2),
        "nll_test": TextMetric("NLL_test", _("NLL_test, nats per token, lower is better"), 2),
        "mse": TextMetric("MSE", _("semitones² to the nearest real tune, lower is better"), 2),
        "in_key": TextMetric(_("Share in key"), _("share of time on the notes of its key")),
        "repeated": TextMetric(_("Repeated patterns"), _("share of patterns that come again")),
    }
    return known.get(metric, TextMetric(metric, metric))


def metrics(found: Found) -> list[str]:
    """The metrics that all methods have: BLEU, what music adds, variety, copies, and the rest."""
    rows = found["rows"]
    shared = set.intersection(*(set(row["summary"]) for row in rows)) if rows else set()
    bleu = sorted(metric for metric in shared if metric.startswith("bleu_"))
    rest = ("mse", "in_key", "repeated", "self_bleu", "distinct_2", "copied", "nll_test")
    return [*bleu, *(metric for metric in rest if metric in shared)]


def beside(found: Found, metric: str) -> dict[str, float]:
    """What real text and n-gram models are measured at, by their names, where that is known."""
    rows = found.get("ceilings") or []
    if metric == "self_bleu" or metric.startswith("distinct_"):
        # they change with how many texts are looked at: what was counted in fewer is no measure
        most = max((row["varied"] for row in rows), default=0)
        rows = [row for row in rows if row["varied"] == most]
    told = {str(row["name"]): _value(row, metric) for row in rows}
    if not told and found["real"].get(metric) is not None:
        told = {"real": found["real"][metric]}
    return {key: told[key] for key in BESIDE if told.get(key) is not None}  # type: ignore[misc]


def beside_name(key: str) -> str:
    """What a row beside the methods is called."""
    return BESIDE[key][0]


def of_tunes(found: Found) -> bool:
    """Whether it is a comparison of tunes, which alone have an MSE."""
    return all("mse" in row["summary"] for row in found["rows"])


def real_words(found: Found) -> str:
    """What real data of it is called."""
    return _("real tunes") if of_tunes(found) else _("real text")


def known(found: Found) -> list[str]:
    """The methods, the untrained one last."""
    return sorted(strategies(found), key=lambda strategy: strategy == "random")


def first_and_second(found: Found) -> tuple[str, str] | None:
    """The method under test and the one that it is laid beside, if both are here."""
    there = strategies(found)
    return ("seqgan", "mle") if {"seqgan", "mle"} <= set(there) else None


def title(strategy: str) -> str:
    """A method's name."""
    return name(strategy)


def difference(found: Found, metric: str, one: str, other: str) -> Mapping[str, Any] | None:
    """The test between two methods over runs, `one` less `other`; None where there is none."""
    for test in found["over_runs"].get(metric, []):
        if (test["first"], test["second"]) == (one, other):
            return dict(test)
        if (test["first"], test["second"]) == (other, one):
            turned = {"difference": -test["difference"], "low": -test["high"], "high": -test["low"],
                      "n_first": test["n_second"], "n_second": test["n_first"]}  # fmt: skip
            return dict(test) | turned
    return None


def _value(row: Mapping[str, Any], metric: str) -> float | None:
    """A metric of a row beside the methods; orders are words in a file's JSON."""
    kind, _low, order = metric.rpartition("_")
    found: Any = None
    if kind == "bleu":
        found = row["bleu"].get(order, {}).get("mean")
    elif metric == "self_bleu":
        found = row["self_bleu"].get(SELF_BLEU_ORDER)
    elif kind == "distinct":
        found = row["distinct"].get(order)
    elif metric == "copied":
        found = row.get("run")
    else:
        found = row.get("others", {}).get(metric, {}).get("mean")
    return None if found is None else float(found)
