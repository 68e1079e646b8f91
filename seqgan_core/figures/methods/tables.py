"""The numbers of a comparison as tables: means, runs, and tests with their n."""

import math
from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean

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
from seqgan_core.judge.report import Difference, FrontierPoint, Observation, Report
from seqgan_core.judge.study import Setting
from seqgan_core.messages import _, remark


def tables(report: Report) -> list[Table]:
    """All tables of a comparison."""
    stopped = [stopping(report)] if report.stopping else []
    return [means(report), *stopped, runs(report), *tests(report)]


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


def stopping(report: Report) -> Table:
    """MLE's models: a row for each epoch at which it was stopped, a column for each temperature."""
    oracle, test = metric_of("nll_oracle"), metric_of("nll_test")

    def cell(points: tuple[FrontierPoint, ...]) -> str:
        means = (fmean(point.value(metric.name) for point in points) for metric in (oracle, test))
        return " / ".join(map(oracle.text, means))

    rows = [
        [str(epoch), *map(cell, zip(*(sweep.points[::-1] for sweep in sweeps), strict=True))]
        for epoch, sweeps in report.stopping.items()
    ]
    first = next(iter(report.stopping.values()))[0].points[::-1]
    head = [_("temperature {t:g}").format(t=point.temperature) for point in first]
    return Table([_("epoch"), *head], rows, remark("seeing.stopping", n=first[0].n))


def learning(settings: Sequence[Setting]) -> Table:
    """The evaluations of a study's runs: means over the seeds, where all were evaluated."""
    shown, rows = ("nll_oracle", "nll_test", "d_accuracy"), []
    for setting in settings:
        name = [method_name(setting.config.strategy), *map(str, setting.triple)]
        runs = [
            dict(zip(run.epoch, zip(run.nll_oracle, run.nll_test, run.d_accuracy, strict=True),
                     strict=True))
            for run in setting.runs
        ]  # fmt: skip
        for epoch in runs[0] if runs else ():
            if all(epoch in run for run in runs):
                means = map(fmean, zip(*(run[epoch] for run in runs), strict=True))
                cells = [metric_of(metric).text(None if math.isnan(mean) else mean)
                         for metric, mean in zip(shown, means, strict=True)]  # fmt: skip
                rows.append([*name, f"{epoch:g}", *cells, str(len(runs))])
    head = [_("method"), _("g-steps"), _("d-steps"), "k", _("epoch"), *map(_head, shown), "n"]
    return Table(head, rows, _("Every evaluation, mean over the seeds; MLE's epochs come first"))


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
            yield Table(head, rows, remark(f"seeing.tests-{kind}", metric=what.title))


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
