"""The wound: one token of a real sequence is replaced, and a model writes on from there.

Every sequence is continued twice with the same dice, from the wounded prefix and from the whole
one. What the oracle finds worse in the first than in the second is the wound's excess. A wound
also changes what there is to say, so the oracle's own excess is the reference: a model that knew
the truth would have exactly that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import LongTensor, Tensor

from seqgan_core.insight.exposure.divergence import (
    Estimate,
    Study,
    blocks,
    dice,
    estimate,
    gathered,
    next_log_probs,
)  # fmt: skip
from seqgan_core.insight.jobs import Job
from seqgan_core.paper.generator import Generator

Kind = Literal["random", "unlikely"]
"""random: any other token, each as often; unlikely: the one that the oracle expects least there."""

KINDS: tuple[Kind, ...] = ("random", "unlikely")
EXAMPLES = 3  # sequences that are kept to be read


@dataclass(frozen=True)
class Example:
    """A wounded sequence, and what came of it.

    Attributes:
        real: (T,), as it was.
        wounded: (T,), its first k - 1 tokens, the wound, and what the model wrote after it.
        unwounded: (T,), its first k tokens, and what the model wrote after these.
        surprisal: (T,), the oracle's NLL of each token of `wounded`, in nats.
    """

    real: list[int]
    wounded: list[int]
    unwounded: list[int]
    surprisal: list[float]


@dataclass(frozen=True)
class Healing:
    """What the oracle thinks of a model's continuations, at the positions k + 1 .. T.

    Not of the one token that was drawn: of all V tokens the model might write next, weighted by
    the model's probability of each, Σ_v G(v | prefix) · (−log oracle(v | prefix)). That is the
    expected NLL of the next token, exactly, so only the prefixes are left to chance.

    Attributes:
        k: the wounded position, counted from 1.
        whole: (n, T - k), after the whole prefixes.
        wounded: (n, T - k), after the wounded ones, with the same dice.
        examples: the first sequences, to be read.
    """

    k: int
    whole: np.ndarray
    wounded: np.ndarray
    examples: list[Example]

    @property
    def excess(self) -> np.ndarray:
        """(n, T - k), wounded − whole of each sequence."""
        return np.asarray(self.wounded - self.whole)

    def beyond(self, reference: Healing) -> np.ndarray:
        """(n, T - k), this excess less the reference's for the same wounds and dice."""
        return np.asarray(self.excess - reference.excess)


def recovered_at(beyond: Estimate, k: int) -> int | None:
    """The first position after the wound at k from which on none is clearly above 0.

    Clearly: its whole 95% interval. None if the last one is. To be below 0, better than the
    oracle, is no wound left; and to touch 0 once and rise again is not to have recovered.
    """
    above = np.flatnonzero(beyond.sign > 0)
    healed = int(above[-1]) + 1 if len(above) else 0
    return healed + k + 1 if healed < len(beyond.mean) else None


def area(beyond: np.ndarray) -> Estimate:
    """What the wound costs in all: the sum over the positions after it, one number in nats."""
    return estimate(beyond.sum(1))


def healing(k: int, kind: Kind) -> Study[Healing]:
    """The study of a wound at position k, counted from 1.

    Raises:
        ValueError: when it runs; k leaves nothing to write on, or there is no oracle.
    """

    def study(
        generator: Generator, oracle: Generator | None, real: LongTensor, seed: int
    ) -> Job[Healing]:
        if oracle is None:
            raise ValueError("this task has no oracle; what a model writes on cannot be judged")
        return write_on(generator, oracle, real, k, kind, seed)

    return study


@torch.no_grad()
def write_on(
    generator: Generator, oracle: Generator, real: LongTensor, k: int, kind: Kind, seed: int
) -> Job[Healing]:
    """Wounds each of `real` (n, T) at position k and lets `generator` write on, twice.

    Raises:
        ValueError: k is not from 1 to T - 1.
    """
    n, T = real.shape
    if not 1 <= k < T:
        raise ValueError(f"k is {k}; it must be from 1 to {T - 1}, so that something follows")
    choose = dice("wound-token", seed, real, 1)[:, 0]
    noise = dice("wound-write", seed, real, T)[:, k:]  # (n, T - k)
    whole, wounded = [], []
    examples: list[Example] = []
    for rows in blocks(n, T * generator.vocab_size):
        before = real[rows]
        hurt = wound(oracle, before, k, kind, choose[rows])
        after = [_continued(generator, prefix, k, noise[rows]) for prefix in (before, hurt)]
        whole.append(expected_nll(oracle, generator, after[0], k))
        wounded.append(expected_nll(oracle, generator, after[1], k))
        if len(examples) < EXAMPLES:
            examples += _examples(oracle, before, after[1], after[0])[: EXAMPLES - len(examples)]
        yield rows.stop / n
    return Healing(k, gathered(whole), gathered(wounded), examples)


@torch.no_grad()
def wound(oracle: Generator, real: Tensor, k: int, kind: Kind, choose: Tensor) -> Tensor:
    """`real` (B, T) with another token at position k; `choose` (B,) in [0, 1) picks a random one.

    The token is always another one than the real.
    """
    V, was = oracle.vocab_size, real[:, k - 1]
    if kind == "random":
        # One of the V − 1 others: as many steps on from the real token, around the vocabulary.
        now = (was + 1 + (choose * (V - 1)).long().clamp(max=V - 2)) % V
    else:
        state = oracle.states(real[:, :k])[-1]  # type: ignore[arg-type]
        logits = oracle.output_logits(state.h)  # (B, V)
        now = logits.scatter(1, was[:, None], torch.inf).argmin(-1)
    hurt = real.clone()
    hurt[:, k - 1] = now
    return hurt


def expected_nll(oracle: Generator, generator: Generator, tokens: Tensor, after: int) -> Tensor:
    """Σ_v G(v | y_{1:t-1}) (−log oracle(v | y_{1:t-1})), t = after + 1 .. T: (B, T - after)."""
    p = next_log_probs(generator, tokens, after).exp_()
    return -(p * next_log_probs(oracle, tokens, after)).sum(-1)


def _continued(generator: Generator, tokens: Tensor, k: int, noise: Tensor) -> Tensor:
    """The first k of tokens (B, T), and what `generator` writes after them."""
    state = generator.states(tokens[:, : k + 1])[k]  # type: ignore[arg-type]
    return torch.cat([tokens[:, :k], generator.continue_from(state, noise)], dim=1)


def _examples(oracle: Generator, real: Tensor, wounded: Tensor, whole: Tensor) -> list[Example]:
    some = slice(EXAMPLES)
    surprisal = -oracle.log_probs(wounded[some])  # type: ignore[arg-type]
    lists = [part[some].tolist() for part in (real, wounded, whole)]
    return [Example(*row) for row in zip(*lists, surprisal.tolist(), strict=True)]
