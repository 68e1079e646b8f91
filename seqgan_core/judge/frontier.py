"""Quality against coverage when the temperature is turned: what sharpening alone can buy.

A method that only sharpens moves along MLE's own curve; one that learned more lies below it
(Caccia et al., "Language GANs Falling Short", ICLR 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from seqgan_core.insight.jobs import Job, finish
from seqgan_core.judge.measurements import measure
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.tasks.protocol import CorpusTask, Task
from seqgan_core.training.randomness import rng_for

TEMPERATURES = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1)


@dataclass(frozen=True)
class FrontierPoint:
    """One model at one temperature: nats per token, lower is better; n samples, m held-out."""

    temperature: float
    nll_oracle: float
    nll_test: float
    n: int
    m: int


def frontier(
    generator: Generator,
    task: Task,
    samples: int,
    seed: int,
    temperatures: Sequence[float] = TEMPERATURES,
) -> Job[list[FrontierPoint]]:
    """The model's two numbers at each temperature, with the same noise.

    Args:
        generator: a method's model, or the oracle itself: what knowing the truth and turning the
            temperature gives. No strict bound: mixtures can lie a little below the oracle's curve.
        task: with an oracle.
        samples: sequences drawn at each temperature.
        seed: of the draws.
        temperatures: each above 0.

    Raises:
        ValueError: the task has no oracle to measure by, or a temperature is not above 0.
    """
    oracle: Generator | None = getattr(task, "oracle", None)
    if oracle is None:
        raise ValueError(f"{task.name} has no oracle; the frontier is measured by one")
    points = []
    for index, temperature in enumerate(temperatures):
        model = generator.at_temperature(temperature)
        rng = rng_for(seed, "frontier", 0, generator.embedding.device)
        tokens = model.sample(samples, task.sequence_length, rng)
        by_oracle = sequence_nll(oracle, tokens)
        by_model = sequence_nll(model, task.test_data())
        points.append(
            FrontierPoint(
                temperature,
                float(by_oracle.mean()),
                float(by_model.mean()),
                len(by_oracle),
                len(by_model),
            )
        )
        yield (index + 1) / len(temperatures)
    return points


@dataclass(frozen=True)
class TextFrontierPoint:
    """One model of text at one temperature, over n samples.

    `bleu` by order against the held-out text is the quality, `self_bleu` (order 3, lower is more
    varied) and `distinct_2` the variety, `nll_test` (nats per token) what it leaves out, `others`
    what else the task measures.
    """

    temperature: float
    bleu: dict[int, float]
    self_bleu: float
    distinct_2: float
    nll_test: float
    n: int
    others: dict[str, float] = field(default_factory=dict)


def text_frontier(
    generator: Generator,
    task: CorpusTask,
    samples: int,
    seed: int,
    temperatures: Sequence[float] = TEMPERATURES,
) -> Job[list[TextFrontierPoint]]:
    """As `frontier`, for a corpus: BLEU in place of the oracle.

    Raises:
        ValueError: a temperature is not above 0.
    """
    points = []
    for index, temperature in enumerate(temperatures):
        model = generator.at_temperature(temperature)
        measured = finish(measure(model, task, samples, seed))
        assert measured.nll_test is not None
        bleu = {n: float(values.mean()) for n, values in measured.bleu.items()}
        n = len(next(iter(measured.bleu.values())))
        points.append(
            TextFrontierPoint(
                temperature,
                bleu,
                float(measured.self_bleu.mean()),
                measured.distinct[2],
                float(measured.nll_test.mean()),
                n,
                {name: float(values.mean()) for name, values in measured.others.items()},
            )
        )
        yield (index + 1) / len(temperatures)
    return points
