"""The Q of many tokens: as strengths of one colour, and what to notice in them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from seqgan_core.messages import _

Scale = Literal["row", "batch", "unit"]
SCALES: tuple[Scale, ...] = ("row", "batch", "unit")
CHANCE = 0.05  # how often noise alone may be told of as the steepest step
SHOWN = 0.001  # the last digit of Q on the screen
HARDLY = 0.01  # a mean Q that moves by less is not told as a rise or a fall


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


def value_words(q: float, std_error: float) -> str:
    """Q and its standard error, with as many digits as are shown everywhere.

    >>> value_words(0.3297, 0.0842), value_words(0.5, math.nan)
    ('0.330 ± 0.084', '0.500')
    """
    return f"{q:.3f}" if math.isnan(std_error) else f"{q:.3f} ± {std_error:.3f}"


def signed(number: float, digits: int) -> str:
    """With its sign, a real minus.

    >>> signed(-0.0784, 3), signed(1.5, 1)
    ('−0.078', '+1.5')
    """
    return f"{number:+.{digits}f}".replace("-", "−")


def steepest(q: np.ndarray, std_error: np.ndarray, names: Sequence[Sequence[str]], n: int) -> str:
    """The token that changes Q most against the one before it, if that is more than noise.

    `q` and `std_error` are (B, T), of `n` roll-outs, `names` how each token is read. Neighbouring
    prefixes are rolled on with dice of their own, so their errors add as squares. The steepest is
    the largest of B · (T - 1) steps, and few roll-outs tell its error badly: what it must pass is
    Student's t, at a chance that all steps share.
    """
    if q.max() - q.min() < SHOWN:
        return _("Every Q is {q:.3f}: this reward tells no token from another.").format(q=q.mean())
    step = np.diff(q, axis=1)  # (B, T - 1)
    if n < 2:
        return _(
            "One roll-out a token has no standard error: no step of Q can be told from noise. "
            "A larger N may tell."
        )
    known = std_error.copy()
    known[:, :-1][known[:, :-1] == 0] = math.nan  # equal by luck; only a finished one has no error
    error = np.hypot(known[:, 1:], known[:, :-1])
    k = float(stdtrit(n - 1, 1 - CHANCE / (2 * step.size)))
    clear = np.abs(step) > np.maximum(k * error, SHOWN)  # never where the error is unknown
    if not clear.any():
        return _(
            "No token changes Q by more than noise: with N = {n}, the steepest of {steps} steps "
            "stands out beyond {k:.1f} standard errors. A larger N may tell."
        ).format(n=n, steps=step.size, k=k)
    most = int(np.argmax(np.where(clear, np.abs(step), 0.0)))
    row, column = divmod(most, step.shape[1])
    words = (
        _("Costliest: token {token}, position {t} of sequence {b}. Q falls there from {a:.3f} to "
          "{z:.3f}.")
        if step[row, column] < 0
        else _("Best: token {token}, position {t} of sequence {b}. Q rises there from {a:.3f} to "
               "{z:.3f}.")
    )  # fmt: skip
    return words.format(
        token=names[row][column + 1],
        t=column + 2,
        b=row + 1,
        a=q[row, column],
        z=q[row, column + 1],
    )


def best_and_worst(q: np.ndarray) -> str:
    """The sequences of highest and lowest mean Q (B, T)."""
    mean = q.mean(axis=1)
    best, worst = int(mean.argmax()), int(mean.argmin())
    if mean[best] - mean[worst] < SHOWN:
        return _("All sequences have the same mean Q, {q:.3f}").format(q=mean[best])
    return _(
        "Sequence {b} has the highest mean Q, {high:.3f}; sequence {w} the lowest, {low:.3f}"
    ).format(b=best + 1, high=mean[best], w=worst + 1, low=mean[worst])


def history_text(names: Sequence[str], tokens: np.ndarray, q: np.ndarray, row: int) -> str:
    """How sequence `row` and its mean Q changed from the first to the last of C checkpoints.

    `names` are the checkpoints', `tokens` and `q` are (C, B, T).
    """
    if len(q) < 2:
        return single_checkpoint_text(names)
    return _(
        "Sequence {b}, from {first} to {last}: {k} of its {n} tokens changed, and its mean Q {went}"
    ).format(
        b=row + 1,
        first=names[0],
        last=names[-1],
        k=int((tokens[0, row] != tokens[-1, row]).sum()),
        n=tokens.shape[-1],
        went=_went(q[:, row].mean(axis=1)),
    )


def mean_history_text(names: Sequence[str], q: np.ndarray) -> str:
    """How the mean Q of all sequences changed from the first to the last checkpoint: (C, B, T)."""
    if len(q) < 2:
        return single_checkpoint_text(names)
    change = q[-1].mean(axis=0) - q[0].mean(axis=0)  # (T,)
    most = int(np.argmax(np.abs(change)))
    words = _("From {first} to {last} the mean Q of all {n} tokens {went}").format(
        first=names[0], last=names[-1], n=q[0].size, went=_went(q.mean(axis=(1, 2)))
    )
    if abs(change[most]) < HARDLY:
        return words + _("; no position changes by as much")
    return words + _("; largest change at position {t}: {by}").format(
        t=most + 1, by=signed(change[most], 3)
    )


def single_checkpoint_text(names: Sequence[str]) -> str:
    """That at most one checkpoint, named in `names`, holds a D that means something."""
    if not names:
        return _("No checkpoint here holds a D that has been trained")
    return _("Only {name} holds a D that has been trained: nothing to compare it with").format(
        name=names[0]
    )


def _went(mean: np.ndarray) -> str:
    change = mean[-1] - mean[0]
    words = (
        _("hardly changes (by less than {level:g}): {a:.3f} → {z:.3f}")
        if abs(change) < HARDLY
        else _("rises from {a:.3f} to {z:.3f}")
        if change > 0
        else _("falls from {a:.3f} to {z:.3f}")
    )
    return words.format(level=HARDLY, a=mean[0], z=mean[-1])
