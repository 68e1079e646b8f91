"""How sure a token's Q is: its mean and its standard error as roll-outs are added."""

from __future__ import annotations

import math

import numpy as np

from seqgan_core.figures.rollouts.q_values import value_words
from seqgan_core.figures.style import (
    NEUTRAL,
    REWARD,
    Figure,
    Trace,
    empty,
    figure,
    level,
    line,
    numbers,
    ribbon,
)
from seqgan_core.messages import _

HEIGHT = 260
NARROW = 0.01  # of Q: what is closer together is drawn as the same


def running(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard error of the first 1, 2 ... N of `scores` (N,); the first error is NaN."""
    n = np.arange(1, len(scores) + 1)
    mean = np.cumsum(scores) / n
    error = np.full(len(scores), math.nan)
    for k in range(2, len(scores) + 1):
        error[k - 1] = scores[:k].std(ddof=1) / math.sqrt(k)
    return mean, error


def settling(scores: np.ndarray, n: int) -> Figure:
    """The mean of the first `scores` (N,) as more are added, with its standard error around it.

    The page uses the first `n` now; there are two scores or more.
    """
    seeing = _(
        "The mean score after each further roll-out of the same draws; the ribbon is ± one "
        "standard error. The diamond is the Q above."
    )
    mean, error = running(scores)
    x, last = list(range(1, len(scores) + 1)), len(scores)
    words = _("After 1 roll-out Q is {now}") if n == 1 else _("After {n} roll-outs Q is {now}")
    finding = words.format(n=n, now=value_words(mean[n - 1], error[n - 1]))
    if n < last:
        finding += _("; after {n}, {now}").format(n=last, now=value_words(mean[-1], error[-1]))
    low, high = mean - np.nan_to_num(error), mean + np.nan_to_num(error)
    return figure(
        [
            ribbon(x[1:], low[1:], high[1:], _("± standard error"), REWARD),
            line(x, mean.tolist(), _("mean so far"), REWARD, hover="%{y:.3f}"),
            _here(n, float(mean[n - 1]), _("N now"), REWARD),
        ],
        finding=finding, seeing=seeing, x_title=_("roll-outs N"),
        y_title=_("Q, 0 to 1, higher is better"), height=HEIGHT,
        shapes=[level(float(mean[-1]), NEUTRAL)],
        x_range=(0, last + 1), y_range=_room(low, high),
    )  # fmt: skip


def error(scores: np.ndarray, n: int) -> Figure:
    """The standard error of the first `scores` (N,) as more are added, against the law 1/√N."""
    seeing = _(
        "The standard error of the mean. Dashed: s/√N, with s the spread of all scores drawn. Four "
        "times the roll-outs, half the error."
    )
    last = len(scores)
    errors = running(scores)[1]
    spread = float(scores.std(ddof=1))
    if spread == 0:
        result = empty(_("All scores are the same: no error"), seeing, height=HEIGHT)
        result["layout"]["annotations"][0]["text"] = _("nothing to draw")  # nor will there be
        return result
    x = np.arange(2, last + 1)
    few = max(2, n if 4 * n <= last else n // 4)
    many = min(4 * few, last)
    words = (
        _("{few} roll-outs leave ± {a:.3f}; {times:g} times as many, ± {z:.3f}")
        if errors[many - 1] <= errors[few - 1]
        else _(
            "{few} roll-outs seem to leave ± {a:.3f}, {times:g} times as many ± {z:.3f}: the first "
            "ones lie close together by chance"
        )
    )
    finding = words.format(few=few, a=errors[few - 1], times=many / few, z=errors[many - 1])
    law = [spread / math.sqrt(k) for k in x]
    data = [
        line(x.tolist(), law, _("s/√N"), NEUTRAL, dash="dash", width=1.6, hover="%{y:.3f}"),
        line(x.tolist(), errors[1:].tolist(), _("measured"), REWARD, hover="%{y:.3f}"),
    ]
    if n > 1:
        data.append(_here(n, float(errors[n - 1]), _("N now"), REWARD))
    return figure(
        data, finding=finding, seeing=seeing, x_title=_("roll-outs N"),
        y_title=_("standard error, lower is surer"), height=HEIGHT, x_range=(0, last + 1),
        y_range=(0, 1.08 * max(float(np.nanmax(errors)), law[0], NARROW / 2)),
    )  # fmt: skip


def _room(low: np.ndarray, high: np.ndarray) -> tuple[float, float]:
    """A range that holds both, and does not make a drama of the last digits."""
    bottom, top = float(low.min()), float(high.max())
    pad = max(0.06 * (top - bottom), (NARROW - (top - bottom)) / 2)
    return bottom - pad, top + pad


def _here(n: int, y: float, name: str, colour: str) -> Trace:
    return {
        "type": "scatter", "mode": "markers", "x": [n], "y": numbers([y]), "name": name,
        "marker": {"symbol": "diamond", "size": 11, "color": colour}, "hoverinfo": "skip",
    }  # fmt: skip
