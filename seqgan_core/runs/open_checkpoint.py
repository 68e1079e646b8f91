"""A stored run's models, as they were at a checkpoint, to look into or to sample from."""

from __future__ import annotations

from dataclasses import dataclass

from seqgan_core.runs.store import Store, StoreError
from seqgan_core.training.trainer import Trainer


@dataclass(frozen=True)
class Reopened:
    """A run's models at `step`. Its task holds little data: it is there to look, not to train."""

    run_id: str
    step: int
    trainer: Trainer


def reopen(store: Store, run_id: str, step: int | None = None) -> Reopened:
    """The models of a run at the checkpoint of `step`, or at its newest whole one.

    A run that was trained on a GPU opens on what this machine has.

    Raises:
        StoreError: there is no such run or checkpoint, or it is damaged or of another version.
        OracleFileError: the run's oracle file is gone or cannot be used now.
    """
    record = store.run(run_id)
    tensors, counters, step = store.load_checkpoint(record.id, step)
    device = "cpu" if record.config.device == "cpu" else "auto"
    little = {"n_train": max(16, record.config.batch_size), "n_test": 16, "d_samples": None}
    config = record.config.model_copy(update={"device": device, **little})
    trainer = Trainer(config, cuda_graphs=False)
    try:
        trainer.load(tensors, counters)
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(
            f"checkpoint {step} of run {record.id} was written by another version of this program "
            f"({error}); use another checkpoint, or train the run anew"
        ) from error
    return Reopened(record.id, step, trainer)
