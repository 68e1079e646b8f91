"""Metrics of a generator and a discriminator, without gradients."""

import torch
from torch import Tensor

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator, row_chunks
from seqgan_core.paper.tokens import Tokens


@torch.no_grad()
def sequence_nll(generator: Generator, tokens: Tokens, end: int | None = None) -> Tensor:
    """Each sequence's mean NLL: (n, T) -> (n,), nats per token.

    Of G's samples under the oracle it is NLL_oracle, their quality; of held-out real sequences
    under G it is NLL_test, G's coverage. Lower is better for both.

    Args:
        generator: G, or the oracle.
        tokens: (n, T).
        end: the token that ends a shorter sequence. It counts, because ending is a choice; the
            padding after it does not.
    """
    parts = []
    states = tokens.shape[1] * 8 * generator.hidden_size  # gates too; the logits come in parts
    for rows in row_chunks(len(tokens), tokens.device, states):
        nll = -generator.log_probs(tokens[rows])
        parts.append(_mean_until_end(nll, tokens[rows], end))
    return torch.cat(parts) if parts else tokens.new_zeros(0, dtype=torch.float32)


def _mean_until_end(values: Tensor, tokens: Tensor, end: int | None) -> Tensor:
    if end is None:
        return values.mean(dim=1)
    counted = until_end(tokens, end)
    return (values * counted).sum(dim=1) / counted.sum(dim=1)


def until_end(tokens: Tensor, end: int | None) -> Tensor:
    """True for tokens up to and including the first `end`, False for padding: (n, T)."""
    if end is None:
        return torch.ones_like(tokens, dtype=torch.bool)
    ends = tokens == end
    return ends.cumsum(dim=1) - ends.long() == 0


@torch.no_grad()
def conditional_entropy(generator: Generator, tokens: Tokens, end: int | None = None) -> Tensor:
    """Mean entropy of G's next-token distribution along `tokens` (n, T): scalar, nats per token.

    -1/(n·T) Σ Σ_v G(v | y_{1:t-1}) log G(v | y_{1:t-1}), between 0 and log V; padding after `end`
    does not count.
    """
    total = torch.zeros((), device=tokens.device)
    logits = tokens.shape[1] * generator.vocab_size
    for rows in row_chunks(len(tokens), tokens.device, logits, rows=64):
        entropy = entropy_of(generator.logits(tokens[rows]))
        total += (entropy * until_end(tokens[rows], end)).sum()
    return total / until_end(tokens, end).sum()


def entropy_of(logits: Tensor) -> Tensor:
    """Entropy in nats of softmax(logits): (..., V) -> (...)."""
    log_p = logits.log_softmax(-1)
    return -(log_p.exp() * log_p).sum(-1)


def discriminator_scores(
    discriminator: Discriminator, real: Tokens, fake: Tokens
) -> dict[str, float]:
    """Held-out accuracy (chance is 0.5 for equal numbers) and the mean P(real) of each side."""
    p_real, p_fake = (discriminator.probability_real(tokens) for tokens in (real, fake))
    right = (p_real > 0.5).sum() + (p_fake <= 0.5).sum()
    accuracy = right / (len(real) + len(fake))
    values = torch.stack([accuracy, p_real.mean(), p_fake.mean()]).tolist()  # one copy to the host
    return dict(zip(("d_accuracy", "d_real", "d_fake"), values, strict=True))
