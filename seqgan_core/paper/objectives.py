"""The losses of G and D, each with its equation; none depends on an optimiser."""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import START_TOKEN, Generator
from seqgan_core.paper.metrics import until_end
from seqgan_core.paper.sampling import draw
from seqgan_core.paper.tokens import Tokens


def mle_loss(
    generator: Generator,
    tokens: Tokens,
    end: int | None = None,
    dropout_mask: Tensor | None = None,
) -> Tensor:
    """Mean negative log-likelihood of the true tokens: (B, T) -> scalar, nats per token.

    -1/(B·T) Σ_b Σ_t log G(y_t | y_{1:t-1})

    With an `end` token the padding after it is learned too: otherwise G's samples would continue
    after their end, and D would recognise them by that. It is not counted in T, so that the loss
    is per token before the padding. `dropout_mask` is that of `Generator.hidden`.
    """
    counted = until_end(tokens, end).sum()
    loss, _ = generator.weighted_nll(
        tokens, counted.reciprocal().expand(tokens.shape), dropout_mask
    )
    return loss


def scheduled_sampling_loss(
    generator: Generator,
    tokens: Tokens,
    truth: Tensor,
    uniforms: Tensor,
    end: int | None = None,
) -> Tensor:
    """MLE with some of G's own tokens as inputs: (B, T) -> scalar, nats per token.

    -1/(B·T) Σ_b Σ_t log G(y_t | x_{1:t-1}),  x_t = y_t with probability ε, else x_t ~ G

    No gradient flows through the choice of x_t (Bengio et al. 2015).

    Args:
        generator: G.
        tokens: (B, T), the true y.
        truth: (B, T) of booleans, where x_t is y_t; all True gives `mle_loss`.
        uniforms: (B, T) in [0, 1), to draw G's own tokens.
        end: as for `mle_loss`.
    """
    losses = []
    inputs = torch.full_like(tokens[:, 0], START_TOKEN)
    state = generator.initial_state(len(tokens))
    for t in range(tokens.shape[1]):
        state = generator.advance(inputs, state)
        logits = generator.output_logits(state.h)  # (B, V)
        losses.append(F.cross_entropy(logits, tokens[:, t], reduction="none"))
        sampled = draw(logits.detach().clone(), uniforms[:, t])
        inputs = torch.where(truth[:, t], tokens[:, t], sampled)
    nll = torch.stack(losses, dim=1)  # (B, T)
    return nll.mean() if end is None else nll.sum() / until_end(tokens, end).sum()


def discriminator_loss(
    discriminator: Discriminator,
    tokens: Tokens,
    labels: Tensor,
    l2: float,
    dropout_mask: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Eq. (5): the cross-entropy of real (1) against fake (0), plus L2 of the output layer.

    -E_real[log D(Y)] - E_fake[log(1 - D(Y))] + l2 · ½(‖W_o‖² + ‖b_o‖²)

    Args:
        discriminator: D.
        tokens: (B, T), real and fake mixed.
        labels: (B,), 1 where real.
        l2: weight of the penalty (the paper's code uses 0.2).
        dropout_mask: (B, F) from `Discriminator.dropout_mask`.

    Returns:
        The loss, and how many of the B were classified correctly, both scalars on the device.
    """
    logits = discriminator.logits(tokens, dropout_mask)  # (B, 2)
    penalty = discriminator.output_weight.square().sum() + discriminator.output_bias.square().sum()
    loss = F.cross_entropy(logits, labels) + l2 * 0.5 * penalty
    return loss, (logits.argmax(-1) == labels).sum()


def policy_gradient_loss(generator: Generator, tokens: Tokens, q: Tensor) -> tuple[Tensor, Tensor]:
    """Eq. (8), as the authors' code sums it: -Σ_b Σ_t log G(y_t | y_{1:t-1}) · Q_t.

    A sum, not a mean: without clipping, the size of a step grows with the batch.

    Args:
        generator: G.
        tokens: (B, T).
        q: (B, T), the value of each token; no gradient flows into it.

    Returns:
        The loss, and G's mean entropy along the tokens, both scalars on the device.
    """
    return generator.weighted_nll(tokens, q)


Normalisation = Literal["none", "centre", "standardise", "advantage", "value"]


def normalise_q(q: Tensor, how: Normalisation, values: Tensor | None = None) -> Tensor:
    """Q minus a baseline, which reduces noise and keeps the expected gradient: (B, T) -> (B, T).

    - "none": the paper's Q, unchanged.
    - "centre": Q_t minus its mean over the batch at position t.
    - "standardise": that, divided by its standard deviation over the batch.
    - "advantage": Q_t - Q_{t-1}. Q_{t-1} is the mean score of completions of Y_{1:t-1}, the value
      of that prefix, so the difference is the contribution of y_t; for t = 1 the batch mean takes
      the place of the empty prefix's value.
    - "value": Q_t - v(Y_{1:t-1}), by a value network that has not learnt from this Q.

    The batch mean scales the expected gradient by (B - 1)/B; Q_{t-1} comes from separate roll-outs
    and is independent of y_t, as v is, so both keep the expected gradient exactly.

    Args:
        q: (B, T).
        how: one of the five.
        values: (B, T), v of the prefixes of 0 .. T - 1 tokens; for "value" only.

    Raises:
        ValueError: `how` is not one of the five, or there are no values for "value".
    """
    if how == "none":
        return q
    if how == "value" and values is not None:
        return q - values
    if how == "advantage":
        return torch.cat([q[:, :1] - q[:, :1].mean(), q.diff(dim=1)], dim=1)
    if how not in ("centre", "standardise"):
        raise ValueError(
            f"how is {how!r}; it must be none, centre, standardise, advantage "
            "or, with values, value"
        )
    centred = q - q.mean(dim=0, keepdim=True)
    if how == "centre":
        return centred
    # Where all sequences have the same Q there is nothing to learn: 0, not 0/0.
    return centred / q.std(dim=0, correction=0, keepdim=True).clamp(min=1e-6)


@torch.no_grad()
def move_average(average: Generator, live: Generator, rate: float) -> None:
    """β ← rate · β + (1 - rate) · θ: 0 copies θ, 1 keeps β (line 18 of Algorithm 1)."""
    for old, new in zip(average.parameters(), live.parameters(), strict=True):
        old.lerp_(new, 1.0 - rate)
