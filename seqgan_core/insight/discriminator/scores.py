"""D's scores at every checkpoint: of real sequences and of samples, seen in training or new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from seqgan_core.insight.discriminator.calibration import Gap, Share, accuracy, gap
from seqgan_core.insight.jobs import Job, scaled
from seqgan_core.insight.statistics import Mean, mean_of, random_rows
from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.tokens import Tokens
from seqgan_core.runs.open_checkpoint import OpenCheckpoint, open_checkpoint
from seqgan_core.runs.store import RunRecord, Store, StoreError
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.learners.batches import DiscriminatorData
from seqgan_core.training.randomness import rng_for

AT_ONCE = 256  # sequences that are scored between two yields

UnknownReason = Literal["untrained", "moved", "skipped", "branched", "elsewhere"]
"""Why D's last training set cannot be sampled again at a checkpoint: D has not been trained; G has
been updated since; D's last update was skipped; the set belongs to the run this one branched from;
the run sampled it on another kind of device."""


@dataclass(frozen=True)
class Samples:
    """Sequences to test D on, n of each, (n, T): held-out real ones, real ones of the training
    data, and G's, sampled with the same random numbers at every checkpoint.
    """

    held_out: Tokens
    training: Tokens
    fake: Tokens


@dataclass(frozen=True)
class Scores:
    """D's P(real) of `Samples` at one checkpoint, each (n,)."""

    step: int
    epoch: float
    trained: bool  # whether D had been trained at all
    held_out: np.ndarray
    training: np.ndarray
    fake: np.ndarray
    # seen_real, seen_fake: of D's last training set; empty where that cannot be sampled again, and
    # then `unknown` says why
    seen_real: np.ndarray = field(default_factory=lambda: np.empty(0))
    seen_fake: np.ndarray = field(default_factory=lambda: np.empty(0))
    unknown: UnknownReason | None = None


@dataclass(frozen=True)
class Scan:
    """Scores by step, oldest first; `failed` gives the reason for each unreadable checkpoint."""

    scores: dict[int, Scores]
    failed: dict[int, str]


def samples(checkpoint: OpenCheckpoint, task: Task, seed: int, n: int) -> Samples:
    """The same real sequences, and the same random numbers for G, at every checkpoint of a run."""
    device = checkpoint.device
    T = task.sequence_length
    rng = rng_for(seed, "what D reads: fresh", 0, device)
    return Samples(
        random_rows(task.test_data(), n, seed, "what D reads: held-out"),
        random_rows(task.train_data(), n, seed, "what D reads: training"),
        checkpoint.generator.sample(n, T, rng),
    )


def scores(
    store: Store, run_id: str, step: int, task: Task, seed: int, n: int,
    checkpoint: OpenCheckpoint | None = None,
) -> Job[Scores]:  # fmt: skip
    """D's scores at one checkpoint of a run, whose task has all of its data.

    `n` sequences of each kind, fewer where the data has fewer; `checkpoint` if it is open.

    Raises:
        StoreError: the run has no D, or the checkpoint cannot be opened.
    """
    record = store.run(run_id)
    checkpoint = checkpoint or open_checkpoint(store, run_id, step)
    yield 0.1
    D = checkpoint.discriminator
    if D is None:
        raise StoreError("run.no-discriminator", run=run_id)
    n = min(n, len(task.test_data()), len(task.train_data()))
    sequences = samples(checkpoint, task, seed, n)
    yield 0.2
    held_out = yield from _scored(D, sequences.held_out, 0.2, 0.15)
    training = yield from _scored(D, sequences.training, 0.35, 0.15)
    fake = yield from _scored(D, sequences.fake, 0.5, 0.15)
    unknown = unknown_reason(store, record, checkpoint)
    seen_real = seen_fake = np.empty(0)
    if unknown is None:
        tokens, labels = last_training_set(record, checkpoint, task, 2 * n)
        yield 0.75
        p = yield from _scored(D, tokens, 0.75, 0.25)
        is_real = labels.cpu().numpy() == 1
        seen_real, seen_fake = p[is_real], p[~is_real]
    epoch, trained = float(checkpoint.counters["epoch"]), checkpoint.counters["d_updates"] > 0
    return Scores(step, epoch, trained, held_out, training, fake, seen_real, seen_fake, unknown)


def _scored(D: Discriminator, rows: Tokens, begin: float, share: float) -> Job[np.ndarray]:
    parts = []
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        parts.append(D.probability_real(some).cpu().numpy())
        yield begin + share * (first + len(some)) / len(rows)
    return np.concatenate(parts).astype(float)


