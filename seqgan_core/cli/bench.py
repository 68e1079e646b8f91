"""`bench`: how long each step takes on this machine, beside the textbook way."""

from __future__ import annotations

import platform
from typing import Annotated, Any

import torch
import typer

from seqgan_core.bench.steps import Comparison, compare
from seqgan_core.bench.stopwatch import Timing
from seqgan_core.cli.options import Json, Threads
from seqgan_core.cli.output import InputError, say, write_json, write_table
from seqgan_core.cli.train import use_threads
from seqgan_core.training.config import TrainConfig, make_config, parse_changes
from seqgan_core.training.devices import describe_device, matmul_backend, resolve_device


def bench(
    threads: Threads = 1,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "cpu",
    repeats: Annotated[int, typer.Option(help="How often each step is timed at most.")] = 5,
    with_textbook: Annotated[
        bool, typer.Option("--textbook/--no-textbook", help="Time the textbook way too (minutes).")
    ] = True,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Another size than the paper's."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measures the steps of the paper's experiment: the median time and the peak of memory."""
    if not 1 <= repeats <= 1000:
        raise InputError(f"--repeats is {repeats}; it must be from 1 to 1000")
    use_threads(threads)
    config = make_config(TrainConfig(), **parse_changes(assignments or []))
    where = resolve_device(device)
    say(f"{describe_device(where)}; at most {repeats} repeats of each step, after a warm-up.")
    found = []
    for comparison in compare(config, where, repeats, with_textbook):
        say(f"{comparison.title}: {comparison.ours.seconds * 1e3:.3g} ms")
        found.append(comparison)
    if as_json:
        write_json(_report(config, where, threads, found))
    else:
        write_table(
            f"{describe_device(where)}, torch {torch.__version__}",
            ("step", "ms", "repeats", "peak MB", "textbook ms", "repeats", "peak MB", "faster"),
            (
                (
                    comparison.title,
                    *_cells(comparison.ours),
                    *_cells(comparison.textbook),
                    f"{comparison.speed_up:.1f}×" if comparison.speed_up else "",
                )
                for comparison in found
            ),
        )


def _report(
    config: TrainConfig, device: torch.device, threads: int, found: list[Comparison]
) -> dict[str, Any]:
    return {
        "device": describe_device(device),
        "threads": threads,
        "matrix_products": matmul_backend(),
        "machine": f"{platform.system()} {platform.machine()}",
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "sizes": {
            "vocab_size": config.vocab_size,
            "sequence_length": config.sequence_length,
            "batch_size": config.batch_size,
            "n_rollouts": config.n_rollouts,
        },
        "steps": {
            comparison.name: {
                "title": comparison.title,
                **_timing(comparison.ours),
                "textbook": _timing(comparison.textbook) if comparison.textbook else None,
                "speed_up": comparison.speed_up,
            }
            for comparison in found
        },
    }


def _timing(timing: Timing) -> dict[str, Any]:
    return {
        "median_seconds": timing.seconds,
        "fastest_seconds": timing.fastest,
        "repeats": timing.repeats,
        "peak_bytes": timing.peak_bytes,
    }


def _cells(timing: Timing | None) -> tuple[str, str, str]:
    if timing is None:
        return "", "", ""
    peak = "" if timing.peak_bytes is None else f"{timing.peak_bytes / 1e6:.0f}"
    return f"{timing.seconds * 1e3:.4g}", str(timing.repeats), peak
