"""What else could stand in a token's place, and what one update makes of the tokens."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqgan_core.figures.rollouts.q_values import signed, value_words
from seqgan_core.figures.style import (
    GENERATOR,
    NEUTRAL,
    REAL,
    REWARD,
    Figure,
    Trace,
    fade,
    figure,
    level,
    numbers,
)
from seqgan_core.messages import _

HEIGHT = 300
TOPS = 5  # of each model's likeliest tokens that are drawn
SMALL = 0.05  # probabilities below it want a digit after the point


def alternatives(
    names: Sequence[str], q: Sequence[float], std_error: Sequence[float],
    gap_error: Sequence[float],
) -> Figure:  # fmt: skip
    """Q of the chosen token, which comes first, and of the likeliest others in its place.

    `names` is how they are read, `gap_error` the standard error of each q minus the first.
    """
    seeing = _(
        "Each token put in the place and rolled on with the same dice; bars are Q, whiskers ± one "
        "standard error. On top, filled: the one that stands there; then by G's probability."
    )
    labels = [_("{token} chosen").format(token=names[0]), *names[1:]]
    bars: Trace = {
        "type": "bar", "orientation": "h", "x": numbers(q), "y": labels,
        "error_x": {"type": "data", "array": numbers(std_error), "color": NEUTRAL, "width": 3},
        "marker": {
            "color": [REWARD, *[fade(REWARD, 0.45)] * (len(q) - 1)],
            "line": {"color": REWARD, "width": 1.5},
        },
        "name": _("Q"), "hovertemplate": "%{y}: %{x:.3f}<extra></extra>",
    }  # fmt: skip
    ends = [value + (0.0 if math.isnan(e) else e) for value, e in zip(q, std_error, strict=True)]
    result = figure(
        [bars], finding=_value_text(names, q, gap_error), seeing=seeing,
        x_title=_("Q, 0 to 1, higher is better"), y_title=_("token"), height=HEIGHT,
        x_range=(0, 1.06 * max(*ends, 0.01)),
    )  # fmt: skip
    return _categories(result, labels)


def conditional(
    names: Sequence[str], chosen: int, by_g: np.ndarray, by_oracle: np.ndarray | None
) -> Figure:
    """The next token as G and as the oracle would draw it, where the token `chosen` stands.

    `names` are those of all V tokens; the probabilities are (V,), None without an oracle.
    """
    seeing = _("The likeliest next tokens after this prefix by G, and the chosen one.")
    models = [(_("G"), by_g, GENERATOR, "")]
    if by_oracle is not None:
        seeing = _(
            "The likeliest next tokens after this prefix by G (filled) and by the oracle "
            "(striped), and the chosen one."
        )
        models.append((_("oracle"), by_oracle, REAL, "/"))
    tops = {int(token) for _n, p, _c, _s in models for token in np.argsort(-p)[:TOPS]}
    shown = sorted(tops | {chosen}, key=lambda token: -by_g[token])
    labels = [
        _("{token} chosen").format(token=names[token]) if token == chosen else names[token]
        for token in shown
    ]
    data: list[Trace] = [
        {
            "type": "bar", "orientation": "h", "x": numbers(p[shown]), "y": labels, "name": name,
            "marker": {"color": fade(colour, 0.75), "pattern": {"shape": shape}},
            "hovertemplate": f"{name}: %{{x:.2%}}<extra></extra>",
        }
        for name, p, colour, shape in models
    ]  # fmt: skip
    result = figure(
        data, finding=_likely(names[chosen], chosen, by_g, by_oracle), seeing=seeing,
        x_title=_("probability of the next token"), y_title=_("token"), height=HEIGHT,
    )  # fmt: skip
    small = max(float(p[shown].max()) for _n, p, _c, _s in models) < SMALL
    result["layout"]["xaxis"] |= {"tickformat": ".1%" if small else ".0%", "rangemode": "tozero"}
    return _categories(result, labels)


def update_scatter(
    weights: np.ndarray, before: np.ndarray, after: np.ndarray, row: int, t: int
) -> Figure:
    """Every token's weight in one policy-gradient update, and where its probability went.

    All are (B, T); the token at index t of sequence `row` is the chosen one.
    """
    seeing = _(
        "Each dot is a token of the sequences: right of the middle the update wants more of it, "
        "above it there is more. Tokens share weights, so some go along with others."
    )
    change = np.log(after / before)
    same_row = np.zeros(weights.shape, bool)
    same_row[row] = True
    is_chosen = np.zeros(weights.shape, bool)
    is_chosen[row, t] = True
    groups: list[tuple[str, np.ndarray, dict[str, Any]]] = [
        (_("other sequences"), ~same_row,
         {"symbol": "circle-open", "size": 7, "color": fade(GENERATOR, 0.7)}),
        (_("this sequence"), same_row & ~is_chosen,
         {"symbol": "circle", "size": 8, "color": GENERATOR}),
        (_("chosen token"), is_chosen,
         {"symbol": "diamond", "size": 14, "color": REWARD,
          "line": {"color": GENERATOR, "width": 2}}),
    ]  # fmt: skip
    data: list[Trace] = [
        {
            "type": "scatter", "mode": "markers", "name": name, "marker": marker,
            "x": numbers(weights[mask]), "y": numbers(100 * np.expm1(change[mask])),
            "text": [
                _("sequence {b}, position {t}").format(b=b + 1, t=c + 1)
                for b, c in np.argwhere(mask)
            ],
            "hovertemplate": name + ", %{text}: %{y:+.2f} %<extra></extra>",
        }
        for name, mask, marker in groups
    ]  # fmt: skip
    result = figure(
        data, finding=_followed(weights, change), seeing=seeing,
        x_title=_("weight of the token in the update"),
        y_title=_("relative change of its probability, %"),
        height=HEIGHT, shapes=[level(0.0, NEUTRAL)],
    )  # fmt: skip
    result["layout"]["hovermode"] = "closest"
    return result


def rank(p: np.ndarray, token: int) -> int:
    """How many tokens are likelier than `token`, plus 1.

    >>> rank(np.array([0.2, 0.5, 0.3]), 2)
    2
    """
    return int((p > p[token]).sum()) + 1


def _value_text(names: Sequence[str], q: Sequence[float], gap_error: Sequence[float]) -> str:
    if len(q) < 2:
        return _("No other token can stand here")
    gap, noise = q[0] - q[1], gap_error[1]
    if math.isnan(noise):
        return _(
            "One roll-out cannot tell what {chosen} is worth beside {other}, the likeliest other"
        ).format(chosen=names[0], other=names[1])
    if gap == 0:
        words = _("Token {chosen} is worth the same as {other}, the likeliest other")
    elif gap > 0:
        words = _("Token {chosen} is worth {gap} more than {other}, the likeliest other")
    else:
        words = _("Token {chosen} is worth {gap} less than {other}, the likeliest other")
    numbers = words.format(
        chosen=names[0], other=names[1], gap=value_words(abs(gap), noise if noise else math.nan)
    )
    if gap and noise and abs(gap) < 2 * noise:
        numbers += _(": within the noise")
    return numbers


def _likely(name: str, token: int, by_g: np.ndarray, by_oracle: np.ndarray | None) -> str:
    words = _("Token {token}: {p} by G (rank {r} of {n})").format(
        token=name, p=percent(by_g[token]), r=rank(by_g, token), n=len(by_g)
    )
    if by_oracle is None:
        return words
    return words + _(", {p} by the oracle (rank {r})").format(
        p=percent(by_oracle[token]), r=rank(by_oracle, token)
    )


def _followed(weights: np.ndarray, change: np.ndarray) -> str:
    weighed = np.abs(weights) > 1e-6  # equal values less their mean leave a rounding's rest
    if not weighed.any():
        return _("No token carries weight: what moves them is the optimiser's momentum")
    went = int((np.sign(weights) == np.sign(change))[weighed].sum())
    return _("{k} of {n} tokens moved the way their weight points").format(
        k=went, n=int(weighed.sum())
    )


def percent(p: float) -> str:
    """A probability with three digits that count.

    >>> percent(0.43285), percent(0.0059918), percent(1.0), percent(2e-7)
    ('43.3 %', '0.599 %', '100 %', '0.00002 %')
    """
    shown = 100 * float(p)
    if 0 < shown < 0.00001:
        return "< 0.00001 %"
    digits = max(0, 2 - math.floor(math.log10(shown))) if shown else 0
    return f"{shown:.{min(digits, 5)}f} %"


def points(before: float, after: float) -> str:
    """How far a probability went, in points of a percent, with the digits it is shown with.

    >>> points(0.632, 0.6416), points(0.5, 0.4997), points(0.5, 0.5)
    ('+1.0 points', '−0.03 points', '0 points')
    """
    went = 100 * (float(after) - float(before))
    if not went:
        return _("0 points")
    digits = max(
        2 - math.floor(math.log10(100 * max(float(before), 1e-7))),
        -math.floor(math.log10(abs(went))),
    )
    return _("{went} points").format(went=signed(went, min(max(0, digits), 5)))


def _categories(result: Figure, labels: Sequence[str]) -> Figure:
    """Bars by name from the top down, each read on its own."""
    result["layout"]["yaxis"] |= {
        "type": "category", "autorange": "reversed", "categoryorder": "array",
        "categoryarray": list(labels), "showgrid": False,
    }  # fmt: skip
    result["layout"]["xaxis"]["showgrid"] = True
    result["layout"]["hovermode"] = "closest"
    result["layout"]["bargap"] = 0.3
    return result
