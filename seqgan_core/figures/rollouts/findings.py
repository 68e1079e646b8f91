"""The sentences about roll-outs and Q, computed from the numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from seqgan_core.figures.style import signed
from seqgan_core.messages import Message, _, remark

if TYPE_CHECKING:
    from seqgan_core.insight.rollouts.explore import (
        Choice,
        Options,
        PolicyUpdate,
        Running,
        SteepestStep,
    )

SHOWN = 0.001  # the last digit of Q on the screen
HARDLY = 0.01  # a smaller change of a mean Q at a position is not named


def value_words(q: float, std_error: float) -> str:
    """Q and its standard error, with as many digits as are shown everywhere.

    >>> value_words(0.3297, 0.0842), value_words(0.5, math.nan)
    ('0.330 ± 0.084', '0.500')
    """
    return f"{q:.3f}" if math.isnan(std_error) else f"{q:.3f} ± {std_error:.3f}"


def percent(p: float) -> str:
    """A probability with three significant digits.

    >>> percent(0.43285), percent(0.0059918), percent(1.0), percent(2e-7)
    ('43.3%', '0.599%', '100%', '0.00002%')
    """
    shown = 100 * float(p)
    if 0 < shown < 0.00001:
        return "< 0.00001%"
    digits = max(0, 2 - math.floor(math.log10(shown))) if shown else 0
    return f"{shown:.{min(digits, 5)}f}%"


def points(before: float, after: float) -> str:
    """The change of a probability in percentage points, with the digits it is shown with.

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
    return _("{change} points").format(change=signed(went, min(max(0, digits), 5)))


def rank(p: np.ndarray, token: int) -> int:
    """How many tokens are likelier than `token`, plus 1.

    >>> rank(np.array([0.2, 0.5, 0.3]), 2)
    2
    """
    return int((p > p[token]).sum()) + 1


# -- sequences -------------------------------------------------------------------------------------


def steepest(step: SteepestStep, q: np.ndarray, names: Sequence[Sequence[str]]) -> str:
    """The token that changes Q (B, T) most, if that is more than noise; `names` are the tokens'."""
    if step.alike:
        return _("Every Q is {q:.3f}: this reward does not distinguish tokens.").format(q=q.mean())
    if step.n < 2:
        return remark("finding.one-rollout")
    if step.place is None:
        return remark("finding.no-steps", n=step.n, steps=step.steps, k=step.threshold)
    row, t = step.place
    before, after = q[row, t - 1], q[row, t]
    key = "finding.largest-drop" if after < before else "finding.largest-rise"
    return remark(key, token=names[row][t], t=t + 1, b=row + 1, before=before, after=after)


def best_and_worst(q: np.ndarray) -> str:
    """The sequences of highest and lowest mean Q (B, T)."""
    mean = q.mean(axis=1)
    best, worst = int(mean.argmax()), int(mean.argmin())
    if mean[best] - mean[worst] < SHOWN:
        return _("All sequences have the same mean Q, {q:.3f}").format(q=mean[best])
    return remark(
        "finding.best-and-worst", b=best + 1, high=mean[best], w=worst + 1, low=mean[worst]
    )


def history(names: Sequence[str], tokens: np.ndarray, q: np.ndarray, row: int) -> str:
    """How sequence `row` and its mean Q changed from the first to the last of C checkpoints.

    `names` are the checkpoints', `tokens` and `q` are (C, B, T).
    """
    if len(q) < 2:
        return single_checkpoint(names)
    mean = q[:, row].mean(axis=1)
    return remark(
        "finding.tokens-changed",
        b=row + 1, first=names[0], last=names[-1], n=tokens.shape[-1],
        k=int((tokens[0, row] != tokens[-1, row]).sum()), before=mean[0], after=mean[-1],
    )  # fmt: skip


