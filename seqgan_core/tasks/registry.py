"""All tasks by name."""

from typing import Literal

TaskName = Literal["synthetic", "poems", "speech", "music"]

TASKS: dict[TaskName, str] = {
    "synthetic": "Oracle (the paper's synthetic task)",
    "poems": "Poems",
    "speech": "Speech",
    "music": "Music",
}

CORPUS_TASKS: tuple[TaskName, ...] = ("poems", "speech", "music")
"""Tasks whose data is a corpus: it decides the vocabulary and the number of sequences."""
