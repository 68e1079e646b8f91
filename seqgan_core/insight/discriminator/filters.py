"""Which filters matter over many sequences, and the phrases that activate them."""

from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import torch
from torch import Tensor

from seqgan_core.insight.discriminator.attribution import discriminator_of
from seqgan_core.insight.discriminator.scores import samples
from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.insight.statistics import Mean, mean_of
from seqgan_core.paper import filter_effects
from seqgan_core.paper.discriminator import Discriminator
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

    number: int  # which of the F filters, from 0
    width: int  # how many tokens it reads
    strength: Mean  # mean |effect| on P(real); 0 in sequences where it is silent
    effect: Mean  # mean effect; above 0 it pushes D towards real on average
    on_real: Mean  # mean activation c̃ in real sequences
    on_fake: Mean
    awake_real: int  # in how many of the n real ones it is active at all
    awake_fake: int
    loudest: tuple[Phrase, ...]  # the phrases that activate it most
    commonest: tuple[Phrase, ...]  # those that won its max-pooling in most sequences

    @property
    def favours(self) -> int:
        """1 where it is clearly more active in real sequences, -1 in fake ones, else 0."""
        return (self.on_real - self.on_fake).sign


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
        c, places = filter_effects.winners(D, tokens[rows])
        scores = filter_effects.verdict(D, c).probability
        values[rows], starts[rows] = c.cpu(), places.cpu()
        for row, (features, place, score) in enumerate(zip(c, places, scores, strict=True)):
            fired = (place != filter_effects.NOWHERE).nonzero()[:, 0]
            parts = [part.probability for part in filter_effects.without_each(D, features, fired)]
            effects[first + row, fired.cpu()] = (score - torch.cat(parts)).cpu()
            yield 0.9 * (first + row + 1) / N

    strength = effects.abs().mean(0)
    order = sorted(range(D.n_features), key=lambda f: (-float(strength[f]), f))
    awake = (starts != filter_effects.NOWHERE).sum(0)
    chosen = [f for f in order[:top] if awake[f]]
    widths: list[int] = filter_effects.filter_widths(D).tolist()
    ngrams_of = cache(partial(_ngrams, tokens.cpu().numpy(), len(real)))
    is_real = np.arange(N) < len(real)
    filters = []
    for index, f in enumerate(chosen):
        phrases = _phrases(D, f, starts[:, f], *ngrams_of(widths[f]))
        fires = (starts[:, f] != filter_effects.NOWHERE).numpy()
        effect, activation = effects[:, f].numpy(), values[:, f].numpy()
        filters.append(
            StrongFilter(
                f, widths[f], mean_of(np.abs(effect)), mean_of(effect),
                mean_of(activation[is_real]), mean_of(activation[~is_real]),
                int((fires & is_real).sum()), int((fires & ~is_real).sum()), *phrases,
            )
        )  # fmt: skip
        yield 0.9 + 0.1 * (index + 1) / len(chosen)
    return FilterRanking(len(real), D.n_features, int((awake == 0).sum()), tuple(filters))


def _ngrams(
    tokens: np.ndarray, n_real: int, width: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The different n-grams (K, w) of sequences (N, T), the first of which are real.

    Returns:
        Them; which one begins where, (N, T - w + 1); how many real sequences, and how many others,
        each is in.
    """
    windows = np.lib.stride_tricks.sliding_window_view(tokens, width, axis=1)
    N, places = windows.shape[:2]
    ngrams, which = np.unique(windows.reshape(-1, width), axis=0, return_inverse=True)
    at = which.reshape(N, places)
    pairs = np.unique(np.stack([np.repeat(np.arange(N), places), at.ravel()], 1), axis=0)
    real = pairs[:, 0] < n_real
    counts = [np.bincount(pairs[some, 1], minlength=len(ngrams)) for some in (real, ~real)]
    return ngrams, at, counts[0], counts[1]


def _phrases(
    D: Discriminator, f: int, starts: Tensor, ngrams: np.ndarray, at: np.ndarray,
    in_real: np.ndarray, in_fake: np.ndarray,
) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:  # fmt: skip
    """The n-grams that activate filter f most, and those that most often win for it.

    `starts` (N,) is where its winning window begins in each sequence, or NOWHERE.
    """
    parts = torch.split(torch.as_tensor(ngrams).to(D.embedding.device), NGRAMS)
    loud = np.concatenate([filter_effects.activations(D, f, part).cpu().numpy() for part in parts])
    fires = (starts != filter_effects.NOWHERE).numpy()
    won = at[np.flatnonzero(fires), starts.numpy()[fires]]
    wins = np.bincount(won, minlength=len(ngrams))

    def phrases(order: np.ndarray) -> tuple[Phrase, ...]:
        return tuple(
            Phrase(
                tuple(ngrams[k].tolist()), float(loud[k]),
                int(in_real[k]), int(in_fake[k]), int(wins[k]),
            )
            for k in order[:PHRASES]
            if loud[k] > 0.0
        )  # fmt: skip

    by_wins = np.lexsort((-loud, -wins))
    return phrases(np.argsort(-loud, kind="stable")), phrases(by_wins[wins[by_wins] > 0])
