"""Text as a task: verse whose sequences all have T tokens, or sentences of up to T tokens."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence as Seq

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
        length: T; verse has exactly T tokens, running text at most.
        min_count: tokens with fewer occurrences in the training data are unknown.
        orders: the BLEU orders measured during training; the last is the one to watch.
        words: the vocabulary of a trained model, in the order of its tokens; training sequences
            with other tokens are left out.

    Raises:
        CorpusError: no training or no held-out data is left.
    """

    corpus: TextCorpus

    def __init__(
        self,
        name: str,
        corpus: TextCorpus,
        length: int,
        *,
        min_count: int = 1,
        orders: tuple[int, ...] = (2,),
        words: tuple[str, ...] | None = None,
    ) -> None:
        self.name, self.corpus, self.sequence_length = name, corpus, length
        self.orders = orders
        self.end = None if corpus.lines else END
        train = self._fitting(corpus.train)
        self.words = words or vocabulary_of(train, min_count)
        self._numbers = {word: number for number, word in enumerate(self.words)}
        self.has_unknown = len(self.words) > 1 and self.words[1] == UNKNOWN
        V = len(self.words)
        self.vocabulary = Vocabulary(V, (END_MARK, *self.words[1:]))
        valid = self._encode(self._fitting(corpus.valid))
        references = self._encode(self._fitting(corpus.test))
        self._set_data(
            self._known(self._encode(train)),
            valid[(valid < V).all(dim=1)],
            self._known(references),
            references,
        )

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


def text_task(
    name: str,
    corpus: TextCorpus,
    length: int = 20,
    min_count: int = 1,
    words: tuple[str, ...] | None = None,
) -> TextTask:
    """The task of a text: "poems", where T is the length of all lines together, or "speech".

    Longer sentences than `length` are left out; the arguments are those of `TextTask`.

    Raises:
        CorpusError: the text is for the other task, or nothing fits.
    """
    if name == "poems" and not corpus.lines:
        raise CorpusError("corpus.no-verse", title=corpus.title)
    if name == "speech" and corpus.lines:
        raise CorpusError("corpus.is-verse", title=corpus.title)
    length = sum(corpus.lines) or length
    orders = tuple(n for n in ORDERS[name] if n <= length) or (length,)
    return TextTask(name, corpus, length, min_count=min_count, orders=orders, words=words)


def vocabulary_of(sequences: Iterable[Sequence], min_count: int) -> tuple[str, ...]:
    """The tokens, most frequent first (equal ones by their characters), after "" for the end.

    The unknown token comes second if a token occurs fewer than `min_count` times.
    """
    counts = Counter(token for sequence in sequences for token in sequence)
    frequent = [token for token in counts if counts[token] >= min_count]
    frequent.sort(key=lambda token: (-counts[token], token))
    unknown = (UNKNOWN,) if len(frequent) < len(counts) else ()
    return ("", *unknown, *frequent)
