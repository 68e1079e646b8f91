"""A problem small enough to follow by hand, and variants of it that change one setting."""

from typing import Any

from seqgan_core.training.config import TrainConfig, make_config

# The paper's Algorithm 1 in small: 6 tokens, sequences of 5, 3 roll-outs, 2 sequences per update.
# The learning rates are far above the paper's, so that 8 rounds change the second or third digit.
TINY = make_config(
    vocab_size=6,
    sequence_length=5,
    n_train=8,
    n_test=16,
    oracle_seed=9,
    oracle_embedding_size=8,
    oracle_hidden_size=8,
    g_embedding_size=4,
    g_hidden_size=6,
    pretrain_epochs=6,
    pretrain_learning_rate=0.03,
    batch_size=4,
    d_embedding_size=4,
    d_widths=(1, 2, 3),
    d_filters=(4, 4, 4),
    d_dropout_keep=0.9,
    d_l2=0.01,
    d_learning_rate=0.02,
    d_pretrain_steps=2,
    rounds=8,
    g_steps=1,
    d_steps=1,
    d_epochs=2,
    g_batch_size=2,
    g_learning_rate=0.05,
    n_rollouts=3,
    n_eval=64,
    evaluate_every=8,
    checkpoint_every=8,
    divergence_nats=100,  # it must run to its end
    device="cpu",
)

WHAT_IFS: dict[str, dict[str, Any]] = {
    "base": {},
    "one_rollout": {"n_rollouts": 1},
    "no_d_steps": {"d_steps": 0},
    "constant_reward": {"strategy": "constant_reward"},
    "value_network": {"q_normalisation": "value", "v_size": 8, "v_learning_rate": 0.03},
}


def tiny(name: str = "base", **changes: Any) -> TrainConfig:
    """The tiny problem as the what-if `name` has it, with the given settings changed.

    Raises:
        ConfigError: a change is not allowed.
    """
    return make_config(TINY, **WHAT_IFS[name] | changes)