def mean_history(names: Sequence[str], q: np.ndarray) -> str:
    """How the mean Q of all sequences changed from the first to the last checkpoint: (C, B, T)."""
    if len(q) < 2:
        return single_checkpoint(names)
    change = q[-1].mean(axis=0) - q[0].mean(axis=0)  # (T,)
    most = int(np.argmax(np.abs(change)))
    key = "finding.mean-q-same" if abs(change[most]) < HARDLY else "finding.mean-q-changed"
    return remark(
        key, n=q[0].size, first=names[0], last=names[-1], before=q[0].mean(), after=q[-1].mean(),
        level=HARDLY, by=signed(change[most], 3), t=most + 1,
    )  # fmt: skip


def single_checkpoint(names: Sequence[str]) -> str:
    """That at most one checkpoint, named in `names`, has a trained D."""
    if not names:
        return _("No checkpoint has a trained discriminator")
    return _("Only {name} has a trained discriminator: there is nothing to compare").format(
        name=names[0]
    )


# -- one token -------------------------------------------------------------------------------------


def settling(running: Running, n: int) -> str:
    """Q after the first n roll-outs, and after all of them."""
    last = len(running.scores)
    now, later = (value_words(running.mean[k - 1], running.error[k - 1]) for k in (n, last))
    text = (
        Message("Q after {n} roll-out: {now}; after {last}: {later}",
                "Q after {n} roll-outs: {now}; after {last}: {later}",
                n=n, now=now, last=last, later=later)
        if n < last
        else Message("Q after {n} roll-out: {now}", "Q after {n} roll-outs: {now}", n=n, now=now)
    )  # fmt: skip
    return str(text)


def error(running: Running, few: int, many: int) -> str:
    """What more roll-outs do to the standard error."""
    errors = running.error
    key = "finding.error" if errors[many - 1] <= errors[few - 1] else "finding.error-by-chance"
    return remark(key, few=few, a=errors[few - 1], times=many / few, z=errors[many - 1])


def alternatives(names: Sequence[str], choices: Sequence[Choice]) -> str:
    """The chosen token, which comes first, compared with the likeliest other one."""
    if len(choices) < 2:
        return _("No other token is possible here")
    noise, gap = choices[1].gap_error, choices[0].q - choices[1].q
    if math.isnan(noise):
        key = "finding.not-told-apart"
    elif gap == 0:
        key = "finding.same-q"
    elif noise and abs(gap) < 2 * noise:
        key = "finding.within-noise"
    elif gap > 0:
        key = "finding.higher-q"
    else:
        key = "finding.lower-q"
    size = value_words(abs(gap), noise if noise else math.nan)
    return remark(key, chosen=names[0], other=names[1], gap=size)


def gaps(choices: Sequence[Choice]) -> list[str]:
    """What follows each token's Q: its error, and the difference from the chosen one's Q."""
    first = choices[0]
    words = []
    for each in choices:
        error = "" if math.isnan(each.std_error) else f" ± {each.std_error:.3f}"
        gap = each.q - first.q
        size = ("−" if gap < 0 else "+") + value_words(abs(gap), each.gap_error)
        words.append(
            error
            if each is first
            else _("{error} ({gap} compared with the chosen token)").format(error=error, gap=size)
        )
    return words


def probabilities(name: str, options: Options) -> str:
    """The chosen token's probability and rank by G and by the oracle."""
    token, by_g, by_oracle = options.choices[0].token, options.by_g, options.by_oracle
    fields = {"token": name, "p": percent(by_g[token]), "r": rank(by_g, token), "n": len(by_g)}
    if by_oracle is None:
        return _("Token {token}: G gives it {p} (rank {r} of {n})").format(**fields)
    return remark(
        "finding.ranks-by-both",
        **fields,
        p_oracle=percent(by_oracle[token]),
        r_oracle=rank(by_oracle, token),
    )


def update(update: PolicyUpdate) -> str:
    """How many tokens moved the way their weight points."""
    moved, weighed = update.followed
    if not weighed:
        return _("All weights are 0: only the optimiser's momentum moves the tokens")
    return _("{k} of {n} tokens moved in the direction of their weight").format(k=moved, n=weighed)
