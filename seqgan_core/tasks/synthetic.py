"""The paper's synthetic task: a random LSTM, the oracle, is the true distribution."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.protocol import Rendering, Vocabulary


class SyntheticTask:
    """Data sampled once from an oracle, and the NLL under it.

    Args:
        oracle: its weights are frozen; the data is on its device.
        sequence_length: T.
        n_train, n_test: numbers of training and held-out sequences.
        rng: draws both, on the oracle's device.
    """

    name = "synthetic"
    end = None

    def __init__(
        self, oracle: Generator, sequence_length: int, n_train: int, n_test: int,
        rng: torch.Generator,
    ) -> None:  # fmt: skip
        self.oracle = oracle.requires_grad_(False)
        self.sequence_length = sequence_length
        self.vocabulary = Vocabulary(oracle.vocab_size)
        data = oracle.sample(n_train + n_test, sequence_length, rng)
        self._train, self._test = data[:n_train], data[n_train:]

    def to(self, device: torch.device) -> SyntheticTask:
        self.oracle.to(device)
        self._train, self._test = self._train.to(device), self._test.to(device)
        return self

    def train_data(self) -> Tokens:
        """Training data: (n_train, T)."""
        return self._train

    def test_data(self) -> Tokens:
        """Held-out data: (n_test, T)."""
        return self._test

    def metrics(
        self, generator: Generator, samples: Tokens, rng: torch.Generator
    ) -> dict[str, float]:
        """Both NLLs in nats per token (lower is better), to be read together.

        `nll_oracle` of the samples under the oracle measures their quality, `nll_test` of held-out
        data under the generator what it misses. Each has its standard error over sequences.
        """
        both = sequence_nll(self.oracle, samples), sequence_nll(generator, self._test)
        parts = [part for nll in both for part in (nll.mean(), nll.std() / len(nll) ** 0.5)]
        names = ("nll_oracle", "nll_oracle_se", "nll_test", "nll_test_se")
        return dict(zip(names, torch.stack(parts).tolist(), strict=True))  # one wait for a device

    def show(self, tokens: Sequence[int]) -> Rendering:
        return Rendering(tuple(str(token) for token in tokens))
