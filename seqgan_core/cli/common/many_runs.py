"""What the commands that train many runs share: their options, the training, and their reports."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seqgan_core.cli.common.output import InputError, say, write_json, write_line, write_table
from seqgan_core.cli.common.progress import share_bar
from seqgan_core.judge.sweeps.engines import Engine, LocalEngine
from seqgan_core.judge.sweeps.plan import Plan, Planned, is_done
from seqgan_core.judge.sweeps.sweep import Progress, sweep
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.atomic_write import atomic_write

if TYPE_CHECKING:
    from seqgan_core.figures.table import Table
    from seqgan_core.judge.report import Report
    from seqgan_core.judge.report_file import ReportFile

ON_A_GPU = 4  # runs at once by default: each needs memory for itself and for its CUDA context
Workers = Annotated[
    int | None,
    typer.Option(help=f"Runs at once; by default one per CPU core, on a GPU at most {ON_A_GPU}."),
]
Samples = Annotated[int, typer.Option(help="Samples drawn from each run.")]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print tables in Markdown.")]
Out = Annotated[Path | None, typer.Option(help="Write the whole report as JSON to this file.")]


def prepare(
    plan: Plan, workers: int | None, out: Path | None, home: Path | None
) -> tuple[Store, int]:
    """Finds errors before hours of training; returns the library, and how many runs at once.

    Raises:
        ConfigError, DataError: the settings cannot be used here.
        InputError: the number of workers is not 1 or more, or the report cannot be written.
    """
    from seqgan_core.training.build import resolve_config
    from seqgan_core.training.setup.devices import prepare_cpu

    resolve_config(plan.runs[0].config)
    count = count_workers(workers, plan)
    if out is not None and (out.is_dir() or not out.absolute().parent.is_dir()):
        raise InputError("out.place", path=out)
    prepare_cpu()
    return Store(home), count


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


def train_missing(
    store: Store, plan: Plan, workers: int, engine: Engine | None = None
) -> dict[Planned, RunRecord]:
    """Every run of the plan, trained where it is missing; those that did not end are reported.

    The engine is by default processes of this machine.
    """
    with sweep_bar(plan) as progress:
        runs = sweep(store, plan, engine or LocalEngine(store.home), workers, progress)
    for planned, record in runs.items():
        if record.status not in ("finished", "recorded"):
            say(f"{planned.label} ({record.id}) {record.status}: {record.reason}")
    return runs


@contextmanager
def sweep_bar(plan: Plan) -> Iterator[Callable[[Progress], None]]:
    """Shows a sweep's progress; call what it yields with each `Progress`."""
    bar, task = share_bar(plan.name)
    done, began, at_first = -1, time.monotonic(), -1.0

    def show(now: Progress) -> None:
        nonlocal done, at_first
        at_first = now.share if at_first < 0 else at_first
        running = ", ".join(f"{r.config.strategy} {r.config.seed}" for r in now.training[:4])
        count = _("{plan}: {done} of {total} runs done").format(
            plan=plan.name, done=now.done, total=now.total
        )
        bar.update(task, completed=now.share, description=f"{count} · {running}")
        if now.done != done and bar.disable:
            from seqgan_core.figures.progress import duration

            gained, spent = now.share - at_first, time.monotonic() - began
            left = duration(spent * (1 - now.share) / gained if gained > 0 else None)
            text = _("{plan}: {done} of {total} runs done ({share:.0%}, {left} left)")
            say(text.format(
                plan=plan.name, done=now.done, total=now.total, share=now.share, left=left
            ))  # fmt: skip
        done = now.done

    with bar:
        yield show


def usable(runs: Mapping[Planned, RunRecord]) -> dict[Planned, RunRecord]:
    """The runs that ended: a failed one has no model to measure."""
    return {planned: record for planned, record in runs.items() if is_done(record)}


def show_comparison(
    report: Report, tables: Sequence[Table], out: Path | None, as_json: bool, markdown: bool
) -> None:
    """Shows the report of a comparison, and why nothing was tested in it, if so."""
    show_report(report, tables, out, as_json, markdown)
    if report.untested:
        say(_("No test over runs: {why}.").format(why=report.untested))


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
