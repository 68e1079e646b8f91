"""The numbers of a comparison as tables: means, runs, and tests with their n."""

import math
from collections.abc import Iterable, Iterator

from seqgan_core.figures.methods.names import (
    chosen_text,
    kind_of_test,
    levels,
    method_name,
    metrics,
    p_digits,
    seeds_text,
    with_interval,
)
from seqgan_core.figures.metrics import Metric, metric_of
from seqgan_core.figures.table import Table
from seqgan_core.judge.report import Difference, Observation, Report
from seqgan_core.messages import _


def tables(report: Report) -> list[Table]:
    """All tables of a comparison."""
    return [means(report), runs(report), *tests(report)]


def means(report: Report) -> Table:
    """A row a method, and a row for what real data and n-gram models have; a column a metric."""
    names = metrics(report)
    rows = [
        [method_name(row.strategy), *(with_interval(metric_of(m), row.summary[m]) for m in names)]
        for row in report.rows
    ]
    columns = {name: levels(report, name) for name in names}
    for level in dict.fromkeys(key for values in columns.values() for key in values):
        cells = [metric_of(name).text(values.get(level)) for name, values in columns.items()]
        rows.append([method_name(level), *cells])
    caption = _("Mean [95% interval], {n}, {samples:,} samples per run.").format(
        n=seeds_text(report), samples=report.samples
    )
    chosen = chosen_text(report)
    return Table([_("method"), *map(_head, names)], rows, " ".join(filter(None, [caption, chosen])))


def runs(report: Report) -> Table:
    """A row a run."""
    names = metrics(report)
    rows = [
        [
            method_name(row.strategy), str(result.seed),
            *(metric_of(name).text(result.values[name]) for name in names),
            f"{result.seconds:.0f}", result.run,
        ]
        for row in report.rows
        for result in row.results
    ]  # fmt: skip
    head = [_("method"), _("seed"), *map(_head, names), _("seconds"), _("run")]
    return Table(head, rows, _("Every run"))


def tests(report: Report) -> Iterator[Table]:
    """Every test, with runs and with sequences as observations."""
    second = method_name(report.reference)
    captions = {
        "run": _("{metric}: Welch's test, one observation is a run"),
        "sequence": _("{metric}: Welch's test, one observation is a sequence of the lowest seed's "
                      "run"),
        "paired": _("{metric}: paired t-test, one observation is a held-out sequence, the same "
                    "for the models of the lowest seed"),
        "unpaired": _("{metric}: Welch's test, one observation is a held-out sequence; this file "
                      "was recorded before the test was paired, so it finds too little"),
    }  # fmt: skip
    tested: tuple[tuple[Observation, Iterable[str]], ...] = (
        ("run", report.over_runs), ("sentence", report.over_sentences),
    )  # fmt: skip
    for by, names in tested:
        for metric in names:
            what, kind = metric_of(metric), kind_of_test(report, metric, by)
            effect = "d_z" if kind == "paired" else _("Hedges' g")
            head = [_("minus {reference}").format(reference=second), _("difference [95%]"), "p",
                    _("p (Holm)"), effect, "n"]  # fmt: skip
            rows = [_test(what, test) for test in report.tests(metric, by)]
            yield Table(head, rows, captions[kind].format(metric=what.title))


def _head(name: str) -> str:
    what = metric_of(name)
    return f"{what.title} {what.arrow}".strip()


def _test(what: Metric, test: Difference) -> list[str]:
    value, low, high = (
        what.text(number, signed=True) for number in (test.difference, test.low, test.high)
    )
    return [
        method_name(test.first),
        f"{value} [{low}, {high}]",
        p_digits(test.p),
        p_digits(test.p_holm),
        f"{test.effect:+.2f}" if math.isfinite(test.effect) else "–",
        f"{test.n_first:,}, {test.n_second:,}",
    ]
