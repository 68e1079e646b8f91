"""The n-grams of token sequences: numbered, counted, and looked up in many references.

The code of an n-gram is made of the number of its first n-1 tokens among the references' n-grams
and of its last token. So no vocabulary and no n is too large for 64 bits, and looking up one order
prepares the next. The code is UNKNOWN where nothing can match: with a token beyond the vocabulary,
with padding, or with a beginning that no reference has.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

ROWS = 4096  # sequences that are counted together: their pairs of places fit the cache
UNKNOWN = -1
_NO_CODE = -2


def lengths(tokens: Tensor, end: int | None) -> Tensor:
    """Tokens before the first `end` of each sequence, T where there is none: (M, T) -> (M,)."""
    if end is None:
        return torch.full((len(tokens),), tokens.shape[1], device=tokens.device)
    return _before(tokens, end).sum(1)


def single(tokens: Tensor, vocab_size: int, end: int | None = None) -> Tensor:
    """Tokens as codes of order 1, UNKNOWN from the first `end` on: (M, T) -> (M, T)."""
    code = tokens.masked_fill(tokens >= vocab_size, UNKNOWN)
    return code if end is None else code.masked_fill_(~_before(tokens, end), UNKNOWN)


def longer(ids: Tensor, known: Tensor, singles: Tensor, vocab_size: int) -> Tensor:
    """The codes of the next order, from the numbers of this order: (M, L) -> (M, L - 1)."""
    last = singles[:, singles.shape[1] - ids.shape[1] + 1 :]
    possible = known[:, :-1] & (last >= 0)
    return (ids[:, :-1] * vocab_size + last).where(possible, UNKNOWN)


def ranked(codes: Tensor) -> tuple[Tensor, Tensor]:
    """The distinct codes (U,), sorted, and the index of each code among them; UNKNOWN stays.

    If all are UNKNOWN, one entry that equals no code is there to look up.
    """
    value, place = codes.flatten().sort()
    new = torch.ones_like(value, dtype=torch.bool)
    new[1:] = value[1:] != value[:-1]
    new &= value >= 0
    rank = new.cumsum(0) - 1  # UNKNOWN is sorted before all others: -1
    ids = torch.empty_like(rank).scatter_(0, place, rank).view_as(codes)
    unique = value[new]
    return unique if len(unique) else codes.new_full((1,), _NO_CODE), ids


def find(among: Tensor, codes: Tensor) -> tuple[Tensor, Tensor]:
    """The index of each code among the sorted (U,), and whether it is there: any shape."""
    at = torch.searchsorted(among, codes).clamp_(max=len(among) - 1)
    return at, among[at] == codes


def counts(codes: Tensor) -> tuple[Tensor, Tensor]:
    """How often each n-gram occurs in its row, and whether this is its first occurrence."""
    same = codes[:, :, None] == codes[:, None, :]  # (M, L, L)
    earlier = same.new_ones(same.shape[1:]).tril(-1)
    return same.sum(2), ~(same & earlier).any(2)


def numbered(tokens: Tensor, n: int, base: int) -> Tensor:
    """Every n-gram as one number, equal for equal n-grams: (M, T) -> (M, T - n + 1).

    Args:
        tokens: 0..base - 1.
        n: 1 or more; there are no columns where it is longer than T.
        base: how many different tokens there may be.
    """
    code, largest = tokens, base
    for k in range(1, min(n, tokens.shape[1] + 1)):
        if largest * base >= 2**63:  # renumber the prefixes: there are few of them
            prefixes, code = torch.unique(code, return_inverse=True)
            largest = len(prefixes)
        code = code[:, :-1] * base + tokens[:, k:]
        largest *= base
    return code


@dataclass(frozen=True)
class Table:
    """The largest and second largest count of each n-gram in any reference.

    `codes` (U,) sorted; `top` and `second` (U,): the largest and second largest count among the
    references that hold it (equal where two tie, 0 where there is no second).
    """

    codes: Tensor
    top: Tensor
    second: Tensor

    @classmethod
    def of(cls, codes: Tensor) -> tuple[Table, Tensor]:
        """The table of the references' n-grams of one order, (R, L), and the index of each."""
        unique, ids = ranked(codes)
        grams, times = [], []
        for rows in torch.split(ids, ROWS):
            count, first = counts(rows)
            first &= rows >= 0
            grams.append(rows[first])
            times.append(count[first])
        gram, count = torch.cat(grams), torch.cat(times)  # an entry for each reference and n-gram
        none = torch.zeros_like(unique)
        top = none.scatter_reduce(0, gram, count, "amax")
        is_top = count == top[gram]
        tied = torch.bincount(gram[is_top], minlength=len(unique)) > 1
        lower = none.scatter_reduce(0, gram, count.masked_fill(is_top, 0), "amax")
        return cls(unique, top, top.where(tied, lower)), ids

    def find(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """As `find`."""
        return find(self.codes, codes)

    def most(self, at: Tensor, known: Tensor) -> Tensor:
        """The largest count in any reference, 0 for an n-gram that none has."""
        return self.top[at] * known

    def most_in_others(self, at: Tensor, known: Tensor, own: Tensor) -> Tensor:
        """The same among the others, for a reference that has it `own` times."""
        return torch.where(self.top[at] == own, self.second[at], self.top[at]) * known


def tables(singles: Tensor, order: int, vocab_size: int) -> list[Table]:
    """The tables of orders 1 to `order` of the references, (R, T) as single codes."""
    table, ids = Table.of(singles)
    result = [table]
    while len(result) < order:
        table, ids = Table.of(longer(ids, ids >= 0, singles, vocab_size))
        result.append(table)
    return result


def _before(tokens: Tensor, end: int) -> Tensor:
    return (tokens == end).cumsum(1) == 0
