"""D's filters as pictures: brackets in lanes, the strongest filters, and what else could stand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from seqgan_core.figures.style import (
    DISCRIMINATOR,
    GENERATOR,
    NEUTRAL,
    REAL,
    Figure,
    Trace,
    empty,
    figure,
    level,
    line,
    numbers,
)
from seqgan_core.messages import _

ROW = 30  # pixels a filter


def lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """A lane for each bracket, so that no two in one lane touch: lane 0 stands at the tokens.

    Args:
        spans: (start, width) of each; the first get the lowest lanes.

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


def alternatives(scores: np.ndarray, now: int, name: str, *, height: int = 190) -> Figure:
    """D's score with each of the V tokens in one place, from the worst to the best.

    Args:
        scores: (V,).
        now: the token that stands there.
        name: how a person reads that token.
        height: in pixels.
    """
    order = np.argsort(scores, kind="stable")
    rank = int(np.flatnonzero(order == now)[0]) + 1
    ranks = list(range(1, len(scores) + 1))
    current: Trace = {
        "type": "scatter", "mode": "markers", "x": [rank], "y": numbers([scores[now]]),
        "name": _("{token}, as it is").format(token=name),
        "marker": {"symbol": "diamond", "size": 12, "color": DISCRIMINATOR,
                   "line": {"width": 2, "color": "white"}},
        "hovertemplate": _("now: %{y:.4f}") + "<extra></extra>",
    }  # fmt: skip
    result = figure(
        [line(ranks, scores[order].tolist(), _("each token"), DISCRIMINATOR), current],
        finding=_(
            "This one place moves D from {low:.2f} to {high:.2f}; {token} is number {rank} of {n}"
        ).format(
            low=scores.min(),
            high=scores.max(),
            token=name,
            rank=len(scores) + 1 - rank,
            n=len(scores),
        ),
        seeing=_(
            "Each of the {n} tokens put in this place and scored, the worst at the left."
        ).format(n=len(scores)),
        x_title=_("tokens, by what D says"),
        y_title=_("D, P(real)"),
        height=height,
        y_range=(-0.06, 1.06),
        shapes=[level(0.5, NEUTRAL)],
    )
    result["layout"]["hovermode"] = "closest"
    result["layout"]["showlegend"] = False
    return result


def filter_effects(frame: pd.DataFrame, n: int) -> Figure:
    """How much each filter moves D's score, and which way, over n real and n fake sequences."""
    seeing = _(
        "Each filter switched off in {n} real and {n} fresh sequences, whiskers 95 %. ▲ speaks for "
        "real on the whole, ▼ for fake, ◆ for neither beyond noise. Chosen and measured on the "
        "same sequences: the first look a little stronger than they are."
    ).format(n=n)
    if frame.empty:
        return empty(_("No filter fires in these sequences"), seeing)
    data = []
    kinds = [direction(*pair) for pair in zip(frame["effect"], frame["effect_half"], strict=True)]
    looks = {"▲": (REAL, "", _("▲ for real")), "▼": (GENERATOR, "/", _("▼ for fake"))}
    for kind in ("▲", "▼", "◆"):
        colour, shape, name = looks.get(kind, (NEUTRAL, "x", _("◆ for neither")))
        some = frame[[own == kind for own in kinds]]
        if len(some):
            data.append(_bars(some, kind, colour, shape, name))
    top = frame.iloc[0]
    result = figure(
        data,
        finding=_(
            "Filter {number}, which reads {width} tokens, moves D most: by {points:.1f} points"
        ).format(number=int(top.number), width=int(top.width), points=100 * top.strength),
        seeing=seeing,
        x_title=_("mean |effect| on P(real), points"),
        y_title="",
        height=ROW * len(frame) + 96,
    )
    return _by_filter(result, frame)


def _bars(some: pd.DataFrame, kind: str, colour: str, shape: str, name: str) -> Trace:
    return {
        "type": "bar", "orientation": "h", "name": name,
        "y": _names(some), "x": numbers(100 * some["strength"]),
        "error_x": _whiskers(100 * some["strength_half"]),
        "marker": {
            "color": colour,
            "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": "white", "size": 6},
        },
        "hovertemplate": kind + " %{y}: %{x:.2f}<extra></extra>",
    }  # fmt: skip


def activations(frame: pd.DataFrame, n: int) -> Figure:
    """What excites the same filters more: real sequences or fresh ones of G."""
    seeing = _(
        "Mean activation c̃ of the same filters in {n} held-out real and in {n} fresh sequences, "
        "whiskers 95 %. Told apart means: the difference is larger than its own 95 % interval."
    ).format(n=n)
    if frame.empty:
        return empty(_("No filter fires in these sequences"), seeing)
    data: list[Trace] = [
        {
            "type": "scatter", "mode": "markers", "name": name, "y": _names(frame),
            "x": numbers(frame[column]), "error_x": _whiskers(frame[f"{column}_half"]),
            "marker": {"symbol": symbol, "size": 10, "color": colour},
            "hovertemplate": f"{name} %{{x:.3f}}<extra></extra>",
        }
        for name, column, symbol, colour in (
            (_("real, held out"), "on_real", "circle", REAL),
            (_("G's, fresh"), "on_fake", "diamond", GENERATOR),
        )
    ]  # fmt: skip
    apart = frame["on_real"] - frame["on_fake"]
    clear = apart.abs() > np.hypot(frame["on_real_half"], frame["on_fake_half"])
    result = figure(
        data,
        finding=_(
            "Of these {k}, {real} fire more for real, {fake} for G's; {rest} cannot be told apart"
        ).format(
            k=len(frame),
            real=int((clear & (apart > 0)).sum()),
            fake=int((clear & (apart < 0)).sum()),
            rest=int((~clear).sum()),
        ),
        seeing=seeing,
        x_title=_("mean activation c̃"),
        y_title="",
        height=ROW * len(frame) + 96,
    )
    return _by_filter(result, frame)


def direction(effect: float, half: float) -> str:
    """Which way a mean effect with its half interval points.

    >>> direction(0.02, 0.01), direction(-0.02, 0.01), direction(0.005, 0.01)
    ('▲', '▼', '◆')
    """
    if math.isnan(effect) or abs(effect) <= half:
        return "◆"
    return "▲" if effect > 0 else "▼"


def _by_filter(result: Figure, frame: pd.DataFrame) -> Figure:
    """One line a filter, the strongest at the top; a pointer reads one mark and not a column."""
    layout = result["layout"]
    layout["hovermode"] = "closest"
    layout["yaxis"] |= {
        "type": "category", "categoryorder": "array", "categoryarray": _names(frame)[::-1],
        "showgrid": False,
    }  # fmt: skip
    layout["xaxis"] |= {"showgrid": True, "rangemode": "tozero"}
    return result


def _names(frame: pd.DataFrame) -> list[str]:
    return [
        _("filter {number} · {width} tokens").format(number=number, width=width)
        for number, width in zip(frame["number"], frame["width"], strict=True)
    ]


def _whiskers(halves: pd.Series) -> Trace:
    return {
        "type": "data", "array": numbers(halves), "thickness": 1.2, "width": 4, "color": NEUTRAL,
    }  # fmt: skip
