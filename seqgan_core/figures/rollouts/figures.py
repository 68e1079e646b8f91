"""Figures of roll-outs: how Q settles, other tokens, one update, and Q as strengths of a colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from seqgan_core.figures.rollouts import findings
from seqgan_core.figures.rollouts.findings import SHOWN
from seqgan_core.figures.style import (
    GENERATOR,
    NEUTRAL,
    REAL,
    REWARD,
    Figure,
    bars,
    by_name,
    empty,
    fade,
    figure,
    level,
    line,
    marks,
    numbers,
    ribbon,
)
from seqgan_core.messages import _, remark

if TYPE_CHECKING:
    from seqgan_core.insight.rollouts.explore import Choice, Options, PolicyUpdate, Running

Scale = Literal["row", "batch", "unit"]
HEIGHT = 300
SETTLING_HEIGHT = 260
NARROW = 0.01  # of Q: what is closer together is drawn as the same
TOPS = 5  # of each model's likeliest tokens that are drawn
SMALL = 0.05  # probabilities below it want a digit after the point


def bounds(q: np.ndarray, scale: Scale) -> np.ndarray:
    """What the palest and the strongest colour of each row stand for: (B, T) -> (B, 2)."""
    if scale == "unit":
        return np.tile([0.0, 1.0], (len(q), 1))
    if scale == "row":
        return np.stack([q.min(axis=1), q.max(axis=1)], axis=1)
    return np.tile([q.min(), q.max()], (len(q), 1))


def fills(q: np.ndarray, scale: Scale) -> np.ndarray:
    """The strength of each token's colour, 0 to 1: (B, T) -> (B, T); ½ where all are the same.

    >>> fills(np.array([[0.2, 0.4], [0.6, 0.6]]), "row").tolist()
    [[0.0, 1.0], [0.5, 0.5]]
    """
    low, high = bounds(q, scale)[:, :1], bounds(q, scale)[:, 1:]
    width = high - low
    shades = (q - low) / np.maximum(width, SHOWN)
    return np.asarray(np.where(width < SHOWN, 0.5, shades).clip(0, 1))


# -- how sure --------------------------------------------------------------------------------------


def settling(running: Running, n: int) -> Figure:
    """The mean of the first scores as more are added, with its standard error around it.

    The page uses the first `n` now; there are two scores or more.
    """
    mean, error, last = running.mean, running.error, len(running.scores)
    x = list(range(1, last + 1))
    low, high = mean - np.nan_to_num(error), mean + np.nan_to_num(error)
    return figure(
        [
            ribbon(x[1:], low[1:], high[1:], _("± standard error"), REWARD),
            line(x, mean.tolist(), _("mean so far"), REWARD, hover="%{y:.3f}"),
            marks([n], [mean[n - 1]], _("N now"), REWARD, "diamond", size=11),
        ],
        finding=findings.settling(running, n),
        seeing=remark("seeing.settling"),
        x_title=_("roll-outs N"), y_title=_("Q, 0 to 1, higher is better"),
        height=SETTLING_HEIGHT, shapes=[level(float(mean[-1]), NEUTRAL)],
        x_range=(0, last + 1), y_range=_room(low, high),
    )  # fmt: skip


def error(running: Running, n: int) -> Figure:
    """The standard error of the first scores as more are added, compared with the law 1/√N."""
    seeing = remark("seeing.error")
    errors, last = running.error, len(running.scores)
    spread = float(running.scores.std(ddof=1))
    if spread == 0:
        result = empty(_("All scores are the same: no error"), seeing, height=SETTLING_HEIGHT)
        result["layout"]["annotations"][0]["text"] = _("nothing to draw")  # nor will there be
        return result
    x = np.arange(2, last + 1)
    few = max(2, n if 4 * n <= last else n // 4)
    law = [spread / math.sqrt(k) for k in x]
    data = [
        line(x.tolist(), law, _("s/√N"), NEUTRAL, dash="dash", width=1.6, hover="%{y:.3f}"),
        line(x.tolist(), errors[1:].tolist(), _("measured"), REWARD, hover="%{y:.3f}"),
    ]
    if n > 1:
        data.append(marks([n], [errors[n - 1]], _("N now"), REWARD, "diamond", size=11))
    return figure(
        data, finding=findings.error(running, few, min(4 * few, last)), seeing=seeing,
        x_title=_("roll-outs N"), y_title=_("standard error, lower is better"),
        height=SETTLING_HEIGHT, x_range=(0, last + 1),
        y_range=(0, 1.08 * max(float(np.nanmax(errors)), law[0], NARROW / 2)),
    )  # fmt: skip


def _room(low: np.ndarray, high: np.ndarray) -> tuple[float, float]:
    """A range that holds both, and does not magnify the last digits."""
    bottom, top = float(low.min()), float(high.max())
    pad = max(0.06 * (top - bottom), (NARROW - (top - bottom)) / 2)
    return bottom - pad, top + pad


# -- other tokens ----------------------------------------------------------------------------------


def alternatives(names: Sequence[str], choices: Sequence[Choice]) -> Figure:
    """Q of the chosen token, which comes first, and of the likeliest others; `names` are theirs."""
    q = [choice.q for choice in choices]
    errors = [choice.std_error for choice in choices]
    labels = [_("{token} (chosen)").format(token=names[0]), *names[1:]]
    drawn = bars(
        q, labels, _("Q"), "", "", orientation="h",
        marker={
            "color": [REWARD, *[fade(REWARD, 0.45)] * (len(q) - 1)],
            "line": {"color": REWARD, "width": 1.5},
        },
        error_x={"type": "data", "array": numbers(errors), "color": NEUTRAL, "width": 3},
        customdata=findings.gaps(choices), hover="%{y}: %{x:.3f}%{customdata}",
    )  # fmt: skip
    ends = [value + (0.0 if math.isnan(e) else e) for value, e in zip(q, errors, strict=True)]
    return by_name(
        [drawn], labels, finding=findings.alternatives(names, choices),
        seeing=remark("seeing.alternatives"),
        x_title=_("Q, 0 to 1, higher is better"), y_title=_("token"), height=HEIGHT,
        x_range=(0, 1.06 * max(*ends, 0.01)),
    )  # fmt: skip


def conditional(names: Sequence[str], options: Options) -> Figure:
    """The next token's distribution by G and by the oracle; `names` are those of all V tokens."""
    by_g, by_oracle, chosen = options.by_g, options.by_oracle, options.choices[0].token
    seeing = remark("seeing.conditional")
    models = [(_("G"), by_g, GENERATOR, "")]
    if by_oracle is not None:
        seeing = remark("seeing.conditional-oracle")
        models.append((_("oracle"), by_oracle, REAL, "/"))
    tops = {int(token) for _n, p, _c, _s in models for token in np.argsort(-p)[:TOPS]}
    shown = sorted(tops | {chosen}, key=lambda token: -by_g[token])
    labels = [
        _("{token} (chosen)").format(token=names[token]) if token == chosen else names[token]
        for token in shown
    ]
    text = _("{name}: %{{x:.3%}} (rank %{{customdata}})")
    data = [
        bars(
            p[shown], labels, name, fade(colour, 0.75), shape, orientation="h",
            customdata=[findings.rank(p, token) for token in shown], hover=text.format(name=name),
        )
        for name, p, colour, shape in models
    ]  # fmt: skip
    small = max(float(p[shown].max()) for _n, p, _c, _s in models) < SMALL
    return by_name(
        data, labels, finding=findings.probabilities(names[chosen], options), seeing=seeing,
        x_title=_("probability of the next token"), y_title=_("token"), height=HEIGHT,
        x_axis={"tickformat": ".1%" if small else ".0%"},
    )  # fmt: skip


