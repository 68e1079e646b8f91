"""Options that several commands share, so that they are named and explained once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option(
        help="Folder where runs live; else SEQGAN_HOME, else your user data folder.",
        show_default=False,
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
