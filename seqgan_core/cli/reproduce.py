"""`reproduce`: the paper's Table 1 and Figures 2 and 3, at its own size."""

from pathlib import Path
from typing import Annotated, Any

import typer

from seqgan_core.cli.common.many_runs import (
    Markdown,
    Out,
    Samples,
    Workers,
    check_samples,
    prepare,
    show_comparison,
    show_report,
    train_missing,
    usable,
)
from seqgan_core.cli.common.options import Assignments, Home, Json
from seqgan_core.cli.common.output import FAILED
from seqgan_core.cli.common.progress import finish_with_bar
from seqgan_core.judge.methods import TABLE_1, Target, read_seeds, target_plan
from seqgan_core.messages import _
from seqgan_core.training.config import parse_changes
from seqgan_core.training.setup.presets import preset


def reproduce(
    target: Annotated[Target, typer.Argument(help="What of the paper.")],
    oracle: Annotated[
        Path | None,
        typer.Option(
            help="An .npz file with the authors' oracle; by default one is drawn at random."
        ),
    ] = None,
    seeds: Annotated[
        str, typer.Option(help="Seeds: how many, from 1, or which: 11-15 or 11,13.")
    ] = "11-15",
    assignments: Assignments = None,
    samples: Samples = 100_000,
    workers: Workers = None,
    out: Out = None,
    home: Home = None,
    as_json: Json = False,
    as_markdown: Markdown = False,
) -> None:
    """Make the paper's Table 1, Figure 2 or Figure 3 at its size; Ctrl-C, then again, resumes."""
    from seqgan_core.figures.methods.paper import table as paper_table
    from seqgan_core.figures.methods.tables import learning, tables
    from seqgan_core.insight.models import Models
    from seqgan_core.judge.comparison import compare_runs
    from seqgan_core.judge.frontier_distance import rivals
    from seqgan_core.judge.report import About
    from seqgan_core.judge.study import study

    check_samples(samples)
    changes: dict[str, Any] = parse_changes(assignments or [])
    if oracle is not None:  # its workers and a later command may start in another folder
        changes["oracle_path"] = str(oracle.expanduser().resolve())
    numbers = read_seeds(seeds)
    plan = target_plan(target, numbers, changes)
    store, count = prepare(plan, workers, out, home)
    runs = train_missing(store, plan, count)
    ended = usable(runs)
    if target == "table1":
        about = About(preset=TABLE_1, changes=changes, budget="updates", seeds=numbers)
        job = compare_runs(Models(store), ended, samples, about=about, stopping=True)
        report = finish_with_bar(_("Measuring"), job)
        made = [paper_table(report, rivals(report)), *tables(report)]
        show_comparison(report, made, out, as_json, as_markdown)
    else:
        result = study(store, plan, ended)
        columns = learning(result.settings(preset(TABLE_1)))
        show_report(result, [columns], out, as_json, as_markdown)
    if len(ended) < len(runs):
        raise typer.Exit(FAILED)
