"""Monte Carlo search: the value of every token from completions of its prefix.

    Q(s = Y_{1:t-1}, a = y_t) = 1/N Σ_n D(Y^n),  Y^n ∈ MC^{G_β}(Y_{1:t}; N)   for t < T
                              = D(Y_{1:T})                                    for t = T     Eq. (4)

The states of all prefixes come from one teacher-forced pass, and all (prefix, completion) pairs are
then completed together: T - 1 sequential steps instead of N·(T - 1) passes from the start token.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from seqgan_core.paper.generator import FastSampler, Generator, State
from seqgan_core.paper.tokens import Tokens

Reward = Callable[[Tokens], Tensor]
"""Scores complete sequences: (M, T) -> (M,), each in [0, 1]. D, BLEU or a constant."""


@runtime_checkable
class PrefixReward(Protocol):
    """A reward that scores completions faster because it knows their shared prefixes."""

    def __call__(self, tokens: Tokens) -> Tensor: ...

    def score_completions(self, completions: Tensor, tokens: Tokens) -> Tensor:
        """(P, N, B, T), where index p keeps p + 1 tokens of `tokens` (B, T) -> (P, N, B)."""
        ...


@dataclass(frozen=True)
class RolloutValues:
    """The value of every token of B sequences, and the scores behind it."""

    q: Tensor  # (B, T) in the reward's range
    # (B, T), the standard error of that mean; 0 at t = T, NaN for t < T when N is 1
    std_error: Tensor
    # (N, T, B); `q` is their mean over N. At t = T all N are the same score.
    scores: Tensor
    completions: Tokens  # (T - 1, N, B, T), the scored sequences; index p keeps p + 1 tokens


def complete(generator: Generator, tokens: Tokens, n_rollouts: int, rng: torch.Generator) -> Tokens:
    """N completions of every proper prefix, MC^{G_β}(Y_{1:t}; N) for t = 1..T-1.

    Completion n uses the same random numbers for every N, so a larger N keeps the first draws.

    Args:
        generator: the roll-out policy G_β.
        tokens: (B, T).
        n_rollouts: N, 1 or more.
        rng: on the tokens' device.

    Returns:
        (T - 1, N, B, T); index p keeps the first p + 1 tokens.

    Raises:
        ValueError: N is below 1.
    """
    return complete_with(generator, tokens, rollout_noise(tokens, n_rollouts, rng))


def rollout_noise(tokens: Tokens, n_rollouts: int, rng: torch.Generator) -> Tensor:
    """The noise (T - 1, N, B, T) that draws N completions of every proper prefix of `tokens`.

    Raises:
        ValueError: N is below 1.
    """
    if n_rollouts < 1:
        raise ValueError(f"n_rollouts is {n_rollouts}; it must be 1 or more (the paper uses 16)")
    B, T = tokens.shape
    return torch.stack(  # one call per completion, so that it does not depend on N
        [torch.rand(T - 1, B, T, generator=rng, device=tokens.device) for _ in range(n_rollouts)],
        dim=1,
    )


@torch.no_grad()
def complete_with(generator: Generator, tokens: Tokens, noise: Tensor) -> Tokens:
    """As `complete`, from given noise (T - 1, N, B, T) in [0, 1), whose column t draws y_t.

    With equal noise, only weights and prefixes make a difference.
    """
    P, N, B, T = noise.shape
    out = tokens.expand(P, N, B, T).clone()
    if P == 0:
        return out
    rows = out.view(P * N * B, T)  # short prefixes first: the rows that are completed are on top
    u = noise.reshape(P * N * B, T)
    h = generator.embedding.new_empty(P * N * B, generator.hidden_size)
    state = State(h, torch.empty_like(h))
    sampler = FastSampler(generator)
    known = generator.states(tokens)  # known[t] predicts the token at index t
    for t in range(1, T):
        rolling = (t - 1) * N * B  # rows whose prefix is shorter than t
        for part in sampler.chunks(rolling):
            now = sampler.advance(rows[part, t - 1], state.rows(part))
            state.h[part], state.c[part] = now
            rows[part, t] = sampler.draw(now.h, u[part, t])
        # a prefix of t tokens starts here: one row of logits serves its N completions
        fresh = slice(rolling, rolling + N * B)
        state.h[fresh].view(N, B, -1).copy_(known[t].h)
        state.c[fresh].view(N, B, -1).copy_(known[t].c)
        next_tokens = sampler.draw(known[t].h, u[fresh, t].view(N, B).t())  # (B, N)
        rows[fresh, t] = next_tokens.t().flatten()
    return out


@torch.no_grad()
def complete_prefix(generator: Generator, tokens: Tokens, t: int, noise: Tensor) -> Tokens:
    """As `complete_with`, of the prefixes of t + 1 tokens alone, t below T - 1.

    Takes noise (N, B, T) in [0, 1) and returns (N, B, T).
    """
    N, B, T = noise.shape
    known = generator.states(tokens)[t + 1].rows(torch.arange(B, device=tokens.device).repeat(N))
    rest = generator.continue_from(known, noise[:, :, t + 1 :].flatten(0, 1))  # (N·B, T - t - 1)
    kept = tokens[:, : t + 1].expand(N, B, t + 1)
    return torch.cat([kept, rest.view(N, B, T - t - 1)], dim=2)


def q_values(
    generator: Generator,
    reward: Reward,
    tokens: Tokens,
    n_rollouts: int,
    rng: torch.Generator,
) -> RolloutValues:
    """Q of every token of `tokens` by Eq. (4), with any reward.

    Args:
        generator: the roll-out policy G_β.
        reward: scores complete sequences, in evaluation mode.
        tokens: (B, T).
        n_rollouts: N, 1 or more (the paper uses 16).
        rng: on the tokens' device.
    """
    return q_values_with(generator, reward, tokens, rollout_noise(tokens, n_rollouts, rng))


@torch.no_grad()
def q_values_with(
    generator: Generator, reward: Reward, tokens: Tokens, noise: Tensor
) -> RolloutValues:
    """As `q_values`, from given noise (T - 1, N, B, T) in [0, 1).

    With D's reward it never waits for a GPU, so that it can be captured as a CUDA graph.
    """
    completions = complete_with(generator, tokens, noise)
    N = noise.shape[1]
    scores = score(reward, completions, tokens)  # (N, T, B)
    q = scores.mean(0).t()  # (B, T)
    std_error = scores.std(0).t() / N**0.5 if N > 1 else torch.full_like(q, torch.nan)
    std_error = std_error.clone()
    std_error[:, -1] = 0.0
    return RolloutValues(q, std_error, scores, completions)


@torch.no_grad()
def best_of(
    generator: Generator, reward: Reward, tokens: Tokens, n_rollouts: int, rng: torch.Generator
) -> tuple[Tokens, Tensor]:
    """The sample that the reward likes best of N·(T - 1) + 1, for each of B.

    These are as many scores as the roll-outs of B sequences need, so it is their control.

    Args:
        generator: G.
        reward: scores complete sequences.
        tokens: (B, T), the first sample of each.
        n_rollouts: N.
        rng: on the tokens' device.

    Returns:
        The best (B, T), and their scores (B,).
    """
    B, T = tokens.shape
    best, scores = tokens, reward(tokens)
    for _ in range(T - 1):  # N·B at once
        more = generator.sample(n_rollouts * B, T, rng)
        highest, row = reward(more).view(n_rollouts, B).max(0)  # (B,)
        better = highest > scores
        winners = more.view(n_rollouts, B, T)[row, torch.arange(B, device=row.device)]
        best = torch.where(better[:, None], winners, best)
        scores = torch.where(better, highest, scores)
    return best, scores


@torch.no_grad()
def score(reward: Reward, completions: Tokens, tokens: Tokens) -> Tensor:
    """The reward of completions (T - 1, N, B, T) of tokens (B, T), and of the tokens: (N, T, B).

    At t = T all N are the score of the complete sequence.
    """
    P, N, B = completions.shape[:3]
    if isinstance(reward, PrefixReward):
        partial = reward.score_completions(completions, tokens)  # (P, N, B)
    else:
        partial = reward(completions.flatten(0, 2)).view(P, N, B)
    finished = reward(tokens)  # (B,), one score: nothing is left to draw
    return torch.cat([partial.transpose(0, 1), finished.expand(N, 1, B)], dim=1)
