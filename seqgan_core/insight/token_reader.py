"""How the tokens of a run are read: by their words where it learned from text, else by numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.tasks.music.tokens import words
from seqgan_core.tasks.protocol import Vocabulary
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.tasks.text.task import END
from seqgan_core.tasks.text.tokenize import detokenize
from seqgan_core.training.build import make_corpus_task, make_task
from seqgan_core.training.config import TrainConfig


@dataclass(frozen=True)
class Reader:
    """Reads tokens.

    Attributes:
        vocabulary: their names.
        unit: what a token is; None where it is a number that means nothing.
        end: the token that ends a sequence and then pads it; None where all have T tokens.
        lines: tokens in each line of verse; () where there are no lines.
    """

    vocabulary: Vocabulary
    unit: str | None = None
    end: int | None = None
    lines: tuple[int, ...] = ()

    @property
    def between(self) -> str:
        """What stands between two tokens."""
        return "" if self.unit == "characters" else " "

    def names(self, row: Sequence[int]) -> list[str]:
        """Every token of a sequence as it is read."""
        return [self.vocabulary.name(int(token)) for token in row]

    def padding(self, row: Sequence[int]) -> list[bool]:
        """Which tokens only pad a sequence: those after its first end."""
        ended, marks = False, []
        for token in row:
            marks.append(ended)
            ended = ended or (self.end is not None and int(token) == self.end)
        return marks

    def phrase(self, row: Sequence[int]) -> str:
        """Some tokens in a row."""
        return self.between.join(self.names(row))

    def text(self, row: Sequence[int]) -> str:
        """A sequence up to its end, as it is set; the lines of verse with a space between them."""
        tokens = [int(token) for token in row]
        if self.end in tokens:
            tokens = tokens[: tokens.index(self.end)]
        if self.unit == "words":
            return detokenize(self.names(tokens))
        parts, start = [], 0
        for length in self.lines or (len(tokens),):
            parts.append(self.phrase(tokens[start : start + length]))
            start += length
        return " ".join(filter(None, parts))


def reader_of(config: TrainConfig) -> Reader:
    """How the tokens of a run with these settings are read.

    Raises:
        ConfigError, CorpusError: its text is not on this machine, or is another one now.
    """
    if config.task not in CORPUS_TASKS:
        return Reader(Vocabulary(config.vocab_size))
    if config.task == "music":  # its tokens mean the same in every corpus
        return Reader(Vocabulary(config.vocab_size, words(config.music_form)), "notes")
    task = make_corpus_task(config)
    if task.vocabulary.size != config.vocab_size:
        make_task(config)  # says what is wrong
    return reader_of_task(task)


def reader_of_task(task: CorpusTask) -> Reader:
    """How the tokens of a task are read."""
    return Reader(task.vocabulary, task.unit, task.end, task.lines)


def numbers(config: TrainConfig) -> Reader:
    """Numbers only, for a run whose text is not here."""
    return Reader(Vocabulary(config.vocab_size), end=END if config.task == "speech" else None)
