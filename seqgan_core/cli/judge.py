"""`compare` and `sweep`: many runs trained, measured and tested."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from seqgan_core.cli.common.options import Home, Json
from seqgan_core.cli.common.output import (
    FAILED,
    InputError,
    say,
    write_json,
    write_line,
    write_table,
)
from seqgan_core.cli.common.progress import finish_with_bar
from seqgan_core.cli.sweep_progress import sweep_bar
from seqgan_core.judge.methods import METHODS, REFERENCE, methods_plan, read_seeds
from seqgan_core.judge.sweeps.engines import Engine, LocalEngine
from seqgan_core.judge.sweeps.plan import Plan, Planned, is_done, read_plan
from seqgan_core.judge.sweeps.sweep import sweep as run_sweep
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.training.config import parse_changes
from seqgan_core.training.setup.presets import PRESETS

if TYPE_CHECKING:
    from seqgan_core.figures.table import Table

ON_A_GPU = 4  # runs at once by default: each needs memory for itself and for its CUDA context
Workers = Annotated[
    int | None,
    typer.Option(
        help=f"Runs at once; by default one per CPU core, on a GPU at most {ON_A_GPU}.",
        show_default=False,
    ),
]


def compare(
    strategies: Annotated[str, typer.Option(help="Methods, separated by commas.")] = ",".join(
        METHODS
    ),
    seeds: Annotated[
        str, typer.Option(help="Seeds of each method: how many, from 1, or which: 11-15 or 11,13.")
    ] = "5",
    preset: Annotated[str, typer.Option(help=f"One of {', '.join(PRESETS)}.")] = "lesson",
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Change a setting; may be repeated."),
    ] = None,
    samples: Annotated[int, typer.Option(help="Samples drawn from each run.")] = 100_000,
    budget: Annotated[
        Literal["updates", "seconds"],
        typer.Option(
            help="The same number of generator updates, or as many seconds as the reference took."
        ),
    ] = "updates",
    reference: Annotated[
        str, typer.Option(help="Method that the others are tested against.")
    ] = REFERENCE,
    out: Annotated[
        Path | None, typer.Option(help="Write the whole report as JSON to this file.")
    ] = None,
    workers: Workers = None,
    home: Home = None,
    as_json: Json = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print tables in Markdown.")
    ] = False,
) -> None:
    """Train the missing runs of a comparison, measure all runs and test the differences."""
    from seqgan_core.figures.methods.tables import tables
    from seqgan_core.insight.models import Models
    from seqgan_core.judge.comparison import compare_runs
    from seqgan_core.judge.report import About
    from seqgan_core.judge.sweeps.equal_budget import as_many_seconds
    from seqgan_core.training.build import resolve_config
    from seqgan_core.training.setup.devices import prepare_cpu

    if samples < 100:
        raise InputError(
            "compare.samples", "--samples is {n}; it must be 100 or more (the paper: 100000)",
            n=samples,
        )  # fmt: skip
    names = [name.strip() for name in strategies.split(",") if name.strip()]
    changes = parse_changes(assignments or [])
    numbers = read_seeds(seeds)
    plan = methods_plan(preset, names, numbers, changes)
    if reference not in names:
        raise InputError(
            "compare.reference", "--reference is {name}; it must be one of {names}",
            name=reference, names=", ".join(names),
        )  # fmt: skip
    resolve_config(plan.runs[0].config)  # finds errors before anything is trained
    workers_at_once = _count(workers, plan)
    _check_place(out)
    prepare_cpu()
    store = Store(home)
    runs = _train(store, plan, LocalEngine(store.home), workers_at_once)
    failed = len(_usable(runs)) < len(runs)
    if budget == "seconds":
        longer = as_many_seconds(store, preset, _usable(runs), reference)
        runs = _train(store, longer, LocalEngine(store.home), workers_at_once)
        failed = failed or len(_usable(runs)) < len(runs)
    about = About(preset=preset, changes=changes, budget=budget, seeds=numbers)
    job = compare_runs(Models(store), _usable(runs), samples, reference=reference, about=about)
    report = finish_with_bar(_("Measuring"), job)
    if out is not None:
        _write_report(out, report.to_json(indent=1))
    if as_json:
        write_json(report.to_json())
    elif as_markdown:
        write_line("\n\n".join(map(_markdown, tables(report))))
    else:
        for table in tables(report):
            write_table(table.caption, table.head, table.rows)
    if report.untested:
        say(_("No test over runs: {why}.").format(why=report.untested))
    if failed:
        raise typer.Exit(FAILED)


def sweep(
    spec: Annotated[Path, typer.Argument(help="The plan, a .toml file.", show_default=False)],
    workers: Workers = None,
    engine: Annotated[Literal["local", "ray"], typer.Option(help="Where to train.")] = "local",
    address: Annotated[
        str | None,
        typer.Option(
            help="HOST:PORT of a Ray cluster's head, or auto; by default Ray runs on this machine."
        ),
    ] = None,
    gpus: Annotated[float, typer.Option(help="GPUs that each run needs on a Ray node.")] = 0.0,
    out: Annotated[
        Path | None, typer.Option(help="Write the curves of all runs as JSON to this file.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Train many runs at once; after Ctrl-C, the same command resumes them."""
    from seqgan_core.judge.study import study
    from seqgan_core.training.build import resolve_config

    plan = read_plan(spec)
    resolve_config(plan.runs[0].config)
    count = _count(workers, plan)
    _check_place(out)
    store = Store(home)
    if engine == "local" and (address is not None or gpus):
        given = "--address" if address is not None else "--gpus"
        raise InputError(
            "sweep.engine", "{option} is for a Ray cluster; add --engine ray", option=given
        )
    if not 0 <= gpus < math.inf:
        raise InputError("sweep.gpus", "--gpus is {n:g}; it must be 0 or more", n=gpus)
    runs = _train(store, plan, _engine(store, engine, address, count, gpus), count)
    if out is not None:
        _write_report(out, study(store, plan, runs).to_json(indent=1))
    if as_json:
        write_json([_line(planned, record) for planned, record in runs.items()])
    else:
        rows = [[str(value) for value in _line(p, r).values()] for p, r in runs.items()]
        write_table(
            plan.name, [_("run"), _("settings"), _("status"), _("seconds"), _("latest")], rows
        )
    if not all(map(is_done, runs.values())):
        raise typer.Exit(FAILED)


