"""BLEU of token sequences against many references, which are counted once.

    p_n = Σ_grams min(count in Y, most often in any one reference) / (|Y| - n + 1)
    BLEU = BP · exp( 1/N Σ_{n=1..N} log p_n ),   BP = min(1, exp(1 - r/|Y|))

r is the length of the reference closest to |Y|, the shorter of two. The result is that of NLTK with
its smoothing `method1`: a precision of 0 counts as 0.1 matches, so that the logarithm is finite. A
sequence with fewer than n tokens still has one place for an n-gram, which matches nothing; one that
shares no token with the references, such as the empty one, has BLEU 0.
"""

import math

import torch
from torch import Tensor

from seqgan_core.paper import ngram_index
from seqgan_core.paper.ngram_index import counts, longer, numbered, single, tables
from seqgan_core.paper.tokens import Tokens

SMOOTHING = 0.1  # matches in place of 0, as in NLTK's SmoothingFunction().method1


class Bleu:
    """BLEU-1 to BLEU-`order` against `references`.

    As a reward it gives BLEU-`order` of each complete sequence, in [0, 1].

    Args:
        references: (R, T) of tokens 0..V, on the device of the sequences to score. V itself is an
            unknown word: it counts as a token and matches nothing.
        order: the longest n-grams that count, 1..T.
        vocab_size: V.
        end: the token that ends a sequence before position T, followed by padding; neither counts.
            None where all sequences are T long.

    Raises:
        ValueError: the order is above T, or there is no reference.
    """

    def __init__(
        self, references: Tokens, order: int, vocab_size: int, end: int | None = None
    ) -> None:
        R, T = references.shape
        if not 1 <= order <= T:
            raise ValueError(f"order is {order}; it must be from 1 to {T}, the sequences' length")
        if R == 0:
            raise ValueError("there are no references; BLEU needs at least one")
        self.order, self.vocab_size, self.length, self.end = order, vocab_size, T, end
        self._tables = tables(single(references, vocab_size, end), order, vocab_size)
        self._lengths, self._sizes = torch.unique(
            ngram_index.lengths(references, end), return_counts=True
        )

    def __call__(self, tokens: Tokens) -> Tensor:
        """BLEU-`order` of each: (M, T) -> (M,) in [0, 1]."""
        return self.scores(tokens)[:, -1].float()

    def scores(self, tokens: Tokens) -> Tensor:
        """BLEU-1 .. BLEU-`order` of each sequence: (M, T) -> (M, order).

        In double precision, where the device has it: MPS has single precision only.
        """
        return self._in_parts(tokens, leave_one_out=False)

    @torch.no_grad()
    def _in_parts(self, tokens: Tensor, leave_one_out: bool) -> Tensor:
        parts = torch.split(tokens, ngram_index.ROWS)  # one without rows where there are none
        return torch.cat([self._scores(rows, leave_one_out) for rows in parts])

    def _scores(self, tokens: Tensor, leave_one_out: bool) -> Tensor:
        """With `leave_one_out` each is one of the references, and is not compared with itself."""
        code = singles = single(tokens, self.vocab_size, self.end)
        matches = []
        for table in self._tables:
            count, first = counts(code)
            at, known = table.find(code)
            if leave_one_out:
                allowed = table.most_in_others(at, known, count)
            else:
                allowed = table.most(at, known)
            matches.append((torch.minimum(count, allowed) * first).sum(1).to(_widest(tokens)))
            if len(matches) < self.order:
                code = longer(at, known, singles, self.vocab_size)
        matched = torch.stack(matches, 1)  # (M, order)
        length = ngram_index.lengths(tokens, self.end)[:, None]  # (M, 1)
        orders = torch.arange(1, self.order + 1, device=tokens.device)
        places = (length - orders + 1).clamp_(min=1)  # (M, order)
        precision = matched.where(matched > 0, SMOOTHING) / places
        bleu = (precision.log().cumsum(1) / orders).exp()
        if self.end is not None or tokens.shape[1] != self.length:
            bleu = bleu * self._brevity(length, leave_one_out)
        # As NLTK: without a shared token it is 0, smoothed or not.
        return bleu.masked_fill(matched[:, :1] == 0, 0.0)

    def _brevity(self, length: Tensor, leave_one_out: bool) -> Tensor:
        """BP of sequences of these lengths: (M, 1) -> (M, 1)."""
        gap = self._lengths - length  # (M, how many lengths the references have)
        rank = 2 * gap.abs() + (gap > 0)  # of two at the same distance the shorter
        if leave_one_out:
            rank = rank.masked_fill((gap == 0) & (self._sizes == 1), torch.iinfo(torch.long).max)
        closest: Tensor = self._lengths[rank.argmin(1, keepdim=True)]
        return (1 - closest / length.to(_widest(length))).exp().clamp(max=1.0)


def _widest(like: Tensor) -> torch.dtype:
    return torch.float32 if like.device.type == "mps" else torch.float64


@torch.no_grad()
def self_bleu(tokens: Tokens, order: int, vocab_size: int, end: int | None = None) -> Tensor:
    """BLEU-`order` of each sequence against all the others: (M, T) -> (M,); 1: all are equal.

    Raises:
        ValueError: as for `Bleu`; there must be two sequences or more.
    """
    if len(tokens) < 2:
        raise ValueError(f"there are {len(tokens)} sequences; self-BLEU needs 2 or more")
    return Bleu(tokens, order, vocab_size, end)._in_parts(tokens, leave_one_out=True)[:, -1]


def distinct(tokens: Tokens, n: int, vocab_size: int, end: int | None = None) -> float:
    """Distinct n-grams as a share of all: (M, T) -> 0 to 1. It falls as M grows, so state M.

    Token V counts as one word like any other. NaN where no sequence has n tokens.
    """
    code = numbered(tokens, n, vocab_size + 1)
    if end is not None:
        last = torch.arange(n, n + code.shape[1], device=tokens.device)
        code = code[last <= ngram_index.lengths(tokens, end)[:, None]]
    return len(torch.unique(code)) / code.numel() if code.numel() else math.nan
