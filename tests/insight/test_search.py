"""A search from a prefix: its frames, its draws, what it writes, and the true values."""

import dataclasses

import numpy as np
import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.rollouts.explore import MOST
from seqgan_core.insight.rollouts.search import PrefixSearch, search_prefix, search_settings
from seqgan_core.insight.rollouts.truth import against_truth, true_q
from seqgan_core.paper.rollout import q_values
from seqgan_core.runs.open_checkpoint import OpenCheckpoint, open_checkpoint
from seqgan_core.training.config import ConfigError
from tests.support.tiny.models import (
    all_sequences,
    exact_q,
    random_tokens,
    rng,
    small_generator,
    small_value_network,
    table_reward,
)
from tests.support.tiny.trained_run import trained

PREFIX = [3, 1]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> OpenCheckpoint:
    store, run_id = trained(tmp_path_factory.mktemp("search") / "home")
    return open_checkpoint(store, run_id)


def searched(
    checkpoint: OpenCheckpoint, prefix: list[int] = PREFIX, seed: int = 1, **changes: float
) -> PrefixSearch:
    assert checkpoint.discriminator is not None
    settings = search_settings(checkpoint.config, **changes)
    return finish(search_prefix(checkpoint, checkpoint.discriminator, prefix, settings, seed))


def test_each_frame_adds_one_simulation_along_one_path(checkpoint: OpenCheckpoint) -> None:
    found = searched(checkpoint, search_simulations=20)
    tree = found.found.tree
    child, actions = tree.child[0], tree.actions[0]
    assert found.visits[:, 0].sum(-1).tolist() == list(range(21))  # of the root's actions
    for s in range(1, 21):
        assert set((found.visits[s] - found.visits[s - 1]).flatten()) == {0, 1}
        path = found.path(s)
        assert path[0][0] == 0
        nodes = [int(child[edge]) for edge in path]
        assert [node for node, _a in path[1:]] == nodes[:-1]  # each edge goes on from the last
        if s in child:
            assert nodes[-1] == s
            assert tree.tokens[0, s, : tree.lengths[0, s]].tolist() == PREFIX + [
                int(actions[edge]) for edge in path
            ]
        gained = (found.totals[s] - found.totals[s - 1])[tuple(np.transpose(path))]
        assert gained == pytest.approx([float(tree.values[0, nodes[-1]])] * len(path), abs=1e-5)
    assert found.path(0) == []


def test_the_noise_depends_on_the_seed_and_more_simulations_keep_it(
    checkpoint: OpenCheckpoint,
) -> None:
    few, many = (searched(checkpoint, search_simulations=s) for s in (4, 16))
    values, more = few.found.tree.values[0], many.found.tree.values[0]
    assert values[0] == more[0]
    assert few.by_sample == many.by_sample
    assert few.by_likeliest == many.by_likeliest
    assert few.path(1) == many.path(1)
    assert values[1] == more[1]
    again, other = searched(checkpoint), searched(checkpoint, seed=2)
    assert again.by_search == searched(checkpoint).by_search
    assert again.found.tree.values[0, 0] != other.found.tree.values[0, 0]


def test_what_is_written_is_scored_by_the_reward(checkpoint: OpenCheckpoint) -> None:
    found = searched(checkpoint)
    for written in (found.by_search, found.by_sample, found.by_likeliest):
        assert written.tokens[:2] == PREFIX
        score = checkpoint.discriminator(torch.tensor([written.tokens]))  # type: ignore[misc]
        assert written.score == float(score)
    assert found.by_search.tokens[2] == int(found.found.chosen)
    later = searched(checkpoint, found.by_search.tokens[:3])
    assert later.by_search == found.by_search  # each token is that of a search at its position
    logits = checkpoint.generator.logits(torch.tensor([found.by_likeliest.tokens]))[0]
    assert logits.argmax(-1).tolist()[2:] == found.by_likeliest.tokens[2:]
    assert found.prefix_value is None
    assert sum(found.root()["improved"]) == pytest.approx(1, abs=1e-5)


def test_v_stands_beside_fresh_rollouts(checkpoint: OpenCheckpoint) -> None:
    config = checkpoint.config
    network = small_value_network(config.vocab_size, config.sequence_length)
    about = searched(dataclasses.replace(checkpoint, value=network)).prefix_value
    assert about is not None
    row = torch.tensor([PREFIX + [0] * (config.sequence_length - 2)])
    assert about.v == pytest.approx(float(network.values(row)[0, 2]), abs=1e-6)
    assert checkpoint.discriminator is not None
    many = q_values(checkpoint.generator, checkpoint.discriminator, row, 4096, rng(1))
    assert abs(about.mean - float(many.q[0, 1])) < 5 * about.std_error
    assert about.std_error == pytest.approx(float(many.scores[:, 1, 0].std()) / MOST**0.5, rel=0.5)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"search_simulations": 65}, "search.simulations"), ({"search_simulations": 0}, "config"),
     ({"search_exploration": -1}, "config")],
)  # fmt: skip
def test_settings_out_of_range(
    checkpoint: OpenCheckpoint, changes: dict[str, float], code: str
) -> None:
    with pytest.raises(ConfigError) as error:
        search_settings(checkpoint.config, **changes)
    assert error.value.code.startswith(code)


def test_a_complete_prefix_cannot_be_searched(checkpoint: OpenCheckpoint) -> None:
    T = checkpoint.config.sequence_length
    assert len(searched(checkpoint, [0] * (T - 1)).by_search.tokens) == T
    with pytest.raises(ConfigError, match=f"has {T} tokens"):
        searched(checkpoint, [0] * T)


def test_the_true_q_is_the_sum_over_all_endings() -> None:
    generator, tokens = small_generator(std=0.5), random_tokens(5, 3, 3)
    table, reward = table_reward(3, 3)
    q, sentences = true_q(generator, reward, tokens)  # type: ignore[arg-type]
    assert sentences == len(all_sequences(3, 3))
    assert torch.allclose(q, exact_q(generator, table, tokens, 3), atol=1e-6)


def test_the_estimates_against_the_truth() -> None:
    """Roll-outs are unbiased, v too where it was fitted, and the tree over-rates its choice."""
    truth = finish(against_truth())
    assert truth.sentences == 6**5
    for errors in (truth.rollouts, truth.value, truth.tree, truth.chosen):
        assert errors.shape == (256, 4)
    # 256 errors of a mean size below 0.035 have a mean of at most 4 · 1.25 · 0.035 / 16.
    assert (abs(truth.rollouts.mean(0)) < 0.011).all()
    assert (abs(truth.rollouts).mean(0) < 0.05).all()
    assert (abs(truth.value.mean(0)) < 0.02).all()
    assert (abs(truth.value).mean(0) < 0.05).all()
    assert truth.chosen.mean() > truth.rollouts.mean()
