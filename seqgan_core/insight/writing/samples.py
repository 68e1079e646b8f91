"""New sequences of a model: the value of each token, and what is copied from the training data."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import torch
from torch import Tensor

from seqgan_core.insight.jobs import Job, scaled
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.sampler import (
    Sampler,
    fixed_tokens,
    open_sampler,
    rhyme_tokens,
    sample_tokens,
    surprisal,
    token_values,
)
from seqgan_core.insight.writing.think_ahead import d_score, think_ahead
from seqgan_core.insight.writing.tunes import origins, tune_task
from seqgan_core.paper.bleu import self_bleu
from seqgan_core.paper.copying import NO_MATCH, CopyIndex
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpus import Sequence
from seqgan_core.tasks.music.quantisation import Quantisation, quantisation_of
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.practice import corpus as practice
from seqgan_core.tasks.text.task import TextTask
from seqgan_core.training.build import make_text_task
from seqgan_core.training.setup.model_files import read_cards

Colour = Literal["none", "q", "surprise"]
HELD_OUT = 1000  # real sequences, for the copying and the P(real) of real data


@dataclass(frozen=True)
class SampleRequest:
    """Which sequences to draw, and how to colour their tokens."""

    sampler: str  # its key
    n: int  # how many
    seed: int  # of the random numbers
    temperature: float = 1.0  # above 0
    # first, acrostic: what is fixed, one of them or neither
    first: str = ""
    acrostic: str = ""
    colour: Colour = "none"  # what each token is coloured by
    rollouts: int = 16  # N, for Q alone
    # key of the model whose D gives Q; "" for its own, or that of a model that ships and fits (see
    # `critic_of`)
    critic: str = ""
    search: int = 0  # simulations per token, for a model with a D that thinks ahead
    metre: str = ""  # of a whole tune, such as "6/8"; "" for the model's choice
    rhyme: str = ""  # that verse has, by the rhyme book; not together with a search
    # a row, and the tokens that stand there now instead of what was sampled: see `with_poem`
    poem: tuple[int, tuple[int, ...]] | None = None


@dataclass(frozen=True, eq=False)
class SampleSet:
    request: SampleRequest
    sampler: Sampler  # the model
    judge: str  # the title of the model whose D gave Q, "" where there is none
    tokens: Tokens  # (n, T) on the CPU
    texts: list[Sequence]  # their words, up to the end
    # (n, T), Q or nats, on the CPU; None without a colour, or without a D for Q
    values: Tensor | None

    def changed(self, row: int) -> bool:
        """Whether that sequence is no longer what was sampled."""
        return self.request.poem is not None and self.request.poem[0] == row


def draw_samples(models: Models, request: SampleRequest) -> Job[SampleSet]:
    """Draws the sequences of a request, and values their tokens where it says so.

    Raises:
        ConfigError: there is no such sampler, it does not know a word, it cannot think ahead, or
            there is no such rhyme for it.
        StoreError, DataError: its run cannot be opened.
    """
    sampler = open_sampler(models, request.sampler)
    yield 0.05
    fixed = fixed_tokens(
        sampler, _known_form(sampler, request.first), request.acrostic, request.metre
    )
    allowed = rhyme_tokens(sampler, request.rhyme, request.search)
    n, seed, temperature = request.n, request.seed, request.temperature
    done = 0.7 if request.search else 0.1
    if request.search:
        job = think_ahead(sampler, n, seed, request.search, temperature, fixed)
        tokens = yield from scaled(job, 0.05, done - 0.05)
    else:
        tokens = sample_tokens(sampler, n, seed, temperature, fixed, allowed)
    yield done
    valuing = value_tokens(models, request, sampler, tokens)
    values, judge = yield from scaled(valuing, done, 1 - done)
    on_cpu = tokens.cpu()
    return SampleSet(request, sampler, judge, on_cpu, sampler.text(on_cpu), values)


def value_tokens(
    models: Models, request: SampleRequest, sampler: Sampler, tokens: Tokens
) -> Job[tuple[Tensor | None, str]]:
    """What colours tokens (n, T) by that request, and whose D gives it: as of `SampleSet`."""
    if request.colour == "surprise":
        return surprisal(sampler, tokens).cpu(), ""
    critic = critic_of(models, sampler, request.critic) if request.colour == "q" else None
    if critic is None:
        return None, ""
    judged = replace(sampler, discriminator=critic.discriminator)
    values = yield from token_values(judged, tokens, request.rollouts, request.seed)
    return values.cpu(), critic.title


def _known_form(sampler: Sampler, word: str) -> str:
    """A word in the spelling of the vocabulary, which may be in lower case only."""
    forms = (word, word.lower(), word.capitalize())
    return next((form for form in forms if sampler.token(form) is not None), word)


def critic_of(models: Models, sampler: Sampler, key: str = "") -> Sampler | None:
    """The model whose D scores: the one of `key`, else the sampler itself, else one that ships.

    Its D has the same vocabulary, and no filter wider than a sequence; for tunes it was trained in
    the same keys, since a D that saw only C major scores every other key as fake. Errors are those
    of `open_sampler`.
    """
    candidates = [key, sampler.key, *read_cards()[0]]
    for candidate in filter(None, candidates):
        critic = sampler if candidate == sampler.key else open_sampler(models, candidate)
        same = critic.words == sampler.words and critic.config.transpose == sampler.config.transpose
        D = critic.discriminator
        if D is not None and same and max(D.widths) <= sampler.length:
            return critic
    return None


@dataclass(frozen=True)
class SequenceCopy:
    """What one sequence shares with the training data."""

    # its longest run that one training sequence holds, () if none; it begins at `start`
    run: Sequence
    start: int
    holder: Sequence  # the first training sequence that holds it
    # the training sequence with most in common, () if nothing is; `shared` tokens of this sequence
    # stand in it, and `distance` edits lead from one to the other
    nearest: Sequence
    shared: int
    distance: int
    # holder_title, nearest_title: of the tunes that the two were cut from; "" for text
    holder_title: str = ""
    nearest_title: str = ""
    # holder_quantisation, nearest_quantisation: how these tunes in eighths differ from their book;
    # None for text
    holder_quantisation: Quantisation | None = None
    nearest_quantisation: Quantisation | None = None


@dataclass(frozen=True)
class CopyReport:
    """The sequences compared with the training data."""

    title: str  # of the data
    training: int  # its sequences
    copied: list[SequenceCopy]  # one for each sequence
    # tokens in the longest copied run of held-out real text, on average over `n` of it
    natural: float
    n: int


def copy_report(samples: SampleSet) -> Job[CopyReport]:
    """Compares the sequences with the sampler's training data; errors are of `training_task`."""
    yield 0.0
    task = training_task(samples.sampler)
    yield 0.2
    tunes = origins(task) if isinstance(task, MusicTask) else ()
    copies = _copies(task)
    runs, neighbours = copies.longest(samples.tokens), copies.nearest(samples.tokens)
    yield 0.7
    data = copies.training
    copied = []
    for index, words in enumerate(samples.texts):
        start, length = int(runs.start[index]), int(runs.length[index])
        row, nearest = int(runs.row[index]), int(neighbours.row[index])
        holder, neighbour = (
            () if at == NO_MATCH else samples.sampler.text(data[at : at + 1])[0]
            for at in (row, nearest)
        )
        held_by, like = (tunes[at] if tunes and at != NO_MATCH else None for at in (row, nearest))
        copied.append(
            SequenceCopy(
                words[start : start + length], start, holder, neighbour,
                int(neighbours.tokens[index]), int(neighbours.distance[index]),
                held_by.title if held_by else "", like.title if like else "",
                quantisation_of([held_by]) if held_by else None,
                quantisation_of([like]) if like else None,
            )
        )  # fmt: skip
    natural, n = _natural(task)
    return CopyReport(task.corpus.title, len(data), copied, natural, n)


