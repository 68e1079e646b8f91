"""What the figures of the methods screen share: names, looks, and how a comparison is read.

A comparison is the plain value that `seqgan_core.judge.report` makes and its file holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from seqgan_core.figures.style import COMPARED, GENERATOR, NEUTRAL
from seqgan_core.messages import _

Report = Mapping[str, Any]
Observation = Literal["run", "sentence"]
OBSERVATIONS: tuple[Observation, ...] = ("run", "sentence")
UNTRAINED = "random"  # far from all others: it must not decide the scale of a figure


@dataclass(frozen=True)
class MethodStyle:
    """How a method is drawn: never by its colour alone."""

    colour: str
    symbol: str
    dash: str


@dataclass(frozen=True)
class Metric:
    """A metric for people; `unit` is empty for shares and scores from 0 to 1."""

    title: str
    unit: str
    way: str

    @property
    def axis(self) -> str:
        """The title of its axis: name, unit, and what its ends mean."""
        return ", ".join(filter(None, [self.title, self.unit, self.way]))


_STYLES = {
    "random": MethodStyle(COMPARED[5], "x", "dot"),
    "mle": MethodStyle(NEUTRAL, "square", "dash"),
    "scheduled_sampling": MethodStyle(COMPARED[2], "triangle-up", "longdash"),
    "pg_bleu": MethodStyle(COMPARED[3], "diamond", "dashdot"),
    "seqgan": MethodStyle(GENERATOR, "circle", "solid"),
    "constant_reward": MethodStyle(COMPARED[1], "cross", "longdashdot"),
}
_NAMES = {
    "random": _("Random"),
    "mle": _("MLE"),
    "scheduled_sampling": _("Scheduled sampling"),
    "pg_bleu": _("PG-BLEU"),
    "seqgan": _("SeqGAN"),
    "constant_reward": _("Constant reward"),
    "oracle": _("The oracle itself"),
}
_NATS, _LOW = _("nats per token"), _("lower is better")
METRICS: dict[str, Metric] = {
    "nll_oracle": Metric(_("NLL_oracle"), _NATS, _LOW),
    "nll_test": Metric(_("NLL_test"), _NATS, _LOW),
    "self_bleu": Metric(_("self-BLEU-3"), "", _("1 is all alike")),
    "distinct_2": Metric(_("distinct-2"), "", _("0 is all alike")),
    "distinct_3": Metric(_("distinct-3"), "", _("0 is all alike")),
}


def method_name(strategy: str) -> str:
    """A method's name for people; an unknown one keeps its own."""
    return _NAMES.get(strategy, strategy)


def method_style(strategy: str) -> MethodStyle:
    """How a method is drawn everywhere."""
    return _STYLES.get(strategy, MethodStyle(COMPARED[4], "star", "dot"))


def strategies(report: Report) -> list[str]:
    """The methods of a comparison, in its order."""
    return [row["strategy"] for row in report["rows"]]


def metrics(report: Report) -> list[str]:
    """The metrics that every method of the comparison has, in the house's order."""
    return [metric for metric in METRICS if all(metric in row["summary"] for row in report["rows"])]


def row_of(report: Report, strategy: str) -> Mapping[str, Any] | None:
    """A method's row, if it is among those compared."""
    return next((row for row in report["rows"] if row["strategy"] == strategy), None)


def mean(report: Report, strategy: str, metric: str) -> float | None:
    """A method's mean over seeds."""
    row = row_of(report, strategy)
    return float(row["summary"][metric]["mean"]) if row and metric in row["summary"] else None


def real_level(report: Report, metric: str) -> float | None:
    """The same metric of the oracle's own samples."""
    level: float | None = report["real"].get(metric)
    return level


def trained(report: Report) -> list[str]:
    """The methods without the untrained generator."""
    return [strategy for strategy in strategies(report) if strategy != UNTRAINED]


def ranked(report: Report, metric: str, among: Sequence[str]) -> list[str]:
    """Methods by their mean of a metric, lowest first."""
    return sorted(among, key=lambda strategy: mean(report, strategy, metric) or 0.0)


def seeds_text(report: Report) -> str:
    """How many runs each method has: "n = 5 seeds", or "n = 2 to 5 seeds".

    >>> seeds_text({"rows": [{"results": [1, 2]}, {"results": [1]}]})
    'n = 1 to 2 seeds'
    """
    counts = sorted({len(row["results"]) for row in report["rows"]})
    if len(counts) > 1:
        return _("n = {low} to {high} seeds").format(low=counts[0], high=counts[-1])
    return _("n = {n} seeds").format(n=counts[0]) if counts != [1] else _("n = 1 seed")


def untested(report: Report) -> str:
    """Why there is no test over runs, as a sentence; empty where there is one.

    >>> untested({"rows": [{"strategy": "mle"}], "untested": "mle has n = 1; train more seeds"})
    'MLE has n = 1; train more seeds.'
    """
    why = str(report.get("untested") or "").rstrip(".")
    for strategy in strategies(report):
        if why.startswith(f"{strategy} "):
            why = method_name(strategy) + why.removeprefix(strategy)
    return why and f"{why}."


def p_text(p: float) -> str:
    """A p-value as it is said; it needs its n beside it.

    >>> p_text(0.0312), p_text(0.2), p_text(1e-9), p_text(0.0000141)
    ('p = 0.031', 'p = 0.20', 'p < 1e-6', 'p = 1.4e-5')
    """
    return "p < 1e-6" if p < 1e-6 else f"p = {_digits(p)}"


def _digits(p: float) -> str:
    if p >= 0.1:
        return f"{p:.2f}"
    return f"{p:.1e}".replace("e-0", "e-") if p < 1e-3 else f"{p:.2g}"


def difference(
    report: Report, first: str, second: str, metric: str, by: Observation
) -> Mapping[str, Any] | None:
    """The test of `first` less `second`, whichever way round the comparison holds it."""
    tests = report["over_runs"] if by == "run" else report["over_sentences"]
    for test in tests.get(metric, []):
        if (test["first"], test["second"]) == (first, second):
            return test  # type: ignore[no-any-return]
        if (test["first"], test["second"]) == (second, first):
            return _reversed(test)
    return None


def _reversed(test: Mapping[str, Any]) -> Mapping[str, Any]:
    effect = test["effect"]
    return {
        **test,
        "first": test["second"],
        "second": test["first"],
        "difference": -test["difference"],
        "low": -test["high"],
        "high": -test["low"],
        "effect": None if effect is None else -effect,
        "n_first": test["n_second"],
        "n_second": test["n_first"],
    }


def span(
    values: Sequence[float], far: Sequence[float] = (), room: float = 0.25
) -> tuple[float, float]:
    """A range that holds `values` with some air, and those of `far` that do not stretch it.

    What lies further off than `room` times the values' width is left out, as the two-seed
    interval that is many times as wide as all that was measured.
    """
    low, high = min(values), max(values)
    width = max(high - low, 1e-3) * room
    near = [value for value in far if low - width <= value <= high + width]
    low, high = min([low, *near]), max([high, *near])
    pad = 0.08 * max(high - low, 1e-3)
    return low - pad, high + pad
