"""The discriminator D: a convolutional network with a highway layer that reads whole sequences.

c_i = relu(w ⊗ E_{i:i+l-1} + b),  c̃ = max_i c_i              (a feature a filter)
τ = σ(W_T c̃ + b_T),  C̃ = τ · relu(W_H c̃ + b_H) + (1 - τ) · c̃     (highway)
D(Y) = softmax(W_o C̃ + b_o), the probability of the class "real"
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqgan_core.paper.generator import row_chunks
from seqgan_core.paper.tokens import Tokens

ROWS_OF_FEATURES = 20_000  # of completions, scored together: 0.14 GB at the paper's size
# A filter's gradient goes through the winning windows alone where that saves more multiplications
# by 0 than this: measured on a CPU, where sorting the winners costs about as much time.
WORTH_SORTING = 20_000_000
REAL = 1  # index of the class "real" among D's two outputs


class Discriminator(nn.Module):
    """D. It has no train/eval mode: dropout acts only with a mask, so it cannot be left on.

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
        self.rollout_dtype = torch.float32  # of the highway's products when completions are scored
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
        """As the authors: embedding U(-1, 1), filters and output truncated N(0, 0.1), bias 0.1.

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

    # -- sequences ------------------------------------------------------------------------------

    def logits(self, tokens: Tokens, dropout_mask: Tensor | None = None) -> Tensor:
        """Scores of the classes (fake, real): (B, T) -> (B, 2).

        Args:
            tokens: (B, T), T at least the widest filter.
            dropout_mask: (B, F) of 0 and 1/keep, from `dropout_mask`, in training only.
        """
        return self.classify(self.features(tokens), dropout_mask)

    def features(self, tokens: Tokens) -> Tensor:
        """The pooled n-gram features c̃: (B, T) -> (B, F), 0 or more."""
        self._check_length(tokens.shape[1])
        embedded = F.embedding(tokens, self.embedding)  # (B, T, E)
        # The bias and ReLU are applied after the maximum: T times less work.
        pooled = [_largest(embedded, weight) for weight in self.conv_weights]  # each (B, n)
        return (torch.cat(pooled, dim=1) + torch.cat(list(self.conv_biases))).relu()

    def probability_real(self, tokens: Tokens) -> Tensor:
        """D(Y), the probability of being real, in evaluation mode: (M, T) -> (M,) in [0, 1]."""
        with torch.no_grad():
            parts = [self._probability(self.features(tokens[rows]))
                     for rows in self._chunks(len(tokens), tokens)]  # fmt: skip
        return torch.cat(parts) if parts else tokens.new_zeros(0, dtype=torch.float32)

    def _chunks(self, n: int, tokens: Tensor) -> Iterator[slice]:
        """Rows of `tokens` (M, T) whose windows and maps are in memory together."""
        widest = self.embedding.shape[1] * max(self.widths) + max(self.filters)
        return row_chunks(n, tokens.device, tokens.shape[1] * widest)

    def _check_length(self, length: int) -> None:
        if length < max(self.widths):
            raise ValueError(
                f"the sequences have {length} tokens, and the widest filter reads "
                f"{max(self.widths)}; give D longer sequences or narrower filters"
            )

    def dropout_mask(self, rows: int, keep: float, rng: torch.Generator) -> Tensor:
        """(rows, F) of 0 and 1/keep, drawn from `rng`."""
        kept = torch.rand(rows, self.n_features, generator=rng, device=self.embedding.device) < keep
        return kept / keep

    def maps(self, embedded: Tensor) -> Iterator[Tensor]:
        """Every filter at every place, without bias: (B, T, E) -> (B, T - w + 1, n) per width."""
        return (_maps(embedded, weight) for weight in self.conv_weights)

    def classify(
        self, features: Tensor, dropout_mask: Tensor | None = None, highway: Sequence[Tensor] = ()
    ) -> Tensor:
        """Scores of (fake, real) from features c̃: (B, F) -> (B, 2); with `_highway` or a copy."""
        w_transform, b_transform, w_gate, b_gate = highway or self._highway()
        rounded = features.to(w_gate.dtype)
        transform = F.linear(rounded, w_transform, b_transform).to(features).relu()
        gate = F.linear(rounded, w_gate, b_gate).to(features).sigmoid()
        out = torch.lerp(features, transform, gate)  # gate·transform + (1 - gate)·features
        if dropout_mask is not None:
            out = out * dropout_mask
        return F.linear(out, self.output_weight, self.output_bias)

    def _highway(self, dtype: torch.dtype | None = None) -> list[Tensor]:
        layer = (self.transform_weight, self.transform_bias, self.gate_weight, self.gate_bias)
        return [each.to(dtype or each.dtype) for each in layer]

    def _probability(self, features: Tensor, highway: Sequence[Tensor] = ()) -> Tensor:
        return self.classify(features, highway=highway).softmax(-1)[:, REAL]

    # -- roll-outs ------------------------------------------------------------------------------

    @torch.no_grad()
    def __call__(self, tokens: Tokens) -> Tensor:
        """D as a reward: the same as `probability_real`."""
        return self.probability_real(tokens)

    @torch.no_grad()
    def score_completions(self, completions: Tensor, tokens: Tokens) -> Tensor:
        """D of completions of prefixes of `tokens`; each prefix is read only once.

        A filter's window inside the prefix has the same value in all N completions, so the running
        maximum over `tokens` serves all of them.

        Args:
            completions: (P, N, B, T); index p keeps the first p + 1 tokens of `tokens`.
            tokens: (B, T).

        Returns:
            (P, N, B), equal to `probability_real` of each up to rounding, by `rollout_dtype`.
        """
        P, N, B, T = completions.shape
        self._check_length(T)
        codes, known_codes, vectors = self._codes(completions, tokens)
        group = max(
            1, ROWS_OF_FEATURES // max(1, P * B)
        )  # completions whose features are in memory
        layer = self._highway(self.rollout_dtype)
        highway = 4 * self.n_features  # numbers that a row makes
        parts = []
        for first in range(0, N, group):
            features = self._completion_features(
                codes[:, first : first + group], known_codes, vectors
            )
            rows = features.flatten(0, 2)  # (P·n·B, F)
            scores = [self._probability(rows[some], layer)
                      for some in row_chunks(len(rows), rows.device, highway, 1024)]  # fmt: skip
            parts.append(torch.cat(scores).view(P, -1, B))
        return torch.cat(parts, dim=1)

    def _codes(self, completions: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Completions, tokens and the embeddings they index: of all V, or of those that occur."""
        on_cpu = tokens.device.type == "cpu"  # a GPU would have to wait for how many occur
        if not on_cpu or completions.numel() >= len(self.embedding):
            return completions, tokens, self.embedding
        both = torch.cat([completions.flatten(), tokens.flatten()])
        occurring, codes = torch.unique(both, return_inverse=True)
        of_completions, of_tokens = torch.split(codes, [completions.numel(), tokens.numel()])
        return (
            of_completions.view_as(completions),
            of_tokens.view_as(tokens),
            F.embedding(occurring, self.embedding),
        )

    def _completion_features(self, completions: Tensor, tokens: Tensor, vectors: Tensor) -> Tensor:
        """c̃ of completions (P, n, B, T) of `tokens` (B, T): (P, n, B, F).

        A convolution of width w is a sum over w places of each token's contribution. With this
        many sequences it is faster to compute every token's contribution at every place (V·w rows
        of n numbers) and then add rows. One width at a time, so that its rows stay in the cache.
        """
        P, n, B = completions.shape[:3]
        step = max(1, next(self._chunks(n * B, tokens)).stop // B)  # at once
        features = vectors.new_empty(P, n, B, self.n_features)
        columns = torch.split(features, list(self.filters), dim=3)
        for w, weight, out in zip(self.widths, self.conv_weights, columns, strict=True):
            table = (vectors @ weight.permute(1, 2, 0).flatten(1)).view(len(vectors) * w, -1)
            so_far = _window_sums(tokens, table, w).cummax(1).values  # (B, T - w + 1, filters)
            for p in range(P):
                known = p + 1
                start = max(0, known - w + 1)  # the first window that reaches beyond the prefix
                for first in range(0, n, step):
                    part = completions[p, first : first + step, :, start:]  # (step, B, L)
                    best = _window_sums(part.flatten(0, 1), table, w).amax(1)  # (step·B, filters)
                    best = best.view(-1, B, best.shape[1])
                    if known >= w:
                        best = torch.maximum(best, so_far[:, known - w])
                    out[p, first : first + step] = best
        return features.add_(torch.cat(list(self.conv_biases))).relu_()


def _windows(embedded: Tensor, width: int) -> Tensor:
    """Every n-gram as one row: (B, T, E) -> (B, T - width + 1, width·E).

    Joined from slices only for a gradient on a CPU, where unfolding is slow backwards. On a GPU
    those slices would be more than half of the kernels of a D step.
    """
    if embedded.requires_grad and embedded.device.type == "cpu":
        places = embedded.shape[1] - width + 1
        return torch.cat([embedded[:, j : j + places] for j in range(width)], dim=2)
    return _unfolded(embedded, width)


def _unfolded(embedded: Tensor, width: int) -> Tensor:
    return embedded.unfold(1, width, 1).transpose(2, 3).contiguous().flatten(2)


def _maps(embedded: Tensor, weight: Tensor) -> Tensor:
    """Filters (n, E, w) at every place of (B, T, E): (B, T - w + 1, n).

    One matrix product of windows is faster than a convolution, whose output has the places last,
    where a maximum over them is slow.
    """
    return _windows(embedded, weight.shape[2]) @ weight.permute(2, 1, 0).flatten(0, 1)


def _largest(embedded: Tensor, weight: Tensor) -> Tensor:
    """The maximum of `_maps` over the places, (B, n), with the faster of two equal gradients."""
    (B, T, _), w = embedded.shape, weight.shape[2]
    saved = B * (T - w) * weight.numel()  # multiplications by 0 in either product of the gradient
    on_cpu = embedded.device.type == "cpu"
    if on_cpu and embedded.requires_grad and saved > WORTH_SORTING:
        largest: Tensor = _LargestWindow.apply(embedded, weight)  # type: ignore[no-untyped-call]
        return largest
    return _maps(embedded, weight).amax(1)


class _LargestWindow(torch.autograd.Function):
    """`_largest` with a gradient through the winning windows alone.

    Only one of the T - w + 1 windows passes its gradient on to a filter, so sums over those windows
    replace two matrix products with mostly zeros. Of equal windows, which are one n-gram, any may
    win.
    """

    @staticmethod
    def forward(ctx: Any, embedded: Tensor, weight: Tensor) -> Tensor:
        windows = _unfolded(embedded, weight.shape[2])  # (B, P, w·E)
        matrix = weight.transpose(1, 2).flatten(1)  # (n, w·E)
        best, starts = (windows @ matrix.t()).max(1)  # (B, n)
        ctx.width = weight.shape[2]
        ctx.save_for_backward(windows, matrix, starts)
        return best

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor]:
        (grad,), w = grads, ctx.width  # (B, n)
        windows, matrix, starts = ctx.saved_tensors
        B, P, _ = windows.shape
        rows = torch.arange(0, B * P, P)[:, None] + starts  # of the B·P windows
        d_matrix = F.embedding_bag(
            rows.t().contiguous(),
            windows.flatten(0, 1),
            per_sample_weights=grad.t().contiguous(),
            mode="sum",
        )  # (n, w·E)
        rows, filters = rows.sort(1)  # now the filters of a window follow one another
        d_windows = F.embedding_bag(
            filters.flatten(),
            matrix,
            torch.searchsorted(rows.flatten(), torch.arange(B * P)),
            per_sample_weights=grad.gather(1, filters).flatten(),
            mode="sum",
        ).view(B, P, w, -1)
        d_embedded = grad.new_zeros(B, P + w - 1, d_windows.shape[3])
        for j in range(w):
            d_embedded[:, j : j + P] += d_windows[:, :, j]
        return d_embedded, d_matrix.view(len(matrix), w, -1).transpose(1, 2)


def _window_sums(rows: Tensor, table: Tensor, width: int) -> Tensor:
    """The convolution of `width` by adding rows of `table`, whose row token · width + j is what
    the token adds at place j of a window: (M, L) -> (M, L - width + 1, filters).
    """
    places = torch.arange(width, device=rows.device)
    windows = rows.unfold(1, width, 1) * width + places  # (M, L - width + 1, width)
    sums = F.embedding_bag(windows.flatten(0, 1), table, mode="sum")
    return sums.view(*windows.shape[:2], -1)


def _fill(parameter: Tensor, low: float, high: float, rng: torch.Generator) -> None:
    noise = torch.rand(parameter.shape, generator=rng, device=rng.device)
    parameter.copy_((noise * (high - low) + low).to(parameter.device))


def _fill_truncated_normal(parameter: Tensor, std: float, rng: torch.Generator) -> None:
    """N(0, std²) cut at two deviations, by inverting the distribution function."""
    edge = math.erf(2.0 / math.sqrt(2.0))
    noise = torch.rand(parameter.shape, generator=rng, device=rng.device, dtype=torch.float64)
    values = torch.erfinv((2.0 * noise - 1.0) * edge) * (math.sqrt(2.0) * std)
    parameter.copy_(values.to(parameter))
