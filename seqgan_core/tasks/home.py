"""The folder where runs, checkpoints and fetched texts live."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

VARIABLE = "SEQGAN_HOME"


def default_home() -> Path:
    """Where everything lives: `SEQGAN_HOME`, or else the platform's folder for user data."""
    folder = os.environ.get(VARIABLE)
    if folder:
        return Path(folder).expanduser()
    return platformdirs.user_data_path("seqgan-lab", appauthor=False)


def corpora_folder(home: Path | None = None) -> Path:
    """Where the texts are that were fetched, or are one's own; it may not exist yet."""
    return (home or default_home()).absolute() / "corpora"
