"""`train` and `resume`: a stored run, trained in the foreground."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import torch
import typer

from seqgan_core.cli.options import Home, Json, Run, Threads
from seqgan_core.cli.output import (
    FAILED,
    FINISHED,
    INTERRUPTED,
    InputError,
    say,
    write_json,
    write_line,
)
from seqgan_core.cli.progress import ProgressReport, metrics_line
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.tasks.registry import make_task
from seqgan_core.training.config import make_config, parse_changes
from seqgan_core.training.devices import resolve_device
from seqgan_core.training.events import Evaluated, Event, to_dict
from seqgan_core.training.presets import preset as preset_named


def train(
    preset: Annotated[str, typer.Option(help="glance, lesson or paper.")] = "lesson",
    task: Annotated[str | None, typer.Option(help="What the sequences are.")] = None,
    strategy: Annotated[
        str | None, typer.Option(help="seqgan, mle, random or constant_reward.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Starts every stream of randomness.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda or mps.")] = None,
    oracle: Annotated[
        Path | None, typer.Option(help="An .npz with the oracle's arrays, instead of drawing one.")
    ] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Changes any setting; may be repeated."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="A name for the run.")] = None,
    threads: Threads = 1,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Trains a new run and keeps it; Ctrl-C stops it with a checkpoint."""
    use_threads(threads)
    named: dict[str, Any] = {
        "task": task,
        "strategy": strategy,
        "seed": seed,
        "device": device,
        # Resuming may happen from another folder.
        "oracle_path": str(oracle.expanduser().resolve()) if oracle else None,
    }
    changes = {field: value for field, value in named.items() if value is not None}
    config = make_config(preset_named(preset), **changes | parse_changes(assignments or []))
    # Whatever is wrong with the device or the oracle is said before a run is listed.
    make_task(config, resolve_device(config.device))
    store = Store(home)
    with stop_on_signals() as stop:
        run_id = store.create_run(config, preset=preset, name=name)
        raise typer.Exit(_train_stored(store, run_id, stop, as_json))


def resume(run: Run, threads: Threads = 1, home: Home = None, as_json: Json = False) -> None:
    """Goes on with a run from its last checkpoint."""
    use_threads(threads)
    store = Store(home)
    with stop_on_signals() as stop:
        raise typer.Exit(_train_stored(store, store.run(run).id, stop, as_json))


def use_threads(threads: int) -> None:
    """Says how many CPU threads torch may use."""
    if threads < 1:
        raise InputError(f"--threads is {threads}; it must be 1 or more (1 is the default)")
    torch.set_num_threads(threads)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C or SIGTERM sets; asked a second time, it interrupts at once."""
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        say("Stopping at the next safe moment, with a checkpoint; once more stops at once.")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _train_stored(store: Store, run_id: str, stop: threading.Event, as_json: bool) -> int:
    config = store.run(run_id).config
    say(f"Run {run_id}: {config.strategy} on {config.task}, seed {config.seed}")
    with ProgressReport(config) as progress:

        def on_event(event: Event) -> None:
            progress(event)
            if as_json and isinstance(event, Evaluated):
                try:
                    write_json({"run": run_id, **to_dict(event)})
                except BrokenPipeError:  # nobody reads any more: stop, and keep what there is
                    stop.set()

        drive(store, run_id, on_event=on_event, should_stop=stop.is_set)
    return _report(store, run_id, as_json)


def _report(store: Store, run_id: str, as_json: bool) -> int:
    record = store.run(run_id)
    if as_json:
        write_json(
            {
                "run": run_id,
                "status": record.status,
                "metrics": record.metrics,
                "seconds": record.seconds,
            }
        )
    else:
        write_line(
            f"{run_id} {record.status} after {record.seconds:.1f} s: {metrics_line(record.metrics)}"
        )
    if record.reason:
        say(record.reason)
    if record.status == "finished":
        return FINISHED
    if record.status in ("interrupted", "stopped", "paused"):
        say(f"Go on with: python -m seqgan_core resume {run_id}")
        return INTERRUPTED
    return FAILED
