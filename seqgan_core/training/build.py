"""From settings to the things that are trained: task, generator, discriminator."""

from __future__ import annotations

import torch

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.tasks.oracle_file import OracleFileError, load_oracle
from seqgan_core.tasks.registry import TASKS
from seqgan_core.tasks.synthetic import SyntheticTask
from seqgan_core.tasks.task import Task
from seqgan_core.training.config import ConfigError, TrainConfig
from seqgan_core.training.devices import resolve_device
from seqgan_core.training.randomness import rng_for


def make_task(config: TrainConfig, device: torch.device | None = None) -> Task:
    """The task that `config` names, its data on `device` (by default the config's).

    Raises:
        ConfigError: the task is unknown.
        OracleFileError: the oracle file cannot be used, or is of another vocabulary.
    """
    if config.task not in TASKS:
        raise ConfigError(f"task is {config.task!r}; it must be one of {', '.join(TASKS)}")
    device = device or resolve_device(config.device)
    # The data is drawn on the CPU on every device, so that all of them learn from the same.
    task = SyntheticTask(
        make_oracle(config),
        config.sequence_length,
        config.n_train,
        config.n_test,
        rng_for(config.oracle_seed, "data"),
    )
    return task.to(device)


def check_settings(config: TrainConfig) -> None:
    """Finds out what is wrong with the device, task or oracle before a run is listed.

    Raises:
        ConfigError, OracleFileError: in a sentence.
    """
    make_task(config.model_copy(update={"n_train": 16, "n_test": 16}))


def make_oracle(config: TrainConfig) -> Generator:
    """The oracle on the CPU: from `oracle_path`, or drawn from N(0, 1) by `oracle_seed`.

    Raises:
        OracleFileError: the file cannot be used, or is of another vocabulary.
    """
    if config.oracle_path is None:
        oracle = Generator(
            config.vocab_size, config.oracle_embedding_size, config.oracle_hidden_size
        )
        return oracle.initialise(rng_for(config.oracle_seed, "oracle"), std=1.0)
    oracle = load_oracle(config.oracle_path)
    if oracle.vocab_size != config.vocab_size:
        raise OracleFileError(
            f"vocab_size is {config.vocab_size}, but the oracle file {config.oracle_path} has "
            f"{oracle.vocab_size} tokens; set vocab_size={oracle.vocab_size}"
        )
    return oracle


def make_generator(config: TrainConfig, device: torch.device) -> Generator:
    """G as it starts (line 1 of Algorithm 1)."""
    generator = Generator(config.vocab_size, config.g_embedding_size, config.g_hidden_size)
    return generator.initialise(rng_for(config.seed, "init-g"), config.g_init_std).to(device)


def make_discriminator(config: TrainConfig, device: torch.device) -> Discriminator:
    """D as it starts (line 1 of Algorithm 1)."""
    discriminator = Discriminator(
        config.vocab_size, config.d_embedding_size, config.d_widths, config.d_filters
    )
    return discriminator.initialise(rng_for(config.seed, "init-d")).to(device)
