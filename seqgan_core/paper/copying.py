"""What sequences share with the training data: the longest copy and the nearest neighbour.

A copied run is a run of tokens that occurs in one training sequence. The nearest neighbour is the
training sequence with the most shared bigrams; of those, with the most shared tokens; of those,
with the smallest edit distance; of those, the first. An n-gram that occurs more than once is shared
as often as both sequences have it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy.sparse import csr_array
from torch import Tensor

from seqgan_core.paper.ngram_index import ROWS, UNKNOWN, find, lengths, longer, ranked, single
from seqgan_core.paper.tokens import Tokens

NO_MATCH = -1  # the number of a training sequence where there is none
SCORES = 4_000_000  # sequences times training sequences that are compared together
PAIRS = 65_536  # pairs whose edit distance is computed together


@dataclass(frozen=True)
class CopiedRuns:
    """The longest copied run of each of M sequences, the first where several are longest.

    `length` (M,) in tokens, 0 where no token is in the training data; `start` (M,) its index;
    `row` (M,) the first training sequence that holds it, or NO_MATCH; `at` (M,) its first index
    there.
    """

    length: Tensor
    start: Tensor
    row: Tensor
    at: Tensor


@dataclass(frozen=True)
class Nearest:
    """The nearest neighbour of each of M sequences in the training data.

    `row` (M,), or NO_MATCH where no token is shared; `bigrams` and `tokens` (M,) that are shared;
    `distance` (M,): the edit distance, or the sequence's length where there is no neighbour.
    """

    row: Tensor
    bigrams: Tensor
    tokens: Tensor
    distance: Tensor


class CopyIndex:
    """The training data, indexed for search.

    Args:
        training: (R, T).
        end: the token that ends a sequence, with padding after it; None where all are T long.

    Raises:
        ValueError: there are no training sequences.
    """

    def __init__(self, training: Tokens, end: int | None = None) -> None:
        if training.numel() == 0:
            raise ValueError("there are no training sequences to compare with")
        self.training, self.end = training, end
        self._base = int(training.max()) + 1
        self._lengths = lengths(training, end)
        self._singles = single(training, self._base, end)
        self._orders: list[_Order] = []
        self._next: Tensor = self._singles  # codes of the order after the last one in `_orders`
        self._common: tuple[SharedNgrams, SharedNgrams] | None = None

    @torch.no_grad()
    def longest(self, tokens: Tokens) -> CopiedRuns:
        """The longest copied run of each sequence (M, S)."""
        M = len(tokens)
        length, start = tokens.new_zeros(M), tokens.new_zeros(M)
        row, at = tokens.new_full((M,), NO_MATCH), tokens.new_full((M,), NO_MATCH)
        which = torch.arange(M, device=tokens.device)  # sequences with a run of the last order
        code = singles = single(tokens, self._base, self.end)
        for n in range(1, min(tokens.shape[1], self.training.shape[1]) + 1):
            ids, known = self._order(n).find(code)
            matched = known.any(1)
            ids, known, singles, which = (part[matched] for part in (ids, known, singles, which))
            if len(which) == 0:
                break
            begin = known.byte().argmax(1)  # of equals the first
            place = self._order(n).first[ids.gather(1, begin[:, None])[:, 0]]
            columns = self.training.shape[1] - n + 1
            length[which], start[which] = n, begin
            row[which], at[which] = place // columns, place % columns
            code = longer(ids, known, singles, self._base)
        return CopiedRuns(length, start, row, at)

    @torch.no_grad()
    def nearest(self, tokens: Tokens) -> Nearest:
        """The nearest neighbour of each sequence (M, S)."""
        at_once = max(1, SCORES // len(self.training))
        parts = [self._nearest(rows) for rows in torch.split(tokens, at_once)]
        return Nearest(*(torch.cat(column) for column in zip(*parts, strict=True)))

    def _nearest(self, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        (words, pairs), R = self._in_common(), len(self.training)
        singles = single(tokens, self._base, self.end)
        word, known = self._order(1).find(singles)
        pair, paired = self._order(2).find(longer(word, known, singles, self._base))
        n_words = words.count(word.where(known, UNKNOWN))  # (M, R)
        n_pairs = pairs.count(pair.where(paired, UNKNOWN))
        score = n_pairs * (self.training.shape[1] + 1) + n_words
        best = score.amax(1, keepdim=True)
        # pairs that the edit distance decides
        candidate, row = ((score == best) & (best > 0)).nonzero().unbind(1)
        own_length = lengths(tokens, self.end)
        # The smallest distance, then the first row: both as one number.
        nearest = torch.full_like(own_length, torch.iinfo(torch.long).max)
        for i, r in zip(torch.split(candidate, PAIRS), torch.split(row, PAIRS), strict=True):
            distance = edit_distances(tokens[i], own_length[i], self.training[r], self._lengths[r])
            nearest.scatter_reduce_(0, i, distance * R + r, "amin")
        unmatched = best[:, 0] == 0
        row = (nearest % R).masked_fill(unmatched, NO_MATCH)
        at = row.clamp(min=0)[:, None]
        bigrams, words_too = (n.gather(1, at)[:, 0].long() for n in (n_pairs, n_words))
        distance = torch.where(unmatched, own_length, nearest // R)
        return row, bigrams, words_too, distance

    def _order(self, n: int) -> _Order:
        """The training data's n-grams of order n; computed with those of the orders below."""
        while len(self._orders) < n:
            codes, ids = ranked(self._next)
            place = torch.arange(ids.numel(), device=ids.device)
            seen = ids.flatten() >= 0
            first = place.new_zeros(len(codes)).scatter_reduce_(
                0, ids.flatten()[seen], place[seen], "amin", include_self=False
            )
            self._orders.append(_Order(codes, first))
            self._next = longer(ids, ids >= 0, self._singles, self._base)
        return self._orders[n - 1]

    def _in_common(self) -> tuple[SharedNgrams, SharedNgrams]:
        """The shared tokens and the shared bigrams with each training sequence."""
        if self._common is None:
            _codes, words = ranked(self._singles)
            _codes, pairs = ranked(longer(words, words >= 0, self._singles, self._base))
            self._common = SharedNgrams(words), SharedNgrams(pairs)
        return self._common


