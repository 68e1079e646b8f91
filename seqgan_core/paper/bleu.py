"""BLEU of token sequences against many references, counted once and looked up from then on.

    p_n = Σ_grams min(count in Y, most often in any one reference) / (|Y| - n + 1)
    BLEU = BP · exp( 1/N Σ_{n=1..N} log p_n ),   BP = min(1, exp(1 - r/|Y|))

All sequences here have one length, so the brevity penalty BP is 1. The smoothing is NLTK's
`method1`: a precision of 0 counts as 0.1 matches, so that the logarithm stays finite.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import LongTensor, Tensor

SMOOTHING = 0.1  # matches that stand for none, as in NLTK's SmoothingFunction().method1
ROWS = 4096  # sequences that are counted together: their pairs of places fit the cache


class Bleu:
    """BLEU-1 to BLEU-`order` against `references`.

    As a reward it is called with finished sequences and gives BLEU-`order` of each, in [0, 1].

    Args:
        references: (R, T), on the device where sequences will be scored.
        order: the longest n-grams that count, 1..T.
        vocab_size: V; V^order must be below 2^63.

    Raises:
        ValueError: the order does not fit the length or the vocabulary, or there is no reference.
    """

    def __init__(self, references: LongTensor, order: int, vocab_size: int) -> None:
        R, T = references.shape
        if not 1 <= order <= T:
            raise ValueError(f"order is {order}; it must be from 1 to {T}, the sequences' length")
        if vocab_size**order >= 2**63:
            raise ValueError(
                f"order is {order} with a vocabulary of {vocab_size}; their n-grams do not fit "
                "64 bits, take a lower order"
            )
        if R == 0:
            raise ValueError("there are no references; BLEU needs at least one")
        self.order, self.vocab_size, self.length = order, vocab_size, T
        self._tables = [_table(references, n, vocab_size) for n in range(1, order + 1)]

    def __call__(self, tokens: LongTensor) -> Tensor:
        """BLEU-`order` of each: (M, T) -> (M,) in [0, 1]."""
        return self.scores(tokens)[:, -1].float()

    @torch.no_grad()
    def scores(self, tokens: LongTensor) -> Tensor:
        """BLEU-1 .. BLEU-`order` of each sequence: (M, T) -> (M, order), double precision."""
        parts = [self._scores(rows) for rows in torch.split(tokens, ROWS)]
        return torch.cat(parts) if parts else torch.empty(0, self.order, dtype=torch.float64)

    def _scores(self, tokens: Tensor, itself: bool = True) -> Tensor:
        """`itself` False: each sequence is one of the references, and is left out of them."""
        matches, places = [], []
        for n, table in enumerate(self._tables, start=1):
            codes = _codes(tokens, n, self.vocab_size)
            counts, first = _counts(codes)
            allowed = table.most(codes) if itself else table.most_in_others(codes, counts)
            matches.append((torch.minimum(counts, allowed) * first).sum(1).double())
            places.append(codes.shape[1])
        matched = torch.stack(matches, 1)  # (M, order)
        precision = matched.where(matched > 0, SMOOTHING) / matched.new_tensor(places)
        orders = torch.arange(1, self.order + 1, device=tokens.device)
        bleu = (precision.log().cumsum(1) / orders).exp()
        # As NLTK: without a single token in common it is 0, smoothed or not.
        return bleu.masked_fill(matched[:, :1] == 0, 0.0)


@dataclass(frozen=True)
class _Table:
    """How often each n-gram occurs in one reference, at most; and in another one, at most.

    `codes` (U,) sorted; `top` and `second` (U,): the largest and second largest count among the
    references that hold it (equal where two tie, 0 where there is no second).
    """

    codes: Tensor
    top: Tensor
    second: Tensor

    def most(self, codes: Tensor) -> Tensor:
        """The largest count in any reference, 0 for an n-gram that none holds: any shape."""
        at, known = self._find(codes)
        return self.top[at] * known

    def most_in_others(self, codes: Tensor, own: Tensor) -> Tensor:
        """The same among the others, for a reference that itself holds it `own` times."""
        at, known = self._find(codes)
        return torch.where(self.top[at] == own, self.second[at], self.top[at]) * known

    def _find(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        at = torch.searchsorted(self.codes, codes).clamp_(max=len(self.codes) - 1)
        return at, self.codes[at] == codes


def _table(references: Tensor, n: int, vocab_size: int) -> _Table:
    codes, counts = [], []
    for rows in torch.split(references, ROWS):
        found = _codes(rows, n, vocab_size)
        count, first = _counts(found)
        codes.append(found[first])
        counts.append(count[first])
    gram, count = torch.cat(codes), torch.cat(counts)  # one entry a reference and n-gram
    order = torch.argsort(count, descending=True, stable=True)
    gram, count = gram[order], count[order]
    order = torch.argsort(gram, stable=True)  # by n-gram, largest count first
    gram, count = gram[order], count[order]
    unique, sizes = torch.unique_consecutive(gram, return_counts=True)
    start = sizes.cumsum(0) - sizes
    following = count[(start + 1).clamp(max=len(count) - 1)]
    return _Table(unique, count[start], torch.where(sizes > 1, following, 0))


def _codes(tokens: Tensor, n: int, vocab_size: int) -> Tensor:
    """Every n-gram as one number: (M, T) -> (M, T - n + 1)."""
    powers = vocab_size ** torch.arange(n - 1, -1, -1, device=tokens.device)
    return (tokens.unfold(1, n, 1) * powers).sum(-1)


def _counts(codes: Tensor) -> tuple[Tensor, Tensor]:
    """How often the n-gram of each place occurs in its row, and whether this place is its first."""
    same = codes[:, :, None] == codes[:, None, :]  # (M, L, L)
    return same.sum(2), ~same.tril(-1).any(2)


@torch.no_grad()
def self_bleu(tokens: LongTensor, order: int, vocab_size: int) -> Tensor:
    """BLEU-`order` of each sequence against all the others: (M, T) -> (M,); 1 is all alike.

    Raises:
        ValueError: as for `Bleu`; there must be two sequences or more.
    """
    if len(tokens) < 2:
        raise ValueError(f"there are {len(tokens)} sequences; self-BLEU needs 2 or more")
    bleu = Bleu(tokens, order, vocab_size)
    parts = [bleu._scores(rows, itself=False) for rows in torch.split(tokens, ROWS)]
    return torch.cat(parts)[:, -1]


def distinct(tokens: LongTensor, n: int, vocab_size: int) -> float:
    """Distinct n-grams as a share of all: (M, T) -> 0 to 1; it falls as M grows, so state M."""
    codes = _codes(tokens, n, vocab_size)
    return len(torch.unique(codes)) / codes.numel()
