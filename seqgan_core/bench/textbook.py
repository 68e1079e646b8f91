"""The textbook version: the formulas, computed one prefix and one token at a time.

It is slow on purpose: `bench` compares with it, and the tests take it as ground truth, because the
batched version must give the same distribution, and the same scores for the same weights.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan_core.paper.discriminator import REAL, Discriminator
from seqgan_core.paper.generator import START_TOKEN, Generator
from seqgan_core.paper.tokens import Tokens


@torch.no_grad()
def complete(generator: Generator, prefix: Tokens, length: int, rng: torch.Generator) -> Tensor:
    """Reads `prefix` (B, t) after the start token, then samples up to `length` tokens.

    Returns:
        (B, length), beginning with the prefix; an empty prefix samples whole sequences.
    """
    B, known = prefix.shape
    token = torch.full((B,), START_TOKEN, device=prefix.device)
    state = generator.initial_state(B)
    tokens = []
    for t in range(length):
        state = generator.advance(token, state)
        if t < known:
            token = prefix[:, t]
        else:
            probabilities = torch.softmax(generator.output_logits(state.h), dim=-1)  # (B, V)
            token = torch.multinomial(probabilities, 1, generator=rng)[:, 0]
        tokens.append(token)
    return torch.stack(tokens, dim=1)


def sample(generator: Generator, n: int, length: int, rng: torch.Generator) -> Tokens:
    """n sequences Y_{1:T} ~ G, (n, length)."""
    nothing = torch.empty(n, 0, dtype=torch.long, device=generator.embedding.device)
    return complete(generator, nothing, length, rng)


@torch.no_grad()
def q_values(
    generator: Generator,
    reward: Callable[[Tokens], Tensor],
    tokens: Tokens,
    n_rollouts: int,
    rng: torch.Generator,
) -> Tensor:
    """Q of every token by Eq. (4), one prefix and one completion at a time: (B, T) -> (B, T)."""
    B, T = tokens.shape
    q = torch.zeros(B, T, device=tokens.device)
    for _ in range(n_rollouts):
        for t in range(1, T):
            finished = complete(generator, tokens[:, :t], T, rng)
            q[:, t - 1] += reward(finished) / n_rollouts
    q[:, T - 1] = reward(tokens)
    return q


class Conv2dDiscriminator(nn.Module):
    """D with a two-dimensional convolution over an image of T × E, on a copy of a D's weights."""

    def __init__(self, model: Discriminator) -> None:
        super().__init__()

        def copy(weight: Tensor) -> nn.Parameter:
            return nn.Parameter(weight.detach().clone(memory_format=torch.contiguous_format))

        self.embedding = copy(model.embedding)
        self.kernels = nn.ParameterList(
            [copy(weight.transpose(1, 2)[:, None]) for weight in model.conv_weights]
        )  # each (n, 1, w, E)
        self.biases = nn.ParameterList([copy(bias) for bias in model.conv_biases])
        self.transform_weight = copy(model.transform_weight)
        self.transform_bias = copy(model.transform_bias)
        self.gate_weight = copy(model.gate_weight)
        self.gate_bias = copy(model.gate_bias)
        self.output_weight = copy(model.output_weight)
        self.output_bias = copy(model.output_bias)

    def logits(self, tokens: Tokens, dropout_mask: Tensor | None = None) -> Tensor:
        """Scores of the classes (fake, real): (B, T) -> (B, 2)."""
        image = F.embedding(tokens, self.embedding)[:, None]  # (B, 1, T, E)
        pooled = []
        for kernel, bias in zip(self.kernels, self.biases, strict=True):
            maps = F.conv2d(image, kernel, bias).relu()  # (B, n, T - w + 1, 1)
            pooled.append(F.max_pool2d(maps, (maps.shape[2], 1))[:, :, 0, 0])
        features = torch.cat(pooled, dim=1)  # (B, F)
        gate = F.linear(features, self.gate_weight, self.gate_bias).sigmoid()
        transform = F.linear(features, self.transform_weight, self.transform_bias).relu()
        highway = gate * transform + (1 - gate) * features
        if dropout_mask is not None:
            highway = highway * dropout_mask
        return F.linear(highway, self.output_weight, self.output_bias)

    @torch.no_grad()
    def probability_real(self, tokens: Tokens) -> Tensor:
        """D(Y) without dropout: (M, T) -> (M,)."""
        return self.logits(tokens).softmax(-1)[:, REAL]


def log_probs(generator: Generator, tokens: Tokens) -> Tensor:
    """log G(y_t | y_{1:t-1}), with the output layer applied token by token: (B, T) -> (B, T)."""
    state = generator.initial_state(len(tokens))
    token = torch.full_like(tokens[:, 0], START_TOKEN)
    result = []
    for t in range(tokens.shape[1]):
        state = generator.advance(token, state)
        token = tokens[:, t]
        every = torch.log_softmax(generator.output_logits(state.h), dim=-1)  # (B, V)
        result.append(every.gather(1, token[:, None])[:, 0])
    return torch.stack(result, dim=1)


def mle_step(generator: Generator, adam: torch.optim.Adam, tokens: Tokens) -> None:
    """One MLE update on `tokens` (B, T)."""
    _descend(generator, adam, -log_probs(generator, tokens).mean())


def policy_step(generator: Generator, adam: torch.optim.Adam, tokens: Tokens, q: Tensor) -> None:
    """One policy-gradient update by Eq. (8): -Σ_b Σ_t log G(y_t | y_{1:t-1}) · Q_t."""
    _descend(generator, adam, -(log_probs(generator, tokens) * q).sum())


def discriminator_step(
    model: Conv2dDiscriminator,
    adam: torch.optim.Adam,
    tokens: Tokens,
    labels: Tensor,
    l2: float,
    dropout_mask: Tensor,
) -> None:
    """One update of D by Eq. (5) on a batch of real and fake, tokens (B, T) and labels (B,)."""
    adam.zero_grad()
    penalty = model.output_weight.square().sum() + model.output_bias.square().sum()
    loss = F.cross_entropy(model.logits(tokens, dropout_mask), labels) + l2 * 0.5 * penalty
    loss.backward()  # type: ignore[no-untyped-call]
    adam.step()


def _descend(generator: Generator, adam: torch.optim.Adam, loss: Tensor) -> None:
    adam.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(generator.parameters(), 5.0)
    adam.step()


def bleu(references: Tokens, tokens: Tokens, order: int) -> list[float]:
    """BLEU-`order` of each of `tokens` (M, T) against `references` (R, T), by NLTK, one by one."""
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

    against, weights = references.tolist(), (1 / order,) * order
    smoothing = SmoothingFunction().method1
    return [
        float(sentence_bleu(against, row, weights, smoothing_function=smoothing))
        for row in tokens.tolist()
    ]
