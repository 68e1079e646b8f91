"""The value of every token of given sequences, with all that it is the mean of.

Here the random numbers are a table that depends on the seed alone, the same for every sequence. So
the Q of a token depends on (models, sequence, N, seed) and on nothing else: not on the other
sequences, and with a larger N the first draws stay. Scores are computed one sequence and one block
of completions at a time, always in the same shapes, so they agree to the last bit.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import stdtrit
from torch import Tensor

from seqgan_core.insight.jobs import Job
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.objectives import normalise_q
from seqgan_core.paper.rollout import Reward, complete_with, score
from seqgan_core.runs.open_checkpoint import OpenCheckpoint
from seqgan_core.training.learners.optimisers import adam_tensors
from seqgan_core.training.learners.updates import PolicyLearner
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.strategies import ConstantReward

BLOCK = 16  # completions that are scored together
LEVEL = 0.05  # how often noise alone may be reported as the steepest step
SHOWN = 0.001  # the last digit of Q on the screen
MOST = 64  # completions that the explorer draws


@dataclass(frozen=True)
class Running:
    """The scores (N,) of a token's roll-outs, with mean and standard error of the first 1, 2 ... N.

    The first error is NaN.
    """

    scores: np.ndarray
    mean: np.ndarray
    error: np.ndarray


@dataclass(frozen=True)
class SteepestStep:
    """The largest change of Q between neighbouring tokens."""

    n: int  # roll-outs a token
    steps: int  # how many neighbours were compared
    threshold: float  # how many standard errors a step must pass; NaN for n = 1
    # row and index of the token after the step; None where all are within the noise
    place: tuple[int, int] | None
    alike: bool  # all Q are the same, as far as they are shown


@dataclass(frozen=True)
class Exploration:
    """B sequences and the roll-outs behind every token's Q."""

    tokens: np.ndarray  # (B, T)
    completions: np.ndarray  # (B, T - 1, N, T); index t - 1 keeps the first t tokens
    scores: np.ndarray  # (B, T, N), the reward of each; at t = T all N are the one finished score

    @property
    def n(self) -> int:
        return int(self.scores.shape[-1])

    @property
    def q(self) -> np.ndarray:
        """(B, T), the mean of the scores: Eq. (4)."""
        # In double precision the sum of a few floats is exact, so the order does not matter.
        return np.asarray(self.scores.sum(-1) / self.n)

    @property
    def std_error(self) -> np.ndarray:
        """(B, T), the standard error of that mean; 0 at t = T, NaN for t < T when N is 1."""
        if self.n > 1:
            error = self.scores.std(-1, ddof=1) / math.sqrt(self.n)
        else:
            error = np.full(self.scores.shape[:2], math.nan)
        error[:, -1] = 0.0  # the sequence is finished: nothing is left to draw
        return np.asarray(error)

    def running(self, row: int, t: int) -> Running:
        """How Q of a token settles as its roll-outs are added."""
        scores = self.scores[row, t]
        n = np.arange(1, self.n + 1)
        error = [scores[:k].std(ddof=1) / math.sqrt(k) if k > 1 else math.nan for k in n]
        return Running(scores, np.cumsum(scores) / n, np.array(error))

    def steepest(self) -> SteepestStep:
        """The largest change of Q from one token to the next that is more than noise.

        Neighbouring prefixes are completed with random numbers of their own, so their errors add
        as squares. The steepest is the largest of B · (T - 1) steps, and few roll-outs estimate
        its error badly: what it must pass is Student's t, at a level that all steps share.
        """
        q, known = self.q, self.std_error
        step = np.diff(q, axis=1)  # (B, T - 1)
        alike = bool(q.max() - q.min() < SHOWN)
        if self.n < 2 or alike:
            return SteepestStep(self.n, step.size, math.nan, None, alike)
        known[:, :-1][known[:, :-1] == 0] = math.nan  # equal by luck; only the last has no error
        error = np.hypot(known[:, 1:], known[:, :-1])
        k = float(stdtrit(self.n - 1, 1 - LEVEL / (2 * step.size)))
        clear = np.abs(step) > np.maximum(k * error, SHOWN)  # never where the error is unknown
        row, column = divmod(int(np.argmax(np.where(clear, np.abs(step), 0.0))), step.shape[1])
        place = (row, column + 1) if clear.any() else None
        return SteepestStep(self.n, step.size, k, place, alike)

    def first(self, n: int) -> Exploration:
        """The same with the first n completions only, 1 to N."""
        if not 1 <= n <= self.n:
            raise ValueError(f"n is {n}; it must be from 1 to {self.n}")
        return Exploration(self.tokens, self.completions[:, :, :n], self.scores[:, :, :n])


