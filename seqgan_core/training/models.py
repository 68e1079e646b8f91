"""The models of one run."""

from dataclasses import dataclass

import torch
from torch import Tensor

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.value_network import ValueNetwork
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.build import (
    make_discriminator,
    make_generator,
    make_task,
    make_value_network,
)
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.learners.updates import (
    DiscriminatorLearner,
    Learners,
    MleLearner,
    PolicyLearner,
    ValueLearner,
)
from seqgan_core.training.setup.devices import resolve_device
from seqgan_core.training.strategies import STRATEGIES, has_value_network, keeps_searched


@dataclass(frozen=True, eq=False)
class RunModels:
    """G, D, and their run."""

    config: TrainConfig
    device: torch.device
    task: Task
    generator: Generator  # G_θ
    discriminator: Discriminator | None  # D_φ; None for a method that trains none
    rollout_policy: Generator  # G_β; the generator itself unless the settings ask for an average
    value: ValueNetwork | None = None  # v; None for a method without one
    # (B·T, T), what the last tree search found, for D's next sets; -1 before the first one, None
    # unless the settings ask for it
    searched: Tensor | None = None
    learners: Learners | None = None  # their updates; None for models that are only inspected

    @property
    def has_average(self) -> bool:
        """Whether the roll-out policy has weights of its own."""
        return self.rollout_policy is not self.generator


def make_models(config: TrainConfig, task: Task | None = None) -> RunModels:
    """The initial models; `task` is by default the one that `config` names.

    Raises:
        ConfigError, OracleFileError, CorpusError: the settings cannot be used on this machine.
    """
    device = resolve_device(config.device)
    task = task or make_task(config, device)
    generator = rollout_policy = make_generator(config, device)  # line 1
    if config.rollout_policy == "average":  # a copy, never an alias of the live one
        rollout_policy = make_generator(config, device)
    discriminator = None
    if STRATEGIES[config.strategy].trains_discriminator:
        discriminator = make_discriminator(config, device)  # line 1
    value = make_value_network(config, device) if has_value_network(config) else None
    searched = nothing_searched(config, device) if keeps_searched(config) else None
    return RunModels(
        config, device, task, generator, discriminator, rollout_policy, value, searched
    )


def nothing_searched(config: TrainConfig, device: torch.device) -> Tensor:
    """`RunModels.searched` before the first search."""
    T = config.sequence_length
    return torch.full((config.g_batch_size * T, T), -1, device=device)


def make_learners(models: RunModels, cuda_graphs: bool = True) -> Learners:
    """The updates of the models, in place; on a GPU, `cuda_graphs` replays MLE's and D's steps."""
    c, G, D, v = models.config, models.generator, models.discriminator, models.value
    graphs = cuda_graphs and not STRATEGIES[c.strategy].scheduled
    return Learners(
        MleLearner(G, c.pretrain_learning_rate, c.max_grad_norm, graphs, models.task.end),
        PolicyLearner(G, c.g_learning_rate, c.max_grad_norm),
        None if D is None else DiscriminatorLearner(D, c.d_learning_rate, c.d_l2, cuda_graphs),
        None if v is None else ValueLearner(v, c.v_learning_rate, c.v_steps),
    )
