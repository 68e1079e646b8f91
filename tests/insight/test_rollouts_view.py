"""The explorer's views: the same numbers as computed one by one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models, steps_of, switch_step
from seqgan_core.insight.rollouts.explore import (
    MOST,
    explore,
    next_token,
    oracle_next,
    policy_update,
)
from seqgan_core.insight.rollouts.view import (
    View,
    explore_view,
    options_view,
    q_history,
    sequences_of,
    update_view,
)
from seqgan_core.paper.bleu import Bleu
from seqgan_core.runs.store import Store
from seqgan_core.training.build import make_task
from seqgan_core.training.evaluation import followed_sequences
from seqgan_core.training.strategies import reward_names
from tests.support.tiny.configs import small_config
from tests.support.tiny.trained_run import trained


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, str]:
    return trained(tmp_path_factory.mktemp("explorer") / "home")


@pytest.fixture
def models(library: tuple[Store, str]) -> Models:
    return Models(library[0])


@pytest.fixture
def view(library: tuple[Store, str]) -> View:
    store, run_id = library
    return View(run_id, max(steps_of(store, run_id)), "followed", 1, "discriminator")


def test_the_view_is_explored_with_its_own_models_seed_and_reward(
    models: Models, view: View
) -> None:
    seen = finish(explore_view(models, view))
    exploration = seen.explored
    checkpoint = models.at(view.run_id, view.step)
    assert checkpoint.discriminator is not None
    alone = finish(
        explore(
            checkpoint, checkpoint.discriminator, followed_sequences(checkpoint), MOST, view.seed
        )
    )
    assert np.array_equal(exploration.scores, alone.scores)
    assert np.array_equal(exploration.tokens, followed_sequences(checkpoint).numpy())
    other_seed = finish(explore_view(models, replace(view, seed=2))).explored
    assert np.array_equal(other_seed.tokens, exploration.tokens)
    assert not np.array_equal(other_seed.completions, exploration.completions)
    constant = finish(explore_view(models, replace(view, reward="constant"))).explored
    assert np.array_equal(constant.completions, exploration.completions)
    assert (constant.q == 1).all()
    assert seen.d_updates > 0
    assert finish(explore_view(models, replace(view, step=0))).d_updates == 0


def test_fresh_sequences_come_from_the_seed(models: Models, view: View) -> None:
    checkpoint = models.at(view.run_id, view.step)
    first, second = (sequences_of(checkpoint, "fresh", seed) for seed in (1, 2))
    assert first.shape == followed_sequences(checkpoint).shape
    assert torch.equal(first, sequences_of(checkpoint, "fresh", 1))
    assert not torch.equal(first, second)
    assert not torch.equal(first, followed_sequences(checkpoint))


def test_options_hold_the_chosen_q_and_both_conditionals(models: Models, view: View) -> None:
    exploration = finish(explore_view(models, view)).explored.first(16)
    row, t = exploration.tokens[3], 2
    seen = finish(options_view(models, view, row.tolist(), t, 16))
    assert [choice.chosen for choice in seen.choices] == [True, *[False] * 5]
    assert seen.choices[0].q == exploration.q[3, t]
    checkpoint = models.at(view.run_id, view.step)
    tokens = torch.from_numpy(row)
    by_oracle = oracle_next(checkpoint, tokens)
    assert by_oracle is not None
    assert np.array_equal(seen.by_g, next_token(checkpoint, tokens)[t].numpy())
    assert np.array_equal(seen.by_oracle, by_oracle[t].numpy())
    assert seen.by_g.sum() == pytest.approx(1, abs=1e-5)


def test_the_error_of_a_gap_is_that_of_paired_differences(models: Models, view: View) -> None:
    checkpoint = models.at(view.run_id, view.step)
    assert checkpoint.discriminator is not None
    row, t, n = followed_sequences(checkpoint)[0].tolist(), 1, 20
    seen = finish(options_view(models, view, row, t, n)).choices
    changed_row = [*row]
    changed_row[t] = seen[2].token
    pair = finish(
        explore(checkpoint, checkpoint.discriminator, [row, changed_row], n, view.seed)
    ).scores
    paired = (pair[1, t] - pair[0, t]).std(ddof=1) / np.sqrt(n)
    assert seen[2].gap_error == pytest.approx(paired, rel=1e-12)
    assert seen[0].gap_error == 0


def test_the_update_is_of_the_view(models: Models, view: View) -> None:
    exploration = finish(explore_view(models, view)).explored.first(5)
    checkpoint = models.at(view.run_id, view.step)
    assert checkpoint.discriminator is not None
    expected = policy_update(checkpoint, exploration, checkpoint.discriminator)
    seen = finish(update_view(models, view, exploration))
    assert np.array_equal(seen.after, expected.after)
    assert not np.array_equal(seen.after, seen.before)


def test_through_training_begins_where_d_was_trained(models: Models, view: View) -> None:
    steps = steps_of(models.store, view.run_id)
    switch = switch_step(models.store, models.store.run(view.run_id))
    assert switch is not None
    history = finish(q_history(models, view, list(steps), 3))
    assert history.steps == [step for step in steps if step > switch]
    assert len(history.steps) > 2
    assert history.unreadable == []
    for index, step in enumerate(history.steps):
        alone = finish(explore_view(models, replace(view, step=step))).explored
        assert np.array_equal(history.tokens[index], alone.tokens)
        assert np.array_equal(history.q[index], alone.first(3).q)
    constant = finish(q_history(models, replace(view, reward="constant"), list(steps), 1))
    assert constant.steps == list(steps)


def test_a_scan_names_the_checkpoint_that_it_cannot_read(tmp_path: Path) -> None:
    store, run_id = trained(tmp_path / "home")
    steps = list(steps_of(store, run_id))
    (path,) = (tmp_path / "home").rglob(f"{steps[-2]:09d}.safetensors")
    path.write_bytes(b"not a checkpoint")
    view = View(run_id, steps[-1], "followed", 1, "discriminator")
    history = finish(q_history(Models(store), view, steps[-3:], 2))
    assert history.steps == [steps[-3], steps[-1]]
    assert len(history.unreadable) == 1
    assert str(steps[-2]) in history.unreadable[0]
    nothing = finish(q_history(Models(store), view, steps[-2:-1], 2))
    assert nothing.steps == []
    assert nothing.q.shape == (0, 8, 6)


def test_bleu_is_counted_against_all_the_training_data(tmp_path: Path) -> None:
    store, run_id = trained(tmp_path / "home", strategy="pg_bleu")
    config, models = store.run(run_id).config, Models(store)
    view = View(run_id, max(steps_of(store, run_id)), "followed", 1, reward_names(config)[0])
    assert view.reward == "bleu"
    exploration = finish(explore_view(models, view)).explored
    bleu = Bleu(make_task(config).train_data(), config.bleu_order, config.vocab_size)
    T = config.sequence_length
    one_by_one = bleu(torch.from_numpy(exploration.completions).reshape(-1, T))
    scores = one_by_one.reshape(exploration.completions.shape[:3]).double().numpy()
    assert np.array_equal(exploration.scores[:, :-1], scores)
    assert np.array_equal(
        exploration.scores[:, -1, 0], bleu(torch.from_numpy(exploration.tokens)).numpy()
    )
    task = models.at(run_id, view.step).task  # of the little data that it was opened with
    few = Bleu(task.train_data(), config.bleu_order, config.vocab_size)
    assert not np.array_equal(
        few(torch.from_numpy(exploration.tokens)).numpy(), exploration.scores[:, -1, 0]
    )
    everywhere = finish(q_history(models, view, list(steps_of(store, run_id)), 2))
    assert everywhere.steps == list(steps_of(store, run_id))
    assert np.array_equal(everywhere.q[-1], exploration.first(2).q)


def test_every_run_offers_the_rewards_that_can_be_had_its_own_first() -> None:
    offered = {
        "seqgan": ["discriminator", "bleu", "constant"],
        "pg_bleu": ["bleu", "constant"],
        "constant_reward": ["constant", "bleu"],
        "mle": ["bleu", "constant"],
        "random_reward": ["bleu", "constant"],  # noise is no score of a sequence
    }
    for strategy, names in offered.items():
        assert reward_names(small_config(strategy=strategy)) == names
