"""Options that several commands share, so that they are named and explained once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from seqgan_core.tasks.home import VARIABLE


def _set_home(home: Path | None) -> Path | None:
    """Lets what is built deep inside training, and a sweep's workers, find the same folder."""
    if home is not None:
        os.environ[VARIABLE] = str(home.expanduser().absolute())
    return home


Home = Annotated[
    Path | None,
    typer.Option(
        help="Folder where runs live; else SEQGAN_HOME, else your user data folder.",
        show_default=False,
        callback=_set_home,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Only JSON on standard output.")]
Run = Annotated[str, typer.Argument(help="A run's id, or its beginning.", show_default=False)]
Threads = Annotated[int, typer.Option(help="CPU threads to compute with.")]
Step = Annotated[
    int | None,
    typer.Option(help="Use the checkpoint of this step; else the latest.", show_default=False),
]
DrawSeed = Annotated[int, typer.Option("--seed", help="Starts the random draws of this command.")]
