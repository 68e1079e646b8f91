"""What to notice in samples: how much of them is copied, where their values stand out."""

from collections.abc import Sequence
from math import exp
from typing import Literal

from seqgan_core.messages import _, remark

Colour = Literal["none", "q", "surprise"]
SHOWN = 0.001  # the last digit of Q on the screen


def extreme(
    values: Sequence[Sequence[float]], names: Sequence[Sequence[str]], colour: Colour, one: str
) -> str:
    """Where Q is lowest and highest, or which token has the highest surprisal; "" without tokens.

    `values` are a number for each token or note of each sample, `names` the tokens in words;
    `one` is what a sample is called.
    """
    places = [
        (value, name, at)
        for at, (row, words) in enumerate(zip(values, names, strict=True), start=1)
        for value, name in zip(row, words, strict=False)
    ]
    if not places:
        return ""
    low, a, i = min(places, key=lambda place: place[0])
    high, z, j = max(places, key=lambda place: place[0])
    if colour == "q":
        if high - low < SHOWN:
            return _("Every Q is {q:.3f}: here D does not tell one token from another.").format(
                q=low
            )
        return remark("finding.q-range", low=low, a=a, i=i, one=one, high=high, z=z, j=j)
    return remark(
        "finding.least-likely",
        word=z, one=one, i=j, nats=high, times=exp(high),
        mean=sum(value for value, _name, _at in places) / len(places), n=len(places),
    )  # fmt: skip


def copying(
    runs: Sequence[int], natural: float, n: int, many: str, tokens: str, *, line: int = 0
) -> str:
    """How long the copied runs are, compared with those of real held-out data.

    Args:
        runs: tokens in the longest copied run of each sample.
        natural: the mean of the same in held-out real data.
        n: held-out sequences.
        many: what the samples are called.
        tokens: what they are made of.
        line: tokens in a line of verse; 0 for anything else.
    """
    mean, longest = sum(runs) / len(runs), max(runs)
    words = remark(
        "finding.longest-copy" if len(runs) == 1 else "finding.longest-copies",
        mean=mean, tokens=tokens, k=len(runs), longest=longest, many=many, natural=natural, n=n,
    )  # fmt: skip
    if line and longest >= line:
        whole = sum(run >= line for run in runs)
        words += " " + _("{k} of {all} copy a stretch as long as a line.").format(
            k=whole, all=len(runs)
        )
    elif mean > natural + 1:
        words += " " + _("They copy more than real ones do.")
    return words
