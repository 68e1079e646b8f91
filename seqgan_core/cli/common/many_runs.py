"""What the commands that train many runs share: their options, the training, and their reports."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seqgan_core.cli.common.output import InputError, say, write_json, write_line, write_table
from seqgan_core.cli.sweep_progress import sweep_bar
from seqgan_core.judge.sweeps.engines import Engine
from seqgan_core.judge.sweeps.plan import Plan, Planned, is_done
from seqgan_core.judge.sweeps.sweep import sweep
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.atomic_write import atomic_write

if TYPE_CHECKING:
    from seqgan_core.figures.table import Table
    from seqgan_core.judge.report_file import ReportFile

ON_A_GPU = 4  # runs at once by default: each needs memory for itself and for its CUDA context
Workers = Annotated[
    int | None,
    typer.Option(
        help=f"Runs at once; by default one per CPU core, on a GPU at most {ON_A_GPU}.",
        show_default=False,
    ),
]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Change a setting; may be repeated."),
]
Samples = Annotated[int, typer.Option(help="Samples drawn from each run.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print tables in Markdown.")]
Out = Annotated[Path | None, typer.Option(help="Write the whole report as JSON to this file.")]


def count_workers(workers: int | None, plan: Plan) -> int:
    """Runs at once: by default one a core, and few on a GPU, which all of them share."""
    from seqgan_core.training.setup.devices import resolve_device

    if workers is not None and workers < 1:
        raise InputError("workers.few", "--workers is {n}; it must be 1 or more", n=workers)
    cores = os.cpu_count() or 1
    on_gpu = any(resolve_device(run.config.device).type != "cpu" for run in plan.runs)
    return workers or (min(cores, ON_A_GPU) if on_gpu else cores)


def check_samples(samples: int) -> None:
    """Raises InputError for too few samples to say anything."""
    if samples < 100:
        raise InputError("compare.samples", n=samples)


def check_place(path: Path | None) -> None:
    """Before hours of training: can the file be written?"""
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise InputError("out.place", path=path)


def train_missing(
    store: Store, plan: Plan, engine: Engine, workers: int
) -> dict[Planned, RunRecord]:
    """Every run of the plan, trained where it is missing; those that did not end are reported."""
    with sweep_bar(plan) as progress:
        runs = sweep(store, plan, engine, workers, progress)
    for planned, record in runs.items():
        if record.status not in ("finished", "recorded"):
            say(f"{planned.label} ({record.id}) {record.status}: {record.reason}")
    return runs


def usable(runs: Mapping[Planned, RunRecord]) -> dict[Planned, RunRecord]:
    """The runs that ended: a failed one has no model to measure."""
    return {planned: record for planned, record in runs.items() if is_done(record)}


def show_report(
    report: ReportFile, tables: Sequence[Table], out: Path | None, as_json: bool, markdown: bool
) -> None:
    """Writes the report to its file, and prints it or its tables."""
    if out is not None:
        write_report(out, report)
    if as_json:
        write_json(report.to_json())
    elif markdown:
        write_line("\n\n".join(map(_markdown, tables)))
    else:
        for table in tables:
            write_table(table.caption, table.head, table.rows)


def write_report(path: Path, report: ReportFile) -> None:
    """Writes the report's file whole or not at all."""
    with atomic_write(path) as file:
        file.write(report.to_json(indent=1).encode())
    say(_("{path} was written.").format(path=path))


def _markdown(table: Table) -> str:
    lines = [table.head, ["---"] * len(table.head), *table.rows]
    return "\n".join([f"**{table.caption}**", "", *(f"| {' | '.join(line)} |" for line in lines)])
