"""What D's filters read in a sequence, and the effect of each filter on the score.

D is a bag of n-gram detectors: max-pooling keeps each filter's largest value c̃, but not its place.
So a filter is explained by the place of that maximum, and by the score of the same sequence with
the filter switched off:

    effect of f = D(Y) - D(Y with c̃_f = 0)

It is measured, not estimated from a gradient, because the highway and the softmax are not sums.
"""

from collections.abc import Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan_core.paper.discriminator import REAL, Discriminator
from seqgan_core.paper.tokens import Tokens

NOWHERE = -1  # the place of a filter that is 0 everywhere after its ReLU
ROUNDING = 1e-5  # relative; the same n-gram at two places may differ by this
VARIANTS = 256  # rows of F numbers that are classified together


class Winners(NamedTuple):
    """The value and the place of every filter's maximum, each (B, F).

    `values` are the features c̃, 0 or more; `starts` the index of the window's first token, the
    first of equal windows, and NOWHERE where the value is 0.
    """

    values: Tensor
    starts: Tensor


class Verdict(NamedTuple):
    """D's score: `probability` of being real, and `logit` = log(p / (1 - p)); each (K,)."""

    probability: Tensor
    logit: Tensor


def filter_widths(D: Discriminator) -> Tensor:
    """The width of each of the F filters, in the order of the features: (F,)."""
    widths = torch.tensor(D.widths, device=D.embedding.device)
    counts = torch.tensor(D.filters, device=D.embedding.device)
    return widths.repeat_interleave(counts)


@torch.no_grad()
def winners(D: Discriminator, tokens: Tokens) -> Winners:
    """c̃ = relu(max_i w ⊗ E_{i:i+l-1} + b) and its i: (B, T) -> (B, F) each.

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
    """D's scores from features c̃: (K, F) -> (K,) each."""
    return _verdict(D.classify(features))


@torch.no_grad()
def without(D: Discriminator, features: Tensor, off: Tensor) -> Iterator[Verdict]:
    """D's scores of one sequence with groups of filters switched off, in parts.

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
    """D's scores of one sequence with single filters switched off, in parts.

    Removing filter f changes W c̃ only by the column W_f · c̃_f, so each variant costs F operations
    instead of F²; that makes all of the paper's 1,720 filters possible.

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
