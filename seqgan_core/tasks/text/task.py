"""Text as a task: verse whose sequences all have T tokens, or sentences of up to T tokens."""

from collections import Counter
from collections.abc import Iterable

import torch

from seqgan_core.paper.generator import START_TOKEN
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpus import CorpusError, Sequence, TextCorpus
from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.tasks.protocol import Vocabulary

END = START_TOKEN  # the token before the first also ends a text
END_MARK = "∎"
UNKNOWN = "□"
MIN_LENGTH = 3  # tokens in a sequence of running text
# Paper: BLEU-2 for poems, whose words have one or two characters; BLEU-3 and BLEU-4 for speeches.
ORDERS = {"poems": (2,), "speech": (3, 4)}


class TextTask(CorpusTask):
    """Sequences of a text.

    Token 0 precedes every sequence and ends one that is shorter than T, which it then pads. With
    `min_count` above 1, token 1 stands for the rarer tokens.

    Args:
        name: "poems" or "speech".
        corpus: the text.
        length: T of running text, whose longer sentences are left out; that of verse is the length
            of its lines together.
        min_count: tokens with fewer occurrences in the training data are unknown.
        words: the vocabulary of a trained model, in the order of its tokens; training sequences
            with other tokens are left out.

    Raises:
        CorpusError: the text is for the other task, or no training or no held-out data is left.
    """

    corpus: TextCorpus

    def __init__(
        self, name: str, corpus: TextCorpus, length: int = 20, min_count: int = 1,
        words: tuple[str, ...] | None = None,
    ) -> None:  # fmt: skip
        if name == "poems" and not corpus.lines:
            raise CorpusError("corpus.no-verse", title=corpus.title)
        if name == "speech" and corpus.lines:
            raise CorpusError("corpus.is-verse", title=corpus.title)
        length = sum(corpus.lines) or length
        self.name, self.corpus, self.sequence_length = name, corpus, length
        self.orders = tuple(n for n in ORDERS[name] if n <= length) or (length,)
        self.end = None if corpus.lines else END
        train = self.fitting(corpus.train)
        self.words = words or vocabulary_of(train, min_count)
        self._numbers = {word: number for number, word in enumerate(self.words)}
        self.has_unknown = len(self.words) > 1 and self.words[1] == UNKNOWN
        self.vocabulary = Vocabulary(len(self.words), (END_MARK, *self.words[1:]))
        references = self._encode(self.fitting(corpus.test))
        valid = self._encode(self.fitting(corpus.valid))
        self._set_data(
            self._known(self._encode(train)),
            self._known(valid),
            self._known(references),
            references,
        )

    def fitting(self, sequences: Iterable[Sequence]) -> list[Sequence]:
        """Those of a length that the task has."""
        least = self.sequence_length if self.corpus.lines else MIN_LENGTH
        return [tokens for tokens in sequences if least <= len(tokens) <= self.sequence_length]

    def _encode(self, sequences: list[Sequence]) -> Tokens:
        """(n, T); a token of no vocabulary is V."""
        beyond, T = len(self.words), self.sequence_length
        rows = torch.full((len(sequences), T), END, dtype=torch.long)
        for row, sequence in zip(rows, sequences, strict=True):
            numbers = [self._numbers.get(token, beyond) for token in sequence]
            row[: len(numbers)] = torch.tensor(numbers)
        return rows

    def _known(self, rows: Tokens) -> Tokens:
        """Rows without a V: all of them if there is an unknown token, else those that have none."""
        V = len(self.words)
        if self.has_unknown:
            rows = rows.masked_fill(rows == V, 1)
        return rows[(rows < V).all(dim=1)]


def vocabulary_of(sequences: Iterable[Sequence], min_count: int) -> tuple[str, ...]:
    """The tokens, most frequent first (equal ones by their characters), after "" for the end.

    The unknown token comes second if a token occurs fewer than `min_count` times.
    """
    counts = Counter(token for sequence in sequences for token in sequence)
    frequent = [token for token in counts if counts[token] >= min_count]
    frequent.sort(key=lambda token: (-counts[token], token))
    unknown = (UNKNOWN,) if len(frequent) < len(counts) else ()
    return ("", *unknown, *frequent)
