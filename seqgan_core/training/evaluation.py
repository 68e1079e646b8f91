"""Evaluation of the models between updates; it changes nothing."""

from __future__ import annotations

import torch

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import conditional_entropy, discriminator_scores
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.events import Evaluated, Phase
from seqgan_core.training.models import RunModels
from seqgan_core.training.randomness import rng_for

FOLLOWED = 8  # samples drawn with the same noise at every evaluation
HELD_OUT = 1000  # real and as many fake sequences for D's accuracy
BALANCE = 500  # the same for the balance rule, which measures before every D step
ENTROPY = 512  # samples for the entropy


def evaluate(models: RunModels, step: int, epoch: float, line: int, phase: Phase) -> Evaluated:
    """Metrics of new samples of G, by the task and, where there is one, by D."""
    c, task, generator = models.config, models.task, models.generator
    rng = rng_for(c.seed, "evaluation", step, models.device)
    samples = generator.sample(c.n_eval, task.sequence_length, rng)
    metrics = task.metrics(generator, samples, rng)
    some = samples[:ENTROPY]
    metrics["entropy"] = float(conditional_entropy(generator, some, task.end))
    if models.discriminator is not None and phase != "pretrain_generator":
        n = min(HELD_OUT, len(task.test_data()), len(samples))
        metrics |= discriminator_scores(models.discriminator, task.test_data()[:n], samples[:n])
    return Evaluated(step, epoch, line, phase, metrics, followed_sequences(models).tolist())


def followed_sequences(models: RunModels) -> Tokens:
    """Eight samples of G, always drawn with the same noise: (8, T).

    So only the weights change them.
    """
    length = models.task.sequence_length
    noise = torch.rand(FOLLOWED, length, generator=rng_for(models.config.seed, "followed"))
    return models.generator.sample_with(noise.to(models.device))


def held_out_accuracy(
    discriminator: Discriminator, generator: Generator, task: Task, rng: torch.Generator
) -> float:
    """D's accuracy on real and fake sequences that it never trained on."""
    real = task.test_data()[:BALANCE]
    fake = generator.sample(len(real), task.sequence_length, rng)
    return discriminator_scores(discriminator, real, fake)["d_accuracy"]
