"""`bench`: how long each step takes on this machine, compared with a textbook version."""

from typing import Annotated

import typer

from seqgan_core.cli.common.options import Json, Threads
from seqgan_core.cli.common.output import say, write_json, write_line
from seqgan_core.training.config import make_config, parse_changes


def bench(
    threads: Threads = 1,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "cpu",
    repeats: Annotated[int, typer.Option(min=1, max=1000, help="Most repeats of each step.")] = 5,
    with_textbook: Annotated[
        bool,
        typer.Option(
            "--textbook/--no-textbook", help="Time the textbook version too (takes minutes)."
        ),
    ] = True,
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="FIELD=VALUE", help="Change a size from the paper's; may be repeated."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure the steps of the paper's experiment: median time and peak memory."""
    from seqgan_core.bench.bench import render, run_bench

    config = make_config(**parse_changes(assignments or []))
    result = run_bench(threads, device, repeats, with_textbook, config, say)
    if as_json:
        write_json(result)
    else:
        write_line(render(result))
