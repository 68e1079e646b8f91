"""`compare` and `sweep`: many runs trained, measured and tested."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from seqgan_core.cli.common.many_runs import (
    Markdown,
    Out,
    Samples,
    Workers,
    check_samples,
    prepare,
    show_comparison,
    train_missing,
    usable,
    write_report,
)
from seqgan_core.cli.common.options import Assignments, Home, Json
from seqgan_core.cli.common.output import FAILED, InputError, write_json, write_table
from seqgan_core.cli.common.progress import finish_with_bar
from seqgan_core.judge.methods import METHODS, REFERENCE, methods_plan, read_seeds
from seqgan_core.judge.sweeps.plan import Planned, is_done, read_plan
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.config import parse_changes
from seqgan_core.training.setup.presets import PRESETS


def compare(
    strategies: Annotated[str, typer.Option(help="Methods, separated by commas.")] = ",".join(
        METHODS
    ),
    seeds: Annotated[
        str, typer.Option(help="Seeds of each method: how many, from 1, or which: 11-15 or 11,13.")
    ] = "5",
    preset: Annotated[str, typer.Option(help=f"One of {', '.join(PRESETS)}.")] = "lesson",
    assignments: Assignments = None,
    samples: Samples = 100_000,
    budget: Annotated[
        Literal["updates", "seconds"],
        typer.Option(
            help="The same number of generator updates, or as many seconds as the reference took."
        ),
    ] = "updates",
    reference: Annotated[
        str, typer.Option(help="Method that the others are tested against.")
    ] = REFERENCE,
    out: Out = None,
    workers: Workers = None,
    home: Home = None,
    as_json: Json = False,
    as_markdown: Markdown = False,
) -> None:
    """Train the missing runs of a comparison, measure all runs and test the differences."""
    from seqgan_core.figures.methods.tables import tables
    from seqgan_core.insight.models import Models
    from seqgan_core.judge.comparison import compare_runs
    from seqgan_core.judge.report import About
    from seqgan_core.judge.sweeps.equal_budget import as_many_seconds

    check_samples(samples)
    names = [name.strip() for name in strategies.split(",") if name.strip()]
    changes = parse_changes(assignments or [])
    numbers = read_seeds(seeds)
    plan = methods_plan(preset, names, numbers, changes)
    if reference not in names:
        raise InputError("compare.reference", name=reference, names=", ".join(names))
    store, count = prepare(plan, workers, out, home)
    runs = train_missing(store, plan, count)
    failed = len(usable(runs)) < len(runs)
    if budget == "seconds":
        longer = as_many_seconds(store, preset, usable(runs), reference)
        runs = train_missing(store, longer, count)
        failed = failed or len(usable(runs)) < len(runs)
    about = About(preset=preset, changes=changes, budget=budget, seeds=numbers)
    job = compare_runs(Models(store), usable(runs), samples, reference=reference, about=about)
    report = finish_with_bar(_("Measuring"), job)
    show_comparison(report, tables(report), out, as_json, as_markdown)
    if failed:
        raise typer.Exit(FAILED)


def sweep(
    spec: Annotated[Path, typer.Argument(help="The plan, a .toml file.")],
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
    from seqgan_core.judge.sweeps.ray_engine import RayEngine

    plan = read_plan(spec)
    store, count = prepare(plan, workers, out, home)
    if engine == "local" and (address is not None or gpus):
        given = "--address" if address is not None else "--gpus"
        raise InputError("sweep.engine", option=given)
    if not 0 <= gpus < math.inf:
        raise InputError("sweep.gpus", "--gpus is {n:g}; it must be 0 or more", n=gpus)
    ray = RayEngine(store, address, workers=count, gpus=gpus) if engine == "ray" else None
    runs = train_missing(store, plan, count, ray)
    if out is not None:
        write_report(out, study(store, plan, runs))
    if as_json:
        write_json([_line(planned, record) for planned, record in runs.items()])
    else:
        rows = [[str(value) for value in _line(p, r).values()] for p, r in runs.items()]
        write_table(
            plan.name, [_("run"), _("settings"), _("status"), _("seconds"), _("latest")], rows
        )
    if not all(map(is_done, runs.values())):
        raise typer.Exit(FAILED)


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
