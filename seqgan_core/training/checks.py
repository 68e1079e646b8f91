"""Evaluations and checkpoints where due, the balance rule, and stopping a run that diverges."""

import math
from collections.abc import Iterator

from seqgan_core.training.checkpoint_state import whole_state
from seqgan_core.training.counters import Counters
from seqgan_core.training.evaluation import d_accuracies, evaluate
from seqgan_core.training.events import CheckpointDue, Event
from seqgan_core.training.models import RunModels
from seqgan_core.training.randomness import rng_for


class Diverged(Exception):
    """Training cannot continue; the message says why."""


def measure(
    models: RunModels, done: Counters, line: int, number: int = 0, last: bool = True
) -> Iterator[Event]:
    """Evaluates and yields a checkpoint where due, each at most once per step.

    They are due as the settings say after `number` epochs or rounds, and always at the `last`.

    Raises:
        Diverged: a metric or a weight is not finite, or the NLL is far above its best.
    """
    c = models.config
    if (last or number % c.evaluate_every == 0) and done.evaluated != done.step:
        event = evaluate(models, done.step, done.epoch, line, done.phase_name)
        _check(event.metrics, done, c.divergence_nats)
        done.evaluated = done.step
        yield event
    if (last or number % c.checkpoint_every == 0) and done.checkpointed != done.step:
        done.checkpointed = done.step
        if not all(bool(t.isfinite().all()) for t in whole_state(models).values()):
            raise Diverged(f"a weight became infinite or NaN at step {done.step}")
        yield CheckpointDue(done.step, done.epoch, line)


def too_strong(models: RunModels, done: Counters) -> bool:
    """Whether D's held-out accuracy, or the gap of its training accuracy to it, is too large."""
    c = models.config
    if models.discriminator is None or (c.d_max_accuracy is None and c.d_max_gap is None):
        return False
    rng = rng_for(c.seed, "balance", done.d_sets, models.device)
    accuracies = d_accuracies(models.discriminator, models.generator, models.task, rng)
    held_out = next(accuracies)
    too_accurate = c.d_max_accuracy is not None and held_out > c.d_max_accuracy
    return too_accurate or (c.d_max_gap is not None and next(accuracies) - held_out > c.d_max_gap)


def refuse_nan(done: Counters, name: str, *values: float) -> None:
    """Stops a run before it trains on NaN or an infinity.

    Raises:
        Diverged: a value is not finite.
    """
    if not all(math.isfinite(value) for value in values):
        raise Diverged(
            f"{name} became infinite or NaN at step {done.step + 1}; "
            "lower the learning rates, or branch from the last checkpoint"
        )


def _check(metrics: dict[str, float], done: Counters, limit: float) -> None:
    for name, value in metrics.items():
        refuse_nan(done, name, value)
    name = "nll_oracle" if "nll_oracle" in metrics else "nll_test"  # where there is no oracle
    nll = metrics.get(name)
    if nll is None:
        return
    if nll > done.best_nll + limit:
        raise Diverged(
            f"{name.replace('nll', 'NLL')} rose to {nll:.3f}, more than {limit:g} nats above its "
            f"best ({done.best_nll:.3f})"
        )
    done.best_nll = min(nll, done.best_nll)