def update_scatter(update: PolicyUpdate, row: int, t: int) -> Figure:
    """Every token's weight in one policy-gradient update, and the change of its probability.

    The token at index t of sequence `row` is the chosen one.
    """
    weights, change = update.weights, 100 * update.change
    same_row = np.zeros(weights.shape, bool)
    same_row[row] = True
    is_chosen = np.zeros(weights.shape, bool)
    is_chosen[row, t] = True
    groups: list[tuple[str, np.ndarray, str, str, dict[str, Any]]] = [
        (_("other sequences"), ~same_row, fade(GENERATOR, 0.7), "circle-open", {"size": 7}),
        (_("this sequence"), same_row & ~is_chosen, GENERATOR, "circle", {"size": 8}),
        (_("chosen token"), is_chosen, REWARD, "diamond",
         {"size": 14, "edge": {"color": GENERATOR, "width": 2}}),
    ]  # fmt: skip
    data = [
        marks(
            weights[mask], change[mask], name, colour, symbol, **look,
            text=[
                _("sequence {b}, position {t}").format(b=b + 1, t=c + 1)
                for b, c in np.argwhere(mask)
            ],
            customdata=[
                f"{findings.percent(p)} → {findings.percent(after)}"
                for p, after in zip(update.before[mask], update.after[mask], strict=True)
            ],
            hover=name + ", %{text}: %{y:+.3f}% (%{customdata})",
        )
        for name, mask, colour, symbol, look in groups
    ]  # fmt: skip
    return figure(
        data, finding=findings.update(update),
        seeing=remark("seeing.update"),
        x_title=_("weight of the token in the update"),
        y_title=_("relative change of its probability, %"),
        height=HEIGHT, shapes=[level(0.0, NEUTRAL)], hovermode="closest",
    )  # fmt: skip
