"""Options that several commands share."""

import os
from pathlib import Path
from typing import Annotated

import typer

from seqgan_core.tasks.home import VARIABLE


def _set_home(home: Path | None) -> Path | None:
    """Sets the variable, so that training and a sweep's workers use the same folder."""
    if home is not None:
        os.environ[VARIABLE] = str(home.expanduser().absolute())
    return home


Home = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the runs; by default SEQGAN_HOME, or your user data folder.",
        callback=_set_home,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
Run = Annotated[str, typer.Argument(help="A run's id, or the beginning of it.")]
Threads = Annotated[int, typer.Option(min=1, help="Number of CPU threads.")]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Change a setting; may be repeated."),
]
Step = Annotated[
    int | None, typer.Option(help="Use the checkpoint of this step; by default the latest.")
]
DrawSeed = Annotated[int, typer.Option("--seed", help="Seed of this command's random draws.")]