@dataclass(frozen=True)
class RealScores:
    """P(real) that the D of `judge`, a model's title, gives `n` held-out real sequences."""

    judge: str
    mean: float
    n: int


def real_scores(models: Models, samples: SampleSet) -> Job[RealScores | None]:
    """Scores held-out real sequences by the D that gives Q; None where there is no such D.

    Errors are those of `critic_of` and `training_task`.
    """
    yield 0.0
    critic = critic_of(models, samples.sampler, samples.request.critic)
    if critic is None or critic.discriminator is None:
        return None
    yield 0.2
    real = training_task(samples.sampler).test_data()[:HELD_OUT]
    yield 0.4
    with torch.no_grad():
        scores = critic.discriminator.probability_real(real)
    return RealScores(critic.title, float(scores.double().mean()), len(real))


@dataclass(frozen=True)
class Variety:
    """Means over the n sequences of a model with a D."""

    d_score: float  # P(real) by that D
    self_bleu: float | None  # None of a single sequence
    copied: float | None  # tokens in the longest copied run; None without the training data


def varieties(
    models: Models, samples: SampleSet, copies: CopyReport | None, order: int
) -> Job[tuple[Variety, Variety]]:
    """Of searched samples with their copies, and of the plain ones with the same seed.

    `order` is that of self-BLEU; errors are those of `draw_samples` and `copy_report`.
    """
    plain = yield from draw_samples(models, replace(samples.request, search=0, colour="none"))
    plain_copies = None if copies is None else (yield from copy_report(plain))
    return _variety(samples, copies, order), _variety(plain, plain_copies, order)


def _variety(samples: SampleSet, copies: CopyReport | None, order: int) -> Variety:
    sampler, tokens = samples.sampler, samples.tokens
    alike = copied = None
    if len(tokens) > 1:
        alike = float(self_bleu(tokens, order, len(sampler.words), sampler.end).mean())
    if copies is not None:
        copied = sum(len(each.run) for each in copies.copied) / len(tokens)
    return Variety(d_score(sampler, tokens), alike, copied)


def training_task(sampler: Sampler) -> TextTask | MusicTask:
    """The training data of the sampler, text in the tokens of its vocabulary, on the CPU.

    Raises:
        CorpusMissing: they are not on this machine.
        CorpusError: they are damaged, or no longer what they were.
    """
    if sampler.config.task == "music":
        return tune_task(sampler)
    return make_text_task(sampler.config, sampler.words)


@lru_cache(maxsize=3)  # a task is equal to itself alone, and `build` keeps these
def _copies(task: TextTask | MusicTask) -> CopyIndex:
    return CopyIndex(task.train_data(), task.end)


@lru_cache(maxsize=3)
def _natural(task: TextTask | MusicTask) -> tuple[float, int]:
    real = task.references()[:HELD_OUT]
    return float(_copies(task).longest(real).length.double().mean()), len(real)


def rule_shares(
    models: Models, key: str, n: int, seed: int, temperature: float
) -> Job[practice.Shares]:
    """The share of n new poems that keeps the rule of the practice corpus."""
    yield 0.0
    sampler = open_sampler(models, key)
    yield 0.1
    with torch.no_grad():
        tokens = sample_tokens(sampler, n, seed, temperature)
    yield 0.5
    return practice.shares(sampler.text(tokens))
