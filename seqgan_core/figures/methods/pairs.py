"""Two methods against each other in words: both metrics, and what the tests over runs say."""

import math

from seqgan_core.figures.methods.names import main_pair, method_name, p_text, seeds_text
from seqgan_core.figures.metrics import metric_of
from seqgan_core.judge.report import Report
from seqgan_core.messages import _, remark


def against(report: Report, first: str, second: str, *, control: bool = False) -> str:
    """Both metrics of two methods, and what the tests over runs say of each."""
    pair = main_pair(report)
    if any(math.isnan(report.mean(method, pair[0])) for method in (first, second)):
        return ""
    both = "; ".join(numbers(report, first, second, metric) for metric in pair)
    quality, other = (_place(report, first, second, metric) for metric in pair)
    kind = "control" if control else "pair"  # of what ignores the data; no difference: no equality
    if "" in (quality, other):
        return f"{both}. {remark(f'{kind}.untested')}"
    words = remark(
        f"{kind}.{quality}-{other}", first=method_name(first),
        quality=metric_of(pair[0]).title, other=metric_of(pair[1]).title,
    )  # fmt: skip
    return f"{both}. {words}"


def numbers(report: Report, first: str, second: str, metric: str) -> str:
    what = metric_of(metric)
    a, b = report.mean(first, metric), report.mean(second, metric)
    values = {
        "metric": what.title, "a": what.text(a), "b": what.text(b), "n": seeds_text(report),
        "difference": what.text(a - b, signed=True),
    }  # fmt: skip
    test = report.difference(first, second, metric)
    if test is None:
        return _("{metric} {a} against {b} (difference {difference}, {n})").format(**values)
    values |= {"low": what.text(test.low, signed=True), "high": what.text(test.high, signed=True)}
    return remark(
        "methods.numbers", p=p_text(test.p_holm), n_first=test.n_first, n_second=test.n_second,
        **values,
    )  # fmt: skip


def _place(report: Report, first: str, second: str, metric: str) -> str:
    """Whether `first` is better, worse, or it cannot be told; empty without a test."""
    test = report.difference(first, second, metric)
    if test is None:
        return ""
    sign = test.sign if metric_of(metric).direction == "higher" else -test.sign
    return {1: "better", 0: "unclear", -1: "worse"}[sign]
