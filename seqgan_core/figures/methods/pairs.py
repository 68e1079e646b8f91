"""Two methods against each other in words: both metrics, and what the tests over runs say."""

import math
from typing import Literal

from seqgan_core.figures.methods.names import main_pair, method_name, p_text, seeds_text
from seqgan_core.figures.metrics import metric_of
from seqgan_core.judge.report import Report
from seqgan_core.messages import _

Sign = Literal[-1, 0, 1] | None


def against(report: Report, first: str, second: str, *, control: bool = False) -> str:
    """Both metrics of two methods, and what the tests over runs say of each."""
    pair = main_pair(report)
    if any(math.isnan(report.mean(method, pair[0])) for method in (first, second)):
        return ""
    both = "; ".join(numbers(report, first, second, metric) for metric in pair)
    quality, other = (_better(report, first, second, metric) for metric in pair)
    text = (_control_verdict if control else _pair_verdict)(quality, other)
    words = text.format(
        first=method_name(first), second=method_name(second),
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
    text = _(
        "{metric} {a} against {b} (difference {difference} [{low}, {high}], Holm's "
        "{p}, n = {n_first} and {n_second} runs)"
    )
    values |= {"low": what.text(test.low, signed=True), "high": what.text(test.high, signed=True)}
    return text.format(
        p=p_text(test.p_holm), n_first=test.n_first, n_second=test.n_second, **values
    )


def _better(report: Report, first: str, second: str, metric: str) -> Sign:
    """1 where `first` is better, -1 where it is worse, 0 if it cannot be told; None: no test."""
    test = report.difference(first, second, metric)
    if test is None:
        return None
    return test.sign if metric_of(metric).direction == "higher" else -test.sign  # type: ignore[return-value]


def _pair_verdict(quality: Sign, other: Sign) -> str:
    if quality is None or other is None:
        return _(
            "Without a test over runs, nothing can be said about the methods, only about these "
            "models."
        )
    texts = {
        (1, 1): _("{first} is better by both."),
        (1, 0): _("{first} is better by {quality}; by {other} no difference is found."),
        (1, -1): _("{first} is better by {quality} and worse by {other}: it trades one for the "
                   "other."),
        (0, 1): _("{first} is better by {other}; by {quality} no difference is found."),
        (0, 0): _("No difference is found: {first} does not win here."),
        (0, -1): _("By {quality} no difference is found, and by {other} {first} is worse."),
        (-1, 1): _("{first} is worse by {quality} and better by {other}."),
        (-1, 0): _("{first} is worse by {quality}; by {other} no difference is found."),
        (-1, -1): _("{first} is worse by both."),
    }  # fmt: skip
    return texts[quality, other]


def _control_verdict(quality: Sign, other: Sign) -> str:
    """Of a reward that ignores the data against SeqGAN's; no difference found is no equality."""
    if quality is None or other is None:
        return _("Without a test over runs, nothing can be said about the reward.")
    texts = {
        (1, 1): _("{first}, which ignores the data, is better by both: here D's score does harm."),
        (1, 0): _("{first}, which ignores the data, is better by {quality}, so D's score does harm "
                  "there; by {other} no difference is found."),
        (1, -1): _("{first}, which ignores the data, is better by {quality} and worse by {other}: "
                   "D's score costs the one and helps the other."),
        (0, 1): _("{first}, which ignores the data, is better by {other}, so D's score does harm "
                  "there; by {quality} no difference is found."),
        (0, 0): _("{first} ignores the data, and no difference is found by either, within these "
                  "intervals: that D's score helps is not shown, nor that it does not."),
        (0, -1): _("{first}, which ignores the data, is worse by {other}, so D's score helps "
                   "there; by {quality} no difference is found."),
        (-1, 1): _("{first}, which ignores the data, is worse by {quality} and better by {other}: "
                   "D's score helps the one and costs the other."),
        (-1, 0): _("{first}, which ignores the data, is worse by {quality}, so D's score helps "
                   "there; by {other} no difference is found."),
        (-1, -1): _("{first}, which ignores the data, is worse by both: D's score does teach "
                    "something."),
    }  # fmt: skip
    return texts[quality, other]
