"""D's filters as figures: brackets in lanes, the strongest filters, and other tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from seqgan_core.figures.discriminator import findings
from seqgan_core.figures.style import (
    DISCRIMINATOR,
    GENERATOR,
    NEUTRAL,
    REAL,
    Figure,
    Trace,
    bars,
    by_name,
    empty,
    figure,
    level,
    line,
    marks,
    numbers,
)
from seqgan_core.messages import Message, _, remark

if TYPE_CHECKING:
    from seqgan_core.insight.discriminator.filters import FilterRanking, StrongFilter
    from seqgan_core.insight.statistics import Mean

ROW = 30  # pixels a filter


def lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """A lane for each bracket, so that no two in one lane touch: lane 0 stands at the tokens.

    `spans` are (start, width) of each; the first get the lowest lanes.

    >>> lanes([(0, 3), (2, 2), (3, 2), (7, 1)])
    [0, 1, 0, 0]
    """
    taken: list[list[tuple[int, int]]] = []
    result = []
    for start, width in spans:
        clear = (
            number
            for number, lane in enumerate(taken)
            if all(start + width <= left or right <= start for left, right in lane)
        )
        number = next(clear, len(taken))
        if number == len(taken):
            taken.append([])
        taken[number].append((start, start + width))
        result.append(number)
    return result


def alternatives(scores: np.ndarray, now: int, name: str) -> Figure:
    """D's `scores` (V,) with each of the tokens at one position, in ascending order.

    `now` is the token that stands there, which a person reads as `name`.
    """
    order = np.argsort(scores, kind="stable")
    place = int(np.flatnonzero(order == now)[0]) + 1
    n = len(scores)
    current = marks(
        [place], [scores[now]], _("{token} (now)").format(token=name), DISCRIMINATOR, "diamond",
        size=12, edge={"width": 2, "color": "white"}, hover=_("now: %{y:.4f}"),
    )  # fmt: skip
    each = line(list(range(1, n + 1)), scores[order].tolist(), _("each token"), DISCRIMINATOR)
    return figure(
        [each, current],
        finding=remark(
            "finding.replacements",
            low=scores.min(), high=scores.max(), token=name, rank=n + 1 - place, n=n,
        ),
        seeing=_("D's score with each of the {n} tokens at this position, lowest first.").format(
            n=n
        ),
        x_title=_("tokens by score"),
        y_title=_("D, P(real)"),
        height=190,
        y_range=(-0.06, 1.06),
        shapes=[level(0.5, NEUTRAL)],
        hovermode="closest",
        showlegend=False,
    )  # fmt: skip


def filter_effects(ranking: FilterRanking) -> Figure:
    """How much each filter moves D's score, and in which direction."""
    seeing = remark("seeing.filter-effects", n=ranking.n)
    filters = ranking.filters
    if not filters:
        return empty(_("No filter is active in these sequences"), seeing)
    looks = (
        (1, "▲", REAL, "", _("▲ towards real")),
        (-1, "▼", GENERATOR, "/", _("▼ towards fake")),
        (0, "◆", NEUTRAL, "x", _("◆ neither")),
    )
    data: list[Trace] = []
    for sign, mark, colour, shape, name in looks:
        some = [each for each in filters if each.effect.sign == sign]
        if some:
            data.append(
                bars(
                    [100 * each.strength.value for each in some], _names(some), name, colour, shape,
                    orientation="h",
                    error_x=_whiskers([each.strength.times(100) for each in some]),
                    customdata=[str(each.effect.times(100)) for each in some],
                    hover=f"{mark} {_('%{y} (mean effect %{customdata}): %{x:.2f}')}",
                )
            )  # fmt: skip
    return by_name(
        data,
        _names(filters),
        finding=findings.strongest_filter(filters[0]),
        seeing=seeing,
        x_title=_("mean |effect| on P(real), points"),
        y_title="",
        height=ROW * len(filters) + 96,
    )


def activations(ranking: FilterRanking) -> Figure:
    """In which sequences the same filters are more active: real ones, or fresh samples of G."""
    seeing = remark("seeing.activations", n=ranking.n)
    filters = ranking.filters
    if not filters:
        return empty(_("No filter is active in these sequences"), seeing)
    kinds = (
        (_("real, held-out"), [each.on_real for each in filters], "circle", REAL),
        (_("samples of G"), [each.on_fake for each in filters], "diamond", GENERATOR),
    )
    data = [
        marks(
            [mean.value for mean in means], _names(filters), name, colour, symbol,
            hover=f"{name} %{{x:.3f}}", error_x=_whiskers(means),
        )
        for name, means, symbol, colour in kinds
    ]  # fmt: skip
    return by_name(
        data,
        _names(filters),
        finding=findings.activations(filters),
        seeing=seeing,
        x_title=_("mean activation c̃"),
        y_title="",
        height=ROW * len(filters) + 96,
    )


def _names(filters: Sequence[StrongFilter]) -> list[str]:
    return [
        str(Message("filter {number} · {n} token", "filter {number} · {n} tokens",
                    n=each.width, number=each.number))
        for each in filters
    ]  # fmt: skip


def _whiskers(means: Sequence[Mean]) -> Trace:
    return {
        "type": "data", "array": numbers(mean.half for mean in means), "thickness": 1.2,
        "width": 4, "color": NEUTRAL,
    }  # fmt: skip
