"""Differences from the reference method with their intervals, and what one observation decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seqgan_core.figures.methods.means import off_scale, point, vertical_line, with_rows
from seqgan_core.figures.methods.report import (
    METRICS,
    UNTRAINED,
    Observation,
    Report,
    difference,
    method_name,
    method_style,
    p_text,
    row_of,
    span,
    strategies,
)
from seqgan_core.figures.style import NEUTRAL, Figure, Trace, empty, figure
from seqgan_core.messages import _

ALPHA = 0.05

Test = Mapping[str, Any]


def tests_of(report: Report, metric: str, by: Observation) -> list[Test]:
    """The tests of one metric, as the comparison holds them."""
    tests: list[Test] = (report["over_runs"] if by == "run" else report["over_sentences"]).get(
        metric, []
    )
    return tests


def differences(report: Report, metric: str, by: Observation) -> Figure:
    """Each method less the reference: the difference of the means with its 95% interval.

    Runs and sentences share the scale, so that the switch shows what it changes.
    """
    what, second = METRICS[metric], method_name(report["reference"])
    tests = tests_of(report, metric, by)
    seeing = _seeing(by, second)
    if not tests:
        return empty(_("No test of {metric} here").format(metric=what.title), seeing)
    bounds = _scale([*tests_of(report, metric, "run"), *tests_of(report, metric, "sentence")])
    data: list[Trace] = []
    notes = []
    for place, test in enumerate(tests):
        style, title = method_style(test["first"]), method_name(test["first"])
        if bounds[0] <= test["difference"] <= bounds[1]:
            data.append(point(title, test, place, style.colour, style.symbol, "difference"))
        else:
            notes.append(off_scale(test["difference"], bounds, place))
    result = figure(
        data,
        finding=_finding(what.title, second, tests, by),
        seeing=seeing,
        x_title=_("{metric} less that of {second}").format(
            metric=", ".join(filter(None, [what.title, what.unit])), second=second
        ),
        y_title="",
        height=44 * len(tests) + 92,
        shapes=[vertical_line(0.0, NEUTRAL)],
        notes=notes,
        x_range=bounds,
        y_range=(len(tests) - 0.5, -0.5),
    )
    return with_rows(result, [method_name(test["first"]) for test in tests])


def _scale(tests: Sequence[Test]) -> tuple[float, float]:
    within = [test for test in tests if test["first"] != UNTRAINED] or tests
    inner = span([0.0, *(test["difference"] for test in within)], [t["difference"] for t in tests])
    ends = [test[end] for test in within for end in ("low", "high") if test[end] is not None]
    return span(inner, ends, room=2.0)


def _seeing(by: Observation, second: str) -> str:
    if by == "run":
        return _(
            "Each method's mean less {second}'s, with its 95% interval (Welch). One observation "
            "is a run: another seed, trained anew. An interval that holds 0 leaves it open which "
            "of the two is better."
        ).format(second=second)
    return _(
        "The same difference, but one observation is a sentence of one single run of each "
        "method, its lowest seed, as the paper counts. The intervals shrink, and say nothing "
        "of other seeds."
    )


def _finding(metric: str, second: str, tests: Sequence[Test], by: Observation) -> str:
    parts = [test for test in tests if test["p_holm"] < ALPHA]
    observation = _("a run") if by == "run" else _("a sentence")
    return _(
        "{metric}, one observation is {observation}: {k} of {n} methods differ from {second}"
    ).format(metric=metric, observation=observation, k=len(parts), n=len(tests), second=second)


# -- words -----------------------------------------------------------------------------------------


def other_of(report: Report) -> str | None:
    """The method that the reference is held against in words: MLE where it can be."""
    others = [strategy for strategy in strategies(report) if strategy != report["reference"]]
    return "mle" if "mle" in others else next(iter(others), None)


def jump(report: Report, metric: str) -> str:
    """What the choice of the observation does to one p-value, and what each of the two says."""
    other = other_of(report)
    if other is None:
        return ""
    second = report["reference"]
    run = difference(report, second, other, metric, "run")
    sentence = difference(report, second, other, metric, "sentence")
    names = {"a": method_name(second), "b": method_name(other), "metric": METRICS[metric].title}
    if sentence is None:
        return _alone(run, names)
    by_sentence = _("with a sentence {p}, n = {n:,} and {m:,}").format(
        p=p_text(sentence["p"]), n=sentence["n_first"], m=sentence["n_second"]
    )
    if run is None:
        return _(
            "{a} against {b} by {metric}: {by_sentence}. With a run as the observation there is "
            "no test: one run of each method says nothing of how the next one would turn out."
        ).format(by_sentence=by_sentence, **names)
    text = _(
        "{a} against {b} by {metric}: with a run as the observation {p}, n = {n} and {m}; "
        "{by_sentence}."
    ).format(
        p=p_text(run["p"]), n=run["n_first"], m=run["n_second"], by_sentence=by_sentence, **names
    )
    meant = (
        _("The second only says that these two models differ, not that the method does.")
        if sentence["p"] < ALPHA
        else _("Here even the sentences do not tell these two models apart.")
    )
    more = [_only_by_sentences(report, metric), _seeds_apart(report, other, metric, sentence)]
    return " ".join(filter(None, [text, meant, *more]))


def _only_by_sentences(report: Report, metric: str) -> str:
    """The methods that differ from the reference by their sentences and not by their runs."""
    by_run = {test["first"]: test for test in tests_of(report, metric, "run")}
    flipped = [
        f"{method_name(test['first'])} ({p_text(by_run[test['first']]['p_holm'])})"
        for test in tests_of(report, metric, "sentence")
        if test["p_holm"] < ALPHA <= by_run.get(test["first"], {"p_holm": 0.0})["p_holm"]
    ]
    if not flipped:
        return ""
    return _(
        "By sentences these differ from {second} as well, by runs they do not: {names}, corrected "
        "by Holm."
    ).format(second=method_name(report["reference"]), names=", ".join(flipped))


def _alone(run: Test | None, names: Mapping[str, str]) -> str:
    if run is None:
        return ""
    return _(
        "{a} against {b} by {metric}: {p}, n = {n} and {m} runs. A sentence has no {metric} of its "
        "own that does not depend on the others, so only runs can be tested."
    ).format(p=p_text(run["p"]), n=run["n_first"], m=run["n_second"], **names)


def _seeds_apart(report: Report, strategy: str, metric: str, sentence: Test) -> str:
    """Two runs of one method would differ "significantly" by their sentences too."""
    row = row_of(report, strategy)
    if row is None or len(row["results"]) < 2 or sentence["low"] is None:
        return ""
    values = {result["seed"]: result["values"][metric] for result in row["results"]}
    low, high = min(values, key=lambda s: values[s]), max(values, key=lambda s: values[s])
    apart, half = values[high] - values[low], (sentence["high"] - sentence["low"]) / 2
    if apart <= half:
        return ""
    return _(
        "To see why: {method}'s own seeds {low} and {high} lie {apart:.3f} apart, and the "
        "interval by sentences is only ± {half:.3f} wide. By sentences, one method differs "
        "from itself."
    ).format(method=method_name(strategy), low=low, high=high, apart=apart, half=half)
