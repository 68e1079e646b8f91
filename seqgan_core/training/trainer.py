"""One run of one strategy, as a generator of events.

The consumer sets the pace: pausing is not calling `next`, stepping is calling it once, stopping is
`close()`. At every `yield` the state and the counters are complete, so a checkpoint can be taken
there, and training continues from it bit by bit the same. The exception is a `Traced` event, which
only a traced trainer yields: it may come in the middle of a step.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.rollout import Reward
from seqgan_core.tasks.protocol import Task
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.algorithm import Algorithm1
from seqgan_core.training.checkpoint_state import load_state, whole_state
from seqgan_core.training.checks import Diverged
from seqgan_core.training.config import ConfigError, TrainConfig
from seqgan_core.training.counters import Counters
from seqgan_core.training.events import Event, Finished
from seqgan_core.training.models import RunModels
from seqgan_core.training.strategies import RandomReward


class Trainer:
    """One run of one strategy.

    Args:
        config: all settings.
        task: by default the one that `config` names, made on the config's device.
        cuda_graphs: on a GPU, replay MLE's and D's steps as graphs.
        traced: also yield a `Traced` event after each line of Algorithm 1, with every number it
            made (for small problems); weights and other events stay the same.

    Raises:
        ConfigError, OracleFileError, CorpusError: the settings cannot be used on this machine.
    """

    def __init__(
        self,
        config: TrainConfig,
        task: Task | None = None,
        *,
        cuda_graphs: bool = True,
        traced: bool = False,
    ) -> None:
        self.config = config
        self.traced = traced
        self._algorithm = Algorithm1(config, task, cuda_graphs, traced)

    def events(self) -> Iterator[Event]:
        """Runs or continues Algorithm 1 and yields its events."""
        try:
            yield from self._algorithm.run()
        except Diverged as reason:
            done = self._algorithm.done
            yield Finished(done.step, done.epoch, 19, "diverged", str(reason))
            return
        done = self._algorithm.done
        yield Finished(done.step, done.epoch, 19, "finished")

    # -- what is trained ------------------------------------------------------------------------

    @property
    def models(self) -> RunModels:
        """The live models: training changes them."""
        return self._algorithm.models

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return self.models.device

    @property
    def task(self) -> Task:
        """Its data."""
        return self.models.task

    @property
    def generator(self) -> Generator:
        """G_θ."""
        return self.models.generator

    @property
    def discriminator(self) -> Discriminator | None:
        """D_φ; None for a strategy that trains none."""
        return self.models.discriminator

    @property
    def rollout_policy(self) -> Generator:
        """G_β; the generator itself unless the settings ask for an average."""
        return self.models.rollout_policy

    @property
    def reward(self) -> Reward | RandomReward | None:
        """The reward of complete sequences; None for a strategy without a policy gradient."""
        return self._algorithm.reward

    # -- state ----------------------------------------------------------------------------------

    @property
    def counters(self) -> dict[str, int | float]:
        """How far the run is, JSON-ready; with `state()` all that a checkpoint needs."""
        return self._algorithm.done.as_dict()

    def state(self) -> dict[str, Tensor]:
        """Weights and both optimisers' moments, copied to the CPU."""
        state = whole_state(self.models)
        return {name: tensor.detach().to("cpu", copy=True) for name, tensor in state.items()}

    def load(self, tensors: dict[str, Tensor], counters: dict[str, int | float]) -> None:
        """Restores a state; `events()` then continues from there.

        Raises:
            ValueError: the tensors are not those of this configuration, or the run is traced.
            ConfigError: the corpus is no longer what the run has learnt from so far.
        """
        if self.traced:
            raise ValueError("a traced run must be traced from its start; train it again")
        c, n = self.models.config, len(self.task.train_data())
        if c.task in CORPUS_TASKS and n != c.n_train:
            raise ConfigError("config.data-changed", before=c.n_train, n=n, corpus=c.corpus)
        done = Counters.from_dict(counters, self._algorithm.plan)
        load_state(self.models, tensors)
        self._algorithm.done = done
        self._algorithm.d_data.forget()
