"""Named settings, from a run of half a minute to the paper's experiment."""

from seqgan_core.messages import N_
from seqgan_core.training.config import ConfigError, TrainConfig, make_config

PAPER = TrainConfig()

# Chosen by experiment (assets/experiments/lesson.md). Paper: policy gradient on Q itself, D at
# 1e-4. Here: Q minus the value of the prefix, and a D that learns fast on a small vocabulary,
# because the paper's settings show no effect within minutes.
_SMALL = make_config(
    PAPER,
    oracle_seed=1,  # the first of the seeds in the experiment
    vocab_size=50,
    sequence_length=10,
    n_train=20_000,
    n_test=5000,
    batch_size=128,
    d_embedding_size=32,
    d_widths=(2, 3, 4),
    d_filters=(64, 64, 64),
    d_dropout_keep=0.9,
    d_l2=0.0,
    d_learning_rate=0.005,
    d_samples=10_000,
    d_epochs=1,
    d_steps=1,
    g_batch_size=256,
    g_learning_rate=0.002,
    n_rollouts=4,
    q_normalisation="advantage",
    report_every=40,
)

LESSON = make_config(
    _SMALL,
    pretrain_epochs=24,
    d_pretrain_steps=30,
    rounds=80,
    g_steps=12,
    g_learning_rate=0.0015,
    evaluate_every=2,
)

GLANCE = make_config(
    _SMALL,
    n_train=5120,
    n_test=1000,
    d_samples=2560,
    pretrain_epochs=15,
    d_pretrain_steps=15,
    rounds=30,
    g_steps=4,
    n_eval=2000,
    evaluate_every=1,
    report_every=20,
)

# The paper's data, oracle, generator and evaluation, with a schedule of minutes, chosen by
# experiment on the authors' oracle. Paper: 120 epochs, a D of 1,720 filters at 1e-4, 64 sequences
# an update. Here: MLE stops before it has overfitted as far, D is small and regularised, because a
# larger one only memorises 9,984 sequences, and many small policy updates.
TABLE_1 = make_config(
    PAPER,
    oracle_seed=11,  # of data that had no part in the choice
    pretrain_epochs=16,
    d_embedding_size=16,
    d_widths=(1, 2),
    d_filters=(32, 64),
    d_dropout_keep=0.5,
    d_l2=0.02,
    d_learning_rate=0.01,
    d_batch_size=256,
    d_samples=1024,
    d_pretrain_steps=80,
    d_steps=1,
    d_epochs=1,
    rounds=8,
    g_steps=20,
    g_batch_size=4,
    g_learning_rate=0.002,
    n_rollouts=16,
    evaluate_every=1,
    checkpoint_every=2,
)

# Text, chosen by experiment with seed 1 (assets/experiments/text.md):
# MLE stops where it begins to overfit; dropout keeps D from overfitting too; the policy gradient
# takes small steps over large batches.
_TEXT = make_config(
    PAPER,
    g_embedding_size=64,
    g_hidden_size=128,
    pretrain_learning_rate=0.005,
    d_embedding_size=32,
    d_widths=(1, 2, 3, 4, 5),
    d_filters=(64, 64, 64, 64, 64),
    d_dropout_keep=0.5,
    d_l2=0.1,
    d_learning_rate=0.0007,
    d_samples=4096,
    d_pretrain_steps=12,
    d_steps=1,
    d_epochs=1,
    g_steps=4,
    g_batch_size=256,
    g_learning_rate=0.0005,
    n_rollouts=4,
    q_normalisation="advantage",
    rounds=40,
    n_eval=1000,
    evaluate_every=1,
    report_every=40,
)

POEMS = make_config(_TEXT, task="poems", corpus="tang-quatrains", pretrain_epochs=5)

SPEECH = make_config(
    _TEXT, task="speech", corpus="obama-speeches", min_count=2, pretrain_epochs=7, rounds=20
)

# Tunes, chosen by experiment with seed 1 (assets/experiments/music.md): there is more to learn than
# from the texts above, so MLE takes longer; and D needs filters as wide as a motif, because what
# MLE's tunes lack most is repetition.
MUSIC = make_config(
    _TEXT,
    task="music",
    corpus="ryan-oneill",
    transpose=True,
    sequence_length=32,
    pretrain_epochs=12,
    d_widths=(1, 2, 3, 4, 5, 6, 8, 10, 16),
    d_filters=(64,) * 9,
    d_steps=2,
    g_learning_rate=0.001,
    rounds=40,
)

PRACTICE = make_config(
    _TEXT,
    task="poems",
    corpus="practice",
    g_embedding_size=32,
    g_hidden_size=64,
    pretrain_learning_rate=0.01,
    pretrain_epochs=6,
    d_samples=2048,
    d_pretrain_steps=6,
    g_batch_size=128,
    g_learning_rate=0.001,
    rounds=15,
    n_eval=500,
)

PRESETS: dict[str, TrainConfig] = {
    "glance": GLANCE,
    "lesson": LESSON,
    "table1": TABLE_1,
    "paper": PAPER,
    "poems": POEMS,
    "speech": SPEECH,
    "music": MUSIC,
    "practice": PRACTICE,
}

# The seeds that a preset's settings were chosen with (assets/experiments): with an oracle each on
# the oracle of its own number, of a corpus on the held-out data that its numbers come from. Those
# of table1 are seeds of training and of data, all on the authors' oracle.
CHOSEN_WITH: dict[str, tuple[int, ...]] = {
    "glance": (1, 2, 4),  # the lesson's, made shorter
    "lesson": (1, 2, 4),
    "table1": (0, 1, 2, 3),
    "poems": (1,),
    "speech": (1,),
    "music": (1,),
}

PRESET_HELP: dict[str, str] = {
    "glance": N_("Half a minute on two CPU cores, to see the curves move."),
    "lesson": N_(
        "Two to three minutes: SeqGAN lowers NLL_oracle and raises NLL_test, as a lower "
        "temperature of MLE does."
    ),
    "table1": N_(
        "The paper's size of data, oracle and generator, with a smaller D and a shorter schedule "
        "that was chosen on the authors' oracle with other data: minutes on one CPU thread."
    ),
    "paper": N_("The authors' settings, but with shuffled batches; hours on a CPU."),
    "poems": N_("Five-character quatrains, the paper's corpus: a few minutes, after a download."),
    "speech": N_("Sentences from presidential speeches: a few minutes, after a download."),
    "music": N_(
        "Fiddle tunes in eighth notes, in one key: a few minutes, after the tune books are read."
    ),
    "practice": N_("Generated practice quatrains, no download: half a minute."),
}


def preset(name: str) -> TrainConfig:
    """The settings of a preset.

    Raises:
        ConfigError: there is no preset of that name.
    """
    if name not in PRESETS:
        raise ConfigError(
            "config.preset", "preset is {given!r}; it must be one of {allowed}",
            given=name, allowed=", ".join(PRESETS),
        )  # fmt: skip
    return PRESETS[name]
