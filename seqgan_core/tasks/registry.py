"""The tasks there are, by name."""

TASKS: dict[str, str] = {
    "synthetic": "Oracle (the paper's synthetic task)",
    "poems": "Poems",
    "speech": "Speech",
}

TEXT_TASKS = ("poems", "speech")
"""Tasks whose data is a corpus: it decides the vocabulary and the number of sequences."""
