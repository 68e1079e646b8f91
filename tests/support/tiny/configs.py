"""Tiny settings: runs of a second that go through every phase."""

from typing import Any

from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.setup.presets import PRESETS

# Of the models of text and tunes; the corpus decides the rest.
SIZES: dict[str, Any] = {
    "g_embedding_size": 6, "g_hidden_size": 8, "d_embedding_size": 6, "d_widths": (1, 2, 3),
    "d_filters": (6, 6, 6), "batch_size": 16, "pretrain_epochs": 4, "d_pretrain_steps": 1,
    "d_samples": 32, "rounds": 2, "g_steps": 1, "g_batch_size": 16, "n_rollouts": 2, "n_eval": 64,
    "d_steps": 1, "d_epochs": 1, "evaluate_every": 2, "checkpoint_every": 2, "device": "cpu",
}  # fmt: skip

# Of runs on the synthetic task.
SMALL: dict[str, Any] = {
    "vocab_size": 12, "sequence_length": 6, "n_train": 64, "n_test": 64, "g_embedding_size": 6,
    "g_hidden_size": 6, "d_embedding_size": 6, "d_widths": (1, 2, 3), "d_filters": (6, 6, 6),
    "batch_size": 16, "pretrain_epochs": 3, "d_pretrain_steps": 2, "d_samples": None, "rounds": 3,
    "g_steps": 1, "g_batch_size": 16, "n_rollouts": 4, "n_eval": 64, "evaluate_every": 1,
    "checkpoint_every": 1, "report_every": 5, "device": "cpu",
}  # fmt: skip


def small_config(**changes: Any) -> TrainConfig:
    return make_config(PRESETS["glance"], **SMALL | changes)
