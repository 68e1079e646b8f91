"""Exposure bias, measured where the truth is known.

A generator is trained on real prefixes and samples after its own. The oracle of the synthetic task
gives the true distribution after any prefix, so G's divergence from it is summed exactly over the
vocabulary on both kinds of prefix. Only the prefixes are sampled; every mean has its interval.

Random numbers depend on (seed, stream) alone: two models sample with the same ones, so differences
between models are taken sequence by sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import torch
from torch import Tensor

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.insight.statistics import half_width, random_rows
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import until_end
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.randomness import rng_for

T_ = TypeVar("T_")

Direction = Literal["forward", "reverse"]
"""forward: KL(oracle ‖ G), what G leaves out; reverse: KL(G ‖ oracle), what G makes up."""

IN_CACHE = 1 << 21  # probabilities of one block: (rows, T, V)


@dataclass(frozen=True)
class Estimate:
    """Means over n sequences; the 95% interval of each is mean ± half, each for itself alone."""

    mean: np.ndarray
    half: np.ndarray
    n: int

    @property
    def sign(self) -> np.ndarray:
        """1 or -1 where the interval leaves 0 out, else 0; 0 too where it is not known (n = 1)."""
        return np.asarray(np.sign(self.mean) * (np.abs(self.mean) > self.half))


def estimate(values: np.ndarray) -> Estimate:
    """The mean over the first axis, (n, ...), with its interval; NaN marks what is not there."""
    exact = values.astype(np.float64)  # kept in single precision, but not added up in it
    with np.errstate(invalid="ignore"):
        means = np.nansum(exact, 0) / (~np.isnan(exact)).sum(0)
    return Estimate(np.asarray(means), half_width(exact), len(exact))


def sequence_means(values: np.ndarray) -> np.ndarray:
    """Every sequence's own mean over its positions: (n, T) -> (n,)."""
    return np.asarray(np.nanmean(values, 1))


def difference_of_means(first: np.ndarray, second: np.ndarray) -> Estimate:
    """The difference of two means over independent sequences.

    For values of the same sequences take `estimate(first - second)`: its interval is narrower.
    """
    a, b = estimate(first), estimate(second)
    return Estimate(a.mean - b.mean, np.hypot(a.half, b.half), min(a.n, b.n))


@dataclass(frozen=True)
class Design:
    """The sequences of a study: n held-out ones of a run's task, and the seed."""

    run_id: str
    n: int
    seed: int


Study = Callable[[Generator, Generator | None, Tokens, int], Job[T_]]
"""What is measured on a model: (generator, oracle if there is one, real (n, T), seed)."""


def study_model(
    models: Models, design: Design, model: tuple[str, int] | None, study: Study[T_]
) -> Job[T_]:
    """A study of the model of (run, step), or of the oracle itself for None.

    Opening the data and the model is part of the work, so that it can fail in a sentence.

    Raises:
        StoreError, OracleFileError: the model cannot be opened.
        ValueError: the task has no oracle, or n is out of range.
    """
    yield 0.0
    task = models.task(design.run_id)
    real = held_out(task, design.n, design.seed)
    yield 0.0
    if model is None:
        oracle = oracle_of(task)
        if oracle is None:
            raise ValueError(f"the task {task.name} has no oracle; choose one that has")
        generator = oracle
    else:
        checkpoint = models.at(*model)
        generator, oracle = checkpoint.generator, oracle_of(checkpoint.task)
    device = generator.embedding.device  # models of one library may live on different devices
    return (yield from study(generator, oracle, real.to(device), design.seed))


def oracle_of(task: Task) -> Generator | None:
    """The task's true distribution, where it is known."""
    return getattr(task, "oracle", None)


def held_out(task: Task, n: int, seed: int) -> Tokens:
    """n of the task's held-out sequences, (n, T); a larger n keeps the first ones.

    Raises:
        ValueError: n is below 1 or above what the task holds out.
    """
    data = task.test_data()
    if not 1 <= n <= len(data):
        raise ValueError(f"n is {n}; it must be from 1 to the {len(data)} held-out sequences")
    return random_rows(data, n, seed, "exposure-rows")


def uniform_noise(stream: str, seed: int, real: Tensor, columns: int) -> Tensor:
    """(n, columns) numbers in [0, 1) for n sequences; drawn on the CPU, the same everywhere."""
    return torch.rand(len(real), columns, generator=rng_for(seed, stream)).to(real.device)


