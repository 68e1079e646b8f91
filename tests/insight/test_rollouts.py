"""The explorer's numbers: exact where they can be, and the same wherever they are computed."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models, steps_of, switch_step
from seqgan_core.insight.rollouts import explore as explore_room
from seqgan_core.insight.rollouts.explore import (
    Exploration,
    explore,
    next_token,
    options,
    oracle_next,
    policy_update,
    rollout_policy,
)
from seqgan_core.paper.objectives import normalise_q
from seqgan_core.runs.open_checkpoint import OpenCheckpoint, open_checkpoint
from seqgan_core.runs.store import Store, StoreError
from seqgan_core.training.evaluation import followed_sequences
from seqgan_core.training.strategies import ConstantReward
from seqgan_core.training.trainer import Trainer
from tests.support.tiny.models import all_sequences, exact_q, table_reward
from tests.support.tiny.trained_run import trained


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, str]:
    return trained(tmp_path_factory.mktemp("insight") / "home")


@pytest.fixture(scope="module")
def checkpoint(library: tuple[Store, str]) -> OpenCheckpoint:
    store, run_id = library
    return open_checkpoint(store, run_id)


@pytest.fixture(scope="module")
def explored(checkpoint: OpenCheckpoint) -> Exploration:
    assert checkpoint.discriminator is not None
    return finish(
        explore(checkpoint, checkpoint.discriminator, followed_sequences(checkpoint), 64, seed=1)
    )


def weights_and_moments(checkpoint: OpenCheckpoint) -> dict[str, torch.Tensor]:
    """Copies of all that an update would change."""
    models = {"generator": checkpoint.generator, "discriminator": checkpoint.discriminator}
    weights = {
        f"{model}.{name}": tensor
        for model, module in models.items()
        if module is not None
        for name, tensor in module.state_dict().items()
    }
    return {name: t.clone() for name, t in (weights | checkpoint.policy_moments).items()}


def test_q_converges_to_the_enumerated_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explore_room, "BLOCK", 600)  # in a few large blocks, for speed
    V, T = 3, 3
    store, run_id = trained(
        tmp_path / "home", vocab_size=V, sequence_length=T, rounds=1, strategy="mle"
    )
    checkpoint = open_checkpoint(store, run_id)
    table, reward = table_reward(V, T)
    every = all_sequences(V, T)
    exploration = finish(explore(checkpoint, reward, every, 3000, seed=5))  # type: ignore[arg-type]
    expected = exact_q(checkpoint.generator, table, every, V).numpy()
    assert np.allclose(exploration.q[:, -1], table.numpy(), atol=1e-6)
    z = (exploration.q - expected)[:, :-1] / np.maximum(exploration.std_error[:, :-1], 1e-9)
    assert np.abs(z).max() < 4.5


def test_scores_are_those_of_the_completions_and_q_their_mean(
    checkpoint: OpenCheckpoint, explored: Exploration
) -> None:
    assert checkpoint.discriminator is not None
    B, P, N, T = explored.completions.shape
    assert (B, P, N, T) == (8, 5, 64, 6)
    rows = torch.from_numpy(explored.completions.reshape(-1, T))
    by_d = checkpoint.discriminator.probability_real(rows).numpy().reshape(B, P, N)
    assert np.allclose(explored.scores[:, :-1], by_d, atol=1e-6)
    for t in range(1, T):
        prefixes = explored.completions[:, t - 1, :, :t]
        assert (prefixes == explored.tokens[:, None, :t]).all()
    assert np.array_equal(explored.q, explored.scores.mean(-1))
    assert np.allclose(
        explored.std_error[:, :-1], explored.scores[:, :-1].std(-1, ddof=1) / 8.0, atol=1e-12
    )
    assert (explored.std_error[:, -1] == 0).all()


@pytest.mark.parametrize("n", [1, 5, 16, 17, 40])
def test_fewer_rollouts_are_the_first_of_more_to_the_last_bit(
    checkpoint: OpenCheckpoint, explored: Exploration, n: int
) -> None:
    assert checkpoint.discriminator is not None
    alone = finish(
        explore(checkpoint, checkpoint.discriminator, explored.tokens[2:3].tolist(), n, 1)
    )
    assert np.array_equal(alone.scores[0], explored.scores[2, :, :n])
    assert np.array_equal(alone.completions[0], explored.completions[2, :, :n])
    assert np.array_equal(explored.first(n).q[2], alone.q[0])
    assert np.isnan(alone.std_error[0, 0]) == (n == 1)


def test_equal_prefixes_share_rollouts_and_other_seeds_do_not(checkpoint: OpenCheckpoint) -> None:
    assert checkpoint.discriminator is not None
    pair = [[1, 2, 3, 4, 5, 6], [1, 2, 3, 7, 7, 7]]
    exploration = finish(explore(checkpoint, checkpoint.discriminator, pair, 8, seed=3))
    assert np.array_equal(exploration.completions[0, :3], exploration.completions[1, :3])
    assert np.array_equal(exploration.q[0, :3], exploration.q[1, :3])
    other_seed = finish(explore(checkpoint, checkpoint.discriminator, pair, 8, seed=4))
    assert not np.array_equal(exploration.completions, other_seed.completions)


def test_wrong_numbers_of_rollouts_are_refused(
    checkpoint: OpenCheckpoint, explored: Exploration
) -> None:
    with pytest.raises(ValueError, match="n is 0"):
        finish(explore(checkpoint, ConstantReward(), [[0] * 6], 0, 1))
    with pytest.raises(ValueError, match="from 1 to 64"):
        explored.first(65)


def test_choices_are_the_likeliest_with_the_value_they_would_have(
    checkpoint: OpenCheckpoint, explored: Exploration
) -> None:
    assert checkpoint.discriminator is not None
    row, t = explored.tokens[4].tolist(), 2
    found = finish(options(checkpoint, checkpoint.discriminator, row, t, 16, seed=1))
    assert found.choices[0].chosen
    assert found.choices[0].q == explored.first(16).q[4, t]
    by_oracle = oracle_next(checkpoint, torch.tensor(row))
    assert by_oracle is not None
    assert found.by_oracle is not None
    assert np.array_equal(found.by_oracle, by_oracle[t].numpy())
    assert np.array_equal(found.by_g, next_token(checkpoint, torch.tensor(row))[t].numpy())
    others = found.choices[1:]
    likely = [found.by_g[choice.token] for choice in others]
    assert likely == sorted(likely, reverse=True)
    rest = [found.by_g[v] for v in range(12) if v not in {c.token for c in found.choices}]
    assert min(likely) >= max(rest)
    for choice in others:
        changed = [*row[:t], choice.token, *row[t + 1 :]]
        alone = finish(explore(checkpoint, checkpoint.discriminator, [changed], 16, seed=1))
        assert choice.q == alone.q[0, t]
        assert choice.std_error == alone.std_error[0, t]


def made(scores: np.ndarray) -> Exploration:
    """An exploration of made-up scores (B, T, N); the sequences are finished at T."""
    B, T, N = scores.shape
    scores[:, -1] = scores[:, -1, :1]
    return Exploration(np.zeros((B, T), int), np.zeros((B, T - 1, N, T), int), scores)


def test_running_mean_and_error_are_those_of_the_first_scores() -> None:
    scores = np.random.default_rng(0).uniform(0.1, 0.9, (2, 3, 64))
    running = made(scores).running(1, 0)
    for n in (2, 7, 64):
        first = made(scores).first(n)
        assert running.mean[n - 1] == pytest.approx(first.q[1, 0], rel=1e-12)
        assert running.error[n - 1] == pytest.approx(first.std_error[1, 0], rel=1e-12)
    assert running.mean[0] == scores[1, 0, 0]
    assert np.isnan(running.error[0])


def around(q: list[list[float]], spread: float, n: int = 16) -> Exploration:
    """Scores of this mean whose standard deviation is `spread`."""
    wave = np.tile([-1.0, 1.0], n // 2) * spread if n > 1 else np.zeros(1)
    scores = np.array(q)[..., None] + wave
    scores[:, -1] -= wave  # finished
    return made(scores)


def test_the_steepest_step_is_found_where_it_is_more_than_noise() -> None:
    q = [[0.5, 0.52, 0.1, 0.1], [0.5, 0.6, 0.7, 0.72]]
    assert around(q, 0.02).steepest().place == (0, 2)
    noisy = around(q, 0.9).steepest()
    assert (noisy.place, noisy.n, noisy.steps, noisy.alike) == (None, 16, 6, False)
    single = around(q, 0, n=1).steepest()
    assert (single.place, single.n) == (None, 1)
    assert around([[0.5, 0.5004, 0.5]], 0.1).steepest().alike


def test_scores_that_are_equal_by_luck_are_not_certain() -> None:
    scores = np.repeat(np.array([[[0.5], [0.52], [0.1], [0.1]]]), 2, axis=2)
    assert made(scores).steepest().place is None
    scores = np.repeat(np.array([[[0.5], [0.5], [0.5], [0.9]]]), 16, axis=2)
    scores[0, :3, ::2] += 0.01
    assert made(scores).steepest().place == (0, 3)  # but a finished sequence is


@pytest.mark.parametrize("n", [2, 3, 16])
@pytest.mark.parametrize("steps", [2, 0])  # scores of 0 and 1 only, and any between
def test_the_steepest_of_many_equal_tokens_is_seldom_reported(n: int, steps: int) -> None:
    draws = np.random.default_rng(n)
    reported = 0
    for _repeat in range(300):
        scores = draws.uniform(size=(8, 10, n)) if not steps else draws.integers(
            0, steps, (8, 10, n)).astype(float)  # fmt: skip
        scores[:, -1] = 0.5
        reported += made(scores).steepest().place is not None
    assert reported <= 21  # 7 %


def test_a_real_step_is_reported() -> None:
    draws = np.random.default_rng(0)
    for _repeat in range(20):
        scores = draws.uniform(0.3, 0.7, (8, 10, 16))
        scores[2, :4] += 0.5
        scores[:, -1] = 0.5
        assert made(scores).steepest().place == (2, 4)


def test_one_update_is_the_update_that_training_would_make(
    library: tuple[Store, str], checkpoint: OpenCheckpoint, explored: Exploration
) -> None:
    assert checkpoint.discriminator is not None
    before = weights_and_moments(checkpoint)
    update = policy_update(checkpoint, explored.first(16), checkpoint.discriminator)
    for name, tensor in weights_and_moments(checkpoint).items():
        assert torch.equal(tensor, before[name]), name  # only a copy moved
    store, run_id = library
    checkpoint = store.checkpoint(run_id)
    real = Trainer(store.run(run_id).config)  # as the run went on from there
    real.load(checkpoint.tensors, checkpoint.counters)
    tokens = torch.from_numpy(explored.tokens)
    q = torch.from_numpy(explored.first(16).q).float()
    weights = normalise_q(q, real.config.q_normalisation)
    with torch.no_grad():
        assert np.allclose(update.before, real.models.generator.log_probs(tokens).exp().numpy())
    assert real.models.learners is not None
    reading = real.models.learners.policy(tokens, q, weights)
    with torch.no_grad():
        assert np.array_equal(update.after, real.models.generator.log_probs(tokens).exp().numpy())
    assert update.grad_norm == reading.grad_norm
    assert np.array_equal(update.weights, weights.numpy())


def test_a_constant_rewards_every_token_alike(
    checkpoint: OpenCheckpoint, explored: Exploration
) -> None:
    reward = ConstantReward()
    exploration = finish(explore(checkpoint, reward, explored.tokens.tolist(), 4, seed=1))
    assert (exploration.q == 1).all()
    assert (policy_update(checkpoint, exploration, reward).weights == 1).all()


def test_models_are_opened_once_and_the_switch_is_where_mle_ended(
    library: tuple[Store, str],
) -> None:
    store, run_id = library
    models = Models(store)
    steps = steps_of(store, run_id)
    switch = switch_step(store, store.run(run_id))
    assert switch is not None
    assert steps[switch] == 3.0
    assert min(step for step, epoch in steps.items() if epoch == 3.0) == switch
    assert models.at(run_id, switch) is models.at(run_id, switch)
    assert models.at(run_id, switch).counters["policy_updates"] == 0
    assert models.at(run_id, switch).learners is None  # nothing is trained: no optimisers
    assert len(models.task(run_id).train_data()) == 64


def test_a_missing_or_foreign_checkpoint_is_one_readable_error(tmp_path: Path) -> None:
    store, run_id = trained(tmp_path / "home")
    models, (first, second, third, *_rest) = Models(store), steps_of(store, run_id)
    with pytest.raises(StoreError, match="has checkpoints at the steps"):
        models.at(run_id, 999)
    folder = store.checkpoint_folder(run_id)
    (folder / f"{first:09d}.safetensors").write_bytes(b"no tensors")
    with pytest.raises(StoreError, match=r"is damaged.*use another"):
        models.at(run_id, first)
    (folder / f"{third:09d}.safetensors").write_bytes(
        (folder / f"{second:09d}.safetensors").read_bytes()
    )
    with pytest.raises(StoreError, match=rf"is damaged \(it holds step {second}\)"):
        models.at(run_id, third)
    _elsewhere, foreign_run = trained(tmp_path / "home", g_hidden_size=9)
    foreign = store.checkpoint_folder(foreign_run) / f"{second:09d}.safetensors"
    (folder / f"{second:09d}.safetensors").write_bytes(foreign.read_bytes())
    with pytest.raises(StoreError, match="another version"):
        models.at(run_id, second)


def test_before_the_average_begins_the_generator_itself_rolls_on(tmp_path: Path) -> None:
    store, run_id = trained(tmp_path / "home", rollout_policy="average", rounds=1)
    steps = list(steps_of(store, run_id))
    switch = switch_step(store, store.run(run_id))
    assert switch is not None
    early = open_checkpoint(store, run_id, switch)
    late = open_checkpoint(store, run_id, steps[-1])
    tokens = followed_sequences(early).tolist()
    twin = dataclasses.replace(early, rollout_policy=early.generator)
    ours = finish(explore(early, ConstantReward(), tokens, 4, 1))
    assert np.array_equal(
        ours.completions, finish(explore(twin, ConstantReward(), tokens, 4, 1)).completions
    )
    assert late.rollout_policy is not late.generator
    assert rollout_policy(late) is late.rollout_policy
