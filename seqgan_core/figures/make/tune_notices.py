"""What to notice in new tunes: their keys, and what D's filters heard in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from seqgan_core.messages import _

COMMON = ("C major", "A minor")  # the keys without signs


def keys(keys_found: Sequence[str], *, moved: bool) -> str:
    """Which keys the tunes are in.

    Args:
        keys_found: the key of each tune that has notes.
        moved: whether the tunes that were learned from had been moved to the common keys.
    """
    if not keys_found:
        return ""
    if moved:
        inside = sum(key in COMMON for key in keys_found)
        return _(
            "{k} of {n} fit C major or A minor best: the tunes that it learned from had all been "
            "moved there."
        ).format(k=inside, n=len(keys_found))
    counted = Counter(keys_found).most_common()
    text = ", ".join(f"{key} ({n})" for key, n in counted)
    return _("Keys that fit best: {told}; n = {n}.").format(told=text, n=len(keys_found))


def motif(
    score: float, without: float, phrase: str, steps: str, place: str, windows: int, filters: int
) -> str:
    """The stretch whose filters move D most, of all that is shown.

    Args:
        score: P(real) of the tune.
        without: the same with those filters switched off.
        phrase: its steps in words.
        steps: which ones.
        place: the tune's number.
        windows: different stretches that won a filter in that tune.
        filters: that D has.
    """
    way = _("away from real") if score < without else _("towards real")
    return _(
        "What moves D most is “{phrase}” in tune {place}, {steps}: with the filters that chose it "
        "switched off, P(real) goes from {score:.3f} to {without:.3f}, so it pulls {way}. It is "
        "one of {windows} stretches that D's {filters} filters chose there."
    ).format(
        phrase=phrase, place=place, steps=steps, score=score, without=without, way=way,
        windows=windows, filters=filters,
    )  # fmt: skip
