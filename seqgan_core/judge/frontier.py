"""Quality against coverage or diversity at several temperatures: what sharpening alone achieves.

A method that only sharpens moves along MLE's own curve; one that learned more lies beyond it
(Caccia et al., "Language GANs Falling Short", ICLR 2020).

Two more controls need no training: rare tokens pushed out by hand, and a mixture of temperatures.
NLL_oracle and NLL_test cannot show what a mixture loses: a share w of very probable sequences moves
the mean of NLL_oracle, and costs at most -log(1 - w) / T of NLL_test. The median of NLL_oracle and
the share of distinct 4-grams show it.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from seqgan_core.insight.jobs import Job, finish
from seqgan_core.judge.measurements import measure
from seqgan_core.judge.report import FrontierPoint
from seqgan_core.paper.bleu import distinct
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.evaluation import TEMPERATURES, at_temperature
from seqgan_core.training.randomness import rng_for

TILTS = (0.0, 0.1, 0.2, 0.3)
COLD, SHARES = 0.5, (0.0, 0.1, 0.2, 0.3)


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


# -- controls without training ---------------------------------------------------------------------


def tilts(G: Generator, task: Task, samples: int, seed: int) -> Job[tuple[FrontierPoint, ...]]:
    """G with α · log(count in the training data + 1/2) added to its output bias, by α."""
    counts = torch.bincount(task.train_data().flatten(), minlength=G.vocab_size)
    points = []
    for alpha in TILTS:
        tilted = G.at_temperature(1.0)
        with torch.no_grad():
            tilted.b_output.add_((counts + 0.5).log(), alpha=alpha)
        drawn = _drawn(tilted, task, samples, seed)
        points.append(_mixed(0.0, drawn, drawn, 1.0, alpha))
        yield len(points) / len(TILTS)
    return tuple(points)


def mixtures(G: Generator, task: Task, samples: int, seed: int) -> Job[tuple[FrontierPoint, ...]]:
    """G, but these shares of its sequences are sampled at the temperature `COLD`, by share."""
    plain = _drawn(G, task, samples, seed)
    yield 0.5
    cold = _drawn(G.at_temperature(COLD), task, samples, seed)
    return tuple(_mixed(share, cold, plain, COLD, share) for share in SHARES)


@torch.no_grad()
def _drawn(G: Generator, task: Task, samples: int, seed: int) -> tuple[Tokens, Tensor, Tensor]:
    """Samples (n, T), with the noise of `frontier`; their NLL_oracle (n,); and NLL_test (m,)."""
    tokens = G.sample(samples, task.sequence_length, rng_for(seed, "frontier"))
    oracle: Generator = task.oracle  # type: ignore[attr-defined]
    return tokens, sequence_nll(oracle, tokens), sequence_nll(G, task.test_data())


def _mixed(
    share: float, first: Sequence[Tensor], second: Sequence[Tensor], t: float, setting: float
) -> FrontierPoint:
    """Of a mixture in which the first has this share, both from `_drawn`."""
    n, (every, T) = round(share * len(first[0])), first[0].shape
    tokens, nll = (torch.cat([a[:n], b[n:]]) for a, b in zip(first[:2], second[:2], strict=True))
    shares = torch.tensor([[share], [1 - share]])  # (2, 1)
    test = -(shares.log() - T * torch.stack([first[2], second[2]])).logsumexp(0) / T  # (m,)
    four = distinct(tokens, 4, int(tokens.max()) + 1)
    return FrontierPoint(
        temperature=t, setting=setting, n=every, m=len(test), nll_oracle=float(nll.mean()),
        nll_test=float(test.mean()),
        others={"nll_oracle_median": float(nll.median()), "distinct_4": four},
    )  # fmt: skip