def rollout_policy(checkpoint: OpenCheckpoint) -> Generator:
    """G_β: what completes the sequences.

    Before the end of MLE (line 3: β ← θ) there is no moving average yet, and G stands for it.
    """
    begun = checkpoint.counters["phase"] >= 2
    return checkpoint.rollout_policy if begun else checkpoint.generator


def rollout_noise(checkpoint: OpenCheckpoint, n: int, seed: int) -> Tensor:
    """(T - 1, n, T) numbers in [0, 1) that depend on the seed alone; a larger n keeps the first."""
    T = checkpoint.config.sequence_length
    rng = rng_for(seed, "q-values", 0, checkpoint.device)
    rolls = [torch.rand(T - 1, T, generator=rng, device=checkpoint.device) for _ in range(n)]
    return torch.stack(rolls, dim=1)


@torch.no_grad()
def explore(
    checkpoint: OpenCheckpoint, reward: Reward, tokens: Tensor | Sequence[Sequence[int]], n: int,
    seed: int,
) -> Job[Exploration]:  # fmt: skip
    """Q of every token of `tokens` (B, T) from N = n completions of each prefix, by Eq. (4).

    Raises:
        ValueError: n is below 1.
    """
    if n < 1:
        raise ValueError(f"n is {n}; it must be 1 or more (the paper uses 16)")
    rows = torch.as_tensor(tokens, dtype=torch.long, device=checkpoint.device)
    policy = rollout_policy(checkpoint)
    blocks = -(-n // BLOCK)
    noise = rollout_noise(checkpoint, blocks * BLOCK, seed)
    completions, scores = [], []
    for index, row in enumerate(rows):
        sequence = row[None]  # (1, T)
        parts = []
        for first in range(0, blocks * BLOCK, BLOCK):
            block = noise[:, first : first + BLOCK, None]  # (T - 1, BLOCK, 1, T)
            rolled = complete_with(policy, sequence, block)
            parts.append((rolled, score(reward, rolled, sequence)))
            yield (index + (first + BLOCK) / (blocks * BLOCK)) / len(rows)
        completions.append(torch.cat([rolled for rolled, _ in parts], dim=1)[:, :n, 0])
        scores.append(torch.cat([scored for _, scored in parts])[:n, :, 0].t())
    return Exploration(
        rows.cpu().numpy(),
        torch.stack(completions).cpu().numpy(),  # (B, T - 1, N, T)
        torch.stack(scores).double().cpu().numpy(),  # (B, T, N)
    )


@dataclass(frozen=True)
class Choice:
    """A token that could stand at a position, with its `q` and the standard error `std_error`.

    `chosen` marks the one that stands there. `gap_error` is the standard error of q minus the
    chosen one's q, taken roll-out by roll-out: the random numbers are shared.
    """

    token: int
    q: float
    std_error: float
    chosen: bool
    gap_error: float


@dataclass(frozen=True)
class Options:
    """What could stand at a position."""

    choices: list[Choice]  # the chosen token first, then the likeliest others
    by_g: np.ndarray  # (V,), G's probability of every token there
    by_oracle: np.ndarray | None  # (V,), the oracle's own; None where the task has no oracle


@torch.no_grad()
def options(
    checkpoint: OpenCheckpoint, reward: Reward, tokens: Sequence[int], t: int, n: int, seed: int,
    n_others: int = 5,
) -> Job[Options]:  # fmt: skip
    """The chosen token at index t of `tokens` (T,) and the likeliest others, each with its Q.

    All are completed with the same random numbers, so their differences are less noisy than each
    alone.
    """
    row = torch.as_tensor(tokens, dtype=torch.long, device=checkpoint.device)
    by_g = next_token(checkpoint, row)[t]  # (V,)
    likeliest = by_g.topk(min(n_others + 1, len(by_g))).indices.tolist()
    chosen = int(row[t])
    candidates = [chosen, *[token for token in likeliest if token != chosen][:n_others]]
    variants = row.repeat(len(candidates), 1)
    variants[:, t] = torch.tensor(candidates, device=row.device)
    explored = yield from explore(checkpoint, reward, variants, n, seed)
    gaps = explored.scores - explored.scores[:1]  # to the chosen one, roll-out by roll-out
    gap_error = Exploration(explored.tokens, explored.completions, gaps).std_error
    columns = (explored.q[:, t], explored.std_error[:, t], gap_error[:, t])
    oracle = oracle_next(checkpoint, row)
    return Options(
        [
            Choice(token, q, error, token == chosen, gap)
            for token, q, error, gap in zip(
                candidates, *(column.tolist() for column in columns), strict=True
            )
        ],
        by_g.cpu().numpy(),
        None if oracle is None else oracle[t].cpu().numpy(),
    )


@torch.no_grad()
def next_token(checkpoint: OpenCheckpoint, row: Tensor) -> Tensor:
    """G's probability of every token after every prefix of `row` (T,): (T, V)."""
    return checkpoint.generator.logits(row[None])[0].softmax(-1)


@torch.no_grad()
def oracle_next(checkpoint: OpenCheckpoint, row: Tensor) -> Tensor | None:
    """The oracle's own conditional, (T, V), where the task has one."""
    oracle = getattr(checkpoint.task, "oracle", None)
    return None if oracle is None else oracle.logits(row[None])[0].softmax(-1)


@dataclass(frozen=True)
class PolicyUpdate:
    """What one real policy-gradient update on the explored sequences did to their tokens."""

    weights: np.ndarray  # (B, T), of the log-probabilities: Q, normalised as the run does it
    before: np.ndarray  # (B, T), G's probability of each token
    after: np.ndarray
    grad_norm: float  # before clipping

    @property
    def change(self) -> np.ndarray:
        """(B, T), the relative change of each probability."""
        return np.asarray(self.after / self.before - 1.0)

    @property
    def followed(self) -> tuple[int, int]:
        """How many tokens moved the way their weight points, and how many carry weight at all."""
        weighed = np.abs(self.weights) > 1e-6  # equal values less their mean leave a rounding error
        same = np.sign(self.weights) == np.sign(self.change)
        return int(same[weighed].sum()), int(weighed.sum())


def policy_update(
    checkpoint: OpenCheckpoint, explored: Exploration, reward: Reward
) -> PolicyUpdate:
    """One update of a copy of G by Eq. (8), on the explored sequences as its batch.

    The copy has the run's own optimiser moments, learning rate, clipping and normalisation of Q;
    the models themselves stay as they are.
    """
    config = checkpoint.config
    generator = copy.deepcopy(checkpoint.generator)
    learner = PolicyLearner(generator, config.g_learning_rate, config.max_grad_norm)
    with torch.no_grad():
        moments = checkpoint.policy_moments
        for name, tensor in adam_tensors(learner.adam).items():
            tensor.copy_(moments[name])
    tokens = torch.as_tensor(explored.tokens, device=checkpoint.device)
    q = torch.as_tensor(explored.q, dtype=torch.float32, device=checkpoint.device)
    # A constant would be normalised to nothing; its strategy leaves it as it is, too.
    how = "none" if isinstance(reward, ConstantReward) else config.q_normalisation
    v = checkpoint.value
    weights = normalise_q(q, how, None if v is None else v.values(tokens))
    with torch.no_grad():
        before = generator.log_probs(tokens).exp()
    reading = learner(tokens, q, weights)
    with torch.no_grad():
        after = generator.log_probs(tokens).exp()
    return PolicyUpdate(
        weights.cpu().numpy(), before.cpu().numpy(), after.cpu().numpy(), reading.grad_norm
    )