@dataclass(frozen=True)
class _Order:
    """The n-grams of one order: `codes` (U,) sorted, `first` (U,) the first place of each."""

    codes: Tensor
    first: Tensor

    def find(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """As `ngram_index.find`."""
        return find(self.codes, codes)


class SharedNgrams:
    """How many n-grams of one order sequences share with each of R references.

    An n-gram counts as often as both have it: its second occurrence in a sequence is a column of
    its own in the matrix of sequences and occurrences, and the counts are a product of matrices.

    Args:
        ids: (R, L), the references' n-grams by their numbers, UNKNOWN where there is none.
    """

    def __init__(self, ids: Tensor) -> None:
        self._most = max(1, ids.shape[1])
        row, occurrence = self._occurrences(ids)
        self._known, column = ranked(occurrence)
        self._references = _ones(column, row, (len(self._known), len(ids)))  # (occurrences, R)

    def count(self, ids: Tensor) -> Tensor:
        """N-grams shared with each reference: (M, L) by the same numbers -> (M, R)."""
        row, occurrence = self._occurrences(ids)
        column, known = find(self._known, occurrence)
        rows = _ones(row[known], column[known], (len(ids), len(self._known)))
        return torch.from_numpy((rows @ self._references).toarray()).to(ids.device)

    def _occurrences(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Row and number of every n-gram; the k-th one in a row has a number of its own."""
        earlier = [  # (ROWS, L): how many of the same are before it
            (part[:, :, None] == part[:, None, :]).tril(-1).sum(2)
            for part in torch.split(ids, ROWS)
        ]
        k = torch.cat(earlier)
        is_one = (ids >= 0) & (k < self._most)  # no reference holds it more often
        return is_one.nonzero()[:, 0], (ids * self._most + k)[is_one]


def _ones(row: Tensor, column: Tensor, shape: tuple[int, int]) -> csr_array:
    """A matrix with a 1 at each of these places."""
    ones = np.ones(len(row), dtype=np.int32)
    return csr_array((ones, (row.cpu().numpy(), column.cpu().numpy())), shape=shape)


def edit_distances(a: Tensor, a_lengths: Tensor, b: Tensor, b_lengths: Tensor) -> Tensor:
    """Edit distances: the fewest tokens to replace, insert or delete between two sequences.

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
