"""Which runs can be compared: those whose numbers were measured by the same thing."""

from __future__ import annotations

from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.config import TrainConfig


def measured_by(config: TrainConfig) -> tuple[object, ...]:
    """What a run's numbers are measured by; numbers by another one say nothing beside them.

    An NLL of text or tunes depends on the vocabulary and on the held-out sequences, so it is
    compared only where these are the same. Runs on an oracle are compared whatever their oracle is.
    """
    if config.task not in CORPUS_TASKS:
        return (config.task,)
    data = config.corpus, config.punctuation, config.music_form, config.transpose
    return config.task, *data, config.sequence_length, config.vocab_size, config.n_test
