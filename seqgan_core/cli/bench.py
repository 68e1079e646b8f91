"""`bench`: how long each step takes on this machine, beside the textbook way."""

from __future__ import annotations

from typing import Annotated

import typer

from seqgan_core.cli.common.options import Json, Threads
from seqgan_core.cli.common.output import InputError, say, write_json, write_line
from seqgan_core.training.config import TrainConfig, make_config, parse_changes


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
    from seqgan_core.bench.bench import render, run_bench

    if not 1 <= repeats <= 1000:
        raise InputError(f"--repeats is {repeats}; it must be from 1 to 1000")
    if threads < 1:
        raise InputError(f"--threads is {threads}; it must be 1 or more (1 is the default)")
    config = make_config(TrainConfig(), **parse_changes(assignments or []))
    result = run_bench(threads, device, repeats, with_textbook, config, say)
    if as_json:
        write_json(result)
    else:
        write_line(render(result))
