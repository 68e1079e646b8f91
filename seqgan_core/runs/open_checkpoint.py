"""A stored run's models, as they were at a checkpoint, to look into or to sample from."""

from dataclasses import dataclass

from torch import Tensor

from seqgan_core.runs.store import Store, StoreError
from seqgan_core.training.checkpoint_state import load_weights, moments_of
from seqgan_core.training.counters import check_counters
from seqgan_core.training.models import RunModels, make_models


@dataclass(frozen=True, eq=False, kw_only=True)
class OpenCheckpoint(RunModels):
    """Load the models of a run at `step`; its task holds little data, as nothing is trained."""

    run_id: str
    step: int
    counters: dict[str, int | float]  # how far the run was
    policy_moments: dict[str, Tensor]  # the policy gradient's Adam, by the names of `adam_tensors`


def open_checkpoint(store: Store, run_id: str, step: int | None = None) -> OpenCheckpoint:
    """The models of a run at the checkpoint of `step`, or at its newest undamaged one.

    They are on the CPU, wherever the run was trained: so are the models that ship, and a GPU is
    left to the run that trains on it.

    Raises:
        StoreError: there is no such run or checkpoint, or it is damaged or of another version.
        OracleFileError: the run's oracle file is missing or cannot be used.
    """
    record = store.run(run_id)
    stored = store.checkpoint(record.id, step)
    c, least = record.config, 16
    little = {"n_train": max(least, c.batch_size, c.batch_size_of_d), "n_test": least}
    config = c.model_copy(update={"device": "cpu", "d_samples": None, **little})
    models = make_models(config)
    try:
        check_counters(stored.counters)
        load_weights(models, stored.tensors)
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError(
            "checkpoint.version", step=stored.step, run=record.id, why=error
        ) from error
    return OpenCheckpoint(
        **vars(models),
        run_id=record.id,
        step=stored.step,
        counters=stored.counters,
        policy_moments=moments_of("policy", stored.tensors),
    )
