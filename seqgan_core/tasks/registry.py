"""The tasks there are, by name, and which settings each has no use for."""

TASKS: dict[str, str] = {
    "synthetic": "Oracle (the paper's synthetic task)",
    "poems": "Poems",
    "speech": "Speech",
    "music": "Music",
}

CORPUS_TASKS = ("poems", "speech", "music")
"""Tasks whose data is a corpus: it decides the vocabulary and the number of sequences."""

_ORACLE = ("oracle_seed", "oracle_path", "oracle_embedding_size", "oracle_hidden_size")

DECIDED: dict[str, tuple[str, ...]] = {
    "synthetic": (),
    "poems": ("vocab_size", "sequence_length", "n_train", "n_test"),
    "speech": ("vocab_size", "n_train", "n_test"),
    "music": ("vocab_size", "n_train", "n_test"),
}
"""Settings that a task's data decides, whatever they are set to."""

_TUNES = ("music_form", "transpose")

IDLE: dict[str, tuple[str, ...]] = {
    "synthetic": ("corpus", "punctuation", "min_count", "start_from", *_TUNES),
    "poems": (*_ORACLE, *_TUNES),
    "speech": (*_ORACLE, "punctuation", *_TUNES),
    "music": (*_ORACLE, "punctuation", "min_count"),
}
"""Settings that mean nothing to a task."""
