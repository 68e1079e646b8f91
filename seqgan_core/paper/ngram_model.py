"""N-gram models: the next token depends only on the last few tokens. They learn by counting.

    P(y | context) = count of y after the context / count of any token after it

The context is the n-1 tokens before, including the beginning of the sequence. A context that never
occurred backs off to the longest shorter one that did; there is no smoothing. They are a baseline:
a BLEU that a bigram model also reaches says nothing about longer structure.
"""

import torch
from torch import Tensor

from seqgan_core.paper.ngram_index import lengths
from seqgan_core.paper.tokens import Tokens


class NGramModel:
    """Counts of which token followed which context in the training sequences.

    Args:
        training: (R, T) of tokens 0..V - 1.
        order: n; 1 draws tokens by their frequency, 2 depends on one token before.
        vocab_size: V.
        end: the token that ends a sequence, followed by padding; it is learned like any other.

    Raises:
        ValueError: there are no sequences, or n is below 1 or too large for the vocabulary.
    """

    def __init__(
        self, training: Tokens, order: int, vocab_size: int, end: int | None = None
    ) -> None:
        if training.numel() == 0:
            raise ValueError("there are no training sequences to count")
        self.order, self.end = order, end
        self._base = vocab_size + 1
        if order < 1 or self._base ** (order - 1) >= 2**63:
            raise ValueError(
                f"order is {order}; it must be 1 or more, and for a vocabulary of {vocab_size} "
                "small enough that contexts fit 64 bits"
            )
        R, T = training.shape
        self._begin = vocab_size  # the token before the first
        place = torch.arange(T, device=training.device)
        written = place <= lengths(training, end)[:, None]  # the end is learned too
        before = torch.cat([training.new_full((R, order - 1), self._begin), training], dim=1)
        self._levels = []
        for n in range(1, order + 1):
            grams = before[:, order - n :].unfold(1, n, 1)  # (R, T, n), the token itself is last
            code, at = self._codes(grams[:, :, :-1])[written].sort(stable=True)
            self._levels.append((code, training[written][at]))

    def sample(self, n: int, length: int, rng: torch.Generator) -> Tokens:
        """New sequences, token by token: (n, length).

        Each draw copies the token after a random occurrence of the context in the training data,
        which gives the distribution above.
        """
        device = self._levels[0][0].device
        uniforms = torch.rand(n, length, generator=rng, device=device, dtype=torch.float64)
        before = torch.full((n, self.order - 1 + length), self._begin, device=device)
        ended = torch.zeros(n, dtype=torch.bool, device=device)
        for t in range(length):
            context = before[:, t : t + self.order - 1]
            token = self._next(context, uniforms[:, t])
            if self.end is not None:
                token = token.masked_fill(ended, self.end)
                ended |= token == self.end
            before[:, t + self.order - 1] = token
        return before[:, self.order - 1 :]

    def _next(self, context: Tensor, uniform: Tensor) -> Tensor:
        """A token after each context: (n, order - 1) and (n,) -> (n,)."""
        token = torch.empty(0)
        for n, (codes, following) in enumerate(self._levels, start=1):
            code = self._codes(context[:, self.order - n :])
            first = torch.searchsorted(codes, code)
            times = torch.searchsorted(codes, code, right=True) - first
            # The product may be rounded up to the number of times itself.
            place = torch.minimum((uniform * times).long(), times - 1) + first
            seen = following[place.clamp(min=0)]
            token = seen if n == 1 else torch.where(times > 0, seen, token)
        return token

    def _codes(self, contexts: Tensor) -> Tensor:
        """Each context as one number: (..., n - 1) -> (...)."""
        powers = self._base ** torch.arange(contexts.shape[-1], device=contexts.device)
        return (contexts * powers).sum(-1)
