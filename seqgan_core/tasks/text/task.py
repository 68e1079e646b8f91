"""A corpus as tensors: its vocabulary, sequences of one length, and what is measured of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence as Seq

import torch
from torch import Tensor

from seqgan_core.paper.bleu import Bleu, distinct, self_bleu
from seqgan_core.paper.generator import START_TOKEN, Generator
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpus import Corpus, CorpusError, Sequence, Unit
from seqgan_core.tasks.protocol import Rendering, Vocabulary

END = START_TOKEN  # a text ends with the token that it starts after
END_MARK = "∎"
UNKNOWN = "□"
MIN_LENGTH = 3  # tokens in a sequence of running text
DIVERSITY_SAMPLES = 500  # samples that self-BLEU and distinct-n look at during training


class TextTask:
    """Sequences of a corpus, to learn from and to be judged by.

    Token 0 starts every sequence and ends one that is shorter than T, which it then pads. With
    `min_count` above 1, token 1 stands for the rarer tokens.

    Args:
        name: "poems" or "speech".
        corpus: the text.
        length: T; verse must have it exactly, running text at most.
        min_count: tokens that the training text holds less often are unknown.
        orders: of the BLEU that is told during training; the last is the one to watch.
        words: the vocabulary of a trained model, in the order of its tokens; sequences that it
            has no tokens for are left out of the training data.

    Raises:
        CorpusError: nothing is left to learn from, or to be judged by.
    """

    def __init__(
        self,
        name: str,
        corpus: Corpus,
        length: int,
        *,
        min_count: int = 1,
        orders: tuple[int, ...] = (2,),
        words: tuple[str, ...] | None = None,
    ) -> None:
        self.name, self.corpus, self.sequence_length = name, corpus, length
        self.orders = orders
        train = self._fitting(corpus.train)
        self.words = words or vocabulary_of(train, min_count)
        self._numbers = {word: number for number, word in enumerate(self.words)}
        self.has_unknown = len(self.words) > 1 and self.words[1] == UNKNOWN
        V = len(self.words)
        self.vocabulary = Vocabulary(V, (END_MARK, *self.words[1:]))
        self._train = self._known(self._encode(train), "to learn from")
        valid = self._encode(self._fitting(corpus.valid))
        self._valid: Tokens = valid[(valid < V).all(dim=1)]
        self._references = self._encode(self._fitting(corpus.test))
        self._test = self._known(self._references, "to be judged by")
        self._bleu: Bleu | None = None

    @property
    def end(self) -> int | None:
        """The token that ends a sequence; None in verse, whose sequences all have T tokens."""
        return None if self.corpus.lines else END

    @property
    def lines(self) -> tuple[int, ...]:
        """Tokens in each line of verse; () for running text."""
        return self.corpus.lines

    @property
    def unit(self) -> Unit:
        """What a token is."""
        return self.corpus.unit

    def to(self, device: torch.device) -> TextTask:
        """Moves the data, once, to where the training computes."""
        self._train, self._test = self._train.to(device), self._test.to(device)
        self._references = self._references.to(device)
        self._valid = self._valid.to(device)
        self._bleu = None
        return self

    def train_data(self) -> Tokens:
        """Real sequences to learn from: (n, T)."""
        return self._train

    def valid_data(self) -> Tokens:
        """Real sequences to choose settings by: (v, T), perhaps none."""
        return self._valid

    def test_data(self) -> Tokens:
        """Held-out sequences that the vocabulary has tokens for: (m, T)."""
        return self._test

    def references(self) -> Tokens:
        """All held-out sequences: (r, T); V stands for what is in no vocabulary, and never matches.

        BLEU is counted against these.
        """
        return self._references

    def sequence_metrics(self, tokens: Tokens, leave_one_out: bool = False) -> dict[str, Tensor]:
        """Nothing else is measured of text."""
        return {}

    def metrics(
        self, generator: Generator, samples: Tokens, rng: torch.Generator
    ) -> dict[str, float]:
        """What G leaves out, how like the real text its samples are, and how varied.

        `nll_test` in nats per token with its standard error (lower is better), `bleu_n` against the
        whole held-out text (higher is better, and worth nothing without its ceiling), and of the
        first few samples `self_bleu` against each other and `distinct_2`.
        """
        nll = sequence_nll(generator, self._test, self.end)
        if self._bleu is None:
            V = self.vocabulary.size
            self._bleu = Bleu(self._references, max(self.orders), V, end=self.end)
        scores = self._bleu.scores(samples).mean(dim=0)
        result = {"nll_test": float(nll.mean()), "nll_test_se": float(nll.std() / len(nll) ** 0.5)}
        result |= {f"bleu_{n}": float(scores[n - 1]) for n in self.orders}
        first = samples[:DIVERSITY_SAMPLES]
        V = self.vocabulary.size
        result["self_bleu"] = float(self_bleu(first, max(self.orders), V, end=self.end).mean())
        result["distinct_2"] = distinct(first, 2, V, end=self.end)
        return result

    def show(self, tokens: Seq[int]) -> Rendering:
        """The words of a sequence, a mark where it ends."""
        return Rendering(tuple(self.vocabulary.name(token) for token in tokens))

    def encode(self, sequence: Sequence) -> list[int] | None:
        """The tokens of `sequence`, without the end; None if one of them is unknown."""
        numbers = [self._numbers.get(token) for token in sequence]
        return None if None in numbers else numbers  # type: ignore[return-value]

    def decode(self, tokens: Seq[int]) -> Sequence:
        """The words of a sequence up to its end."""
        words = []
        for token in tokens:
            if token == self.end:
                break
            words.append(self.words[token])
        return tuple(words)

    def _fitting(self, sequences: Iterable[Sequence]) -> list[Sequence]:
        if self.corpus.lines:
            return [tokens for tokens in sequences if len(tokens) == self.sequence_length]
        return [tokens for tokens in sequences if MIN_LENGTH <= len(tokens) <= self.sequence_length]

    def _encode(self, sequences: list[Sequence]) -> Tokens:
        """(n, T); what the vocabulary lacks is V in held-out text, so that it matches nothing."""
        beyond, T = len(self.words), self.sequence_length
        rows = torch.full((len(sequences), T), END, dtype=torch.long)
        for row, sequence in zip(rows, sequences, strict=True):
            numbers = [self._numbers.get(token, beyond) for token in sequence]
            row[: len(numbers)] = torch.tensor(numbers)
        return rows

    def _known(self, rows: Tokens, what: str) -> Tokens:
        """Rows without a V: all of them if there is an unknown token, else the others."""
        V = len(self.words)
        if self.has_unknown:
            rows = rows.masked_fill(rows == V, 1)
        known = rows[(rows < V).all(dim=1)]
        if len(known) == 0:
            raise CorpusError(
                f"{self.corpus.title} has no sequence {what} that fits: of "
                f"{self.sequence_length} tokens, all of them in the vocabulary of {V}; "
                "change sequence_length or min_count, or take another corpus"
            )
        return known


def vocabulary_of(sequences: Iterable[Sequence], min_count: int) -> tuple[str, ...]:
    """The tokens, most frequent first (equal ones by their characters), after "" for the end.

    The unknown token comes second where `min_count` makes one of something.
    """
    counts = Counter(token for sequence in sequences for token in sequence)
    frequent = [token for token in counts if counts[token] >= min_count]
    frequent.sort(key=lambda token: (-counts[token], token))
    unknown = (UNKNOWN,) if len(frequent) < len(counts) else ()
    return ("", *unknown, *frequent)
