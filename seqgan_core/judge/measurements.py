"""What one model's samples measure: quality, coverage and diversity."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from seqgan_core.insight.jobs import Job
from seqgan_core.judge.report import SELF_BLEU_ORDER
from seqgan_core.paper.bleu import Bleu, distinct, self_bleu
from seqgan_core.paper.copying import CopyIndex
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.randomness import rng_for

CHUNK = 5000  # samples drawn at once
VARIED = 2000  # samples that self-BLEU and distinct-n look at: both depend on how many
DISTINCT = (2, 3)
PAIRED = ("nll_test",)  # by sentence, of the same held-out sequences for every model
TEXT_SAMPLES = 5000  # of a corpus: each is compared with all of it


@dataclass(frozen=True)
class Measurement:
    """One model's samples, sequence by sequence."""

    # (n,), nats per token of each sample under the oracle; None without an oracle
    nll_oracle: np.ndarray | None
    nll_test: np.ndarray  # (m,), nats per token of each held-out real sequence under the model
    self_bleu: np.ndarray  # (k,), BLEU-3 of each of the first k samples against the others of them
    distinct: dict[int, float]  # share of distinct n-grams among those k samples, by n
    # by order, (n,): BLEU of each sample against the held-out part of a corpus
    bleu: dict[int, np.ndarray] = field(default_factory=dict)
    # (n,), tokens in the longest run that a training sequence contains; of a corpus only
    copied: np.ndarray | None = None
    # by name, (n,): what else its task measures of each sample, such as `mse` of music
    others: dict[str, np.ndarray] = field(default_factory=dict)

    def means(self) -> dict[str, float]:
        """One number for each metric."""
        metrics = {f"bleu_{n}": float(values.mean()) for n, values in self.bleu.items()}
        metrics |= {name: float(values.mean()) for name, values in self.others.items()}
        for name in ("nll_oracle", "nll_test", "self_bleu", "copied"):
            values = getattr(self, name)
            if values is not None:
                metrics[name] = float(values.mean())
        return metrics | {f"distinct_{n}": share for n, share in self.distinct.items()}

    def by_sentence(self) -> dict[str, np.ndarray]:
        """The metrics that each sequence has a value of, (n,) or (m,)."""
        by_metric = {f"bleu_{n}": values for n, values in self.bleu.items()} | self.others
        for name in ("nll_oracle", "nll_test"):
            values = getattr(self, name)
            if values is not None:
                by_metric[name] = values
        return by_metric


def measure(generator: Generator, task: Task, samples: int, seed: int) -> Job[Measurement]:
    """Draws `samples` sequences of the model and measures them.

    Args:
        generator: at the temperature to measure (see `Generator.at_temperature`).
        task: gives the held-out data, and the oracle if there is one.
        samples: 2 or more (the paper: 100,000); of a corpus at most `TEXT_SAMPLES`.
        seed: of the draws; equal seeds give models the same noise.

    Raises:
        ValueError: too few samples.
    """
    if samples < 2:
        raise ValueError(f"samples is {samples}; it must be 2 or more (the paper uses 100,000)")
    if isinstance(task, CorpusTask):
        samples = min(samples, TEXT_SAMPLES)
    oracle: Generator | None = getattr(task, "oracle", None)
    rng = rng_for(seed, "judge", 0, generator.embedding.device)
    first_samples: list[Tensor] = []
    nlls: list[Tensor] = []
    with torch.no_grad():
        for first in range(0, samples, CHUNK):
            n = min(CHUNK, samples - first)
            tokens = generator.sample(n, task.sequence_length, rng)
            if first < VARIED:
                first_samples.append(tokens)
            if oracle is not None:
                nlls.append(sequence_nll(oracle, tokens))
            yield 0.8 * (first + n) / samples
        drawn = torch.cat(first_samples)
        nll = sequence_nll(generator, task.test_data(), task.end).double().cpu().numpy()
        by_oracle = torch.cat(nlls).double().cpu().numpy() if nlls else None
        return _measurement(drawn, task, by_oracle, nll)


def _measurement(
    tokens: Tokens, task: Task, by_oracle: np.ndarray | None, nll: np.ndarray
) -> Measurement:
    V, T = task.vocabulary.size, task.sequence_length
    compared = tokens[:VARIED]
    self_bleus = self_bleu(compared, min(SELF_BLEU_ORDER, T), V, task.end).cpu().numpy()
    varied = {n: distinct(compared, n, V, task.end) for n in DISTINCT if n <= T}
    if not isinstance(task, CorpusTask):
        return Measurement(by_oracle, nll, self_bleus, varied)
    scores = Bleu(task.references(), max(task.orders), V, task.end).scores(tokens)
    bleu = {n: scores[:, n - 1].cpu().numpy() for n in task.orders}
    copied = _copied(tokens, task)
    others = {
        name: values.double().cpu().numpy()
        for name, values in task.sequence_metrics(tokens).items()
    }
    return Measurement(by_oracle, nll, self_bleus, varied, bleu, copied, others)


def _copied(tokens: Tokens, task: CorpusTask) -> np.ndarray:
    runs = CopyIndex(task.train_data(), task.end).longest(tokens)
    longest: np.ndarray = runs.length.double().cpu().numpy()
    return longest
