"""A corpus as a task: its data as tensors, and what is measured of text and tunes alike."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Self

import torch
from torch import Tensor

from seqgan_core.paper.bleu import Bleu, distinct, self_bleu
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpus import Corpus, CorpusError, Unit
from seqgan_core.tasks.protocol import Rendering, Vocabulary

DIVERSITY_SAMPLES = 500  # samples that all metrics but NLL and BLEU use during training


class CorpusTask:
    """Sequences of T tokens of a corpus; a `Task` that is judged by BLEU against held-out data.

    A subclass sets the attributes and then its data (`_set_data`).
    """

    name: str  # "poems", "speech" or "music"
    corpus: Corpus[Any]  # what the data is from
    sequence_length: int  # T
    words: tuple[str, ...]  # the vocabulary in the order of its tokens, as a trained model keeps it
    vocabulary: Vocabulary  # the same as people read it
    # the BLEU orders measured during training; the last is the one to watch
    orders: tuple[int, ...]
    # the token that ends a shorter sequence and then pads it; None where all have T tokens
    end: int | None = None

    def _set_data(
        self, train: Tokens, valid: Tokens, test: Tokens, references: Tokens | None = None
    ) -> None:
        """Training, validation and held-out data: (n, T) each, V for tokens of no vocabulary.

        BLEU is computed against `references`, by default the held-out data.
        """
        self._train, self._valid, self._test = train, valid, test
        self._references = test if references is None else references
        title, length, size = self.corpus.title, self.sequence_length, self.vocabulary.size
        if len(train) == 0:
            raise CorpusError("corpus.no-training-data", title=title, length=length, size=size)
        if len(test) == 0:
            raise CorpusError("corpus.no-held-out-data", title=title, length=length, size=size)

    @property
    def unit(self) -> Unit:
        return self.corpus.unit

    @property
    def lines(self) -> tuple[int, ...]:
        """Tokens in each line of verse; () where there are no lines."""
        return self.corpus.lines

    def to(self, device: torch.device) -> Self:
        self._train, self._valid = self._train.to(device), self._valid.to(device)
        self._test, self._references = self._test.to(device), self._references.to(device)
        self.__dict__.pop("_bleu", None)
        return self

    def train_data(self) -> Tokens:
        """Training data: (n, T)."""
        return self._train

    def valid_data(self) -> Tokens:
        """Validation data, to choose settings by: (v, T), perhaps none."""
        return self._valid

    def test_data(self) -> Tokens:
        """Held-out data: (m, T)."""
        return self._test

    def references(self) -> Tokens:
        """What BLEU is computed against: (r, T); V, a token of no vocabulary, never matches."""
        return self._references

    def sequence_metrics(self, tokens: Tokens, leave_one_out: bool = False) -> dict[str, Tensor]:
        """More metrics of each sequence (n, T), by name: (n,) each; none for text.

        With `leave_one_out` they are the references, each compared with the others.
        """
        return {}

    def metrics(
        self, generator: Generator, samples: Tokens, rng: torch.Generator
    ) -> dict[str, float]:
        """What G misses, how similar its samples are to real data, and how varied.

        `nll_test` in nats per token with its standard error (lower is better), `nll_valid` of the
        validation data, to choose settings by without a look at `nll_test`, `bleu_n` against
        the references (higher is better, and to be read with its ceiling), and of the first
        samples the means of `sequence_metrics`, `self_bleu` against each other, and `distinct_2`.
        """
        nll = sequence_nll(generator, self._test, self.end)
        V, order = self.vocabulary.size, max(self.orders)
        scores = self._bleu.scores(samples).mean(dim=0)
        result = {"nll_test": float(nll.mean()), "nll_test_se": float(nll.std() / len(nll) ** 0.5)}
        if len(self._valid):
            result["nll_valid"] = float(sequence_nll(generator, self._valid, self.end).mean())
        result |= {f"bleu_{n}": float(scores[n - 1]) for n in self.orders}
        first = samples[:DIVERSITY_SAMPLES]
        more = self.sequence_metrics(first)
        result |= {name: float(values.mean()) for name, values in more.items()}
        result["self_bleu"] = float(self_bleu(first, order, V, end=self.end).mean())
        result["distinct_2"] = distinct(first, 2, V, end=self.end)
        return result

    def show(self, tokens: Sequence[int]) -> Rendering:
        """The names of a sequence's tokens: words with "∎" at the end, or "C4", "–", "rest"."""
        return Rendering(tuple(self.vocabulary.name(token) for token in tokens))

    @cached_property
    def _bleu(self) -> Bleu:
        return Bleu(self._references, max(self.orders), self.vocabulary.size, end=self.end)
