"""The cross-entropy of softmax(h·W + b), computed in rows that stay in the cache.

At V = 5000 the logits of one batch are 26 MB, and a plain log-softmax with its gradient moves them
through memory a dozen times. Here no more than a few rows exist at once: while they are in the
cache they become weights 2^x, a sum, and both products of the gradient. So the gradient is computed
on the way forwards, for token weights that are known beforehand; both losses of G have such.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor

from seqgan_core.paper.sampling import BITS_PER_NAT, SAFE_BITS, logits_are_within
from seqgan_core.paper.tokens import Tokens

NATS_PER_BIT = math.log(2.0)
LOGITS_AT_ONCE = {"cpu": 1_600_000, "gpu": 1 << 27}  # 6 MB, 0.5 GB; 320 rows at V = 5000
FEWEST_ROWS = 32  # of a large vocabulary; matrix products of fewer are slow


class _Part(NamedTuple):
    rows: slice
    weights: Tensor  # (n, V), softmax times `total`
    total: Tensor  # (n, 1)
    nll: Tensor  # (n, 1), nats


def nll_of_tokens(h: Tensor, weight: Tensor, bias: Tensor, tokens: Tokens) -> Tensor:
    """−log softmax(h·W + b) of `tokens`, in nats, without gradient.

    Args:
        h: (N, H), each |h| <= 1.
        weight: W, (H, V).
        bias: b, (V,).
        tokens: (N,).

    Returns:
        (N,).
    """
    nll = h.new_empty(len(h))
    with torch.no_grad():
        for part in _parts(h, weight, bias, tokens):
            nll[part.rows] = part.nll[:, 0]
    return nll


class WeightedNll(torch.autograd.Function):
    """Σ_n w_n · −log softmax(h_n·W + b)[token n] of N rows, and the mean entropy of the softmax.

    `apply(h, weight, bias, tokens, token_weights)` takes the arguments of `nll_of_tokens` and
    `token_weights` (N,); it returns two scalars. The first has gradients in h, W and b.
    """

    @staticmethod
    def forward(
        ctx: Any, h: Tensor, weight: Tensor, bias: Tensor, tokens: Tokens, token_weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        N, H = h.shape
        loss, entropy = h.new_zeros(()), h.new_zeros(())
        d_h, vectors = torch.empty_like(h), weight.t().contiguous()  # (V, H)
        sums = h.new_zeros(H + 2, len(bias))  # of p, less 1 at the token; times w·h, w and 1
        for part in _parts(h, weight, bias, tokens):
            x, w = h[part.rows], token_weights[part.rows, None]
            # p, less 1 at the token, times `total`: the gradient of each row's NLL in its logits
            d_logits = part.weights.scatter_add_(1, tokens[part.rows, None], -part.total)
            d_x = (d_logits @ vectors).div_(part.total)  # (n, H)
            d_h[part.rows] = w * d_x
            scaled = torch.cat([w * x, w, torch.ones_like(w)], dim=1).div_(part.total)
            sums.addmm_(scaled.t(), d_logits)
            loss += (w * part.nll).sum()
            entropy += part.nll.sum() - (x * d_x).sum()
        entropy = (entropy - sums[H + 1].dot(bias)) / N
        ctx.save_for_backward(d_h, sums[:H], sums[H])
        ctx.mark_non_differentiable(entropy)
        return loss, entropy

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        return (*(grads[0] * saved for saved in ctx.saved_tensors), None, None)


def _parts(h: Tensor, weight: Tensor, bias: Tensor, tokens: Tokens) -> Iterator[_Part]:
    """Softmax and NLL of a few rows at a time; each part overwrites the weights of the last."""
    cpu = h.device.type == "cpu"
    V = len(bias)
    step = max(FEWEST_ROWS, LOGITS_AT_ONCE["cpu" if cpu else "gpu"] // V)
    bounded = logits_are_within(SAFE_BITS / 2, weight, bias, BITS_PER_NAT)
    layer = torch.cat([weight, bias[None]]).mul_(BITS_PER_NAT)  # (H + 1, V); logits in bits
    inputs = torch.cat([h, h.new_ones(len(h), 1)], dim=1)
    buffer = h.new_empty(min(step, len(h)), V)
    for first in range(0, len(h), step):
        rows = slice(first, min(first + step, len(h)))
        bits = torch.mm(inputs[rows], layer, out=buffer[: rows.stop - first])
        if not bounded:
            bits.sub_(bits.amax(1, keepdim=True))
        of_token = bits.gather(1, tokens[rows, None])
        weights = bits.exp2_()  # faster than e^x in PyTorch on a CPU
        total = weights.sum(1, keepdim=True)
        yield _Part(rows, weights, total, (total.log2() - of_token).mul_(NATS_PER_BIT))
