"""`runs`, `show`, `metrics`, `export`, `import`: the stored runs."""

import math
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from seqgan_core.cli.common.options import Home, Json, Run
from seqgan_core.cli.common.output import InputError, say, write_json, write_line, write_table
from seqgan_core.cli.common.progress import metrics_line
from seqgan_core.runs.bundle import export_bundle, import_bundle
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.setup.config_rules import hidden_settings
from seqgan_core.training.setup.presets import PRESETS


def runs(home: Home = None, as_json: Json = False) -> None:
    """List the runs, newest first."""
    records = Store(home).runs()
    if as_json:
        write_json([summary(record) for record in records])
    elif not records:
        say("No runs yet; `python -m seqgan_core train --preset glance` makes one.")
    else:
        head = (
            "run", "name", "status", "task", "preset", "strategy", "seed", "step", "seconds",
            "latest",
        )  # fmt: skip
        rows = [
            (r.id, r.name, r.status, learnt_from(r.config), r.preset or "", r.config.strategy,
             str(r.config.seed), str(r.step), f"{r.seconds:.1f}", metrics_line(r.metrics))
            for r in records
        ]  # fmt: skip
        write_table("", head, rows)


def show(run: Run, home: Home = None, as_json: Json = False) -> None:
    """Show one run: its status, settings and checkpoints."""
    store = Store(home)
    record = store.run(run)
    checkpoints = store.checkpoints(record.id)
    if as_json:
        more: dict[str, Any] = {"config": record.config.model_dump(), "versions": record.versions}
        more |= {"checkpoints": [vars(checkpoint) for checkpoint in checkpoints]}
        write_json(summary(record) | more, indent=2)
        return
    shown = summary(record) | {
        "metrics": ", ".join(f"{name} {value:.4g}" for name, value in record.metrics.items()),
        "best": ", ".join(f"{name} {value:.4g}" for name, value in record.best.items()),
        "versions": ", ".join(f"{part} {version}" for part, version in record.versions.items()),
        "made": record.made.line(),
        "checkpoints": ", ".join(str(c.step) for c in checkpoints),
    }
    write_table("", ("run", shown.pop("run")), [(name, _text(v)) for name, v in shown.items()])
    base = PRESETS.get(record.preset or "", TrainConfig())
    changed = differences(record.config, base)
    title = f"Settings that differ from the preset {record.preset or 'paper'}"
    write_table(title, ("setting", "here", "preset"), changed or [("none", "", "")])


def metrics(
    run: Run,
    format: Annotated[Literal["csv", "json"], typer.Option(help="csv or json.")] = "csv",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Print every evaluation of a run, one row each."""
    store = Store(home)
    frame = store.frame(store.run(run).id, "Evaluated").drop(columns="followed", errors="ignore")
    if as_json or format == "json":
        write_json([dict(row) for row in frame.to_dict(orient="records")])
    else:
        write_line(frame.to_csv(index=False).rstrip("\n"))


def export(
    run: Run,
    file: Annotated[Path, typer.Argument(help="The .zip file to write.")],
    last: Annotated[
        int | None, typer.Option(min=0, help="Include only this many of the newest checkpoints.")
    ] = None,
    at: Annotated[
        list[int] | None, typer.Option(help="Include the checkpoint of this step; may be repeated.")
    ] = None,
    home: Home = None,
) -> None:
    """Write a run, with its events and checkpoints, to one file."""
    store = Store(home)
    record = store.run(run)
    stored = [point.step for point in store.checkpoints(record.id)]
    if missing := sorted(set(at or ()) - set(stored)):
        listed = ", ".join(map(str, stored)) or "–"
        raise InputError("input.no-checkpoint", given=missing[0], run=record.id, steps=listed)
    steps = set(stored if last is None and at is None else at or ())
    steps |= set(stored[max(0, len(stored) - last) :] if last is not None else ())
    export_bundle(store, record.id, file, steps=steps)
    say(f"{file} was written. {record.made.line()}")


def import_(
    file: Annotated[Path, typer.Argument(help="A .zip file that `export` wrote.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Import an exported run; importing it twice changes nothing."""
    run_id = import_bundle(Store(home), file)
    if as_json:
        write_json({"run": run_id})
    else:
        write_line(run_id)


def summary(record: RunRecord) -> dict[str, Any]:
    """A run as JSON-ready values, without its settings."""
    config, values = record.config, dict(vars(record))
    for name in ("id", "config", "versions", "deleted"):
        del values[name]
    learned = {"corpus": config.corpus or None}
    learned |= {name: getattr(config, name) for name in ("task", "strategy", "seed")}
    return {"run": record.id, **values, **learned}


def learnt_from(config: TrainConfig) -> str:
    """What a run learned from, in one word: its corpus, or the oracle's task."""
    return config.corpus if config.task in CORPUS_TASKS else config.task


def differences(config: TrainConfig, base: TrainConfig) -> list[tuple[str, str, str]]:
    """Setting, value in `config` and value in `base`, where a choice made them differ."""
    values, others, left_out = config.model_dump(), base.model_dump(), hidden_settings(config)
    return [
        (name, str(values[name]), str(others[name]))
        for name in values
        if values[name] != others[name] and name not in left_out
    ]


def _text(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.1f}"
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)
