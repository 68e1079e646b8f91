"""Named settings, from something to watch in half a minute to the paper's own experiment."""

from __future__ import annotations

from seqgan_core.training.config import ConfigError, TrainConfig, make_config

PAPER = TrainConfig()

_SMALL = make_config(
    PAPER,
    vocab_size=200,
    sequence_length=10,
    n_train=20_000,
    n_test=2000,
    d_embedding_size=32,
    d_widths=(1, 2, 3, 4, 5),
    d_filters=(32, 64, 64, 64, 32),
    d_l2=0.01,
    d_learning_rate=3e-4,
    d_epochs=1,
    g_batch_size=256,
    g_learning_rate=0.002,
    n_rollouts=8,
    q_normalisation="standardise",
    n_eval=10_000,
    report_every=40,
)

LESSON = make_config(
    _SMALL,
    pretrain_epochs=15,
    d_pretrain_steps=3,
    rounds=30,
    g_steps=8,
    d_steps=1,
    evaluate_every=1,
)

GLANCE = make_config(
    _SMALL,
    vocab_size=100,
    sequence_length=8,
    n_train=4096,
    n_test=1000,
    pretrain_epochs=10,
    d_pretrain_steps=2,
    rounds=15,
    g_steps=4,
    d_steps=1,
    n_eval=2000,
    evaluate_every=1,
    checkpoint_every=5,
    report_every=16,
)

PRESETS: dict[str, TrainConfig] = {"glance": GLANCE, "lesson": LESSON, "paper": PAPER}

PRESET_HELP: dict[str, str] = {
    "glance": "Half a minute on two CPU cores, to watch the curves move.",
    "lesson": "Under three minutes: SeqGAN, set to pass MLE, and the control to judge it by.",
    "paper": "The authors' settings to the letter; hours on a CPU.",
}


def preset(name: str) -> TrainConfig:
    """The settings of a preset.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in PRESETS:
        raise ConfigError(f"preset is {name!r}; it must be one of {', '.join(PRESETS)}")
    return PRESETS[name]
