"""The models of stored runs at their checkpoints, opened once and cached."""

import threading
from functools import lru_cache, partial

import torch

from seqgan_core.paper.rollout import Reward
from seqgan_core.runs.open_checkpoint import OpenCheckpoint, open_checkpoint
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.build import make_task
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.models import RunModels
from seqgan_core.training.strategies import REWARDS, STRATEGIES, Context

KEPT = 6  # models in memory: at the paper's size about 100 MB each


class Models:
    """Opens models of a library and caches the last ones. Any thread may use it.

    The models are shared, so change only copies.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._open = lru_cache(maxsize=KEPT)(partial(open_checkpoint, store))
        self._lock = threading.Lock()

    def at(self, run_id: str, step: int) -> OpenCheckpoint:
        """The run's models at the checkpoint of `step`.

        Raises:
            StoreError: the run or the checkpoint is missing, damaged or of another version.
            OracleFileError: the run's oracle file is missing or cannot be used.
        """
        with self._lock:  # so that no checkpoint is opened twice
            return self._open(run_id, step)

    def task(self, run_id: str) -> Task:
        """The run's task with all its data, on the CPU as its models."""
        return _whole_task(self.store.run(run_id).config)

    def reward(self, run_id: str, name: str, models: RunModels) -> Reward:
        """The reward of that name, one of the run's `reward_names`, with their D.

        BLEU's references are all of the run's training data; an open checkpoint has only a part.
        """
        if name == "bleu":
            return _bleu(self.store.run(run_id).config)
        return REWARDS[name](Context(models.config, models.task, models.discriminator))


@lru_cache(maxsize=3)
def _bleu(config: TrainConfig) -> Reward:
    return REWARDS["bleu"](Context(config, _whole_task(config), None))


@lru_cache(maxsize=3)
def _whole_task(config: TrainConfig) -> Task:
    return make_task(config, torch.device("cpu"))


def steps_of(store: Store, run_id: str) -> dict[int, float]:
    """Steps of the run's checkpoints, oldest first, each with its epoch."""
    return {record.step: record.epoch for record in store.checkpoints(run_id)}


def switch_step(store: Store, record: RunRecord) -> int | None:
    """The checkpoint at the end of MLE, before D and the policy gradient.

    None if it was not saved or the run has no MLE.
    """
    if not STRATEGIES[record.config.strategy].pretrains or not record.config.pretrain_epochs:
        return None
    end = float(record.config.pretrain_epochs)
    at_end = [step for step, epoch in steps_of(store, record.id).items() if epoch == end]
    return min(at_end, default=None)
