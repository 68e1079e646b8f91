"""What the figures of a comparison share: names, looks, and the metrics that they show."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from seqgan_core.figures.metrics import METRICS, Metric, metric_of
from seqgan_core.figures.style import COMPARED, GENERATOR, NEUTRAL, REAL
from seqgan_core.judge.methods import TABLE_1
from seqgan_core.judge.report import ORACLE, Observation, Report, Summary
from seqgan_core.messages import N_, Message, _, ngettext, remark

UNTRAINED = "random"
CONTROLS = ("constant_reward", "random_reward")  # they know nothing about the data
# So far from all others that they must not decide the scale of a figure.
FAR = (UNTRAINED, "unigram")
TestKind = Literal["run", "sequence", "paired", "unpaired"]  # the last of files from before


@dataclass(frozen=True)
class Look:
    """How a row of a comparison is named and drawn: never by its colour alone."""

    title: str
    colour: str
    symbol: str
    dash: str


_LOOKS = {
    UNTRAINED: Look(N_("Random"), COMPARED[5], "x", "dot"),
    "mle": Look(N_("MLE"), NEUTRAL, "square", "dash"),
    "scheduled_sampling": Look(N_("Scheduled sampling"), COMPARED[2], "triangle-up", "longdash"),
    "pg_bleu": Look(N_("PG-BLEU"), COMPARED[3], "diamond", "dashdot"),
    "seqgan": Look(N_("SeqGAN"), GENERATOR, "circle", "solid"),
    "constant_reward": Look(N_("Constant reward"), COMPARED[1], "cross", "longdashdot"),
    "random_reward": Look(N_("Random reward"), COMPARED[4], "pentagon", "4px,2px,1px,2px"),
    "tilt": Look(N_("MLE tilted to frequent tokens"), COMPARED[5], "hexagon", "dot"),
    "mixture": Look(N_("MLE mixed from two temperatures"), COMPARED[2], "star", "longdash"),
    "seqgan_value": Look(N_("SeqGAN, value baseline"), GENERATOR, "circle-open", "dash"),
    "actor_critic": Look(N_("Actor-critic"), COMPARED[2], "hourglass", "dashdot"),
    "tree_search": Look(N_("Tree search"), COMPARED[3], "star-triangle-up", "longdash"),
    "tree_search_negatives": Look(
        N_("Tree search, D sees it"), COMPARED[5], "star-triangle-down", "longdashdot"
    ),
    "best_of_n": Look(N_("Best of n"), COMPARED[4], "bowtie", "dot"),
    ORACLE: Look(N_("Real data (oracle)"), REAL, "diamond", "solid"),
    "held out": Look(N_("Real data, held-out"), REAL, "diamond", "solid"),
    "real": Look(N_("Real data, training"), REAL, "diamond-open", "dash"),
    "trigram": Look(N_("Trigram model"), COMPARED[3], "triangle-up-open", "dot"),
    "bigram": Look(N_("Bigram model"), COMPARED[3], "triangle-down-open", "dot"),
    "unigram": Look(N_("Unigram model"), COMPARED[3], "x-thin-open", "dot"),
}
_LEVELS = ("held out", "real", ORACLE, "trigram", "bigram", "unigram")


def look_of(name: str) -> Look:
    """How a method, or what methods are compared with, is drawn everywhere."""
    return _LOOKS.get(name) or Look(name, COMPARED[4], "star", "dot")


def method_name(name: str) -> str:
    """The name for people; an unknown one stays as it is."""
    return _(look_of(name).title)


def broken_name(name: str) -> str:
    """The name with its last word on a second line, for a phone."""
    return "<br>".join(method_name(name).rsplit(" ", 1))


def metrics(report: Report) -> list[str]:
    """The metrics that every method has, in the table's order; of text NLL_test comes last."""
    found = [m for m in METRICS if report.rows and all(m in row.summary for row in report.rows)]
    return sorted(found, key=lambda name: report.is_text and name == "nll_test")


def main_pair(report: Report) -> tuple[str, str]:
    """The two metrics that are never shown one without the other: quality, and what it may cost.

    NLL_oracle and NLL_test; of text the longest BLEU and self-BLEU.
    """
    bleu = [name for name in metrics(report) if name.startswith("bleu_")]
    return (bleu[-1], "self_bleu") if bleu else ("nll_oracle", "nll_test")


def planes(report: Report) -> list[tuple[str, str]]:
    """The pairs of metrics, to the right and upwards, that a temperature trades."""
    if not report.is_text:
        return [("nll_oracle", "nll_test")]
    return [("self_bleu", name) for name in metrics(report) if name.startswith("bleu_")]


