"""Tunes as a task: windows of T tokens, in the paper's form or in the one for listening."""

from collections.abc import Sequence

import torch
from torch import Tensor

from seqgan_core.paper.generator import START_TOKEN
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.tasks.music.metrics import (
    ends_at_home,
    fills_bars,
    in_key,
    nearest_error,
    repetition,
)
from seqgan_core.tasks.music.tokens import SIZES, Form, array, windows, words
from seqgan_core.tasks.music.tune import Tune, TuneCorpus
from seqgan_core.tasks.protocol import Vocabulary

ORDERS = (4,)  # Paper: BLEU-4 for music
MIN_WINDOWS = {"train": 100, "test": 16}  # windows; with fewer they overlap


class MusicTask(CorpusTask):
    """Windows of tunes.

    Windows do not overlap (Paper: the same). In a corpus too small for that, with fewer than 100
    training windows or 16 held-out ones, the distance between their starts is halved until there
    are enough.

    Args:
        corpus: the tunes.
        length: T; the paper's is 32. Whole tunes have at most 130 tokens, all in these keys.
        form: what a token is, see `music.tokens`.
        transpose: to C major or A minor, from the key that was found.

    Raises:
        CorpusError: no training or no held-out data is left, or no part is known.
    """

    name = "music"
    corpus: TuneCorpus
    orders = ORDERS

    def __init__(
        self, corpus: TuneCorpus, length: int = 32, form: Form = "eighths", transpose: bool = False
    ) -> None:
        self.corpus, self.sequence_length = corpus, length
        self.form, self.transpose = form, transpose
        self.end = START_TOKEN if form == "tunes" else None
        self.words = words(form)
        self.vocabulary = Vocabulary(SIZES[form], self.words)
        self.hop = length
        if form == "tunes" and not any(tune.parts for tune in corpus.train):
            raise CorpusError("corpus.no-parts", title=corpus.title, name=corpus.name)
        while True:
            train, test = self._cut(corpus.train), self._cut(corpus.test)
            few = len(train) < MIN_WINDOWS["train"] or len(test) < MIN_WINDOWS["test"]
            if not few or self.hop == 1 or form == "tunes":
                break
            self.hop //= 2
        self._set_data(train, self._cut(corpus.valid), test)

    def sequence_metrics(self, tokens: Tokens, leave_one_out: bool = False) -> dict[str, Tensor]:
        """More metrics of each sequence (n, T): (n,) each.

        `mse` to the nearest held-out window, see `nearest_error` (lower is better); `in_key`, the
        share of time on the notes of its key; `repeated`, the share of its patterns that occur
        more than once (both are better the nearer they are to real tunes). Of whole tunes also 1 or
        0: `fills_bars` and `ends_at_home`.

        Args:
            tokens: (n, T).
            leave_one_out: they are the held-out windows, each compared with the others.
        """
        measured = {"in_key": in_key(tokens), "repeated": repetition(tokens)}
        if self.form == "tunes":
            measured |= {"fills_bars": fills_bars(tokens), "ends_at_home": ends_at_home(tokens)}
        error = nearest_error(tokens, self._test, leave_one_out=leave_one_out)
        return {"mse": error} | {k: torch.from_numpy(v).double() for k, v in measured.items()}

    def windows(self, tunes: Sequence[Tune]) -> list[tuple[Tune, list[int]]]:
        """The windows of tunes as the task cuts them, each with its tune."""
        cut = (self.form, self.sequence_length, self.transpose, self.hop)
        return [(tune, window) for tune in tunes for window in windows(tune, *cut)]

    def _cut(self, tunes: Sequence[Tune]) -> Tokens:
        rows = [window for _tune, window in self.windows(tunes)]
        return torch.from_numpy(array(rows, self.sequence_length))
