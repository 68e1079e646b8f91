"""The jobs of the roll-out explorer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seqgan_core.insight.jobs import Job, scaled
from seqgan_core.insight.models import Models
from seqgan_core.insight.rollouts.explore import (
    MOST,
    Exploration,
    Options,
    PolicyUpdate,
    explore,
    options,
    policy_update,
)
from seqgan_core.insight.rollouts.search import PrefixSearch, search_prefix, search_settings
from seqgan_core.paper.rollout import Reward
from seqgan_core.paper.tokens import Tokens
from seqgan_core.runs.open_checkpoint import OpenCheckpoint, open_checkpoint
from seqgan_core.runs.store import StoreError
from seqgan_core.training.evaluation import FOLLOWED, followed_sequences
from seqgan_core.training.randomness import rng_for

Sequences = Literal["followed", "fresh"]


@dataclass(frozen=True)
class View:
    """The sequences of a model that are explored, the seed and the reward.

    `reward` is one of the run's `reward_names`; `seed` is that of the roll-outs and of fresh
    sequences.
    """

    run_id: str
    step: int
    sequences: Sequences
    seed: int
    reward: str

    def open(self, models: Models) -> tuple[OpenCheckpoint, Reward]:
        """Its models and its reward.

        Raises:
            StoreError: the checkpoint cannot be opened.
        """
        checkpoint = models.at(self.run_id, self.step)
        return checkpoint, models.reward(self.run_id, self.reward, checkpoint)


def sequences_of(checkpoint: OpenCheckpoint, which: Sequences, seed: int) -> Tokens:
    """(8, T): the ones that every screen follows, or fresh samples of G by `seed`."""
    if which == "followed":
        return followed_sequences(checkpoint)
    rng = rng_for(seed, "explorer: fresh sequences", 0, checkpoint.device)
    return checkpoint.generator.sample(FOLLOWED, checkpoint.config.sequence_length, rng)


@dataclass(frozen=True)
class ViewRollouts:
    """A view's sequences, explored with the most completions there are."""

    explored: Exploration  # its `first` takes fewer completions
    d_updates: int  # how often D had been updated then; 0 means that its scores are chance


def explore_view(models: Models, view: View) -> Job[ViewRollouts]:
    """Explores the view's sequences; errors are those of `View.open`."""
    checkpoint, reward = view.open(models)
    tokens = sequences_of(checkpoint, view.sequences, view.seed)
    explored = yield from explore(checkpoint, reward, tokens, MOST, view.seed)
    return ViewRollouts(explored, int(checkpoint.counters["d_updates"]))


def options_view(models: Models, view: View, tokens: Sequence[int], t: int, n: int) -> Job[Options]:
    """What could stand at index t of `tokens` (T,), by the view's models and seed."""
    return options(*view.open(models), tokens, t, n, view.seed)


def search_view(
    models: Models, view: View, prefix: Sequence[int], **changes: float
) -> Job[PrefixSearch]:
    """A search after `prefix` by the run's settings with `changes` to them, and the view's seed."""
    checkpoint, reward = view.open(models)
    settings = search_settings(checkpoint.config, **changes)
    return search_prefix(checkpoint, reward, prefix, settings, view.seed)


def update_view(models: Models, view: View, explored: Exploration) -> Job[PolicyUpdate]:
    """One real policy-gradient update of a copy of G on the explored sequences."""
    checkpoint, reward = view.open(models)
    yield 0.5
    return policy_update(checkpoint, explored, reward)


@dataclass(frozen=True)
class QHistory:
    """The sequences and their Q at each of C checkpoints, with the same random numbers."""

    steps: list[int]  # of the checkpoints, oldest first
    # tokens, q: (C, B, T)
    tokens: np.ndarray
    q: np.ndarray
    unreadable: list[str]  # why a checkpoint was left out, a sentence each


def q_history(models: Models, view: View, steps: Sequence[int], n: int) -> Job[QHistory]:
    """The view's sequences and their Q at every checkpoint of `steps` whose reward means something.

    D's scores mean something once it has been trained; a checkpoint that cannot be read is left
    out and named.
    """
    readable, tokens, q, unreadable = [], [], [], []
    for index, step in enumerate(steps):
        yield index / len(steps)
        try:  # not through `models`: a scan would throw out the models that are kept
            checkpoint = open_checkpoint(models.store, view.run_id, step)
        except StoreError as error:
            unreadable.append(str(error))
            continue
        if view.reward == "discriminator" and not checkpoint.counters["d_updates"]:
            continue
        rows = sequences_of(checkpoint, view.sequences, view.seed)
        job = explore(
            checkpoint, models.reward(view.run_id, view.reward, checkpoint), rows, n, view.seed
        )
        explored = yield from scaled(job, index / len(steps), 1 / len(steps))
        readable.append(step)
        tokens.append(explored.tokens)
        q.append(explored.q)
    shape = (len(readable), FOLLOWED, models.store.run(view.run_id).config.sequence_length)
    return QHistory(readable, np.reshape(tokens, shape), np.reshape(q, shape), unreadable)
