"""Quality against coverage or diversity at several temperatures: what sharpening alone achieves.

A method that only sharpens moves along MLE's own curve; one that learned more lies beyond it
(Caccia et al., "Language GANs Falling Short", ICLR 2020).
"""

from collections.abc import Sequence

from seqgan_core.insight.jobs import Job, finish
from seqgan_core.judge.measurements import measure
from seqgan_core.judge.report import FrontierPoint
from seqgan_core.paper.generator import Generator
from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.evaluation import TEMPERATURES, at_temperature


def frontier(
    generator: Generator,
    task: Task,
    samples: int,
    seed: int,
    temperatures: Sequence[float] = TEMPERATURES,
) -> Job[tuple[FrontierPoint, ...]]:
    """The model's numbers at each temperature, with the same noise.

    Args:
        generator: a method's model, or the oracle itself: what knowing the truth and turning the
            temperature gives. No strict bound: mixtures can lie a little below the oracle's curve.
        task: of a corpus, or with an oracle.
        samples: sequences drawn at each temperature.
        seed: of the draws.
        temperatures: each above 0.

    Raises:
        ValueError: the task has neither an oracle nor a corpus, or a temperature is not above 0.
    """
    points = []
    for index, temperature in enumerate(temperatures):
        if isinstance(task, CorpusTask):
            points.append(_by_corpus(generator, temperature, task, samples, seed))
        else:
            points.append(_by_oracle(generator, temperature, task, samples, seed))
        yield (index + 1) / len(temperatures)
    return tuple(points)


def _by_oracle(
    generator: Generator, temperature: float, task: Task, samples: int, seed: int
) -> FrontierPoint:
    point = at_temperature(generator, task, temperature, samples, seed)
    if point.nll_oracle is None:
        raise ValueError(f"{task.name} has no oracle; the frontier needs one, or a corpus")
    return FrontierPoint(**vars(point), n=samples, m=len(task.test_data()))


def _by_corpus(
    generator: Generator, temperature: float, task: CorpusTask, samples: int, seed: int
) -> FrontierPoint:
    measured = finish(measure(generator.at_temperature(temperature), task, samples, seed))
    return FrontierPoint(
        temperature=temperature,
        bleu={n: float(values.mean()) for n, values in measured.bleu.items()},
        self_bleu=float(measured.self_bleu.mean()),
        distinct_2=measured.distinct[2],
        nll_test=float(measured.nll_test.mean()),
        n=len(next(iter(measured.bleu.values()))),
        others={name: float(values.mean()) for name, values in measured.others.items()},
    )
