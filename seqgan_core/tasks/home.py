"""The folder of runs, checkpoints and corpora."""

import os
from pathlib import Path

import platformdirs

VARIABLE = "SEQGAN_HOME"


def default_home() -> Path:
    """The folder of all data: `SEQGAN_HOME`, or the platform's folder for user data."""
    folder = os.environ.get(VARIABLE)
    if folder:
        return Path(folder).expanduser()
    return platformdirs.user_data_path("seqgan-lab", appauthor=False)


def corpora_folder(home: Path | None = None) -> Path:
    """The folder of corpora, which may not exist yet."""
    return (home or default_home()).absolute() / "corpora"
