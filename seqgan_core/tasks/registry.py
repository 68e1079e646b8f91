"""The tasks there are, by name."""

TASKS: dict[str, str] = {"synthetic": "Oracle (the paper's synthetic task)"}
