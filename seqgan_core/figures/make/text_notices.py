"""What to notice in new text: how much of it is copied, where its values stand out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from seqgan_core.messages import _

Colour = Literal["none", "q", "surprise"]
SHOWN = 0.001  # the last digit of Q on the screen


def ends(values: np.ndarray, lengths: Sequence[int], colour: Colour) -> tuple[float, float]:
    """What the palest and the strongest colour stand for."""
    values_seen = [float(v) for row, n in zip(values, lengths, strict=True) for v in row[:n]]
    if not values_seen:
        return 0.0, 0.0
    return (min(values_seen) if colour == "q" else 0.0), max(values_seen)


def extreme(values: np.ndarray, texts: Sequence[Sequence[str]], colour: Colour, one: str) -> str:
    """Where Q is lowest and highest, or which token surprised its own writer most.

    `values` (n, T) of `texts`; `one` is what a text is called.
    """
    places = [(row, t) for row, text in enumerate(texts) for t in range(len(text))]
    if not places:
        return ""
    if colour == "q":
        low = min(places, key=lambda at: values[at])
        high = max(places, key=lambda at: values[at])
        if values[high] - values[low] < SHOWN:
            return _("Every Q is {q:.3f}: D tells no token from another here.").format(
                q=values[low]
            )
        return _(
            "Q runs from {low:.3f} (“{a}” in {one} {i}) to {high:.3f} (“{z}” in {one} {j})."
        ).format(
            low=values[low], a=texts[low[0]][low[1]], i=low[0] + 1, one=one,
            high=values[high], z=texts[high[0]][high[1]], j=high[0] + 1,
        )  # fmt: skip
    most = max(places, key=lambda at: values[at])
    mean = float(np.mean([values[at] for at in places]))
    return _(
        "The rarest choice is “{word}” in {one} {i}: {nats:.1f} nats, one in {times:,.0f}. The "
        "mean is {mean:.2f} nats (n = {n})."
    ).format(
        word=texts[most[0]][most[1]], one=one, i=most[0] + 1, nats=values[most],
        times=float(np.exp(values[most])), mean=mean, n=len(places),
    )  # fmt: skip


def copying(
    runs: Sequence[int], natural: float, n: int, many: str, tokens: str, *, line: int = 0
) -> str:
    """How long what is copied is, beside what real text shares by nature.

    Args:
        runs: tokens in the longest copied run of each text.
        natural: the same of held-out real text, on average.
        n: how many held-out texts that is over.
        many: what the texts are called.
        tokens: what they are made of.
        line: tokens in a line of verse; 0 for running text.
    """
    mean, longest = sum(runs) / len(runs), max(runs)
    words = (
        _(
            "The longest copied run is {longest} {tokens}; of real {many} held back it is "
            "{natural:.1f} on average (n = {n:,})."
        )
        if len(runs) == 1
        else _(
            "The longest copied run is {mean:.1f} {tokens} on average over these {k}, {longest} "
            "at most; of real {many} held back it is {natural:.1f} (n = {n:,})."
        )
    ).format(
        mean=mean, tokens=tokens, k=len(runs), longest=longest, many=many, natural=natural, n=n
    )
    if line and longest >= line:
        whole = sum(run >= line for run in runs)
        words += " " + _("{k} of {all} copy a whole line's length.").format(k=whole, all=len(runs))
    elif mean > natural + 1:
        words += " " + _("So they copy more than real ones do.")
    return words