def scan(
    store: Store, run_id: str, steps: Sequence[int], task: Task, seed: int, n: int,
    known: Mapping[int, Scores] | None = None,
) -> Job[Scan]:  # fmt: skip
    """Scores at the checkpoints `steps`, from D's first training on.

    A checkpoint that cannot be opened is left out and named; those `known` are not scored again.
    """
    by_step: dict[int, Scores] = {}
    failed: dict[int, str] = {}
    for index, step in enumerate(steps):
        if known and step in known:
            by_step[step] = known[step]
            continue
        work = scores(store, run_id, step, task, seed, n)
        try:
            by_step[step] = yield from scaled(work, index / len(steps), 1 / len(steps))
        except StoreError as error:
            failed[step] = str(error)
    return Scan({step: s for step, s in by_step.items() if s.trained}, failed)


@dataclass(frozen=True)
class Spread:
    """P(real) of one kind of sequences: quantiles at 10, 50 and 90%, and the mean."""

    quantiles: tuple[float, float, float]
    mean: Mean


@dataclass(frozen=True)
class CheckpointScores:
    """What is drawn of D's scores at one checkpoint."""

    step: int
    epoch: float
    n: int  # sequences of each kind
    # real, fake: held-out real sequences and fresh samples of G
    real: Spread
    fake: Spread
    apart: Mean  # the mean of real minus that of fake
    # how much larger `apart` is than at the first checkpoint, sequence by sequence: the real ones
    # and G's random numbers are the same
    change: Mean
    new: Share  # D's accuracy on both
    # its accuracy on what it was trained on last; None where that cannot be made again
    seen: Share | None
    memory: Gap | None  # seen - new


def score_history(scores: Iterable[Scores]) -> list[CheckpointScores]:
    """The checkpoints' scores as they are drawn."""
    all_scores = list(scores)
    return [_summary(each, all_scores[0]) for each in all_scores]


def _summary(now: Scores, first: Scores) -> CheckpointScores:
    new = accuracy(now.held_out, now.fake)
    seen = accuracy(now.seen_real, now.seen_fake) if now.unknown is None else None
    real, fake = _spread(now.held_out), _spread(now.fake)
    change = mean_of(now.held_out - first.held_out) - mean_of(now.fake - first.fake)
    return CheckpointScores(
        now.step, now.epoch, len(now.fake), real, fake, real.mean - fake.mean, change,
        new, seen, gap(seen, new) if seen else None,
    )  # fmt: skip


def _spread(values: np.ndarray) -> Spread:
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9)).tolist()
    return Spread((low, middle, high), mean_of(values))


def unknown_reason(
    store: Store, record: RunRecord, checkpoint: OpenCheckpoint
) -> UnknownReason | None:
    """Why `last_training_set` is not available at a checkpoint, or None where it is.

    Its negatives are sampled from G by the set's number, so G must be the same as then.
    """
    done, config = checkpoint.counters, record.config
    if not done["d_sets"]:
        return "untrained"
    in_round = done["phase"] == 3 and done["rounds"] > 0  # D has had its turn in a round
    turns_taken = done["d_steps"] > 0 or (
        done["g_steps"] == 0 and (config.d_steps > 0 or not in_round)
    )
    if done["phase"] == 3 and not turns_taken:
        return "moved"
    turns = store.frame(record.id, "DiscriminatorUpdated")
    turns = turns[turns["step"] <= checkpoint.step]
    if len(turns) and bool(turns["skipped"].iloc[-1]):
        return "skipped"
    if record.parent_step is not None and not (turns["step"] > record.parent_step).any():
        return "branched"
    if record.device and not record.device.startswith("CPU"):
        return "elsewhere"
    return None


def last_training_set(
    record: RunRecord, checkpoint: OpenCheckpoint, task: Task, most: int
) -> tuple[Tokens, Tokens]:
    """The first `most` sequences of D's last training set: tokens, and 1 for real ones.

    They come in the batches, and in the order, of D's first epoch on them.
    """
    data = DiscriminatorData(record.config, task, checkpoint.generator, checkpoint.searched)
    number = int(checkpoint.counters["d_sets"]) - 1
    count = min(data.batches_in_epoch, -(-most // record.config.batch_size_of_d))
    tokens, labels = data.batches(number, range(count))
    return tokens.flatten(0, 1)[:most], labels.flatten()[:most]
