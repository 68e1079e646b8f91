"""How a run's tokens are shown: as words where it was trained on text or tunes, else as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from seqgan_core.tasks.music.tokens import words
from seqgan_core.tasks.protocol import Vocabulary
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.tasks.text.task import END
from seqgan_core.tasks.text.tokenize import detokenize
from seqgan_core.training.build import make_corpus_task, make_task
from seqgan_core.training.config import TrainConfig


@dataclass(frozen=True)
class Reader:
    """Turns tokens into text."""

    vocabulary: Vocabulary  # the tokens' names
    unit: str | None = None  # what a token is; None where it is only a number
    # the token that ends a sequence and pads it; None where all have T tokens
    end: int | None = None
    lines: tuple[int, ...] = ()  # tokens in each line of verse; () where there are no lines

    @property
    def between(self) -> str:
        return "" if self.unit == "characters" else " "

    def names(self, row: Sequence[int]) -> list[str]:
        return [self.vocabulary.name(int(token)) for token in row]

    def padding(self, row: Sequence[int]) -> list[bool]:
        """Which tokens of a sequence are padding: those after its first end."""
        size = self._size(row)
        return [at > size for at in range(len(row))]

    def phrase(self, row: Sequence[int]) -> str:
        return self.between.join(self.names(row))

    def text(self, row: Sequence[int]) -> str:
        """A sequence up to its end; lines of verse are separated by a space."""
        tokens = row[: self._size(row)]
        if self.unit == "words":
            return detokenize(self.names(tokens))
        rest = iter(tokens)
        parts = (self.phrase(list(islice(rest, n))) for n in self.lines or (len(tokens),))
        return " ".join(filter(None, parts))

    def _size(self, row: Sequence[int]) -> int:
        """How many tokens precede the end."""
        ends = (at for at, token in enumerate(row) if int(token) == self.end)
        return next(ends, len(row))


def reader_of(config: TrainConfig) -> Reader:
    """The reader of a run with these settings.

    Raises:
        ConfigError, CorpusError: its corpus is not on this machine, or has changed.
    """
    if config.task not in CORPUS_TASKS:
        return Reader(Vocabulary(config.vocab_size))
    if config.task == "music":  # its tokens are the same in every corpus
        return Reader(Vocabulary(config.vocab_size, words(config.music_form)), "notes")
    task = make_corpus_task(config)
    if task.vocabulary.size != config.vocab_size:
        make_task(config)  # raises the error
    return Reader(task.vocabulary, task.unit, task.end, task.lines)


def numbers(config: TrainConfig) -> Reader:
    """Numbers only, for a run whose text is not on this machine."""
    return Reader(Vocabulary(config.vocab_size), end=END if config.task == "speech" else None)
