"""Differences from the reference method, with their intervals."""

from __future__ import annotations

from seqgan_core.figures.methods.forest import ForestRow, forest
from seqgan_core.figures.methods.names import kind_of_test, method_name
from seqgan_core.figures.metrics import metric_of
from seqgan_core.figures.style import Figure, empty
from seqgan_core.judge.report import Observation, Report
from seqgan_core.messages import _


def differences(report: Report, metric: str, by: Observation) -> Figure:
    """Each method minus the reference: the difference of the means with its 95% interval.

    Runs and sequences share the scale, so that the switch shows what it changes.
    """
    what, second = metric_of(metric), method_name(report.reference)
    tests = report.tests(metric, by)
    seeing = {
        "run": _(
            "Each method's mean minus that of {second}, with its 95% interval (Welch's test, not "
            "paired by seed). One observation is a run: another seed, trained from scratch. An "
            "interval that contains 0 leaves open which of the two is better."
        ),
        "sequence": _(
            "Each method's mean minus that of {second}, with its 95% interval (Welch's test). One "
            "observation is a sequence of a single run, the one with the lowest seed, as in the "
            "paper. These intervals are narrow, but say nothing about other seeds."
        ),
        "paired": _(
            "Each method's mean minus that of {second}, with its 95% interval (paired t-test). One "
            "observation is a held-out sequence, the same for both models, which are those of the "
            "lowest seed. These intervals are narrow, but say nothing about other seeds."
        ),
        "unpaired": _(
            "Each method's mean minus that of {second}, with its 95% interval (Welch's test). One "
            "observation is a held-out sequence. They are the same for both models, but this file "
            "was recorded before the test was paired, so its intervals are too wide."
        ),
    }[kind_of_test(report, metric, by)].format(second=second)
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
