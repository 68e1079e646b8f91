"""Devices by name, and the estimate of a run's time."""

import pytest
import torch

from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.evaluation import TEMPERATURES
from seqgan_core.training.setup import estimate
from seqgan_core.training.setup.devices import describe_device, resolve_device
from seqgan_core.training.setup.estimate import UnitCosts, estimate_seconds

CPU = torch.device("cpu")
ONE = UnitCosts(
    mle_update=1.0, scheduled_update=3.0, policy_update=1.0, d_update=1.0,
    sample=0.0, score=0.0, judge=0.0, value_update=0.0, node=0.0, bleu=0.0, nll=0.0,
)  # fmt: skip
CONFIG = make_config(
    vocab_size=20, sequence_length=5, n_train=640, batch_size=64, d_widths=(1,), d_filters=(2,),
    pretrain_epochs=3, rounds=5, g_steps=2, d_steps=2, d_epochs=2, d_pretrain_steps=4,
)  # fmt: skip


def counted(monkeypatch: pytest.MonkeyPatch, **changes: object) -> float:
    """The estimate when every update takes a second and all else nothing."""
    monkeypatch.setattr(estimate, "unit_costs", lambda sizes, device: ONE)
    return estimate_seconds(make_config(CONFIG, **changes), CPU)


def test_the_estimate_counts_the_updates_of_each_strategy(monkeypatch: pytest.MonkeyPatch) -> None:
    mle, policy, d = 3 * 10, 5 * 2, (4 + 5 * 2) * 2 * 20
    assert counted(monkeypatch) == mle + policy + d
    assert counted(monkeypatch, strategy="constant_reward") == mle + policy
    assert counted(monkeypatch, strategy="mle") == mle + policy
    assert counted(monkeypatch, strategy="scheduled_sampling") == 3 * (mle + policy)
    assert counted(monkeypatch, strategy="pg_bleu") == mle + policy
    assert counted(monkeypatch, strategy="random") == 0
    assert counted(monkeypatch, rounds=0) == mle
    assert counted(monkeypatch, d_batch_size=320) == mle + policy + d / 5


def test_the_estimate_counts_the_temperature_curve_of_a_method_with_a_reward(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_sequence = UnitCosts(**dict.fromkeys(vars(ONE), 0.0) | {"nll": 1.0})
    monkeypatch.setattr(estimate, "unit_costs", lambda sizes, device: a_sequence)
    seconds = {
        name: estimate_seconds(make_config(CONFIG, strategy=name), CPU)
        for name in ("mle", "constant_reward")
    }
    curve = len(TEMPERATURES) * (CONFIG.n_eval + CONFIG.n_test)
    assert seconds["constant_reward"] == seconds["mle"] + curve


def test_the_estimate_counts_what_looking_ahead_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one update of 3 sequences of 5 tokens with 4 roll-outs, or 6 simulations a position."""
    one = {"rounds": 1, "g_steps": 1, "g_batch_size": 3, "n_rollouts": 4, "search_simulations": 6}

    def uses(unit: str, **changes: object) -> float:
        costs = UnitCosts(**dict.fromkeys(vars(ONE), 0.0) | {unit: 1.0})
        monkeypatch.setattr(estimate, "unit_costs", lambda sizes, device: costs)
        return estimate_seconds(make_config(CONFIG, **one | changes), CPU)

    assert uses("value_update") == 0
    assert uses("value_update", q_normalisation="value") == 2
    assert uses("value_update", strategy="actor_critic", v_steps=5) == 5
    assert uses("score") == 4 * (5 - 1) * 3
    assert uses("score", strategy="actor_critic") == uses("score", strategy="tree_search") == 0
    assert uses("judge", strategy="actor_critic") == 3
    assert uses("judge", strategy="best_of_n") == (4 * (5 - 1) + 1) * 3
    assert uses("node", strategy="tree_search") == 3 * 5 * (1 + 6)
    assert uses("judge", strategy="tree_search") == 3 + 3 * 5 * (1 + 6)
    assert uses("judge", strategy="tree_search", search_rollout_share=0) == 3


def test_moving_a_slider_of_the_schedule_measures_nothing_anew() -> None:
    def sizes(config: TrainConfig) -> TrainConfig:
        return estimate._sizes_only(config)

    assert sizes(CONFIG) == sizes(make_config(CONFIG, rounds=99, g_steps=7, n_rollouts=2, seed=5))
    assert sizes(CONFIG) != sizes(make_config(CONFIG, vocab_size=21))


def test_the_probe_measures_positive_times() -> None:
    costs = estimate.unit_costs(estimate._sizes_only(CONFIG), CPU)
    assert all(seconds > 0 for seconds in vars(costs).values())


def test_a_device_that_is_not_here_is_refused_and_those_that_are_named() -> None:
    assert resolve_device("cpu") == CPU
    assert describe_device(CPU).startswith("CPU, ")
    with pytest.raises(ConfigError, match="must be auto, cpu, cuda or mps"):
        resolve_device("tpu")
    if not torch.cuda.is_available():
        with pytest.raises(ConfigError, match=r"does not have; choose auto or .*cpu"):
            resolve_device("cuda")