def levels(report: Report, metric: str) -> dict[str, float]:
    """What real data and n-gram models have of a metric, where that is known."""
    rows = report.ceilings
    if metric == "self_bleu" or metric.startswith("distinct_"):
        # These depend on the number of texts: a value computed in fewer cannot be compared.
        most = max((row.varied for row in rows), default=0)
        rows = tuple(row for row in rows if row.varied == most)
    values = {row.name: row.value(metric) for row in rows}
    if not report.ceilings:
        values = {"real" if report.is_text else ORACLE: report.real.get(metric)}
    return {
        name: value for name in _LEVELS
        if (value := values.get(name)) is not None and math.isfinite(value)
    }  # fmt: skip


def real_level(report: Report, metric: str) -> float | None:
    """The metric of real data: held-out if it was measured, else what there is."""
    values = levels(report, metric)
    return next((values[name] for name in ("held out", "real", ORACLE) if name in values), None)


def trained(report: Report) -> list[str]:
    """The methods without the untrained generator."""
    return [strategy for strategy in report.strategies if strategy != UNTRAINED]


def ranked(report: Report, metric: str, among: Sequence[str]) -> list[str]:
    """Methods by their mean of a metric, the best first; the lowest if neither way is better.

    Those without a mean are last.
    """
    sign = -1 if metric_of(metric).direction == "higher" else 1
    values = {strategy: sign * report.mean(strategy, metric) for strategy in among}
    return sorted(among, key=lambda strategy: (math.isnan(values[strategy]), values[strategy]))


def seeds_text(report: Report) -> str:
    """How many runs each method has: "n = 5 seeds", or "n = 2 to 5 seeds"."""
    counts = sorted({len(row.results) for row in report.rows}) or [0]
    if len(counts) > 1:
        return _("n = {low} to {high} seeds").format(low=counts[0], high=counts[-1])
    return ngettext("n = {n} seed", "n = {n} seeds", counts[0])


def chosen_text(report: Report) -> str:
    """Which of the comparison's seeds and data chose the preset's settings; empty if unknown."""
    about, chosen = report.about, report.about.choosing_seeds
    if not chosen:
        return ""
    if report.is_text:
        text = (
            _("The preset's settings were chosen with {chosen} on the same held-out data.")
            if about.shares_data
            else _("The preset's settings were chosen with {chosen} on another corpus.")
        )
        return text.format(chosen=_seeds(chosen))
    runs = {result.seed for row in report.rows for result in row.results}
    if about.preset == TABLE_1:
        given = {"chosen": _seeds(chosen), "runs": _seeds(sorted(runs))}
        return remark("seeing.chosen", **given, data=report.config.get("oracle_seed"))
    shared = [seed for seed in chosen if seed in runs]
    if about.shares_data:
        key = "seeing.chosen-oracle-and-seeds" if shared else "seeing.chosen-oracle"
    else:
        key = "seeing.chosen-seeds" if shared else "seeing.chosen-elsewhere"
    return remark(key, chosen=_seeds(chosen), shared=_seeds(shared))


def _seeds(seeds: Sequence[int]) -> str:
    listed = ", ".join(map(str, seeds))
    return str(Message("seed {listed}", "seeds {listed}", n=len(seeds), listed=listed))


def kind_of_test(report: Report, metric: str, by: Observation) -> TestKind:
    """What one observation is: NLL_test is measured on the same held-out sequences for all."""
    if by == "run":
        return "run"
    if any(test.paired for test in report.tests(metric, by)):
        return "paired"
    return "unpaired" if metric == "nll_test" else "sequence"


def with_interval(what: Metric, summary: Summary) -> str:
    """A mean with its 95% interval."""
    if summary.low is None or summary.high is None:
        return _("{value} (n = 1)").format(value=what.text(summary.mean))
    return f"{what.text(summary.mean)} [{what.text(summary.low)}, {what.text(summary.high)}]"


def untested(report: Report) -> str:
    """Why there is no test over runs, as a sentence; empty where there is one."""
    if report.over_runs:
        return ""
    if report.reference not in report.strategies:
        text = _("{method} is not among the methods, so nothing is tested against it.")
        return text.format(method=method_name(report.reference))
    few = [row.strategy for row in report.rows if len(row.results) < 2]
    if not few:
        return report.untested and f"{report.untested.rstrip('.')}."
    text = _("{method} has n = 1; a test needs at least 2 runs of each method: train more seeds.")
    return text.format(method=method_name(few[0]))


def p_text(p: float) -> str:
    """A p-value, to be shown with its n.

    >>> p_text(0.0312), p_text(0.2), p_text(1e-9), p_text(0.0000141)
    ('p = 0.031', 'p = 0.20', 'p < 1e-6', 'p = 1.4e-5')
    """
    return "p < 1e-6" if p < 1e-6 else f"p = {p_digits(p)}"


def p_digits(p: float) -> str:
    """The p-value alone.

    >>> p_digits(0.0312), p_digits(1e-9)
    ('0.031', '< 1e-6')
    """
    if p < 1e-6:
        return "< 1e-6"
    if p >= 0.1:
        return f"{p:.2f}"
    return f"{p:.1e}".replace("e-0", "e-") if p < 1e-3 else f"{p:.2g}"
