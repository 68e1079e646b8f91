"""Methods compared: every seed's numbers, their means, and which differences are real."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import torch

from seqgan_core.insight.jobs import Job, scaled
from seqgan_core.insight.models import Models, steps_of
from seqgan_core.judge.ceilings import ceilings
from seqgan_core.judge.frontier import frontier, mixtures, tilts
from seqgan_core.judge.measurements import PAIRED, Measurement, measure
from seqgan_core.judge.methods import AHEAD, METHODS, REFERENCE, method_of
from seqgan_core.judge.report import (
    CURVE,
    ORACLE,
    SELF_BLEU_ORDER,
    About,
    Ceiling,
    Curve,
    Difference,
    FrontierPoint,
    Report,
    Result,
    Row,
    Sweep,
)
from seqgan_core.judge.significance import TooFewError, compare, summarise
from seqgan_core.judge.sweeps.plan import PlanError, Planned
from seqgan_core.paper.generator import Generator
from seqgan_core.runs.store import RunRecord, Store, StoreError
from seqgan_core.tasks.corpus_task import CorpusTask
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.evaluation import TEMPERATURES
from seqgan_core.training.setup.provenance import made_here, without_places

SHARE = 0.6  # of the work that the table is; the rest are the frontiers
FRONTIER_SAMPLES = 10_000
STOPPED_SAMPLES = 2000  # as many curves are measured then; five seeds make 10,000
STOPPED_FROM = 1 / 4  # of MLE's epochs: earlier models have learnt too little to be rivals
CONTROLS = {"tilt": tilts, "mixture": mixtures}
SHARPER = tuple(t for t in TEMPERATURES if t <= 1)
TEXT_SAMPLES = 2000  # for a point of a frontier of text: BLEU takes its time
_CURVES = ("epoch", "seconds", "nll_oracle", "nll_test", "mse", "d_accuracy", "self_bleu")

Sweeping = Callable[[Generator, Task, int, int], Job[tuple[FrontierPoint, ...]]]
Measured = dict[str, list[tuple[Result, Measurement]]]  # by method, in the paper's order
Tests = dict[str, tuple[Difference, ...]]  # by metric


def compare_runs(
    models: Models,
    runs: Mapping[Planned, RunRecord],
    samples: int,
    *,
    reference: str = REFERENCE,
    about: About | None = None,
    stopping: bool = False,
) -> Job[Report]:
    """Measures the runs, and tests each method against the reference.

    Args:
        models: of the library that contains the runs.
        runs: finished or not, each with a checkpoint; from `stored` or `sweep`.
        samples: sequences drawn of each (the paper: 100,000).
        reference: the method that the others are tested against.
        about: how the runs were made.
        stopping: also measure MLE's models where it might have been stopped, and the controls by
            hand; temperatures are then those of MLE and the reference alone, with fewer samples.

    Raises:
        StoreError: a run has no whole checkpoint.
        PlanError: there is no run.
    """
    if not runs:
        raise PlanError("compare.no-runs", "there is no run to compare; train some first")
    start, config, about = time.monotonic(), next(iter(runs)).config, about or About()
    measured = yield from scaled(_measured(models, runs, samples), 0.0, SHARE)
    task = models.task(next(iter(runs.values())).id)
    oracle: Generator | None = getattr(task, "oracle", None)
    results = [(name, result) for name, pairs in measured.items() for result, _ in pairs]
    n = min(samples, STOPPED_SAMPLES if stopping else FRONTIER_SAMPLES)
    real: dict[str, float] = {}
    sweeps: dict[str, list[Sweep]] = {} if oracle is None else {ORACLE: []}
    stopped: dict[int, list[Sweep]] = {}
    by_hand: dict[str, list[Sweep]] = {}
    curves: list[tuple[list[Sweep], Result, int, Sweeping]] = []
    for name, result in results if oracle is not None or isinstance(task, CorpusTask) else ():
        if not stopping or name in (CURVE, reference):
            curves.append((sweeps.setdefault(name, []), result, result.step, frontier))
        step = result.step
        if stopping and name == CURVE:
            for epoch, step in stops(models.store, result.run).items():
                sharper = partial(frontier, temperatures=SHARPER)
                curves.append((stopped.setdefault(epoch, []), result, step, sharper))
        if stopping and oracle is not None:
            own = {name: mixtures} if name == reference else {}
            for key, control in (CONTROLS if name == CURVE else own).items():
                curves.append((by_hand.setdefault(key, []), result, step, control))
    span = (1 - SHARE) / (len(curves) + 1)
    rows_of_text: list[Ceiling] = []
    if oracle is not None:
        work = measure(oracle, task, samples, 0)
        real = (yield from scaled(work, SHARE, span / 2)).means()
        points = yield from scaled(frontier(oracle, task, n, 0), SHARE + span / 2, span / 2)
        sweeps[ORACLE].append(Sweep(seed=0, points=points))
    elif isinstance(task, CorpusTask):
        orders = sorted({*task.orders, SELF_BLEU_ORDER} & set(range(1, task.sequence_length + 1)))
        rows_of_text = yield from scaled(ceilings(task, orders, n, 0), SHARE, span)
        n = min(n, TEXT_SAMPLES)
        values = {metric: rows_of_text[0].value(metric) for metric in results[0][1].values}
        real = {metric: value for metric, value in values.items() if value is not None}
    for index, (of, result, step, points_of) in enumerate(curves, start=1):
        sweep = points_of(models.at(result.run, step).generator, task, n, result.seed)
        points = yield from scaled(sweep, SHARE + index * span, span)
        of.append(Sweep(seed=result.seed, points=points))
    rows = tuple(_row(name, [result for result, _ in pairs]) for name, pairs in measured.items())
    over_runs, untested = _over_runs(rows, reference)
    return Report(
        format=Report.FORMAT,
        about=about.model_copy(update={"changes": without_places(about.changes)}),
        config=without_places(config.model_dump(mode="json")),
        versions=made_here(
            torch.device("cpu"),
            preset=about.preset,
            seconds=time.monotonic() - start,
            oracle=config.oracle_path,
        ),
        reference=reference,
        samples=samples,
        rows=rows,
        real=real,
        over_runs=over_runs,
        over_sentences=_over_sentences(measured, reference),
        untested=untested,
        frontier={name: tuple(of_seeds) for name, of_seeds in sweeps.items()},
        ceilings=tuple(rows_of_text),
        curves=tuple(_curve(models.store, record) for record in runs.values()),
        stopping={epoch: tuple(of_seeds) for epoch, of_seeds in sorted(stopped.items())},
        controls={name: tuple(of_seeds) for name, of_seeds in by_hand.items()},
    )


def opened(models: Models, record: RunRecord, step: int) -> Generator:
    """The run's generator at a checkpoint; an error names the run.

    Raises:
        StoreError: the checkpoint is missing, damaged or of another version.
    """
    try:
        return models.at(record.id, step).generator
    except StoreError as error:
        raise StoreError(
            "compare.unreadable-run", run=record.id, name=record.name, why=error
        ) from None


def _measured(models: Models, runs: Mapping[Planned, RunRecord], samples: int) -> Job[Measured]:
    measured: Measured = {}
    for index, (planned, record) in enumerate(runs.items()):
        step = _newest(models.store, record)
        generator = opened(models, record, step)
        work = measure(generator, models.task(record.id), samples, planned.config.seed)
        done = yield from scaled(work, index / len(runs), 1 / len(runs))
        result = Result(
            seed=planned.config.seed, run=record.id, step=step, seconds=record.seconds,
            values=done.means(),
        )  # fmt: skip
        measured.setdefault(method_of(planned.config), []).append((result, done))
    for pairs in measured.values():
        pairs.sort(key=lambda pair: pair[0].seed)
    known = [name for name in dict.fromkeys((*METHODS, *AHEAD)) if name in measured]
    return {name: measured[name] for name in [*known, *sorted(set(measured) - set(known))]}


def stops(store: Store, run: str) -> dict[int, int]:
    """The checkpoints at which MLE might have been stopped: by epoch, the step."""
    end, stops = store.run(run).config.pretrain_epochs, dict[int, int]()
    for step, epoch in sorted(steps_of(store, run).items()):
        if epoch == int(epoch) and end * STOPPED_FROM <= epoch <= end:
            stops.setdefault(int(epoch), step)
    return stops


def _newest(store: Store, record: RunRecord) -> int:
    steps = [point.step for point in store.checkpoints(record.id)]
    if not steps:
        raise StoreError("compare.no-checkpoint", run=record.id)
    return max(steps)


def _row(strategy: str, results: list[Result]) -> Row:
    summary = {m: summarise([result.values[m] for result in results]) for m in results[0].values}
    return Row(strategy=strategy, results=tuple(results), summary=summary)


def _over_runs(rows: Sequence[Row], reference: str) -> tuple[Tests, str]:
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


def _over_sentences(measured: Measured, reference: str) -> Tests:
    if reference not in measured:
        return {}
    by_sentence = {name: pairs[0][1].by_sentence() for name, pairs in measured.items()}
    return {
        metric: compare(
            {name: values[metric] for name, values in by_sentence.items()}, reference,
            paired=metric in PAIRED,
        )
        for metric in by_sentence[reference]
    }  # fmt: skip


def _curve(store: Store, record: RunRecord) -> Curve:
    """The run's evaluations."""
    frame = store.frame(record.id, "Evaluated")
    columns = [str(name) for name in frame]
    columns = [name for name in columns if name in _CURVES or name.startswith("bleu_")]
    return Curve.model_validate(
        {
            "strategy": method_of(record.config),
            "seed": record.config.seed,
            "run": record.id,
            "switch": record.config.pretrain_epochs,
            **{name: [float(value) for value in frame[name]] for name in columns},
        }
    )
