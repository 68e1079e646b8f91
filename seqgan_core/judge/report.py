"""A comparison as one JSON-ready value: the table, the frontiers, the curves, how it was made."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch

from seqgan_core.insight.jobs import Job, scaled
from seqgan_core.insight.models import Models
from seqgan_core.judge.ceilings import TextRow, ceilings_job
from seqgan_core.judge.comparison import compare_runs
from seqgan_core.judge.frontier import frontier, text_frontier
from seqgan_core.judge.measurements import SELF_BLEU_ORDER
from seqgan_core.judge.methods import REFERENCE
from seqgan_core.judge.report_file import plain, read_report_file
from seqgan_core.judge.sweeps.plan import Planned
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.protocol import CorpusTask

FORMAT = "seqgan-comparison-1"
SHARE = 0.6  # of the work that the table is; the rest are the frontiers
FRONTIER_SAMPLES = 10_000
TEXT_SAMPLES = 2000  # for a point of a frontier of text: BLEU takes its time
_CURVES = ("epoch", "seconds", "nll_oracle", "nll_test", "mse", "d_accuracy", "self_bleu")
_PARTS = {
    "about": dict, "reference": str, "samples": int, "rows": list, "real": dict, "over_runs": dict,
    "over_sentences": dict, "frontier": dict, "curves": list,
}  # fmt: skip


def report(
    models: Models,
    runs: Mapping[Planned, RunRecord],
    samples: int,
    *,
    reference: str = REFERENCE,
    about: Mapping[str, Any],
) -> Job[dict[str, Any]]:
    """Measures the runs and puts all that a screen or a table shows into one value.

    Args:
        models: of the library that holds the runs.
        runs: each with a checkpoint.
        samples: sequences drawn of each run.
        reference: the method that the others are tested against.
        about: how the runs were made, kept as it is.

    Raises:
        StoreError, PlanError: as `compare_runs`.
    """
    table = yield from scaled(compare_runs(models, runs, samples, reference), 0.0, SHARE)
    frontiers: dict[str, list[Any]] = {}
    task = models.task(next(iter(runs.values())).id)
    oracle = getattr(task, "oracle", None)
    n = min(samples, FRONTIER_SAMPLES)
    results = [(row.strategy, result) for row in table.rows for result in row.results]
    span = (1 - SHARE) / (len(results) + 1)
    if oracle is not None:
        points = yield from scaled(frontier(oracle, task, n, 0), SHARE, span)
        frontiers["oracle"] = [{"seed": 0, "points": points}]
    text_rows: list[TextRow] = []
    if isinstance(task, CorpusTask):  # what a BLEU is read beside
        orders = sorted({*task.orders, SELF_BLEU_ORDER} & set(range(1, task.sequence_length + 1)))
        text_rows = yield from scaled(ceilings_job(task, orders, n, 0), SHARE, span)
    for index, (name, result) in enumerate(results, start=1):
        generator = models.at(result.run, result.step).generator
        if isinstance(task, CorpusTask):
            work: Job[Any] = text_frontier(generator, task, min(n, TEXT_SAMPLES), result.seed)
        elif oracle is not None:
            work = frontier(generator, task, n, result.seed)
        else:
            continue
        points = yield from scaled(work, SHARE + index * span, span)
        frontiers.setdefault(name, []).append({"seed": result.seed, "points": points})
    value: dict[str, Any] = plain(
        {
            "format": FORMAT,
            "about": dict(about),
            "versions": {"python": platform.python_version(), "torch": torch.__version__},
            "reference": reference,
            **{field.name: getattr(table, field.name) for field in fields(table)},
            "frontier": frontiers,
            "ceilings": text_rows,
            "curves": _curves(models.store, runs),
        }
    )
    return value


def load_report(path: Path) -> dict[str, Any]:
    """A report that was kept as a file.

    Raises:
        PlanError: it is missing, damaged or of another version, and what to do.
    """
    remedy = "make it anew with `python -m seqgan_core compare --out`"
    return read_report_file(path, FORMAT, remedy, _PARTS)


def _curves(store: Store, runs: Mapping[Planned, RunRecord]) -> list[dict[str, Any]]:
    """Every run's evaluations: the paper's Figure 2."""
    curves = []
    for record in runs.values():
        frame = store.frame(record.id, "Evaluated")
        names = [str(name) for name in frame]
        columns = [name for name in names if name in _CURVES or name.startswith("bleu_")]
        values = {name: [float(value) for value in frame[name]] for name in columns}
        curves.append(
            {
                "strategy": record.config.strategy,
                "seed": record.config.seed,
                "run": record.id,
                "switch": record.config.pretrain_epochs,
                **values,
            }
        )
    return curves
