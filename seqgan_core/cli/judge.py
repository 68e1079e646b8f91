"""`compare` and `sweep`: many runs, and what they show together."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from seqgan_core.cli.common.options import Home, Json
from seqgan_core.cli.common.output import (
    FAILED,
    InputError,
    json_ready,
    say,
    write_json,
    write_line,
    write_table,
)
from seqgan_core.cli.comparison_tables import markdown, tables
from seqgan_core.cli.sweep_progress import finish_with_bar, sweep_bar
from seqgan_core.judge.methods import METHODS, REFERENCE, methods_plan
from seqgan_core.judge.sweeps.engines import Engine, LocalEngine
from seqgan_core.judge.sweeps.plan import Plan, Planned, is_done, read_plan
from seqgan_core.judge.sweeps.sweep import sweep as run_sweep
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.training.config import parse_changes

Workers = Annotated[
    int | None, typer.Option(help="Runs at once; else one a CPU core.", show_default=False)
]


def compare(
    strategies: Annotated[str, typer.Option(help="Methods, with commas.")] = ",".join(METHODS),
    seeds: Annotated[int, typer.Option(help="Runs of each method: seeds 1 to this.")] = 5,
    preset: Annotated[str, typer.Option(help="glance, lesson or paper.")] = "lesson",
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Changes any setting; may be repeated."),
    ] = None,
    samples: Annotated[int, typer.Option(help="Sequences drawn of each run.")] = 100_000,
    budget: Annotated[
        Literal["updates", "seconds"],
        typer.Option(help="Equal generator updates, or as many seconds as the reference took."),
    ] = "updates",
    reference: Annotated[str, typer.Option(help="What the others are tested against.")] = REFERENCE,
    out: Annotated[Path | None, typer.Option(help="Keep all that was found as JSON here.")] = None,
    workers: Workers = None,
    home: Home = None,
    as_json: Json = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Tables in Markdown.")] = False,
) -> None:
    """Trains what is missing of a comparison, measures all of it, and tests the differences."""
    from seqgan_core.insight.models import Models
    from seqgan_core.judge.equal_budget import as_many_seconds
    from seqgan_core.judge.report import report
    from seqgan_core.training.build import resolve_config
    from seqgan_core.training.setup.devices import prepare_cpu

    if samples < 100:
        raise InputError(f"--samples is {samples}; it must be 100 or more (the paper: 100000)")
    names = [name.strip() for name in strategies.split(",") if name.strip()]
    changes = parse_changes(assignments or [])
    plan = methods_plan(preset, names, seeds, changes)
    if reference not in names:
        raise InputError(f"--reference is {reference}; it must be one of {', '.join(names)}")
    resolve_config(plan.runs[0].config)  # tells what is wrong before anything is trained
    workers_at_once = _count(workers)
    _check_place(out)
    prepare_cpu()
    store = Store(home)
    runs = _train(store, plan, LocalEngine(store.home), workers_at_once)
    failed = len(_usable(runs)) < len(runs)
    if budget == "seconds":
        longer = as_many_seconds(store, preset, _usable(runs), reference)
        runs = _train(store, longer, LocalEngine(store.home), workers_at_once)
        failed = failed or len(_usable(runs)) < len(runs)
    about = {"preset": preset, "changes": changes, "budget": budget, "seeds": seeds}
    job = report(Models(store), _usable(runs), samples, reference=reference, about=about)
    result = finish_with_bar("Measuring", job)
    if out is not None:
        _write(out, json.dumps(json_ready(result), ensure_ascii=False, indent=1))
    if as_json:
        write_json(result)
    elif as_markdown:
        write_line(markdown(result))
    else:
        for title, columns, rows in tables(result):
            write_table(title, columns, rows)
    if result["untested"]:
        say(f"No test over runs: {result['untested']}.")
    if failed:
        raise typer.Exit(FAILED)


def sweep(
    spec: Annotated[Path, typer.Argument(help="The plan, a .toml.", show_default=False)],
    workers: Workers = None,
    engine: Annotated[Literal["local", "ray"], typer.Option(help="Where to train.")] = "local",
    address: Annotated[
        str | None,
        typer.Option(
            help="HOST:PORT of a Ray cluster's head, or auto; without it Ray runs here alone."
        ),
    ] = None,
    gpus: Annotated[float, typer.Option(help="GPUs that a run asks of a Ray node.")] = 0.0,
    out: Annotated[Path | None, typer.Option(help="Keep every run's curves as JSON here.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Trains many runs at once; Ctrl-C leaves all of them resumable: do it again to go on."""
    from seqgan_core.judge.study import study
    from seqgan_core.training.build import resolve_config

    plan = read_plan(spec)
    resolve_config(plan.runs[0].config)
    count = _count(workers)
    _check_place(out)
    store = Store(home)
    if engine == "local" and (address is not None or gpus):
        given = "--address" if address is not None else "--gpus"
        raise InputError(f"{given} is for a Ray cluster; give --engine ray with it")
    if not 0 <= gpus < math.inf:
        raise InputError(f"--gpus is {gpus:g}; it must be 0 or more")
    runs = _train(store, plan, _engine(store, engine, address, count, gpus), count)
    if out is not None:
        _write(out, study(store, plan, runs).to_json(indent=1))
    if as_json:
        write_json([_line(planned, record) for planned, record in runs.items()])
    else:
        rows = [[str(value) for value in _line(p, r).values()] for p, r in runs.items()]
        write_table(plan.name, ("run", "settings", "status", "seconds", "latest"), rows)
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
    """Before hours of training: can the file be written where it shall be?"""
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise InputError(f"--out is {path}; it must be a file in a folder that exists")


def _write(path: Path, report: str) -> None:
    with atomic_write(path) as file:
        file.write(report.encode())
    say(f"{path} is written.")


def _usable(runs: dict[Planned, RunRecord]) -> dict[Planned, RunRecord]:
    """Those that ended: a failed run has no model to measure."""
    return {planned: record for planned, record in runs.items() if is_done(record)}


def _count(workers: int | None) -> int:
    if workers is not None and workers < 1:
        raise InputError(f"--workers is {workers}; it must be 1 or more")
    return workers or os.cpu_count() or 1


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
