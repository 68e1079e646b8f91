"""How far a run is, and about how long it still needs, from what it did so far."""

from __future__ import annotations

from dataclasses import dataclass

from seqgan_core.runs.records import RunRecord
from seqgan_core.runs.store import Store
from seqgan_core.training.strategies import STRATEGIES


@dataclass(frozen=True)
class _Part:
    """One phase: its units (epochs, sets for D, rounds) in all and done, and its time so far."""

    total: float
    done: float
    seconds: float


def progress(store: Store, run_id: str) -> tuple[float, float | None]:
    """The share of units done, from 0 to 1, and the training time left in seconds.

    A unit is an MLE epoch, a set of negatives in D's pre-training, or a round. The time is None
    until each phase that is still to be done has shown its pace.
    """
    record = store.run(run_id)
    if record.status == "finished":
        return 1.0, 0.0
    parts = _parts(store, record)
    total = sum(part.total for part in parts)
    share = sum(part.done for part in parts) / total if total else 0.0
    left = 0.0
    for part in parts:
        if part.done < part.total:
            if not part.done:
                return share, None
            left += part.seconds * (part.total - part.done) / part.done
    return share, left


def _parts(store: Store, record: RunRecord) -> list[_Part]:
    c, strategy = record.config, STRATEGIES[record.config.strategy]
    started = store.frame(record.id, "PhaseStarted").drop_duplicates("phase")
    times = [*started["seconds"], record.seconds]
    spent = {phase: times[i + 1] - times[i] for i, phase in enumerate(started["phase"])}
    planned = {"pretrain_generator": (c.pretrain_epochs, record.epoch)}
    if strategy.trains_discriminator and c.rounds:
        planned["pretrain_discriminator"] = (c.d_pretrain_steps, _sets_done(store, record))
    planned["adversarial"] = (c.rounds, record.epoch - c.pretrain_epochs)
    if not strategy.pretrains:  # an untrained generator is only measured
        return []
    return [
        _Part(total, min(max(done, 0.0), total), spent.get(phase, 0.0))
        for phase, (total, done) in planned.items()
    ]


def _sets_done(store: Store, record: RunRecord) -> float:
    c = record.config
    updates = store.frame(record.id, "DiscriminatorUpdated")
    before_rounds = updates["phase"] == "pretrain_discriminator"
    in_set = max(1, 2 * (c.d_samples or c.n_train) // c.batch_size) * c.d_epochs
    return float(updates.loc[before_rounds, "updates"].sum()) / in_set
