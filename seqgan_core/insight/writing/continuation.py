"""N continuations of a prefix drawn by hand, ranked by a D.

They are the roll-outs of the paper: the prefix is Y_{1:t}, the continuations MC^G(Y_{1:t}; N), and
at temperature 1 the mean of their scores is Q of the last drawn step, by Eq. (4).
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import torch
from torch import Tensor

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import Sampler, open_sampler, sample_tokens, surprisal
from seqgan_core.insight.writing.samples import critic_of
from seqgan_core.media.music.melody import Metre
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.music.abc_reader import read_abc
from seqgan_core.tasks.music.key_finding import Key, final_key
from seqgan_core.tasks.music.metrics import keys_at
from seqgan_core.tasks.music.tokens import (
    BELOW,
    KEYS,
    METRES,
    MODES,
    REST,
    in_bars,
    key_name,
    melody,
    pieces,
    tokens,
    whole,
)
from seqgan_core.training.config import ConfigError

MOST = 64  # continuations of one request
COMMON_KEY = Key(0)  # C major; A minor has the same seven notes


@dataclass(frozen=True)
class ContinuationRequest:
    """A prefix to continue."""

    sampler: str  # its key
    prefix: tuple[int, ...]  # tokens of the form in eighths
    n: int  # how many continuations
    seed: int  # of the random numbers
    temperature: float = 1.0  # above 0
    # metre, minor: of a whole tune
    metre: Metre = "4/4"
    minor: bool = False


@dataclass(frozen=True)
class Pasted:
    """The beginning of a tune in ABC: its first part if it has two whole ones."""

    title: str
    tokens: tuple[int, ...]  # in eighths, in C major or A minor if they were moved
    metre: Metre
    key: Key  # of the tune as it was given


def pasted(text: str, most: int, *, moved: bool) -> Pasted:
    """At most `most` steps of a tune in ABC, with or without its X: field.

    Raises:
        TuneError: it cannot be read.
    """
    tune = read_abc(text if "X:" in text else f"X:1\n{text}")
    parts = [token for row in whole(tune)[:1] for token in row if token <= REST] if moved else []
    steps = parts[: len(parts) // 2] or pieces(tune, "eighths", moved)[0]
    key = final_key(tune.notes)
    return Pasted(tune.title, tuple(steps[:most]), tune.metre or "4/4", key)


@dataclass(frozen=True)
class Variety:
    """How different N continuations are from each other."""

    different: int  # how many of them there are
    pairs: int  # of two of them; the two below are means over these, NaN where there is none
    difference: float  # the share of the steps after the prefix at which two differ, 0 to 1
    shared_steps: float  # steps after the prefix that two have in common before they part


@dataclass(frozen=True, eq=False)
class Continuations:
    """The continuations, each with its prefix, the one that D rates most real first."""

    request: ContinuationRequest
    sampler: Sampler  # the model
    judge: str  # the title of the model whose D ranks, "" where there is none
    prefix: tuple[int, ...]  # in the form of the sampler, t tokens
    tokens: Tokens  # (N, T) on the CPU
    # (N,), P(real) of each by D; None without a D, and then they are as they were drawn
    scores: Tensor | None
    draws: tuple[int, ...]  # which draw each of them was, from 1
    surprisal: Tensor  # (t,), nats of each step of the prefix, by the sampler itself
    variety: Variety  # how different they are

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
    def out_of_key(self) -> tuple[str, ...]:
        """Notes of the prefix outside C major and A minor, for a model trained in these."""
        if not self.sampler.config.transpose:
            return ()
        pitches = [token + BELOW for token in self.prefix if token <= KEYS]
        return tuple(dict.fromkeys(key_name(p) for p in pitches if p % 12 not in COMMON_KEY.scale))


def continue_prefix(models: Models, request: ContinuationRequest) -> Job[Continuations]:
    """Continues a prefix; a larger n keeps the first continuations.

    Raises:
        ConfigError: there is no such sampler, it is no model of music, or the prefix is empty or
            as long as its sequences.
        StoreError, DataError: its run cannot be opened.
    """
    if not 1 <= request.n <= MOST:
        raise ConfigError("continuation.number", n=request.n, most=MOST)
    sampler = open_sampler(models, request.sampler)
    yield 0.3
    prefix = prefix_of(sampler, request)
    # Paper: MC^G(Y_{1:t}; N). The prefix is read as if the sampler had chosen it.
    rows = sample_tokens(
        sampler, request.n, request.seed, request.temperature, dict(enumerate(prefix))
    )
    yield 0.6
    critic = critic_of(models, sampler)
    order, scores = torch.arange(request.n), None
    if critic is not None and critic.discriminator is not None:
        probabilities = critic.discriminator.probability_real(rows).detach().cpu()
        order = probabilities.argsort(descending=True, stable=True)
        scores = probabilities[order]
    nats = surprisal(sampler, rows[:1])[0, : len(prefix)]
    ranked = rows.cpu()[order]
    return Continuations(
        request, sampler, critic.title if critic is not None else "", prefix, ranked, scores,
        tuple(int(at) + 1 for at in order), nats.cpu(), variety(ranked, len(prefix)),
    )  # fmt: skip


def prefix_of(sampler: Sampler, request: ContinuationRequest) -> tuple[int, ...]:
    """The notes of a request in the form of the sampler.

    Raises:
        ConfigError: the sampler is no model of music, or the prefix is empty or too long.
    """
    if sampler.config.task != "music":
        raise ConfigError("model.no-music", title=sampler.title)
    prefix, form = request.prefix, sampler.config.music_form
    if form == "tunes" and prefix:
        head = METRES[request.metre], MODES[request.minor]
        prefix = (*head, *in_bars(prefix, request.metre))
    elif form == "keys":
        prefix = in_keys(prefix)
    if not prefix:
        raise ConfigError("prefix.empty", "no notes are given; draw one note or more")
    if len(prefix) >= sampler.length:
        n, T = len(prefix), sampler.length
        raise ConfigError("prefix.too-long", n=n, title=sampler.title, length=T, most=T - 1)
    return prefix


def in_keys(drawn: tuple[int, ...]) -> tuple[int, ...]:
    """Tokens in eighths in the paper's form, where a hold or a rest repeats the pitch.

    >>> in_keys((41, 89, 90, 43))
    (41, 41, 41, 43)
    """
    return tuple(tokens(melody(drawn, "eighths"), "keys"))


def variety(tokens: Tokens, known: int) -> Variety:
    """How different sequences (N, T) are that share their first `known` tokens."""
    rest = tokens[:, known:]
    different = len({tuple(row) for row in rest.tolist()})
    pairs = list(combinations(range(len(rest)), 2))
    if not pairs:
        return Variety(different, 0, float("nan"), float("nan"))
    first, second = torch.tensor(pairs).unbind(1)
    unlike = rest[first] != rest[second]  # (pairs, T - known)
    shared = (~unlike).cumprod(1).sum(1)
    return Variety(
        different, len(pairs), float(unlike.double().mean()), float(shared.double().mean())
    )


def sounding(tokens: Tokens) -> np.ndarray:
    """The pitch at each step of sequences (N, T): a MIDI number, or NaN for silence."""
    keys = keys_at(tokens).numpy()
    return np.where(keys > 0, keys + float(BELOW), np.nan)
