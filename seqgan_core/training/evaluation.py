"""Evaluation of the models between updates; it changes nothing."""

from collections.abc import Iterator

import torch

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import conditional_entropy, discriminator_scores, sequence_nll
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.events import Evaluated, Phase, TemperaturePoint
from seqgan_core.training.models import RunModels
from seqgan_core.training.randomness import rng_for

FOLLOWED = 8  # samples drawn with the same noise at every evaluation
HELD_OUT = 1000  # real and as many fake sequences for D's accuracy
BALANCE = 500  # the same for the balance rule, which measures before every D step
ENTROPY = 512  # samples for the entropy
TEMPERATURES = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1)


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


def at_temperature(
    generator: Generator, task: Task, temperature: float, samples: int, seed: int
) -> TemperaturePoint:
    """One point of a model's temperature curve; every temperature has the same noise.

    The oracle, if the task has one, judges this many `samples`.

    Raises:
        ValueError: the temperature is not above 0.
    """
    model, nll_oracle = generator.at_temperature(temperature), None
    oracle: Generator | None = getattr(task, "oracle", None)
    if oracle is not None:
        rng = rng_for(seed, "frontier", 0, model.embedding.device)
        tokens = model.sample(samples, task.sequence_length, rng)
        nll_oracle = float(sequence_nll(oracle, tokens).mean())
    nll_test = float(sequence_nll(model, task.test_data(), task.end).mean())
    return TemperaturePoint(temperature, nll_test, nll_oracle)


def followed_sequences(models: RunModels) -> Tokens:
    """Eight samples of G, always drawn with the same noise: (8, T).

    So only the weights change them.
    """
    length = models.task.sequence_length
    noise = torch.rand(FOLLOWED, length, generator=rng_for(models.config.seed, "followed"))
    return models.generator.sample_with(noise.to(models.device))


def d_accuracies(
    discriminator: Discriminator, generator: Generator, task: Task, rng: torch.Generator
) -> Iterator[float]:
    """D's accuracy with held-out real sequences, then with those of the training data.

    The fakes are new and the same for both: D met each old one in one set only, but the training
    data in every set. Each is measured when it is read.
    """
    held_out, trained = task.test_data()[:BALANCE], task.train_data()
    n = len(held_out)
    fake = generator.sample(n, task.sequence_length, rng)
    rows = torch.randint(len(trained), (n,), generator=rng, device=trained.device)
    sides = held_out, trained[rows]
    return (discriminator_scores(discriminator, real, fake)["d_accuracy"] for real in sides)
