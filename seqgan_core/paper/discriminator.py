"""The discriminator D: a convolutional network with a highway layer that reads whole sequences.

    c_i = relu(w ⊗ E_{i:i+l-1} + b),  c̃ = max_i c_i              (a feature a filter)
    τ = σ(W_T c̃ + b_T),  C̃ = τ · relu(W_H c̃ + b_H) + (1 - τ) · c̃     (highway)
    D(Y) = softmax(W_o C̃ + b_o), the share of the class "real"
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import LongTensor, Tensor, nn

from seqgan_core.paper.generator import row_chunks

REAL = 1  # index of the class "real" among D's two outputs


class Discriminator(nn.Module):
    """D. It has no train/eval mode: dropout acts only where a mask is handed in.

    That makes the trap of scoring roll-outs with dropout on impossible rather than avoided.

    Args:
        vocab_size: V.
        embedding_size: E.
        widths: lengths of the n-grams that the filters read, each 1..T.
        filters: how many filters of each width.
    """

    def __init__(
        self, vocab_size: int, embedding_size: int, widths: Sequence[int], filters: Sequence[int]
    ) -> None:
        super().__init__()
        if len(widths) != len(filters):
            raise ValueError(
                f"widths has {len(widths)} entries and filters {len(filters)}; give one for each"
            )
        self.widths, self.filters = tuple(widths), tuple(filters)
        E, n_features = embedding_size, sum(filters)
        self.n_features = n_features
        self.embedding = nn.Parameter(torch.empty(vocab_size, E))
        self.conv_weights = nn.ParameterList(
            [torch.empty(n, E, w) for w, n in zip(widths, filters, strict=True)]
        )
        self.conv_biases = nn.ParameterList([torch.empty(n) for n in filters])
        self.transform_weight = nn.Parameter(torch.empty(n_features, n_features))
        self.transform_bias = nn.Parameter(torch.empty(n_features))
        self.gate_weight = nn.Parameter(torch.empty(n_features, n_features))
        self.gate_bias = nn.Parameter(torch.empty(n_features))
        self.output_weight = nn.Parameter(torch.empty(2, n_features))
        self.output_bias = nn.Parameter(torch.empty(2))

    def initialise(self, rng: torch.Generator) -> Discriminator:
        """The authors' start: embedding U(-1, 1), filters and output truncated N(0, 0.1), bias 0.1.

        The highway's matrices start Glorot-uniform, its biases at 0.
        """
        glorot = math.sqrt(6.0 / (2 * self.n_features))
        with torch.no_grad():
            _fill(self.embedding, -1.0, 1.0, rng)
            for weight in self.conv_weights:
                _fill_truncated_normal(weight, 0.1, rng)
            _fill(self.transform_weight, -glorot, glorot, rng)
            _fill(self.gate_weight, -glorot, glorot, rng)
            _fill_truncated_normal(self.output_weight, 0.1, rng)
            for bias in (*self.conv_biases, self.output_bias):
                bias.fill_(0.1)
            self.transform_bias.zero_()
            self.gate_bias.zero_()
        return self

    # -- reading --------------------------------------------------------------------------------

    def logits(self, tokens: LongTensor, dropout_mask: Tensor | None = None) -> Tensor:
        """Scores of the classes (fake, real): (B, T) -> (B, 2).

        Args:
            tokens: (B, T), T at least the widest filter.
            dropout_mask: (B, F) of 0 and 1/keep, from `dropout_mask`, in training only.
        """
        return self._classify(self.features(tokens), dropout_mask)

    def features(self, tokens: LongTensor) -> Tensor:
        """The pooled n-gram features c̃: (B, T) -> (B, F), 0 or more."""
        embedded = F.embedding(tokens, self.embedding).transpose(1, 2)  # (B, E, T)
        # max and ReLU commute; pooling first leaves T times less for the ReLU to do
        pooled = [maps.amax(-1) for maps in self._maps(embedded)]  # each (B, n)
        return torch.cat(pooled, dim=1).relu()

    def probability_real(self, tokens: LongTensor) -> Tensor:
        """D(Y), the probability of being real, in evaluation mode: (M, T) -> (M,) in [0, 1]."""
        with torch.no_grad():
            parts = [self._probability(self.features(tokens[rows]))  # type: ignore[arg-type]
                     for rows in row_chunks(len(tokens), tokens.device)]  # fmt: skip
        return torch.cat(parts) if parts else tokens.new_zeros(0, dtype=torch.float32)

    def dropout_mask(self, rows: int, keep: float, rng: torch.Generator) -> Tensor:
        """(rows, F) of 0 and 1/keep, from the run's own stream of randomness."""
        kept = torch.rand(rows, self.n_features, generator=rng, device=self.embedding.device) < keep
        return kept / keep

    def _maps(self, embedded: Tensor) -> list[Tensor]:
        return [
            F.conv1d(embedded, weight, bias)  # (B, n, T - w + 1)
            for weight, bias in zip(self.conv_weights, self.conv_biases, strict=True)
        ]

    def _classify(self, features: Tensor, dropout_mask: Tensor | None = None) -> Tensor:
        transform = F.linear(features, self.transform_weight, self.transform_bias).relu()
        gate = F.linear(features, self.gate_weight, self.gate_bias).sigmoid()
        highway = torch.lerp(features, transform, gate)  # gate·transform + (1 - gate)·features
        if dropout_mask is not None:
            highway = highway * dropout_mask
        return F.linear(highway, self.output_weight, self.output_bias)

    def _probability(self, features: Tensor) -> Tensor:
        return self._classify(features).softmax(-1)[:, REAL]

    # -- roll-outs ------------------------------------------------------------------------------

    @torch.no_grad()
    def __call__(self, tokens: LongTensor) -> Tensor:
        """D as a reward: the same as `probability_real`."""
        return self.probability_real(tokens)

    @torch.no_grad()
    def score_completions(self, completions: Tensor, tokens: LongTensor) -> Tensor:
        """D of completions that begin with prefixes of `tokens`, without reading a prefix twice.

        A window of a filter that lies inside the prefix gives the same value in all N
        completions, so the running maximum over `tokens` stands for all of them.

        Args:
            completions: (P, N, B, T); those of index p keep the first p + 1 tokens of `tokens`.
            tokens: (B, T).

        Returns:
            (P, N, B), equal to `probability_real` of each up to rounding.
        """
        P, N, B, T = completions.shape
        embedded = F.embedding(tokens, self.embedding).transpose(1, 2)  # (B, E, T)
        so_far = [maps.cummax(-1).values for maps in self._maps(embedded)]  # (B, n, T - w + 1)
        scores = torch.empty(P, N, B, device=tokens.device)
        chunk = max(1, next(iter(row_chunks(N * B, tokens.device))).stop // B)  # completions at once
        for p in range(P):
            for first in range(0, N, chunk):
                part = completions[p, first : first + chunk]  # (n, B, T)
                features = self._completion_features(part, p + 1, so_far)
                scores[p, first : first + chunk] = self._probability(features).view(-1, B)
        return scores

    def _completion_features(self, part: Tensor, known: int, so_far: list[Tensor]) -> Tensor:
        """c̃ of completions (n, B, T) whose first `known` tokens were read already: (n·B, F)."""
        n, B, T = part.shape
        pooled = []
        first = max(0, known - max(self.widths) + 1)
        embedded = F.embedding(part[:, :, first:].flatten(0, 1), self.embedding).transpose(1, 2)
        for w, weight, bias, seen in zip(
            self.widths, self.conv_weights, self.conv_biases, so_far, strict=True
        ):
            start = max(0, known - w + 1)  # the first window that reaches beyond the prefix
            best = F.conv1d(embedded[:, :, start - first :], weight, bias).amax(-1)  # (n·B, f)
            if known >= w:
                best = torch.maximum(best.view(n, B, -1), seen[:, :, known - w]).flatten(0, 1)
            pooled.append(best)
        return torch.cat(pooled, dim=1).relu()


def _fill(parameter: Tensor, low: float, high: float, rng: torch.Generator) -> None:
    noise = torch.rand(parameter.shape, generator=rng, device=rng.device)
    parameter.copy_((noise * (high - low) + low).to(parameter.device))


def _fill_truncated_normal(parameter: Tensor, std: float, rng: torch.Generator) -> None:
    """N(0, std²) with what lies beyond two deviations drawn again, by inverting the distribution."""
    edge = math.erf(2.0 / math.sqrt(2.0))
    noise = torch.rand(parameter.shape, generator=rng, device=rng.device, dtype=torch.float64)
    values = torch.erfinv((2.0 * noise - 1.0) * edge) * (math.sqrt(2.0) * std)
    parameter.copy_(values.to(parameter))
