"""Differences from the reference method, with their intervals, and what one observation is."""

from itertools import combinations
from statistics import median

from seqgan_core.figures.methods.forest import ForestRow, forest
from seqgan_core.figures.methods.names import kind_of_test, method_name, p_text
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.style import Figure, empty
from seqgan_core.judge.report import Difference, Observation, Report
from seqgan_core.messages import _, remark


def differences(report: Report, metric: str, by: Observation) -> Figure:
    """Each method minus the reference: the difference of the means with its 95% interval.

    Runs and sequences share the scale, so that the switch shows what it changes.
    """
    what, second = metric_of(metric), method_name(report.reference)
    tests = report.tests(metric, by)
    seeing = remark(f"seeing.difference-{kind_of_test(report, metric, by)}", second=second)
    if not tests:
        return empty(_("No test of {metric} here").format(metric=what.title), seeing)
    rows, others = (
        [ForestRow(test.first, test.difference, test.low, test.high) for test in each]
        for each in (tests, report.tests(metric, "sentence" if by == "run" else "run"))
    )
    title = _("{metric} minus that of {second}").format(metric=what.title, second=second)
    return forest(
        rows,
        finding=_finding(report, metric, by),
        seeing=seeing,
        x_title=", ".join(filter(None, [title, what.unit])),
        digits=what.digits,
        signed=True,
        zero=True,
        scale=[*rows, *others],
    )


def _finding(report: Report, metric: str, by: Observation) -> str:
    tests = report.tests(metric, by)
    text = (
        _("{metric}, one observation is a run: {k} of {n} methods differ from {second}")
        if by == "run"
        else _("{metric}, one observation is a sequence: {k} of {n} methods differ from {second}")
    )
    return text.format(
        metric=metric_of(metric).title,
        k=sum(test.sign != 0 for test in tests),
        n=len(tests),
        second=method_name(report.reference),
    )


def observation_matters(report: Report, metric: str) -> str:
    """Under the tests: one p-value for each kind of observation, and what each of them says."""
    others = [strategy for strategy in report.strategies if strategy != report.reference]
    other = "mle" if "mle" in others else next(iter(others), "")
    run = report.difference(report.reference, other, metric)
    sequence = report.difference(report.reference, other, metric, "sentence")
    names = {
        "a": method_name(report.reference), "b": method_name(other),
        "metric": metric_of(metric).title,
    }  # fmt: skip
    if sequence is None or run is None:
        test = sequence or run
        if test is None:
            return ""
        key = "methods.only-sequences" if run is None else "methods.only-runs"
        return remark(key, p=p_text(test.p_holm), n=test.n_first, m=test.n_second, **names)
    kind = kind_of_test(report, metric, "sentence")
    text = remark(
        "methods.both-tests-paired" if kind == "paired" else "methods.both-tests",
        p_run=p_text(run.p_holm), n_run=run.n_first, m_run=run.n_second,
        p_sequence=p_text(sequence.p_holm), n_sequence=sequence.n_first,
        m_sequence=sequence.n_second, **names,
    )  # fmt: skip
    if sequence.sign:
        meaning = _(
            "The test over sequences says that these two models differ, not that the methods do."
        )
    elif kind == "unpaired":
        meaning = remark("methods.unpaired-finds-little")
    else:
        meaning = _("The test over sequences finds no difference between these two models.")
    more = [_only_by_sequences(report, metric), _seeds_apart(report, other, metric, sequence)]
    return " ".join(filter(None, [text, meaning, *more]))


def _only_by_sequences(report: Report, metric: str) -> str:
    """The methods that differ from the reference by sequences and not by runs."""
    by_run = {test.first: test for test in report.tests(metric, "run")}
    flipped = [
        _("{method} ({p})").format(
            method=method_name(test.first), p=p_text(by_run[test.first].p_holm)
        )
        for test in report.tests(metric, "sentence")
        if test.sign and test.first in by_run and not by_run[test.first].sign
    ]
    if not flipped:
        return ""
    second = method_name(report.reference)
    return remark("methods.by-sequences-alone", second=second, methods=", ".join(flipped))


def _seeds_apart(report: Report, strategy: str, metric: str, sequence: Difference) -> str:
    """Two runs of one method would differ "significantly" by their sequences as well."""
    row = report.row(strategy)
    if row is None or len(row.results) < 2:
        return ""
    pairs = combinations([result.values[metric] for result in row.results], 2)
    apart, half = median(abs(a - b) for a, b in pairs), (sequence.high - sequence.low) / 2
    if not apart > half:
        return ""
    return remark("methods.seeds-apart", method=method_name(strategy), apart=apart, half=half)
