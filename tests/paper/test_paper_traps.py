"""The traps of published implementations that only a whole training run can fall into.

Traps 1 to 8 are tested where they live: test_rollout.py, test_generator.py, test_discriminator.py
and test_objectives.py; their names say the number.
"""

import threading
from typing import Any

import pytest
import torch

from seqgan_core.training.config import TrainConfig, make_config
from seqgan_core.training.events import CheckpointDue, Evaluated, Event, GeneratorUpdated
from seqgan_core.training.trainer import Trainer


def tiny(**changes: Any) -> TrainConfig:
    settings: dict[str, Any] = {
        "device": "cpu",
        "vocab_size": 12,
        "sequence_length": 5,
        "n_train": 64,
        "n_test": 32,
        "g_embedding_size": 8,
        "g_hidden_size": 8,
        "pretrain_epochs": 2,
        "batch_size": 32,
        "d_embedding_size": 4,
        "d_widths": (1, 2),
        "d_filters": (4, 4),
        "d_pretrain_steps": 1,
        "rounds": 3,
        "d_steps": 1,
        "d_epochs": 1,
        "g_batch_size": 16,
        "n_rollouts": 2,
        "n_eval": 64,
        "evaluate_every": 1,
        "checkpoint_every": 1,
    }
    return make_config(TrainConfig(), **(settings | changes))


def run(config: TrainConfig) -> tuple[list[Event], dict[str, torch.Tensor]]:
    trainer = Trainer(config)
    return list(trainer.events()), trainer.state()


def same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return set(first) == set(second) and all(
        torch.equal(first[name], second[name]) for name in first
    )


def test_trap_9_what_is_saved_is_the_generator_as_it_is_now() -> None:
    trainer = Trainer(tiny())
    at_switch, updates_since, checkpoints = None, 0, 0
    for event in trainer.events():
        if isinstance(event, GeneratorUpdated) and event.phase == "adversarial":
            updates_since += 1
        if isinstance(event, CheckpointDue):
            saved = trainer.state()
            for name, parameter in trainer.models.generator.named_parameters():
                assert torch.equal(saved[f"generator.{name}"], parameter)
            if not updates_since:
                at_switch = saved
            else:
                checkpoints += 1
                assert at_switch is not None
                for name, _ in trainer.models.generator.named_parameters():
                    assert not torch.equal(
                        saved[f"generator.{name}"], at_switch[f"generator.{name}"]
                    )
    assert checkpoints == 3
    assert updates_since == 3


def test_trap_10_the_seed_covers_every_stream_of_randomness() -> None:
    """Also while another thread draws from the process-wide state, as the app's do."""
    events, state = run(tiny())
    stop = threading.Event()

    def disturb() -> None:
        while not stop.is_set():
            torch.rand(100)
            torch.manual_seed(3)

    thread = threading.Thread(target=disturb, daemon=True)
    thread.start()
    try:
        again, state_again = run(tiny())
    finally:
        stop.set()
        thread.join()
    assert events == again
    assert same(state, state_again)


def test_trap_10_another_seed_changes_every_stream() -> None:
    _, first = run(tiny(seed=1))
    _, second = run(tiny(seed=2))
    for name in first:
        if name.startswith(("generator.", "discriminator.")):
            assert not torch.equal(first[name], second[name]), name


@pytest.mark.parametrize("rate", [0.0, 0.5, 1.0])
def test_trap_5_the_averaged_policy_of_a_run_is_a_copy(rate: float) -> None:
    config = tiny(rollout_policy="average", rollout_update_rate=rate)
    trainer = Trainer(config)
    live, average = trainer.models.generator, trainer.models.rollout_policy
    assert average is not live
    before = None
    for event in trainer.events():
        if not isinstance(event, Evaluated) or event.phase != "adversarial":
            continue
        pairs = list(zip(average.parameters(), live.parameters(), strict=True))
        for ours, theirs in pairs:
            assert ours.data_ptr() != theirs.data_ptr()
            assert torch.equal(ours, theirs) == (rate == 0.0)
        if before is not None:
            moved = any(
                not torch.equal(old, new)
                for old, new in zip(before, average.parameters(), strict=True)
            )
            assert moved == (rate < 1.0)
        before = [parameter.detach().clone() for parameter in average.parameters()]
    assert before is not None