def blocks(n: int, numbers_each: int) -> Iterator[slice]:
    """Slices of n rows, each row making `numbers_each` numbers, that stay in a CPU's cache."""
    step = max(1, IN_CACHE // numbers_each)
    for first in range(0, n, step):
        yield slice(first, min(n, first + step))


def concatenated(parts: Sequence[Tensor]) -> np.ndarray:
    """The blocks in one array, on the CPU."""
    return torch.cat(tuple(parts)).float().cpu().numpy()


@dataclass(frozen=True)
class PositionNLL:
    """NLL of samples and of real data by position, in nats."""

    # (n, T), the oracle's NLL of the model's samples; None without an oracle
    own: np.ndarray | None
    # (n, T), the model's NLL of held-out real sequences, their real prefixes given
    real: np.ndarray


@torch.no_grad()
def nll_by_position(
    generator: Generator, oracle: Generator | None, real: Tokens, seed: int, end: int | None = None
) -> Job[PositionNLL]:
    """NLL by position of n samples of `generator`, and by it of `real` (n, T).

    With the oracle as `generator` its `real` is the floor that no model can be below on average.
    Text has no oracle; its `real` is NaN after each `end`.
    """
    n, T = real.shape
    noise = uniform_noise("exposure-own", seed, real, T)
    own, read = [], []
    for rows in blocks(n, T * generator.vocab_size):
        nll = -generator.log_probs(real[rows])
        read.append(nll.masked_fill(~until_end(real[rows], end), torch.nan))
        if oracle is not None:
            own.append(-oracle.log_probs(generator.sample_with(noise[rows])))
        yield rows.stop / n
    return PositionNLL(concatenated(own) if own else None, concatenated(read))


@dataclass(frozen=True)
class Divergences:
    """KL between the oracle's next-token distribution and G's, by position, in nats."""

    forced: dict[Direction, np.ndarray]  # direction -> (n, T), after the prefixes of real sequences
    free: dict[Direction, np.ndarray]  # direction -> (n, T), after G's own prefixes

    def gap(self, direction: Direction) -> Estimate:
        """free − forced by position, (T,): exposure bias. Exactly 0 at the first, empty prefix."""
        return difference_of_means(self.free[direction], self.forced[direction])

    def mean_gap(self, direction: Direction, other: Divergences | None = None) -> Estimate:
        """The same over the positions 2 to T, one number.

        With `other` less that of another model on the same real sequences and seed.
        """
        free, forced = self.free[direction], self.forced[direction]
        if other is not None:
            free, forced = free - other.free[direction], forced - other.forced[direction]
        return difference_of_means(free[:, 1:].mean(1), forced[:, 1:].mean(1))


@torch.no_grad()
def diverge(
    generator: Generator, oracle: Generator | None, real: Tokens, seed: int
) -> Job[Divergences]:
    """KL of both directions after the real prefixes of `real` and after G's own prefixes.

    Raises:
        ValueError: there is no oracle, so the truth after G's own prefixes is not known.
    """
    if oracle is None:
        raise ValueError("this task has no oracle; the truth after a model's own prefix is unknown")
    n, T = real.shape
    noise = uniform_noise("exposure-own", seed, real, T)
    forced, free = [], []
    for rows in blocks(n, T * generator.vocab_size):
        forced.append(both_divergences(oracle, generator, real[rows]))
        own = generator.sample_with(noise[rows])
        free.append(both_divergences(oracle, generator, own))
        yield rows.stop / n
    return Divergences(_both(forced), _both(free))


def both_divergences(
    oracle: Generator, generator: Generator, tokens: Tensor
) -> tuple[Tensor, Tensor]:
    """KL(oracle ‖ G) and KL(G ‖ oracle) after every prefix of tokens (B, T): two of (B, T).

    Σ_v p(v | y_{1:t-1}) (log p(v | y_{1:t-1}) − log q(v | y_{1:t-1})), over all V tokens.
    """
    log_o, log_g = next_log_probs(oracle, tokens), next_log_probs(generator, tokens)
    difference = log_o - log_g  # (B, T, V)
    return (log_o.exp() * difference).sum(-1), -(log_g.exp() * difference).sum(-1)


def next_log_probs(generator: Generator, tokens: Tensor, after: int = 0) -> Tensor:
    """log G(v | y_{1:t-1}) for every token v and t = after + 1 .. T: (B, T - after, V)."""
    h = generator.hidden(tokens)[:, after:]  # (B, T - after, H)
    return generator.output_logits(h).log_softmax(-1)


def _both(parts: list[tuple[Tensor, Tensor]]) -> dict[Direction, np.ndarray]:
    forward, reverse = zip(*parts, strict=True)
    return {"forward": concatenated(forward), "reverse": concatenated(reverse)}
