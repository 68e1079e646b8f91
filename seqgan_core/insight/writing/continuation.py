"""A beginning drawn by hand, and N ways in which a model goes on with it, as its D ranks them.

They are the roll-outs of the paper: the beginning is Y_{1:t}, the ways on are MC^G(Y_{1:t}; N), and
at temperature 1 the mean of their scores is Q of the last step that was drawn, by Eq. (4).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import torch
from torch import LongTensor, Tensor

from seqgan_core.insight.jobs import Work
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import Author, open_author, surprise, write
from seqgan_core.insight.writing.samples import critic_of
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.tokens import BELOW, HOLD, KEYS, Form, key_name, melody, tokens
from seqgan_core.training.config import ConfigError

MOST = 64  # ways on that can be asked for
COMMON = Key(0)  # C major; A minor has the same seven notes


@dataclass(frozen=True)
class Beginning:
    """What is asked of an author.

    Attributes:
        author: its key.
        drawn: the beginning, as tokens of the form in eighths.
        n: how many ways on; seed: of the dice; temperature: above 0.
        critic: key of the author whose D ranks; "" for its own, or that of a model that ships and
            fits (see `critic_of`).
    """

    author: str
    drawn: tuple[int, ...]
    n: int
    seed: int
    temperature: float = 1.0
    critic: str = ""


@dataclass(frozen=True)
class Variety:
    """How different N ways on are from each other.

    Attributes:
        different: how many of them there are.
        pairs: of two of them; the two below are means over these, NaN where there is none.
        apart: the share of the steps after the beginning at which two differ, 0 to 1.
        together: steps after the beginning that two go on alike, before they part.
    """

    different: int
    pairs: int
    apart: float
    together: float


@dataclass(frozen=True, eq=False)
class Continued:
    """The ways on, each with the beginning, the one that D takes for real most likely first.

    Attributes:
        author: who goes on; judge: the title of the model whose D ranks, "" where there is none.
        prefix: the beginning as the author's form says it, t tokens.
        tokens: (N, T) on the CPU.
        scores: (N,), P(real) of each by D; None without a D, and then they are as they were drawn.
        draws: which draw each of them was, from 1.
        surprise: (t,), nats of each step of the beginning, by the author itself.
        variety: how different they are.
    """

    asked: Beginning
    author: Author
    judge: str
    prefix: tuple[int, ...]
    tokens: LongTensor
    scores: Tensor | None
    draws: tuple[int, ...]
    surprise: Tensor
    variety: Variety

    @property
    def mean(self) -> float:
        """The mean score, NaN without a D."""
        return float("nan") if self.scores is None else float(self.scores.double().mean())

    @property
    def error(self) -> float:
        """The standard error of that mean, NaN for fewer than two scores."""
        if self.scores is None or len(self.scores) < 2:
            return float("nan")
        return float(self.scores.double().std() / len(self.scores) ** 0.5)

    @property
    def foreign(self) -> tuple[str, ...]:
        """Notes of the beginning that are in neither key that the author's tunes were moved to."""
        if not self.author.config.transpose:
            return ()
        pitches = [token + BELOW for token in self.prefix if token <= KEYS]
        return tuple(dict.fromkeys(key_name(p) for p in pitches if p % 12 not in COMMON.scale))


def go_on(models: Models, asked: Beginning) -> Work[Continued]:
    """Goes on with a beginning; more ways on keep the ones that there were.

    Raises:
        ConfigError: there is no such author, it makes no music, nothing is drawn, or so much that
            nothing is left to add.
        StoreError, DataError: its run cannot be opened.
    """
    if not 1 <= asked.n <= MOST:
        raise ConfigError(f"n is {asked.n}; it must be from 1 to {MOST}")
    author = open_author(models, asked.author)
    yield 0.3
    prefix = beginning(author, asked.drawn)
    # Paper: MC^G(Y_{1:t}; N). The prefix is read as if the author had chosen it.
    drawn = write(author, asked.n, asked.seed, asked.temperature, dict(enumerate(prefix)))
    yield 0.6
    critic = critic_of(models, author, asked.critic)
    order, scores = torch.arange(asked.n), None
    if critic is not None and critic.discriminator is not None:
        found = critic.discriminator.probability_real(drawn).detach().cpu()
        order = found.argsort(descending=True, stable=True)
        scores = found[order]
    nats = surprise(author, drawn[:1])[0, : len(prefix)]  # type: ignore[arg-type]
    ranked: LongTensor = drawn.cpu()[order]  # type: ignore[assignment]
    return Continued(
        asked, author, critic.title if critic is not None else "", prefix, ranked, scores,
        tuple(int(at) + 1 for at in order), nats.cpu(), variety(ranked, len(prefix)),
    )  # fmt: skip


def beginning(author: Author, drawn: tuple[int, ...]) -> tuple[int, ...]:
    """What was drawn, as the author's form says it.

    Raises:
        ConfigError: the author makes no music, nothing is drawn, or nothing is left to add.
    """
    if author.config.task != "music":
        raise ConfigError(f"{author.title} writes no music; choose a model of tunes")
    prefix = said_in(author.config.music_form, drawn)
    if not prefix:
        raise ConfigError("nothing is drawn; draw one note or more")
    if len(prefix) >= author.length:
        raise ConfigError(
            f"{len(prefix)} steps are drawn, and {author.title} writes {author.length} in all; "
            f"draw at most {author.length - 1}"
        )
    return prefix


def said_in(form: Form, drawn: tuple[int, ...]) -> tuple[int, ...]:
    """Tokens in eighths as another form says them; in keys what is held or rests goes on sounding.

    >>> said_in("keys", (41, 89, 90, 43)), said_in("eighths", (41, 89, 90, 43))
    ((41, 41, 41, 43), (41, 89, 90, 43))
    """
    return drawn if form == "eighths" else tuple(tokens(melody(drawn, "eighths"), form))


def variety(ways: LongTensor, known: int) -> Variety:
    """How different sequences (N, T) are that share their first `known` tokens."""
    rest = ways[:, known:]
    different = len({tuple(row) for row in rest.tolist()})
    pairs = list(combinations(range(len(rest)), 2))
    if not pairs:
        return Variety(different, 0, float("nan"), float("nan"))
    one, other = torch.tensor(pairs).unbind(1)
    unlike = rest[one] != rest[other]  # (pairs, T - known)
    alike = (~unlike).cumprod(1).sum(1)
    return Variety(
        different, len(pairs), float(unlike.double().mean()), float(alike.double().mean())
    )


def sounding(ways: LongTensor) -> np.ndarray:
    """What sounds at each step of sequences (N, T): a MIDI number, or NaN where it is silent."""
    found = np.full(ways.shape, np.nan)
    for row, given in zip(found, ways.tolist(), strict=True):
        now = np.nan
        for at, token in enumerate(given):
            if 1 <= token <= KEYS:
                now = token + BELOW
            elif token != HOLD:
                now = np.nan
            row[at] = now
    return found
