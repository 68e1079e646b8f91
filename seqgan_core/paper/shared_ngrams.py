"""How many n-grams sequences have in common with each of many others."""

from __future__ import annotations

import torch
from torch import Tensor

from seqgan_core.paper.ngram_index import ROWS, UNKNOWN, find, ranked

DENSE = 10_000_000  # numbers in the table of the most frequent n-grams, at most
FREQUENT = 512  # n-grams in that table, at most


class SharedNgrams:
    """How many n-grams of one order sequences have in common with each of R references.

    An n-gram counts as often as both have it: its second occurrence in a sequence is another thing
    than its first. Which references hold a thing is kept as a list; for the most frequent things,
    whose lists are long, as a row of a table that is multiplied.

    Args:
        ids: (R, L), the references' n-grams by their numbers, UNKNOWN where there is none.
    """

    def __init__(self, ids: Tensor) -> None:
        self._R, self._most = len(ids), max(1, ids.shape[1])
        row, thing = self._things(ids)
        self._known, thing = ranked(thing)
        self._sizes = torch.bincount(thing, minlength=len(self._known))
        self._starts = self._sizes.cumsum(0) - self._sizes
        self._rows = row[thing.argsort(stable=True)]
        K = min(FREQUENT, len(self._known), max(1, DENSE // self._R))
        frequent = self._sizes.topk(K).indices
        self._column = torch.full_like(self._known, UNKNOWN)
        self._column[frequent] = torch.arange(K, device=ids.device)
        column = self._column[thing]
        self._table = torch.zeros(K, self._R, device=ids.device)
        self._table[column[column >= 0], row[column >= 0]] = 1

    def count(self, ids: Tensor) -> Tensor:
        """N-grams in common with each reference: (M, L) by the same numbers -> (M, R)."""
        row, thing = self._things(ids)
        at, known = find(self._known, thing)
        row, at = row[known], at[known]
        column = self._column[at]
        often = column >= 0
        holds = self._table.new_zeros(len(ids), len(self._table))
        holds[row[often], column[often]] = 1
        shared = holds @ self._table  # (M, R)
        row, at = row[~often], at[~often]
        sizes = self._sizes[at]
        which = torch.repeat_interleave(sizes)  # each entry once for every reference in its list
        begins = self._starts[at] - (sizes.cumsum(0) - sizes)
        references = self._rows[torch.arange(len(which), device=ids.device) + begins[which]]
        shared.view(-1).index_add_(
            0, row[which] * self._R + references, shared.new_ones(len(which))
        )
        return shared

    def _things(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Row and number of every n-gram, its k-th occurrence in a row apart from the others."""
        earlier = [  # (ROWS, L): how many of the same are before it
            (part[:, :, None] == part[:, None, :]).tril(-1).sum(2)
            for part in torch.split(ids, ROWS)
        ]
        k = torch.cat(earlier)
        is_one = (ids >= 0) & (k < self._most)  # no reference holds it more often
        return is_one.nonzero()[:, 0], (ids * self._most + k)[is_one]
