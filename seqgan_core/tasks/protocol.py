"""What a task is: training data, held-out data, and its metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from seqgan_core.messages import Problem

if TYPE_CHECKING:  # the command line uses DataError without loading torch
    import torch

    from seqgan_core.paper.generator import Generator
    from seqgan_core.paper.tokens import Tokens


@dataclass(frozen=True)
class Vocabulary:
    """The names of tokens 0 .. size - 1; numbers if a task has no words for them."""

    size: int
    words: tuple[str, ...] | None = None

    def name(self, token: int) -> str:
        """The name of `token` for people."""
        return self.words[token] if self.words else str(token)


@dataclass(frozen=True)
class Rendering:
    """A sequence for people: one piece of text a token."""

    tokens: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.tokens)


class DataError(Problem, ValueError):
    """The data of a task cannot be used; the message is one sentence for people."""


class Task(Protocol):
    """What the trainer needs of data. Tensors are on the device of training."""

    @property
    def name(self) -> str: ...
    @property
    def vocabulary(self) -> Vocabulary: ...
    @property
    def sequence_length(self) -> int: ...
    @property
    def end(self) -> int | None:
        """The token that ends a shorter sequence and then pads it; None where all have T tokens."""
        ...

    def train_data(self) -> Tokens:
        """Training data: (n, T)."""
        ...

    def test_data(self) -> Tokens:
        """Held-out data: (m, T)."""
        ...

    def metrics(
        self, generator: Generator, samples: Tokens, rng: torch.Generator
    ) -> dict[str, float]:
        """Metrics of `samples` (n, T) of `generator`, by name."""
        ...

    def show(self, tokens: Sequence[int]) -> Rendering:
        """One sequence for people."""
        ...
