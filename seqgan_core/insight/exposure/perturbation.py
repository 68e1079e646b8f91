"""A perturbation: one token of a real sequence is replaced, and a model continues from there.

Every sequence is continued twice with the same random numbers, from the perturbed prefix and from
the intact one. The excess is how much higher the oracle's NLL is in the first than in the second. A
perturbation also changes what can follow, so the oracle's own excess is the reference: an exact
model would have the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from seqgan_core.insight.exposure.divergence import (
    Estimate,
    blocks,
    concatenated,
    next_log_probs,
    uniform_noise,
)
from seqgan_core.insight.jobs import Job
from seqgan_core.insight.statistics import Mean, mean_of
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.tokens import Tokens

Kind = Literal["random", "unlikely"]
"""random: any other token, each as often; unlikely: the oracle's least likely token there."""

EXAMPLES = 3  # sequences that are kept to be read


@dataclass(frozen=True)
class Example:
    """A perturbed sequence and its continuation."""

    real: list[int]  # (T,), as it was
    # (T,), its first k - 1 tokens, the replaced one, and the model's continuation
    perturbed: list[int]
    unperturbed: list[int]  # (T,), its first k tokens and the model's continuation
    surprisal: list[float]  # (T,), the oracle's NLL of each token of `perturbed`, in nats


@dataclass(frozen=True)
class Recovery:
    """The oracle's NLL of a model's continuations, at the positions k + 1 .. T.

    Not of the one token that was drawn: of all V tokens the model might write next, weighted by
    the model's probability of each, Σ_v G(v | prefix) · (−log oracle(v | prefix)). That is the
    expected NLL of the next token, exactly, so only the prefixes are left to chance.
    """

    k: int  # the perturbed position, counted from 1
    intact: np.ndarray  # (n, T - k), after the intact prefixes
    perturbed: np.ndarray  # (n, T - k), after the perturbed ones, with the same random numbers
    examples: list[Example]  # the first sequences, to be read

    @property
    def excess(self) -> np.ndarray:
        """(n, T - k), perturbed − intact of each sequence."""
        return np.asarray(self.perturbed - self.intact)

    def beyond(self, reference: Recovery) -> np.ndarray:
        """(n, T - k), this excess less the reference's for the same perturbations and seed."""
        return np.asarray(self.excess - reference.excess)


def recovered_at(beyond: Estimate, k: int) -> int | None:
    """The first position after k from which on none is clearly above 0.

    Clearly: its whole 95% interval. None if the last one is. To be below 0, better than the
    oracle, is to have recovered; to touch 0 once and rise again is not.
    """
    above = np.flatnonzero(beyond.sign > 0)
    recovered = int(above[-1]) + 1 if len(above) else 0
    return recovered + k + 1 if recovered < len(beyond.mean) else None


def total_excess(beyond: np.ndarray) -> Mean:
    """The total cost of the perturbation: the sum over the positions after it, in nats."""
    return mean_of(beyond.sum(1))


@torch.no_grad()
def perturb_and_continue(
    generator: Generator, oracle: Generator | None, real: Tokens, seed: int, *, k: int, kind: Kind
) -> Job[Recovery]:
    """Perturbs each of `real` (n, T) at position k and lets `generator` continue, twice.

    Raises:
        ValueError: k, counted from 1, is not from 1 to T - 1, or there is no oracle.
    """
    if oracle is None:
        raise ValueError("this task has no oracle; what a model writes on cannot be judged")
    n, T = real.shape
    if not 1 <= k < T:
        raise ValueError(f"k is {k}; it must be from 1 to {T - 1}, so that something follows")
    choose = uniform_noise("wound-token", seed, real, 1)[:, 0]
    noise = uniform_noise("wound-write", seed, real, T)[:, k:]  # (n, T - k)
    intact, perturbed = [], []
    examples: list[Example] = []
    for rows in blocks(n, T * generator.vocab_size):
        before = real[rows]
        changed = perturb(oracle, before, k, kind, choose[rows])
        after = [_continue(generator, prefix, k, noise[rows]) for prefix in (before, changed)]
        intact.append(expected_nll(oracle, generator, after[0], k))
        perturbed.append(expected_nll(oracle, generator, after[1], k))
        if len(examples) < EXAMPLES:
            examples += _examples(oracle, before, after[1], after[0])[: EXAMPLES - len(examples)]
        yield rows.stop / n
    return Recovery(k, concatenated(intact), concatenated(perturbed), examples)


@torch.no_grad()
def perturb(oracle: Generator, real: Tensor, k: int, kind: Kind, choose: Tensor) -> Tensor:
    """`real` (B, T) with another token at position k; `choose` (B,) in [0, 1) picks a random one.

    The token is always another one than the real.
    """
    V, was = oracle.vocab_size, real[:, k - 1]
    if kind == "random":
        # One of the V − 1 others: as many steps on from the real token, around the vocabulary.
        now = (was + 1 + (choose * (V - 1)).long().clamp(max=V - 2)) % V
    else:
        state = oracle.states(real[:, :k])[-1]
        logits = oracle.output_logits(state.h)  # (B, V)
        now = logits.scatter(1, was[:, None], torch.inf).argmin(-1)
    perturbed = real.clone()
    perturbed[:, k - 1] = now
    return perturbed


def expected_nll(oracle: Generator, generator: Generator, tokens: Tensor, after: int) -> Tensor:
    """Σ_v G(v | y_{1:t-1}) (−log oracle(v | y_{1:t-1})), t = after + 1 .. T: (B, T - after)."""
    p = next_log_probs(generator, tokens, after).exp_()
    return -(p * next_log_probs(oracle, tokens, after)).sum(-1)


def _continue(generator: Generator, tokens: Tensor, k: int, noise: Tensor) -> Tensor:
    """The first k of tokens (B, T), and the continuation by `generator`."""
    state = generator.states(tokens[:, : k + 1])[k]
    return torch.cat([tokens[:, :k], generator.continue_from(state, noise)], dim=1)


def _examples(oracle: Generator, real: Tensor, perturbed: Tensor, intact: Tensor) -> list[Example]:
    some = slice(EXAMPLES)
    surprisal = -oracle.log_probs(perturbed[some])
    lists = [part[some].tolist() for part in (real, perturbed, intact)]
    return [Example(*row) for row in zip(*lists, surprisal.tolist(), strict=True)]
