"""Above MLE's curve of temperatures, on it, or below: the distance of every run, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seqgan_core.figures.methods.means import dots, point, vertical_line, with_rows
from seqgan_core.figures.methods.report import UNTRAINED, Report, method_name, method_style, span
from seqgan_core.figures.style import NEUTRAL, Figure, empty, figure
from seqgan_core.messages import _

Gap = Mapping[str, Any]  # `seqgan_core.judge.frontier_distance.Distance` as a plain value
CURVE = "mle"


def gaps_by_seed(gaps: Sequence[Gap]) -> Figure:
    """How far above MLE's curve each run lies, at its own NLL_oracle: a row a method."""
    seeing = _(
        "NLL_test above MLE's curve at the same NLL_oracle, each run against the MLE of its own "
        "seed. At 0 a temperature does as much; left of 0 the method can what no temperature of "
        "MLE can; right of 0 it pays more than sharpening would."
    )
    within = [gap for gap in gaps if gap["summary"] is not None]
    if not within:
        return empty(_("No run lies where MLE's temperatures reach"), seeing, height=300)
    held = [0.0, *(value for gap in within for value in gap["seeds"].values())]
    ends = [gap["summary"][end] for gap in within for end in ("low", "high")]
    data = []
    for place, gap in enumerate(within):
        style, title = method_style(gap["strategy"]), method_name(gap["strategy"])
        values = {int(seed): value for seed, value in gap["seeds"].items()}
        data += [
            dots(gap["strategy"], values, place),
            point(title, gap["summary"], place, style.colour, style.symbol),
        ]
    result = figure(
        data,
        finding=_finding(within),
        seeing=seeing,
        x_title=_("NLL_test above MLE's curve, nats per token"),
        y_title="",
        height=52 * len(within) + 120,
        shapes=[vertical_line(0.0, NEUTRAL)],
        x_range=span(held, [end for end in ends if end is not None]),
        y_range=(len(within) - 0.5, -0.5),
    )
    return with_rows(result, [method_name(gap["strategy"]) for gap in within])


def side(gap: Gap) -> int:
    """1 above MLE's curve, -1 below it, 0 where the seeds cannot tell (or there is but one)."""
    summary = gap["summary"]
    if summary is None or summary["low"] is None:
        return 0
    return 1 if summary["low"] > 0 else -1 if summary["high"] < 0 else 0


def single(gap: Gap) -> str:
    """What one seed can say; nothing where there are more."""
    return _("One seed cannot tell on which side it lies") if gap["summary"]["n"] == 1 else ""


def gap_of(gaps: Sequence[Gap], strategy: str) -> Gap | None:
    """A method's distance, where it could be measured."""
    return next((g for g in gaps if g["strategy"] == strategy and g["summary"] is not None), None)


def interval(gap: Gap) -> str:
    """A distance as it is said: value, interval, n.

    >>> interval({"summary": {"n": 3, "mean": 0.03, "low": 0.01, "high": 0.05}})
    '+0.030 nats [+0.010, +0.050], n = 3 seeds'
    """
    summary = gap["summary"]
    if summary["low"] is None:
        return _("{mean:+.3f} nats, n = 1 seed").format(**summary)
    return _("{mean:+.3f} nats [{low:+.3f}, {high:+.3f}], n = {n} seeds").format(**summary)


def plane_words(report: Report, gaps: Sequence[Gap]) -> str:
    """The title of the plane: where the reference lies against MLE's temperatures."""
    gap = gap_of(gaps, report["reference"])
    who = method_name(report["reference"])
    if gap is None:
        return _("Quality and coverage of every run, and what MLE's temperature does to them")
    where = {
        1: _("{who} lies above MLE's curve: sharpening MLE costs less coverage"),
        -1: _("{who} lies below MLE's curve: no temperature of MLE does as much"),
        0: _("{who} cannot be told from MLE with its temperature turned"),
    }[side(gap)]
    return where.format(who=who)


def notice(gaps: Sequence[Gap], reference: str) -> str:
    """What to notice: the reference's distance and what it means, then the others'."""
    sentences = []
    gap = gap_of(gaps, reference)
    if gap is not None:
        where = (
            single(gap)
            or {
                1: _("Above the curve: turning MLE's temperature down does as much for less"),
                -1: _("Below the curve: it can what no temperature of MLE can"),
                0: _("Within the noise of the seeds: it cannot be told from a turned temperature"),
            }[side(gap)]
        )
        sentences.append(
            _("{who}'s NLL_test against MLE's curve at equal NLL_oracle: {gap}. {where}.").format(
                who=method_name(reference), gap=interval(gap), where=where
            )
        )
    for gap_row in gaps:
        if gap_row["strategy"] == reference or gap_row["summary"] is None:
            continue
        sentences.append(
            _("{who}: {gap}.").format(who=method_name(gap_row["strategy"]), gap=interval(gap_row))
        )
    sentences += [_outside(g) for g in gaps if g["outside"] and g["strategy"] != UNTRAINED]
    return " ".join(sentences)


def _outside(gap: Gap) -> str:
    return _(
        "{k} of {n} runs of {who} have an NLL_oracle that none of MLE's temperatures reached, so "
        "they have no distance."
    ).format(
        who=method_name(gap["strategy"]), k=gap["outside"], n=gap["outside"] + len(gap["seeds"])
    )


def _finding(gaps: Sequence[Gap]) -> str:
    below = [method_name(gap["strategy"]) for gap in gaps if side(gap) < 0]
    if below:
        return _("Below MLE's curve of temperatures: {who}").format(who=", ".join(below))
    above = [gap for gap in gaps if side(gap) > 0]
    if len(above) == len(gaps):
        return _("No method lies below MLE's curve: all pay more than sharpening would")
    return _("No method lies below MLE's curve; of {k} of {n} it cannot be told").format(
        k=len(gaps) - len(above), n=len(gaps)
    )
