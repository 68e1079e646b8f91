"""The followed sequences: which of their tokens changed."""

from collections.abc import Sequence


def changed(
    before: Sequence[Sequence[int]] | None, now: Sequence[Sequence[int]]
) -> list[list[bool]]:
    """For each token of `now`, whether it differs from the one at its place in `before`.

    >>> changed([[1, 2, 3]], [[1, 5, 3]])
    [[False, True, False]]
    >>> changed(None, [[1, 2]])
    [[False, False]]
    """
    if before is None:
        return [[False] * len(row) for row in now]
    marks = []
    for index, row in enumerate(now):
        old = before[index] if index < len(before) else ()
        marks.append([i >= len(old) or old[i] != token for i, token in enumerate(row)])
    return marks


def shares_changed(marks: Sequence[Sequence[bool]]) -> list[float]:
    """The share of changed tokens in each sequence."""
    return [sum(row) / len(row) if row else 0.0 for row in marks]
