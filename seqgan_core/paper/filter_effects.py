"""What D's filters read in a sequence, and what each of them does to its score.

D is a bag of n-gram detectors: after the max-pooling it knows of every filter only its strongest
value c̃ and no longer where it stood. So a filter is explained by the place that won, and by what
D says of the same sequence with that filter switched off:

    effect of f = D(Y) - D(Y with c̃_f = 0)

It is measured, not estimated from a gradient, because the highway and the softmax are no sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan_core.paper.discriminator import REAL, Discriminator
from seqgan_core.paper.tokens import Tokens

NOWHERE = -1  # the place of a filter that no window excites: its ReLU gives 0 everywhere
ROUNDING = 1e-5  # relative; the same n-gram at two places may differ by this, and is a tie
VARIANTS = 256  # rows of F numbers that are classified together


class Winners(NamedTuple):
    """For every filter the value and the place that won its max-pooling, each (B, F).

    `values` are the features c̃, 0 or more; `starts` the index of the first token of the winning
    window, the first of those that tie, and NOWHERE where the value is 0.
    """

    values: Tensor
    starts: Tensor


class Verdict(NamedTuple):
    """What D says: `probability` of being real, and `logit` = log(p / (1 - p)); each (K,)."""

    probability: Tensor
    logit: Tensor


def filter_widths(D: Discriminator) -> Tokens:
    """The width of each of the F filters, in the order of the features: (F,)."""
    widths = torch.tensor(D.widths, device=D.embedding.device)
    counts = torch.tensor(D.filters, device=D.embedding.device)
    return widths.repeat_interleave(counts)


@torch.no_grad()
def winners(D: Discriminator, tokens: Tokens) -> Winners:
    """c̃ = relu(max_i w ⊗ E_{i:i+l-1} + b) and the i that gave it: (B, T) -> (B, F) each.

    Raises:
        ValueError: the sequences are shorter than the widest filter.
    """
    values = D.features(tokens)  # (B, F)
    embedded = F.embedding(tokens, D.embedding)  # (B, T, E)
    starts = []
    for maps in D.maps(embedded):  # (B, T - w + 1, n)
        best = maps.amax(1, keepdim=True)
        ties = maps >= best - ROUNDING * (1.0 + best.abs())
        places = torch.arange(maps.shape[1], device=maps.device)[None, :, None]
        starts.append(torch.where(ties, places, maps.shape[1]).amin(1))
    places_won = torch.cat(starts, dim=1).masked_fill(values <= 0.0, NOWHERE)
    return Winners(values, places_won)


@torch.no_grad()
def activations(D: Discriminator, filter: int, ngrams: Tokens) -> Tensor:
    """relu(w ⊗ E + b) of one filter for n-grams of its width: (M, w) -> (M,)."""
    width = int(filter_widths(D)[filter])
    if ngrams.shape[1] != width:
        raise ValueError(
            f"the n-grams have {ngrams.shape[1]} tokens; filter {filter} reads {width}"
        )
    kernel, within = D.widths.index(width), filter - sum(D.filters[: D.widths.index(width)])
    weight: Tensor = D.conv_weights[kernel][within].t()  # (w, E)
    windows = F.embedding(ngrams, D.embedding)  # (M, w, E)
    heard: Tensor = (windows * weight).sum((1, 2)) + D.conv_biases[kernel][within]
    return heard.relu()


@torch.no_grad()
def verdict(D: Discriminator, features: Tensor) -> Verdict:
    """What D says of features c̃: (K, F) -> (K,) each."""
    return _verdict(D.classify(features))


@torch.no_grad()
def without(D: Discriminator, features: Tensor, off: Tensor) -> Iterator[Verdict]:
    """What D says of one sequence with groups of filters switched off, a part at a time.

    Args:
        D: the discriminator.
        features: (F,), the c̃ of the sequence.
        off: (K, F) of bool, one group a row.

    Yields:
        Verdicts of up to VARIANTS rows, in order.
    """
    for part in torch.split(off, VARIANTS):
        yield verdict(D, features[None].masked_fill(part, 0.0))


@torch.no_grad()
def without_each(D: Discriminator, features: Tensor, filters: Tensor) -> Iterator[Verdict]:
    """What D says of one sequence with each of some filters alone switched off, a part at a time.

    Taking filter f away changes W c̃ by the column W_f · c̃_f alone. So each variant costs F steps
    and not F², which is what makes it possible for all of the paper's 1,720 filters.

    Args:
        D: the discriminator.
        features: (F,), the c̃ of the sequence.
        filters: (K,), numbers of filters.

    Yields:
        Verdicts of up to VARIANTS filters, in order.
    """
    transform = F.linear(features, D.transform_weight, D.transform_bias)  # (F,)
    gate = F.linear(features, D.gate_weight, D.gate_bias)  # (F,)
    for some in torch.split(filters, VARIANTS):
        lost = features[some, None]  # (K, 1)
        without_f = (transform - lost * D.transform_weight.t()[some]).relu()  # (K, F)
        opened = (gate - lost * D.gate_weight.t()[some]).sigmoid()
        carried = features.repeat(len(some), 1).scatter_(1, some[:, None], 0.0)
        highway = torch.lerp(carried, without_f, opened)
        yield _verdict(F.linear(highway, D.output_weight, D.output_bias))


def _verdict(logits: Tensor) -> Verdict:
    """From the scores of (fake, real): (K, 2)."""
    return Verdict(logits.softmax(-1)[:, REAL], logits[:, REAL] - logits[:, 1 - REAL])