def _engine(store: Store, engine: str, address: str | None, workers: int, gpus: float) -> Engine:
    if engine == "local":
        return LocalEngine(store.home)
    from seqgan_core.judge.sweeps.ray_engine import RayEngine

    return RayEngine(store, address, workers=workers, gpus=gpus)


def _train(store: Store, plan: Plan, engine: Engine, workers: int) -> dict[Planned, RunRecord]:
    with sweep_bar(plan) as progress:
        runs = run_sweep(store, plan, engine, workers, progress)
    for planned, record in runs.items():
        if record.status not in ("finished", "recorded"):
            say(f"{planned.label} ({record.id}) {record.status}: {record.reason}")
    return runs


def _check_place(path: Path | None) -> None:
    """Before hours of training: can the file be written?"""
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise InputError(
            "out.place", "--out is {path}; it must be a file in a folder that exists", path=path
        )


def _write_report(path: Path, text: str) -> None:
    with atomic_write(path) as file:
        file.write(text.encode())
    say(_("{path} was written.").format(path=path))


def _markdown(table: Table) -> str:
    lines = [table.head, ["---"] * len(table.head), *table.rows]
    return "\n".join([f"**{table.caption}**", "", *(f"| {' | '.join(line)} |" for line in lines)])


def _usable(runs: dict[Planned, RunRecord]) -> dict[Planned, RunRecord]:
    """The runs that ended: a failed one has no model to measure."""
    return {planned: record for planned, record in runs.items() if is_done(record)}


def _count(workers: int | None, plan: Plan) -> int:
    """Runs at once: by default one a core, and few on a GPU, which all of them share."""
    from seqgan_core.training.setup.devices import resolve_device

    if workers is not None and workers < 1:
        raise InputError("workers.few", "--workers is {n}; it must be 1 or more", n=workers)
    cores = os.cpu_count() or 1
    on_gpu = any(resolve_device(run.config.device).type != "cpu" for run in plan.runs)
    return workers or (min(cores, ON_A_GPU) if on_gpu else cores)


def _line(planned: Planned, record: RunRecord) -> dict[str, Any]:
    metrics = " · ".join(f"{name} {value:.3f}" for name, value in record.metrics.items()
                         if name in ("nll_oracle", "nll_test", "self_bleu")
                         or name.startswith("bleu_"))  # fmt: skip
    return {
        "run": record.id,
        "settings": planned.label,
        "status": record.status,
        "seconds": round(record.seconds, 1),
        "latest": metrics or record.reason,
    }
