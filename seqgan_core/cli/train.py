"""`train` and `resume`: train a stored run in the foreground."""

from pathlib import Path
from typing import Annotated, Any

import typer

from seqgan_core.cli.common.options import Assignments, Home, Json, Run, Threads
from seqgan_core.cli.common.output import (
    FAILED,
    FINISHED,
    INTERRUPTED,
    say,
    silence_output,
    write_json,
    write_line,
)
from seqgan_core.cli.common.progress import metrics_line, training_bars
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.registry import TASKS
from seqgan_core.training.config import make_config, parse_changes
from seqgan_core.training.events import (
    Evaluated,
    Event,
    GeneratorUpdated,
    TemperaturesMeasured,
    to_dict,
)
from seqgan_core.training.setup.presets import PRESETS
from seqgan_core.training.setup.presets import preset as preset_named
from seqgan_core.training.strategies import STRATEGIES

Strategy = Annotated[str | None, typer.Option(help=f"One of {', '.join(STRATEGIES)}.")]
EXIT_STATUS = {"finished": FINISHED, "interrupted": INTERRUPTED}  # all others failed


def train(
    preset: Annotated[str, typer.Option(help=f"One of {', '.join(PRESETS)}.")] = "lesson",
    task: Annotated[str | None, typer.Option(help=f"One of {', '.join(TASKS)}.")] = None,
    strategy: Strategy = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all random draws.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda or mps.")] = None,
    oracle: Annotated[
        Path | None,
        typer.Option(
            help="An .npz file with the oracle's weights; by default they are drawn at random."
        ),
    ] = None,
    assignments: Assignments = None,
    name: Annotated[str | None, typer.Option(help="A name for the run.")] = None,
    threads: Threads = 1,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Train a new run and store it; Ctrl-C stops it with a checkpoint."""
    from seqgan_core.tasks.oracle_file import load_oracle
    from seqgan_core.training.build import resolve_config
    from seqgan_core.training.setup.devices import prepare_cpu

    prepare_cpu(threads)
    named: dict[str, Any] = {
        "task": task,
        "strategy": strategy,
        "seed": seed,
        "device": device,
        # The run may be resumed from another folder.
        "oracle_path": str(oracle.expanduser().resolve()) if oracle else None,
    }
    changes = {field: value for field, value in named.items() if value is not None}
    changes |= parse_changes(assignments or [])
    if "oracle_path" in changes:
        # The file decides the vocabulary; a preset's would be refused.
        changes.setdefault("vocab_size", load_oracle(changes["oracle_path"]).vocab_size)
    config = resolve_config(make_config(preset_named(preset), **changes))
    store = Store(home)
    run_id = store.create_run(config, preset=preset, name=name)
    raise typer.Exit(_train_stored(store, run_id, as_json))


def resume(run: Run, threads: Threads = 1, home: Home = None, as_json: Json = False) -> None:
    """Continue a run from its last checkpoint."""
    from seqgan_core.training.build import resolve_config
    from seqgan_core.training.setup.devices import prepare_cpu

    prepare_cpu(threads)
    store = Store(home)
    record = store.run(run)
    resolve_config(record.config)  # raises before anything is trained
    raise typer.Exit(_train_stored(store, record.id, as_json))


def _train_stored(store: Store, run_id: str, as_json: bool) -> int:
    from seqgan_core.runs.driver import drive

    config = store.run(run_id).config
    say(f"Run {run_id}: {config.strategy} on {config.task}, seed {config.seed}")
    learnt = store.frame(run_id, "DiscriminatorUpdated")
    before = int(learnt.loc[learnt["phase"] == "pretrain_discriminator", "updates"].sum())
    with training_bars(config, before) as progress:

        def on_event(event: Event) -> None:
            progress(event)
            learns_values = isinstance(event, GeneratorUpdated) and event.v_loss is not None
            if as_json and (learns_values or isinstance(event, Evaluated | TemperaturesMeasured)):
                write_json({"run": run_id, **to_dict(event)})

        try:
            record = drive(store, run_id, on_event=on_event)
        except BrokenPipeError:  # the reader has gone; the run is stored, with a checkpoint
            silence_output()
            return INTERRUPTED
    _report(record, as_json)
    return EXIT_STATUS.get(record.status, FAILED)


def _report(record: RunRecord, as_json: bool) -> None:
    if as_json:
        ended = {"run": record.id, "status": record.status}
        write_json(ended | {"metrics": record.metrics, "seconds": record.seconds})
    else:
        numbers = metrics_line(record.metrics) or "nothing measured yet"
        write_line(f"{record.id} {record.status} after {record.seconds:.1f} s: {numbers}")
    if record.reason:
        say(record.reason)
    if record.status == "interrupted":
        say(f"Continue it: python -m seqgan_core resume {record.id}")
