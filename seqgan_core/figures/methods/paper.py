"""The paper's own numbers.

Its oracle has another size, and its BLEU other references and another split: of both only the order
can be compared with ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from seqgan_core.figures.methods.report import (
    Report,
    mean,
    method_name,
    method_style,
    ranked,
    strategies,
)
from seqgan_core.figures.style import NEUTRAL, Figure, Trace, empty, figure, note
from seqgan_core.messages import _

# NLL_oracle in nats per token, as commonly cited from the paper's Table 1: V = 5000, T = 20.
NLL_ORACLE = {
    "random": 10.310,
    "mle": 9.038,
    "scheduled_sampling": 8.985,
    "pg_bleu": 8.946,
    "seqgan": 8.736,
}
SOURCE = _("as commonly cited from the paper's Table 1 (V = 5000, T = 20)")


def both_orders(report: Report) -> tuple[list[str], list[str]]:
    """The methods that both have, lowest NLL_oracle first: in this comparison, in the paper."""
    shared = [
        strategy
        for strategy in strategies(report)
        if strategy in NLL_ORACLE and mean(report, strategy, "nll_oracle") is not None
    ]
    return ranked(report, "nll_oracle", shared), sorted(shared, key=NLL_ORACLE.__getitem__)


def swapped_pairs(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs that stand the other way round, the one that is first here first.

    >>> swapped_pairs(["a", "b", "c"], ["b", "a", "c"])
    [('a', 'b')]
    """
    place = {strategy: index for index, strategy in enumerate(theirs)}
    return [(a, b) for a, b in combinations(ours, 2) if place[a] > place[b]]


def orders(report: Report, size: str) -> Figure:
    """Our order by NLL_oracle at left, the paper's at right, a line for each method.

    Args:
        report: a comparison.
        size: what it was made at, such as "V = 50, T = 10".
    """
    ours, theirs = both_orders(report)
    seeing = _(
        "Places by NLL_oracle, lowest first. Ours at left, {size}; the paper's at right, {source}. "
        "Its numbers are of another size and another oracle, so only the order can be compared."
    ).format(size=size, source=SOURCE)
    if len(ours) < 2:
        return empty(_("Two methods of the paper's table are needed for an order"), seeing)
    data, notes = [], []
    for strategy in ours:
        our_place, their_place = ours.index(strategy), theirs.index(strategy)
        data.append(_joined(strategy, our_place, their_place))
        value = mean(report, strategy, "nll_oracle")
        notes += [
            _side(f"{_broken(strategy)} {value:.3f}", 0, our_place, method_style(strategy).colour),
            _side(f"{NLL_ORACLE[strategy]:.3f} {_broken(strategy)}", 1, their_place, NEUTRAL),
        ]
    notes += [
        note(_("here"), 0, -0.75, xanchor="center"),
        note(_("the paper"), 1, -0.75, xanchor="center"),
    ]
    result = figure(
        data,
        finding=_finding(ours, theirs),
        seeing=seeing,
        x_title="",
        y_title="",
        height=44 * len(ours) + 78,
        notes=notes,
        x_range=(-1.15, 2.15),
        y_range=(len(ours) - 0.5, -1.0),
    )
    hidden = {"visible": False, "fixedrange": True}
    result["layout"]["xaxis"] |= hidden
    result["layout"]["yaxis"] |= hidden
    result["layout"] |= {"showlegend": False, "hovermode": "closest"}
    return result


def _side(text: str, x: int, y: int, colour: str) -> dict[str, Any]:
    """Words beside a mark: left of the left one, right of the right one."""
    where = "left" if x else "right"
    shift = 12 if x else -12
    return note(text, x, y, xanchor=where, align=where, xshift=shift, colour=colour)


def _broken(strategy: str) -> str:
    """A name on two lines where it has two words, for a phone."""
    return method_name(strategy).replace(" ", "<br>", 1)


def _joined(strategy: str, our_place: int, their_place: int) -> Trace:
    style = method_style(strategy)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": method_name(strategy),
        "x": [0, 1],
        "y": [our_place, their_place],
        "line": {
            "color": NEUTRAL,
            "width": 1.6,
            "dash": "solid" if our_place == their_place else "dot",
        },
        "marker": {
            "symbol": [style.symbol, f"{style.symbol}-open"],
            "size": 11,
            "color": [style.colour, NEUTRAL],
        },
        "hovertemplate": _("{method}: place {here} here, {there} in the paper").format(
            method=method_name(strategy), here=our_place + 1, there=their_place + 1
        )
        + "<extra></extra>",
    }


def _finding(ours: Sequence[str], theirs: Sequence[str]) -> str:
    swapped = swapped_pairs(ours, theirs)
    pairs = len(ours) * (len(ours) - 1) // 2
    if not swapped:
        return _("The paper's order by NLL_oracle is ours too")
    if len(swapped) == 1:
        return _("Order by NLL_oracle: {a} and {b} stand the other way round in the paper").format(
            a=method_name(swapped[0][0]), b=method_name(swapped[0][1])
        )
    return _(
        "Order by NLL_oracle: {k} of {n} pairs of methods stand the other way round in the paper"
    ).format(k=len(swapped), n=pairs)


# -- text and music --------------------------------------------------------------------------------

# As commonly cited from the paper's tables; BLEU's references are its own test sets.
TEXT_RESULTS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "poems": (("BLEU-2", "0.6670", "0.7389", "0.746"),),
    "speech": (("BLEU-3", "0.519", "0.556", "–"), ("BLEU-4", "0.416", "0.427", "–")),
    "music": (("BLEU-4", "0.9210", "0.9406", "–"), ("MSE", "22.38", "20.62", "–")),
}
HUMAN = (_("human score"), "0.4165", "0.5356", "0.6011")


def text_rows(task: str) -> list[tuple[str, str, str, str]]:
    """The paper's results on a task of text or music: the metric, MLE, SeqGAN, real data."""
    return [*TEXT_RESULTS[task], *([HUMAN] if task == "poems" else [])]


def text_caveat(task: str) -> str:
    """Why these numbers cannot be compared with ours."""
    words = _(
        "As commonly cited from the paper's tables. BLEU grows with the number of references, and "
        "the paper does not state how many its test set holds, nor how it was split; so only the "
        "order of the methods can be compared, not the height."
    )
    if task == "music":
        words += " " + _(
            "It learned from the Nottingham tunes in another form, and does not say between what "
            "its MSE is; ours, said below, is of our own making."
        )
    if task == "poems":
        words += " " + _(
            "Its human score is how often people who saw one poem at a time took it for a "
            "person's; our quiz shows two and asks which one, so 0.5 is chance."
        )
    return words
