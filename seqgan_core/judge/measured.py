"""What samples of one model say: quality, what it leaves out, and how varied it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import LongTensor

from seqgan_core.insight.work import Work
from seqgan_core.paper.bleu import distinct, self_bleu
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.tasks.task import Task
from seqgan_core.training.randomness import rng_for

CHUNK = 5000  # samples drawn at once
VARIED = 2000  # samples that self-BLEU and distinct-n look at: both depend on how many
SELF_BLEU_ORDER = 3
DISTINCT = (2, 3)


@dataclass(frozen=True)
class Measured:
    """One model's samples, sequence by sequence.

    Attributes:
        nll_oracle: (n,), nats per token of each sample under the oracle; None without an oracle.
        nll_test: (m,), nats per token of each held-out real sequence under the model.
        self_bleu: (k,), BLEU-3 of each of the first k samples against the others of them.
        distinct: share of distinct n-grams among those k samples, by n.
    """

    nll_oracle: np.ndarray | None
    nll_test: np.ndarray
    self_bleu: np.ndarray
    distinct: dict[int, float]

    def means(self) -> dict[str, float]:
        """One number for each metric; lower is better, but for distinct-n."""
        found = {} if self.nll_oracle is None else {"nll_oracle": float(self.nll_oracle.mean())}
        found |= {
            "nll_test": float(self.nll_test.mean()),
            "self_bleu": float(self.self_bleu.mean()),
        }
        return found | {f"distinct_{n}": share for n, share in self.distinct.items()}


def measure(generator: Generator, task: Task, samples: int, seed: int) -> Work[Measured]:
    """Draws `samples` sequences of the model and measures them.

    Args:
        generator: as it shall be measured (see `Generator.at_temperature`).
        task: its held-out data, and the oracle if it has one.
        samples: how many, 2 or more (the paper: 100,000).
        seed: of the draws; equal seeds give models the same noise.

    Raises:
        ValueError: too few samples.
    """
    if samples < 2:
        raise ValueError(f"samples is {samples}; it must be 2 or more (the paper uses 100,000)")
    oracle: Generator | None = getattr(task, "oracle", None)
    rng = rng_for(seed, "judge", 0, generator.embedding.device)
    kept: list[torch.Tensor] = []
    scores: list[torch.Tensor] = []
    with torch.no_grad():
        for first in range(0, samples, CHUNK):
            n = min(CHUNK, samples - first)
            tokens = generator.sample(n, task.sequence_length, rng)
            if first < VARIED:
                kept.append(tokens)
            if oracle is not None:
                scores.append(sequence_nll(oracle, tokens))
            yield 0.8 * (first + n) / samples
        some: LongTensor = torch.cat(kept)[:VARIED]  # type: ignore[assignment]
        V = task.vocabulary.size
        return Measured(
            torch.cat(scores).double().cpu().numpy() if scores else None,
            sequence_nll(generator, task.test_data()).double().cpu().numpy(),
            self_bleu(some, min(SELF_BLEU_ORDER, task.sequence_length), V).cpu().numpy(),
            {n: distinct(some, n, V) for n in DISTINCT if n <= task.sequence_length},
        )
