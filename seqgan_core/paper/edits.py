"""The edit distance of many pairs of sequences at once."""

from __future__ import annotations

import torch
from torch import Tensor


def edit_distances(a: Tensor, a_lengths: Tensor, b: Tensor, b_lengths: Tensor) -> Tensor:
    """The fewest tokens to replace, put in or take out that make one sequence of the other.

    Args:
        a: (P, S).
        a_lengths: (P,), how many tokens of each row of `a` count; the rest is padding.
        b: (P, T).
        b_lengths: (P,), as for `a`.

    Returns:
        (P,), 0 where the two are equal.
    """
    along = torch.arange(b.shape[1] + 1, device=a.device)
    edits = along.expand(len(a), -1)  # from nothing to the first j tokens of b
    result = b_lengths
    for i in range(a.shape[1]):
        differs = (b != a[:, i : i + 1]).long()
        taken_out = edits + 1
        replaced = edits[:, :-1] + differs
        best = torch.cat([taken_out[:, :1], torch.minimum(taken_out[:, 1:], replaced)], dim=1)
        edits = (best - along).cummin(1).values + along  # the rest put in, from any earlier place
        reached = edits.gather(1, b_lengths[:, None])[:, 0]
        result = torch.where(a_lengths == i + 1, reached, result)
    return result
