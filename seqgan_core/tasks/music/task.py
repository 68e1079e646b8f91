"""Tunes as a task: windows of T tokens, in the paper's form or in the one for listening."""

from __future__ import annotations

from collections.abc import Sequence as Seq
from functools import cached_property

import torch
from torch import Tensor

from seqgan_core.paper.bleu import Bleu, distinct, self_bleu
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.music.metrics import in_key, nearest_error, repetition
from seqgan_core.tasks.music.tokens import SIZES, Form, array, windows, words
from seqgan_core.tasks.music.tune import UNIT, Tune, TuneCorpus
from seqgan_core.tasks.protocol import Rendering, Vocabulary

ORDERS = (4,)  # Paper: BLEU-4 for music
DIVERSITY_SAMPLES = 500  # samples that self-BLEU, distinct-n and MSE look at during training
MIN_WINDOWS = {"train": 100, "test": 16}  # windows; with fewer they overlap


class MusicTask:
    """Windows of tunes, to learn from and to be judged by.

    Windows do not overlap (Paper: the same). Of a corpus too small for that, with fewer than 100
    windows to learn from or 16 to be judged by, they begin ever closer to each other, half the
    distance each time, until there are enough.

    Args:
        corpus: the tunes.
        length: T; the paper's is 32.
        form: what a token is, see `music.tokens`.
        transpose: to C major or A minor, by the key that was found.

    Raises:
        CorpusError: nothing is left to learn from, or to be judged by.
    """

    name = "music"
    end: int | None = None  # every sequence has T tokens
    orders = ORDERS
    unit = UNIT
    lines: tuple[int, ...] = ()

    def __init__(
        self,
        corpus: TuneCorpus,
        length: int = 32,
        form: Form = "eighths",
        transpose: bool = False,
    ) -> None:
        self.corpus, self.sequence_length = corpus, length
        self.form, self.transpose = form, transpose
        self.vocabulary = Vocabulary(SIZES[form], words(form))
        self.hop = length
        while True:
            self._train, self._test = self._cut(corpus.train), self._cut(corpus.test)
            few = len(self._train) < MIN_WINDOWS["train"] or len(self._test) < MIN_WINDOWS["test"]
            if not few or self.hop == 1:
                break
            self.hop //= 2
        self._valid = self._cut(corpus.valid)
        for data, what in ((self._train, "to learn from"), (self._test, "to be judged by")):
            if len(data) == 0:
                raise CorpusError(
                    f"{corpus.title} has no stretch of {length} tokens {what}; take a smaller "
                    "sequence_length, or longer tunes"
                )

    @property
    def words(self) -> tuple[str, ...]:
        """The names of the tokens, which a trained model keeps."""
        return words(self.form)

    def to(self, device: torch.device) -> MusicTask:
        """Moves the data, once, to where the training computes."""
        self._train, self._test = self._train.to(device), self._test.to(device)
        self._valid = self._valid.to(device)
        self.__dict__.pop("_bleu", None)
        return self

    def train_data(self) -> Tokens:
        """Real windows to learn from: (n, T)."""
        return self._train

    def valid_data(self) -> Tokens:
        """Real windows to choose settings by: (v, T), perhaps none."""
        return self._valid

    def test_data(self) -> Tokens:
        """Held-out windows: (m, T)."""
        return self._test

    def references(self) -> Tokens:
        """The held-out windows, which BLEU and MSE are counted against."""
        return self._test

    def sequence_metrics(self, tokens: Tokens, leave_one_out: bool = False) -> dict[str, Tensor]:
        """What else is measured of each sequence, (n,) each.

        `mse` to the nearest held-out window, see `nearest_error` (lower is better); `in_key`, the
        share of time on the notes of its key; `repeated`, the share of its patterns that come more
        than once (both better the nearer they are to real tunes').

        Args:
            tokens: (n, T).
            leave_one_out: they are the held-out windows, each compared with the others.
        """
        return {
            "mse": nearest_error(tokens, self._test, leave_one_out=leave_one_out),
            "in_key": torch.from_numpy(in_key(tokens)),
            "repeated": torch.from_numpy(repetition(tokens)),
        }

    def metrics(
        self, generator: Generator, samples: Tokens, rng: torch.Generator
    ) -> dict[str, float]:
        """What G leaves out, how like real tunes its samples are, and how varied.

        `nll_test` in nats per token with its standard error (lower is better), `bleu_4` against the
        held-out windows (higher is better, and worth nothing without its ceiling), and of the first
        few samples the means of `sequence_metrics`, `self_bleu` and `distinct_2`.
        """
        nll = sequence_nll(generator, self._test)
        V = self.vocabulary.size
        first = samples[:DIVERSITY_SAMPLES]
        result = {"nll_test": float(nll.mean()), "nll_test_se": float(nll.std() / len(nll) ** 0.5)}
        scores = self._bleu.scores(samples).mean(dim=0)
        result |= {f"bleu_{n}": float(scores[n - 1]) for n in self.orders}
        result |= {
            name: float(values.mean()) for name, values in self.sequence_metrics(first).items()
        }
        result["self_bleu"] = float(self_bleu(first, max(self.orders), V).mean())
        result["distinct_2"] = distinct(first, 2, V)
        return result

    def show(self, tokens: Seq[int]) -> Rendering:
        """The names of a sequence: "C4", "–" for a hold, "rest"."""
        return Rendering(tuple(self.vocabulary.name(token) for token in tokens))

    @cached_property
    def _bleu(self) -> Bleu:
        return Bleu(self._test, max(self.orders), self.vocabulary.size)

    def _cut(self, tunes: Seq[Tune]) -> Tokens:
        rows = [
            window
            for tune in tunes
            for window in windows(tune, self.form, self.sequence_length, self.transpose, self.hop)
        ]
        return torch.from_numpy(array(rows, self.sequence_length))
