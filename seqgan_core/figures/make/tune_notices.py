"""What to notice in new tunes: their keys, and the motif that moves D most."""

from collections import Counter
from collections.abc import Sequence

from seqgan_core.messages import _, remark

COMMON = ("C major", "A minor")  # the keys without signs


def keys(keys_found: Sequence[str], *, moved: bool) -> str:
    """Which keys the tunes with notes are in; "" without any.

    `moved`: the training tunes were transposed to the common keys.
    """
    if not keys_found:
        return ""
    if moved:
        inside = sum(key in COMMON for key in keys_found)
        return remark("finding.keys", k=inside, n=len(keys_found))
    counted = Counter(keys_found).most_common()
    text = ", ".join(f"{key} ({n})" for key, n in counted)
    return _("Best-fitting keys: {keys}; n = {n}.").format(keys=text, n=len(keys_found))


def motif(
    score: float, without: float, phrase: str, steps: str, place: str, windows: int, filters: int
) -> str:
    """The window with the largest effect on D's score, of all that are shown.

    Args:
        score: P(real) of the tune.
        without: the same with the filters that chose the window switched off.
        phrase: its steps in words.
        steps: which ones.
        place: the tune's number.
        windows: different windows that the filters chose in that tune.
        filters: that D has.
    """
    key = "finding.motif-fake" if score < without else "finding.motif-real"
    return remark(
        key,
        phrase=phrase, place=place, steps=steps, score=score, without=without, windows=windows,
        filters=filters,
    )  # fmt: skip
