"""Which filters matter over many sequences, and the phrases that activate them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from seqgan_core.insight.discriminator.attribution import discriminator_of
from seqgan_core.insight.discriminator.scores import samples
from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.insight.statistics import Mean, half_width
from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.filter_effects import (
    NOWHERE,
    activations,
    filter_widths,
    verdict,
    winners,
    without_each,
)
from seqgan_core.paper.tokens import Tokens

TOP = 12  # filters in a ranking
PHRASES = 4  # phrases a filter, of each kind
AT_ONCE = 8  # sequences whose winners are found together
NGRAMS = 4096  # n-grams whose activation is computed together


@dataclass(frozen=True)
class Phrase:
    """An n-gram: a filter's activation for it, and how many sequences of each kind contain it.

    `wins` counts the sequences, of both kinds, in which it won this filter's max-pooling.
    """

    tokens: tuple[int, ...]
    activation: float
    in_real: int
    in_fake: int
    wins: int


@dataclass(frozen=True)
class StrongFilter:
    """A filter over n real and n fake sequences."""

    # number, width: which of the F filters, from 0; how many tokens it reads
    number: int
    width: int
    strength: Mean  # mean |effect| on P(real); 0 in sequences where it is silent
    effect: Mean  # mean effect; above 0 it pushes D towards real on average
    # on_real, on_fake: mean activation c̃ in real and in fake sequences
    on_real: Mean
    on_fake: Mean
    # awake_real, awake_fake: in how many of the n it is active at all
    awake_real: int
    awake_fake: int
    loudest: tuple[Phrase, ...]  # the phrases that activate it most
    commonest: tuple[Phrase, ...]  # those that won its max-pooling in most sequences

    @property
    def favours(self) -> int:
        """1 where it is clearly more active in real sequences, -1 in fake ones, else 0."""
        half = math.hypot(self.on_real.half, self.on_fake.half)
        return Mean(self.on_real.value - self.on_fake.value, half).sign


@dataclass(frozen=True)
class FilterRanking:
    """The filters of the largest mean |effect|, strongest first; `n` sequences of each kind.

    They are selected and measured on the same sequences, which flatters the first ones slightly.
    `n_filters` is F; `n_mute` of them are active in none of the sequences.
    """

    n: int
    n_filters: int
    n_mute: int
    filters: tuple[StrongFilter, ...]


def filter_ranking_at(
    models: Models, run_id: str, step: int, seed: int, n: int
) -> Job[FilterRanking]:
    """`rank_filters` for a stored model, on held-out real sequences and fresh ones of its G."""
    yield 0.0
    D = discriminator_of(models, run_id, step)
    checkpoint = models.at(run_id, step)
    task = models.task(run_id)
    sequences = samples(checkpoint, task, seed, min(n, len(task.test_data())))
    return (yield from rank_filters(D, sequences.held_out, sequences.fake))


@torch.no_grad()
def rank_filters(
    D: Discriminator, real: Tokens, fake: Tokens, top: int = TOP
) -> Job[FilterRanking]:
    """Every filter switched off in every sequence, (n, T) each, and the effect on D's score."""
    tokens = torch.cat([real, fake])
    N = len(tokens)
    effects = torch.zeros(N, D.n_features)
    values, starts = torch.zeros(N, D.n_features), torch.zeros(N, D.n_features, dtype=torch.long)
    for first in range(0, N, AT_ONCE):
        rows = slice(first, first + AT_ONCE)
        c, places = winners(D, tokens[rows])
        scores = verdict(D, c).probability
        values[rows], starts[rows] = c.cpu(), places.cpu()
        for row, (features, place, score) in enumerate(zip(c, places, scores, strict=True)):
            fired = (place != NOWHERE).nonzero()[:, 0]
            parts = [part.probability for part in without_each(D, features, fired)]
            effects[first + row, fired.cpu()] = (score - torch.cat(parts)).cpu()
            yield 0.9 * (first + row + 1) / N

    strength = effects.abs().mean(0)
    order = sorted(range(D.n_features), key=lambda f: (-float(strength[f]), f))
    awake = (starts != NOWHERE).sum(0)
    chosen = [f for f in order[:top] if awake[f]]
    phrases = _Phrases(D, tokens, len(real))
    filters = []
    for index, f in enumerate(chosen):
        loudest, commonest = phrases.of(f, starts[:, f])
        is_real = torch.arange(N) < len(real)
        fires = starts[:, f] != NOWHERE
        filters.append(
            StrongFilter(
                f,
                phrases.widths[f],
                _mean(effects[:, f].abs()),
                _mean(effects[:, f]),
                _mean(values[is_real, f]),
                _mean(values[~is_real, f]),
                int((fires & is_real).sum()),
                int((fires & ~is_real).sum()),
                loudest,
                commonest,
            )
        )
        yield 0.9 + 0.1 * (index + 1) / len(chosen)
    return FilterRanking(len(real), D.n_features, int((awake == 0).sum()), tuple(filters))


def _mean(values: Tensor) -> Mean:
    return Mean(float(values.mean()), float(half_width(values.numpy())))


class _Phrases:
    """The different n-grams of a set of sequences, for each width once."""

    def __init__(self, D: Discriminator, tokens: Tokens, n_real: int) -> None:
        self._D, self._tokens, self._n_real = D, tokens.cpu().numpy(), n_real
        self.widths: list[int] = filter_widths(D).tolist()
        self._known: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = {}

    def of(self, f: int, starts: Tensor) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:
        """The phrases that activate filter f most, and those that most often win for it.

        Args:
            f: number of the filter.
            starts: (N,), where its winning window begins in each sequence, or NOWHERE.
        """
        ngrams, at, in_real, in_fake = self._of_width(self.widths[f])
        device = self._D.embedding.device
        parts = [
            activations(self._D, f, part.to(device)).cpu().numpy()
            for part in torch.split(torch.as_tensor(ngrams), NGRAMS)
        ]
        loud = np.concatenate(parts)
        fires = (starts != NOWHERE).numpy()
        won = at[np.flatnonzero(fires), starts.numpy()[fires]]
        wins = np.bincount(won, minlength=len(ngrams))

        def phrases(order: Sequence[int]) -> tuple[Phrase, ...]:
            return tuple(
                Phrase(
                    tuple(ngrams[k].tolist()),
                    float(loud[k]),
                    int(in_real[k]),
                    int(in_fake[k]),
                    int(wins[k]),
                )
                for k in order
                if loud[k] > 0.0
            )

        by_wins = [k for k in np.lexsort((-loud, -wins))[:PHRASES].tolist() if wins[k]]
        return phrases(np.argsort(-loud, kind="stable")[:PHRASES].tolist()), phrases(by_wins)

    def _of_width(self, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The n-grams (K, w), which is where (N, T - w + 1), and in how many sequences each is."""
        if width not in self._known:
            windows = np.lib.stride_tricks.sliding_window_view(self._tokens, width, axis=1)
            N, places = windows.shape[:2]
            ngrams, which = np.unique(windows.reshape(-1, width), axis=0, return_inverse=True)
            at = which.reshape(N, places)
            pairs = np.unique(np.stack([np.repeat(np.arange(N), places), at.ravel()], 1), axis=0)
            real = pairs[:, 0] < self._n_real
            counts = [np.bincount(pairs[some, 1], minlength=len(ngrams)) for some in (real, ~real)]
            self._known[width] = (ngrams, at, counts[0], counts[1])
        return self._known[width]
