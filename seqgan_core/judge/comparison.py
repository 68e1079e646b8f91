"""Methods side by side: every seed's numbers, their means, and which differences are real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seqgan_core.insight.jobs import Job, scaled
from seqgan_core.insight.models import Models
from seqgan_core.judge.measurements import Measurement, measure, measure_real
from seqgan_core.judge.methods import METHODS, REFERENCE
from seqgan_core.judge.significance import Difference, Summary, TooFewError, compare, summarise
from seqgan_core.judge.sweeps.plan import PlanError, Planned
from seqgan_core.paper.generator import Generator
from seqgan_core.runs.store import RunRecord, Store, StoreError
from seqgan_core.tasks.protocol import CorpusTask


@dataclass(frozen=True)
class Result:
    """One run, measured at its newest checkpoint."""

    seed: int
    run: str
    step: int
    seconds: float
    values: dict[str, float]


@dataclass(frozen=True)
class Row:
    """One method: every seed's result, and the means over seeds with their 95% intervals."""

    strategy: str
    results: tuple[Result, ...]
    summary: dict[str, Summary]


@dataclass(frozen=True)
class Comparison:
    """The table.

    Attributes:
        samples: sequences drawn of every run.
        rows: one a method, in the paper's order.
        real: the same metrics of the oracle's own samples: the level that nothing need pass.
        over_runs: each method against the reference, one observation a run, by metric; empty,
            with the reason in `untested`, where there are too few runs.
        over_sentences: one observation a sentence of the first seed's runs, as the paper counts.
    """

    samples: int
    rows: tuple[Row, ...]
    real: dict[str, float]
    over_runs: dict[str, list[Difference]]
    over_sentences: dict[str, list[Difference]]
    untested: str = ""


def compare_runs(
    models: Models, runs: Mapping[Planned, RunRecord], samples: int, reference: str = REFERENCE
) -> Job[Comparison]:
    """Measures the runs, and tests each method against the reference.

    Args:
        models: of the library that holds the runs.
        runs: finished or not, each with a checkpoint; from `stored` or `sweep`.
        samples: sequences drawn of each (the paper: 100,000).
        reference: the method that the others are tested against.

    Raises:
        StoreError: a run has no whole checkpoint.
        PlanError: there is no run.
    """
    if not runs:
        raise PlanError("there is no run to compare; train some first")
    span = 1 / (len(runs) + 1)  # the share of the job that one measurement is
    by_method: dict[str, list[tuple[Result, Measurement]]] = {}
    for index, (planned, record) in enumerate(runs.items()):
        step = _newest(models.store, record)
        generator = opened(models, record, step)
        work = measure(generator, models.task(record.id), samples, planned.config.seed)
        measured = yield from scaled(work, index * span, span)
        result = Result(planned.config.seed, record.id, step, record.seconds, measured.means())
        by_method.setdefault(planned.config.strategy, []).append((result, measured))
    real: dict[str, float] = {}
    task = models.task(record.id)
    oracle = getattr(task, "oracle", None)
    if oracle is not None:
        work = measure(oracle, task, samples, 0)
        real = (yield from scaled(work, len(runs) * span, span)).means()
    elif isinstance(task, CorpusTask):
        real = measure_real(task, samples, 0).means()
    rows = tuple(_row(name, by_method[name]) for name in _ordered(by_method))
    over_runs, untested = _over_runs(rows, reference)
    over_sentences = _over_sentences(by_method, reference)
    return Comparison(samples, rows, real, over_runs, over_sentences, untested)


def opened(models: Models, record: RunRecord, step: int) -> Generator:
    """The run's generator at a checkpoint; an error names the run.

    Raises:
        StoreError: the checkpoint is missing, damaged or of another version.
    """
    try:
        return models.at(record.id, step).generator
    except StoreError as error:
        raise StoreError(f"run {record.id} ({record.name}): {error}") from None


def _newest(store: Store, record: RunRecord) -> int:
    steps = [point.step for point in store.checkpoints(record.id)]
    if not steps:
        raise StoreError(f"run {record.id} has no checkpoint to measure; train it first")
    return max(steps)


def _ordered(names: Mapping[str, object]) -> list[str]:
    return [name for name in METHODS if name in names] + sorted(set(names) - set(METHODS))


def _row(strategy: str, measured: list[tuple[Result, Measurement]]) -> Row:
    results = tuple(sorted((result for result, _ in measured), key=lambda result: result.seed))
    metrics = results[0].values
    return Row(
        strategy,
        results,
        {metric: summarise([r.values[metric] for r in results]) for metric in metrics},
    )


def _over_runs(rows: Sequence[Row], reference: str) -> tuple[dict[str, list[Difference]], str]:
    if reference not in {row.strategy for row in rows}:
        return {}, f"{reference} is not among the methods, so nothing is tested against it"
    try:
        return {
            metric: compare(
                {row.strategy: [r.values[metric] for r in row.results] for row in rows}, reference
            )
            for metric in rows[0].summary
        }, ""
    except TooFewError as error:
        return {}, str(error)


def _over_sentences(
    by_method: Mapping[str, list[tuple[Result, Measurement]]], reference: str
) -> dict[str, list[Difference]]:
    first = {name: min(runs, key=lambda run: run[0].seed)[1] for name, runs in by_method.items()}
    if reference not in first:
        return {}
    by_sentence = {name: measured.by_sentence() for name, measured in first.items()}
    return {
        metric: compare({name: values[metric] for name, values in by_sentence.items()}, reference)
        for metric in by_sentence[reference]
    }
