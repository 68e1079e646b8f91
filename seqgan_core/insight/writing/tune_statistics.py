"""Statistics of new tunes and of held-out real ones; the best and the worst of the new ones."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.insight.statistics import mean_of, random_rows
from seqgan_core.insight.writing.sampler import Sampler, open_sampler, sample_tokens
from seqgan_core.insight.writing.tunes import tune_task
from seqgan_core.paper.bleu import Bleu
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.music.metrics import (
    TokenStatistics,
    contour,
    in_key,
    nearest_error,
    repetition,
    token_statistics,
)
from seqgan_core.tasks.music.quantisation import Quantisation, quantisation_of
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tune import Tune
from seqgan_core.training.config import ConfigError

ORDER = 4  # of BLEU
Metric = Literal["mse", "bleu_4"]


@dataclass(frozen=True, eq=False)
class TuneStatistics:
    """New tunes of a sampler and the held-out real ones, all of the sampler's length."""

    sampler: Sampler  # the model
    corpus: str  # the title of its training data
    tokens: Tokens  # (n, T) new ones
    mse: np.ndarray  # (n,), to the nearest of `real`
    bleu: np.ndarray  # (n,), against `real`
    real: Tokens  # (m, T), the held-out windows
    # of "in_key" and "repeated": the mean of new tunes with half its 95% interval, and the same of
    # real ones
    means: dict[str, tuple[float, float, float, float]]
    new: TokenStatistics
    held_out: TokenStatistics
    # the same of as many training windows, the distance between real tunes; None where there are
    # fewer
    training: TokenStatistics | None


@dataclass(frozen=True)
class Extreme:
    """The new tune with the best or the worst value of a metric."""

    number: int  # which of the new ones, from 0
    value: float  # its metric, which `ties` of them share
    ties: int
    tokens: tuple[int, ...]  # of it
    nearest: tuple[int, ...]  # of the held-out window whose pitches lie nearest
    title: str  # of the tune that this window is of
    quantisation: Quantisation  # how that tune in eighths differs from its book
    error: float  # MSE between the two, semitones squared
    known: int  # how many of its runs of four tokens stand in held-out tunes, of `runs`
    runs: int


def tune_statistics(
    models: Models, key: str, n: int, seed: int, temperature: float
) -> Job[TuneStatistics]:
    """Generates n tunes and measures them; errors are those of `open_sampler` and `tune_task`.

    Raises:
        ConfigError: it is no model of music.
    """
    sampler = open_sampler(models, key)
    yield 0.05
    if sampler.config.task != "music":
        raise ConfigError("model.no-music", title=sampler.title)
    task = tune_task(sampler)
    yield 0.2
    tokens = sample_tokens(sampler, n, seed, temperature).cpu()
    yield 0.4
    real = task.test_data()
    scores = Bleu(real, ORDER, task.vocabulary.size).scores(tokens)[:, ORDER - 1]
    yield 0.6
    mse = nearest_error(tokens, real)
    yield 0.7
    train, training = task.train_data(), None
    if len(train) >= n:
        training = token_statistics(random_rows(train, n, seed, "measured"), task.form)
    yield 0.8
    held_out = _picture(task)
    yield 0.9
    new = token_statistics(tokens, task.form)
    means = {
        name: (*astuple(mean_of(of(tokens))), *astuple(mean_of(of(real))))
        for name, of in (("in_key", in_key), ("repeated", repetition))
    }
    return TuneStatistics(
        sampler, task.corpus.title, tokens, mse.double().numpy(), scores.double().numpy(), real,
        means, new, held_out, training,
    )  # fmt: skip


def extremes(statistics: TuneStatistics, metric: Metric) -> tuple[Extreme, Extreme]:
    values = statistics.mse if metric == "mse" else statistics.bleu
    low, high = int(values.argmin()), int(values.argmax())
    best, worst = (low, high) if metric == "mse" else (high, low)
    return _extreme(statistics, best, values), _extreme(statistics, worst, values)


def _extreme(statistics: TuneStatistics, number: int, values: np.ndarray) -> Extreme:
    task = tune_task(statistics.sampler)
    row = statistics.tokens[number]
    distances = (contour(row[None]).float() - contour(statistics.real).float()).square().mean(dim=1)
    nearest = int(distances.argmin())
    tokens = row.tolist()
    runs = _runs(tokens)
    tune = _held_out(task)[nearest]
    return Extreme(
        number, float(values[number]), int((values == values[number]).sum()), tuple(tokens),
        tuple(statistics.real[nearest].tolist()), tune.title, quantisation_of([tune]),
        float(distances[nearest]), sum(run in _known(task) for run in runs), len(runs),
    )  # fmt: skip


def _runs(row: Sequence[int]) -> list[tuple[int, ...]]:
    return [tuple(row[at : at + ORDER]) for at in range(len(row) - ORDER + 1)]


@lru_cache(maxsize=2)  # a task is equal to itself alone
def _known(task: MusicTask) -> frozenset[tuple[int, ...]]:
    """All runs of four tokens of the held-out windows."""
    return frozenset(run for row in task.test_data().tolist() for run in _runs(row))


@lru_cache(maxsize=2)
def _picture(task: MusicTask) -> TokenStatistics:
    return token_statistics(task.test_data(), task.form)


@lru_cache(maxsize=2)
def _held_out(task: MusicTask) -> list[Tune]:
    """The tune that each held-out window is cut of."""
    return [tune for tune, _window in task.windows(task.corpus.test)]
