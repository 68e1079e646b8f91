"""What the roll-out explorer asks for, each as a work that can be left and come back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import LongTensor

from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.insight.rollouts.explore import (
    MOST,
    Choice,
    Explored,
    OneUpdate,
    choices,
    explore,
    next_token,
    one_update,
    oracle_next,
)
from seqgan_core.paper.rollout import Reward
from seqgan_core.runs.open_checkpoint import reopen
from seqgan_core.runs.store import StoreError
from seqgan_core.tasks.protocol import Vocabulary
from seqgan_core.training.evaluation import FOLLOWED, followed_sequences
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.trainer import Trainer

Sequences = Literal["followed", "fresh"]


@dataclass(frozen=True)
class View:
    """Which sequences of which model are looked at, with which dice, rewarded by what.

    `reward` is one of the run's `reward_names`; `seed` starts the dice, and draws fresh sequences.
    """

    run_id: str
    step: int
    sequences: Sequences
    seed: int
    reward: str


def sequences_of(trainer: Trainer, which: Sequences, seed: int) -> LongTensor:
    """(8, T): the ones that every screen follows, or fresh ones that `seed` draws from G."""
    if which == "followed":
        return followed_sequences(trainer)
    rng = rng_for(seed, "explorer: fresh sequences", 0, trainer.device)
    return trainer.generator.sample(FOLLOWED, trainer.config.sequence_length, rng)


@dataclass(frozen=True)
class Sight:
    """A view's sequences, explored with the most completions there are.

    Attributes:
        explored: its `first` takes fewer completions.
        vocabulary: how the tokens are read.
        d_updates: how often D had been updated then; 0 means that its scores are chance.
    """

    explored: Explored
    vocabulary: Vocabulary
    d_updates: int


def sight(models: Models, view: View) -> Job[Sight]:
    """Rolls the view's sequences on.

    Raises:
        StoreError: the checkpoint cannot be opened.
    """
    trainer = models.at(view.run_id, view.step).trainer
    tokens = sequences_of(trainer, view.sequences, view.seed)
    found = yield from explore(trainer, _reward(models, view, trainer), tokens, MOST, view.seed)
    return Sight(found, trainer.task.vocabulary, int(trainer.counters["d_updates"]))


@dataclass(frozen=True)
class Options:
    """What could stand at a place.

    Attributes:
        choices: the chosen token first, then the likeliest others.
        by_g: (V,), G's probability of every token there.
        by_oracle: (V,), the oracle's own; None where the task has no oracle.
    """

    choices: list[Choice]
    by_g: np.ndarray
    by_oracle: np.ndarray | None


def options(models: Models, view: View, tokens: Sequence[int], t: int, n: int) -> Job[Options]:
    """What could stand at index t of `tokens` (T,), by the view's models and dice."""
    trainer = models.at(view.run_id, view.step).trainer
    found = yield from choices(trainer, _reward(models, view, trainer), tokens, t, n, view.seed)
    row = torch.as_tensor(tokens, dtype=torch.long, device=trainer.device)
    by_oracle = oracle_next(trainer, row)
    return Options(
        found,
        next_token(trainer, row)[t].cpu().numpy(),
        None if by_oracle is None else by_oracle[t].cpu().numpy(),
    )


def updated(models: Models, view: View, found: Explored) -> Job[OneUpdate]:
    """One real policy-gradient update of a copy of G on the explored sequences."""
    trainer = models.at(view.run_id, view.step).trainer
    yield 0.5
    return one_update(trainer, found, _reward(models, view, trainer))


@dataclass(frozen=True)
class Through:
    """The same noise at each of C checkpoints: what was written, and what it was worth then.

    Attributes:
        steps: of the checkpoints, oldest first.
        tokens, q: (C, B, T).
        unreadable: why a checkpoint was left out, a sentence each.
    """

    steps: list[int]
    tokens: np.ndarray
    q: np.ndarray
    unreadable: list[str]


def through_training(models: Models, view: View, steps: Sequence[int], n: int) -> Job[Through]:
    """The view's sequences and their Q at every checkpoint of `steps` whose reward means something.

    D's scores mean something once it has been trained; a checkpoint that cannot be read is left
    out and named.
    """
    kept, tokens, q, unreadable = [], [], [], []
    for index, step in enumerate(steps):
        yield index / len(steps)
        try:  # opened beside the models that are kept: a scan would throw those out
            trainer = reopen(models.store, view.run_id, step).trainer
        except StoreError as error:
            unreadable.append(str(error))
            continue
        if view.reward == "discriminator" and not trainer.counters["d_updates"]:
            continue
        rows = sequences_of(trainer, view.sequences, view.seed)
        work = explore(trainer, _reward(models, view, trainer), rows, n, view.seed)
        found = yield from _part(work, index, len(steps))
        kept.append(step)
        tokens.append(found.tokens)
        q.append(found.q)
    T = models.store.run(view.run_id).config.sequence_length
    none = np.empty((0, FOLLOWED, T))
    return Through(
        kept, np.stack(tokens) if kept else none, np.stack(q) if kept else none, unreadable
    )


def _reward(models: Models, view: View, trainer: Trainer) -> Reward:
    return models.reward(view.run_id, view.reward, trainer)


def _part(work: Job[Explored], index: int, count: int) -> Job[Explored]:
    """A work as one of `count` parts of a greater one."""
    while True:
        try:
            share = next(work)
        except StopIteration as end:
            found: Explored = end.value
            return found
        yield (index + share) / count
