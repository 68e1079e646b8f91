"""The value network: causal, with the right targets, and its advantages by hand."""

import pytest
import torch

from seqgan_core.paper.rollout import q_values
from seqgan_core.paper.value_network import (
    advantages,
    prefix_targets,
    value_loss,
)
from tests.support.tiny.models import (
    all_sequences,
    exact_q,
    probabilities,
    random_tokens,
    rng,
    small_generator,
    small_value_network,
    table_reward,
)

V, T = 3, 4


def test_a_value_depends_on_its_prefix_alone() -> None:
    v, tokens = small_value_network(V, T), random_tokens(5, T, V)
    values = v.values(tokens)
    assert values.shape == (5, T)
    assert ((values > 0) & (values < 1)).all()
    for t in range(T):
        changed = tokens.clone()
        changed[:, t] = (changed[:, t] + 1) % V
        after = v.values(changed)
        assert torch.equal(after[:, : t + 1], values[:, : t + 1])
        assert t == T - 1 or not torch.allclose(after[:, t + 1], values[:, t + 1])
    assert len(values[:, 0].unique()) == 1  # the empty prefix is the same for all


def test_step_by_step_it_has_the_same_values() -> None:
    v, tokens = small_value_network(V, T), random_tokens(5, T, V)
    whole = v.values(tokens)
    for t, state in enumerate(v.states(tokens)):
        lengths = torch.full((5,), t)
        assert torch.allclose(v.value(state.h, lengths), whole[:, t], atol=1e-6)


def test_the_targets_are_the_means_of_the_roll_outs() -> None:
    G, tokens = small_generator(V), random_tokens(4, T, V)
    rolled = q_values(G, table_reward(V, T)[1], tokens, 5, rng(1))
    targets = prefix_targets(rolled.q)
    for t in range(1, T):
        mean = rolled.scores[:, t - 1].mean(0)  # after t tokens
        assert torch.allclose(targets[:, t], mean, atol=1e-6)
    assert targets[:, 0].tolist() == pytest.approx([float(rolled.scores[:, 0].mean())] * 4)


def test_the_loss_is_least_at_the_mean_of_the_targets() -> None:
    v, tokens = small_value_network(V, T), torch.zeros(2, T, dtype=torch.long)
    targets = torch.tensor([[0.2] * T, [0.6] * T])
    with torch.no_grad():
        for parameter in v.parameters():
            parameter.zero_()
        losses = []
        for mean in (0.3, 0.4, 0.5):
            v.output.bias.fill_(torch.tensor(mean).logit())
            losses.append(float(value_loss(v, tokens, targets)))
    assert losses[1] < min(losses[0], losses[2])
    expected = -(0.4 * torch.tensor(0.4).log() + 0.6 * torch.tensor(0.6).log())
    assert losses[1] == pytest.approx(float(expected))


def test_advantages_by_hand() -> None:
    """v = 0.5, 0.6, 0.3 and D = 0.9: δ = 0.1, -0.3, 0.6."""
    values, rewards = torch.tensor([[0.5, 0.6, 0.3]]), torch.tensor([0.9])
    assert advantages(values, rewards, 0.0)[0].tolist() == pytest.approx([0.1, -0.3, 0.6])
    assert advantages(values, rewards, 1.0)[0].tolist() == pytest.approx([0.4, 0.3, 0.6])
    half = [0.1 - 0.15 + 0.15, -0.3 + 0.3, 0.6]
    assert advantages(values, rewards, 0.5)[0].tolist() == pytest.approx(half, abs=1e-6)


def test_fitted_to_roll_outs_it_comes_near_the_true_values() -> None:
    """All 27 prefixes of three tokens or fewer; targets of 4 noisy roll-outs, 200 updates."""
    G, (table, reward), every = small_generator(V), table_reward(V, T), all_sequences(V, T)
    p = probabilities(G, every).detach()
    true = exact_q(G, table, every, V)[:, :-1].float()  # of the prefixes of 1 .. T - 1 tokens
    v = small_value_network(V, T, 16)
    adam = torch.optim.Adam(v.parameters(), lr=0.02)
    first = float((v.values(every)[:, 1:] - true).abs().mean())
    for step in range(200):
        tokens = G.sample(64, T, rng(step))
        q = q_values(G, reward, tokens, 4, rng(1000 + step)).q
        adam.zero_grad()
        value_loss(v, tokens, prefix_targets(q)).backward()
        adam.step()
    error = (v.values(every)[:, 1:] - true).abs()
    weighted = float((error * p[:, None]).sum() / (T - 1))
    assert weighted < 0.02 < first
    assert float(v.values(every)[0, 0]) == pytest.approx(float((p * table).sum()), abs=0.02)
