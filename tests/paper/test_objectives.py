"""What G and D minimise, against gradients that are known exactly."""

import copy
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqgan_core.bench.textbook import log_probs
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.metrics import conditional_entropy, until_end
from seqgan_core.paper.objectives import (
    discriminator_loss,
    mle_loss,
    move_average,
    normalise_q,
    policy_gradient_loss,
)
from seqgan_core.paper.rollout import q_values
from seqgan_core.training.learners.updates import MleLearner, PolicyLearner
from tests.support.examples import examples
from tests.support.tiny.models import (
    all_sequences,
    exact_q,
    probabilities,
    random_tokens,
    rng,
    small_discriminator,
    small_generator,
    small_value_network,
    table_reward,
)

V, T = 3, 3


def gradient_of(generator: Generator, loss: torch.Tensor) -> torch.Tensor:
    parts = torch.autograd.grad(loss, list(generator.parameters()))
    return torch.cat([part.flatten() for part in parts]).double()


def test_the_policy_gradient_is_the_gradient_of_the_expected_reward() -> None:
    """Eq. (7) averaged over all 27 sequences with exact Q, against d/dθ Σ_Y G(Y)·R(Y)."""
    G, every = small_generator(V), all_sequences(V, T)
    table, _ = table_reward(V, T)
    direct = gradient_of(G, -(probabilities(G, every) * table).sum())
    p, q = probabilities(G, every).detach(), exact_q(G, table, every, V)
    by_formula = sum(
        p[i] * gradient_of(G, policy_gradient_loss(G, every[i : i + 1], q[i : i + 1])[0])
        for i in range(len(every))
    )
    assert torch.allclose(by_formula, direct, atol=1e-6)
    assert float(direct.norm()) > 0.01


def test_the_prefixs_value_as_a_baseline_keeps_the_gradient_exactly() -> None:
    """Q_t - Q_{t-1}: the same expected gradient, to the last digit, from smaller weights."""
    G, every = small_generator(V), all_sequences(V, T)
    table, _ = table_reward(V, T)
    direct = gradient_of(G, -(probabilities(G, every) * table).sum())
    p, q = probabilities(G, every).detach(), exact_q(G, table, every, V)
    advantage = normalise_q(q, "advantage")
    assert torch.allclose(advantage[:, 1:], q[:, 1:] - q[:, :-1])
    by_formula = sum(
        p[i] * gradient_of(G, policy_gradient_loss(G, every[i : i + 1], advantage[i : i + 1])[0])
        for i in range(len(every))
    )
    assert torch.allclose(by_formula, direct, atol=1e-6)
    assert float((p[:, None] * advantage.square()).sum()) < float((p[:, None] * q.square()).sum())


def test_a_value_network_as_a_baseline_keeps_the_gradient_exactly() -> None:
    """Any v of the prefix does, learnt or not."""
    G, every = small_generator(V), all_sequences(V, T)
    table, _ = table_reward(V, T)
    direct = gradient_of(G, -(probabilities(G, every) * table).sum())
    p, q = probabilities(G, every).detach(), exact_q(G, table, every, V)
    values = small_value_network(V, T).values(every).double()
    less = normalise_q(q, "value", values)
    assert torch.equal(less, q - values)
    by_formula = gradient_of(G, policy_gradient_loss(G, every, p[:, None] * less)[0])
    assert torch.allclose(by_formula, direct, atol=1e-6)
    with pytest.raises(ValueError, match="how is 'value'"):
        normalise_q(q, "value")


def test_the_sampled_policy_gradient_is_near_the_exact_one() -> None:
    G, every = small_generator(V), all_sequences(V, T)
    table, reward = table_reward(V, T)
    exact = gradient_of(G, -(probabilities(G, every) * table).sum())
    tokens = G.sample(20_000, T, rng(1))
    q = q_values(G, reward, tokens, 4, rng(2)).q
    sampled = gradient_of(G, policy_gradient_loss(G, tokens, normalise_q(q, "centre"))[0])
    cosine = torch.cosine_similarity(sampled, exact, dim=0)
    assert float(cosine) > 0.99
    assert float(sampled.norm() / 20_000 / exact.norm()) == pytest.approx(1.0, abs=0.1)


def test_following_it_raises_the_expected_reward() -> None:
    G, every = small_generator(V), all_sequences(V, T)
    table, reward = table_reward(V, T)
    learner = PolicyLearner(G, 0.02, max_grad_norm=5.0)
    before = float((probabilities(G, every).detach() * table).sum())
    for step in range(40):
        tokens = G.sample(64, T, rng(step))
        q = q_values(G, reward, tokens, 4, rng(1000 + step)).q
        learner(tokens, q, normalise_q(q, "standardise"))
    after = float((probabilities(G, every).detach() * table).sum())
    assert after > before + 0.15
    assert after < float(table.max())


def test_mle_loss_is_the_mean_nll_in_nats() -> None:
    G, tokens = small_generator(V), random_tokens(9, T, V)
    expected = -probabilities(G, tokens).log().mean() / T
    assert float(mle_loss(G, tokens).detach()) == pytest.approx(float(expected.detach()), abs=1e-6)


@pytest.mark.parametrize("end", [None, 1])
@pytest.mark.parametrize(("vocab_size", "length"), [(2, 1), (2, 6), (9, 1), (9, 12)])
def test_both_losses_of_g_are_those_of_the_plain_formulas(
    vocab_size: int, length: int, end: int | None
) -> None:
    """Values and gradients, against one cell and one log-softmax at a time."""
    G, tokens = small_generator(vocab_size), random_tokens(40, length, vocab_size)
    q = torch.rand(40, length, generator=rng(1)) - 0.3
    counted = until_end(tokens, end).sum()
    mle = mle_loss(G, tokens, end), -log_probs(G, tokens).sum() / counted
    policy = policy_gradient_loss(G, tokens, q)[0] / 40, -(log_probs(G, tokens) * q).sum() / 40
    for ours, expected in (mle, policy):
        assert torch.allclose(ours, expected, atol=1e-6)
        assert torch.allclose(gradient_of(G, ours), gradient_of(G, expected), atol=1e-6)


def test_the_entropy_is_that_along_the_tokens() -> None:
    G, tokens = small_generator(7), random_tokens(9, 5, 7)
    _, entropy = policy_gradient_loss(G, tokens, torch.rand(9, 5, generator=rng()))
    assert float(entropy) == pytest.approx(float(conditional_entropy(G, tokens)), abs=1e-6)
    assert not entropy.requires_grad


def test_mle_learns_a_distribution() -> None:
    G, teacher = small_generator(V, std=0.1), small_generator(V, std=1.5, seed=5)
    data = teacher.sample(3000, T, rng())
    learner = MleLearner(G, 0.02, max_grad_norm=5.0)
    for _ in range(300):
        learner(data)
    truth = probabilities(teacher, all_sequences(V, T)).detach()
    learnt = probabilities(G, all_sequences(V, T)).detach()
    assert float((truth * (truth / learnt).log()).sum()) < 0.02


def test_trap_7_the_policy_gradient_has_moments_of_its_own() -> None:
    G, tokens = small_generator(V), random_tokens(8, T, V)
    mle, policy = MleLearner(G, 0.01, 5.0), PolicyLearner(G, 0.01, 5.0)
    for _ in range(5):
        mle(tokens)
    for parameter in G.parameters():
        ours, theirs = policy.adam.state[parameter], mle.adam.state[parameter]
        assert (ours["exp_avg"] == 0).all()
        assert (ours["exp_avg_sq"] == 0).all()
        assert float(ours["step"]) == 0
        assert float(theirs["step"]) == 5
        assert ours["exp_avg"].data_ptr() != theirs["exp_avg"].data_ptr()
    moments = [mle.adam.state[parameter]["exp_avg"].clone() for parameter in G.parameters()]
    policy(tokens, torch.ones(8, T), torch.ones(8, T))
    for parameter, before in zip(G.parameters(), moments, strict=True):
        assert torch.equal(mle.adam.state[parameter]["exp_avg"], before)


def test_trap_8_how_the_batch_sets_the_size_of_a_step_is_stated() -> None:
    """The policy gradient is a sum, as in the authors' code; MLE is a mean."""
    G, tokens = small_generator(V), random_tokens(5, T, V)
    twice = torch.cat([tokens, tokens])
    q = torch.rand(5, T, generator=rng())
    single, _ = policy_gradient_loss(G, tokens, q)
    double, _ = policy_gradient_loss(G, twice, torch.cat([q, q]))
    assert float((double / single).detach()) == pytest.approx(2.0, abs=1e-5)
    assert float((mle_loss(G, twice) / mle_loss(G, tokens)).detach()) == pytest.approx(
        1.0, abs=1e-5
    )


def test_no_gradient_flows_into_q() -> None:
    G, q = small_generator(V), torch.ones(2, T, requires_grad=True)
    policy_gradient_loss(G, random_tokens(2, T, V), q)[0].backward()
    assert q.grad is None
    assert all(parameter.grad is not None for parameter in G.parameters())


def test_a_g_update_leaves_d_alone_and_the_other_way_round() -> None:
    G, D = small_generator(6), small_discriminator(6)
    tokens = G.sample(8, 5, rng())
    q = q_values(G, D, tokens, 2, rng()).q
    d_before = [parameter.detach().clone() for parameter in D.parameters()]
    PolicyLearner(G, 0.1, 5.0)(tokens, q, q)
    assert all(torch.equal(a, b) for a, b in zip(d_before, D.parameters(), strict=True))
    g_grads = [parameter.grad for parameter in G.parameters()]
    labels = torch.arange(8) % 2
    discriminator_loss(D, G.sample(8, 5, rng()), labels, 0.2)[0].backward()
    assert all(a is b.grad for a, b in zip(g_grads, G.parameters(), strict=True))


def test_every_parameter_of_g_moves_in_a_policy_update() -> None:
    G, D = small_generator(6), small_discriminator(6)
    tokens = G.sample(32, 5, rng())
    before = {name: parameter.detach().clone() for name, parameter in G.named_parameters()}
    q = q_values(G, D, tokens, 2, rng()).q
    PolicyLearner(G, 0.01, 5.0)(tokens, q, q)
    for name, parameter in G.named_parameters():
        assert not torch.equal(parameter, before[name]), name


def test_discriminator_loss_is_cross_entropy_and_a_penalty_of_the_output_layer_only() -> None:
    D, tokens = small_discriminator(6), random_tokens(8, 5, 6)
    labels = torch.arange(8) % 2
    p = D.probability_real(tokens)
    entropy = -(labels * p.log() + (1 - labels) * (1 - p).log()).mean()
    plain, right = discriminator_loss(D, tokens, labels, 0.0)
    assert float(plain.detach()) == pytest.approx(float(entropy), abs=1e-5)
    assert int(right) == int(((p > 0.5) == labels.bool()).sum())
    penalised, _ = discriminator_loss(D, tokens, labels, 0.2)
    grads = torch.autograd.grad(penalised - plain, list(D.parameters()), allow_unused=True)
    of = dict(zip((name for name, _ in D.named_parameters()), grads, strict=True))
    assert torch.allclose(of.pop("output_weight"), 0.2 * D.output_weight, atol=1e-6)
    assert torch.allclose(of.pop("output_bias"), 0.2 * D.output_bias, atol=1e-6)
    assert all(grad is None or grad.abs().max() < 1e-6 for grad in of.values())


@given(
    B=st.integers(2, 9), length=st.integers(1, 5), seed=st.integers(0, 99), level=st.floats(-5, 5)
)
@settings(max_examples=examples(60))
def test_normalised_q(B: int, length: int, seed: int, level: float) -> None:
    q = torch.rand(B, length, generator=rng(seed)) + level
    centred, standard = normalise_q(q, "centre"), normalise_q(q, "standardise")
    assert torch.equal(normalise_q(q, "none"), q)
    assert torch.allclose(centred.mean(0), torch.zeros(length), atol=1e-5)
    assert torch.allclose(centred - centred[0], q - q[0], atol=1e-5)
    assert torch.allclose(standard.mean(0), torch.zeros(length), atol=1e-3)
    if (q.std(0, correction=0) > 1e-2).all():
        assert torch.allclose(standard.std(0, correction=0), torch.ones(length), atol=1e-2)


def test_equal_q_teaches_nothing_rather_than_nan() -> None:
    assert (normalise_q(torch.full((4, 3), 0.25), "standardise") == 0).all()
    with pytest.raises(ValueError, match=r"how is 'rank'; it must be none, centre"):
        normalise_q(torch.ones(2, 2), "rank")  # type: ignore[arg-type]


def test_centring_keeps_the_expected_gradient() -> None:
    """Up to (B - 1)/B: by enumeration of all pairs of sequences, with exact Q."""
    G, every = small_generator(V), all_sequences(V, 2)
    table, _ = table_reward(V, 2)
    p, q = probabilities(G, every).detach(), exact_q(G, table, every, V)
    plain = gradient_of(G, -(p[:, None] * log_probs(G, every) * q).sum())
    total = torch.zeros((), dtype=torch.float64)
    for a in range(9):
        for b in range(9):
            pair = torch.tensor([a, b])
            total = total + p[a] * p[b] * policy_gradient_loss(
                G, every[pair], normalise_q(q[pair], "centre")
            )[0]  # fmt: skip
    assert torch.allclose(gradient_of(G, total) / 2, plain / 2, atol=1e-6)


@pytest.mark.parametrize("rate", [0.0, 0.5, 0.8, 1.0])
def test_the_moving_average(rate: float) -> None:
    average, live = small_generator(5, seed=1), small_generator(5, seed=2)
    before, now = copy.deepcopy(average), copy.deepcopy(live)
    move_average(average, live, rate)
    triples = zip(average.parameters(), before.parameters(), now.parameters(), strict=True)
    for moved, old, new in triples:
        assert torch.allclose(moved, rate * old + (1 - rate) * new, atol=1e-6)
    assert all(torch.equal(a, b) for a, b in zip(live.parameters(), now.parameters(), strict=True))


def test_trap_5_the_average_never_aliases_the_live_generator() -> None:
    average, live = small_generator(5, seed=1), small_generator(5, seed=2)
    move_average(average, live, 0.0)  # follows at once: equal numbers, memory of their own
    before = [parameter.detach().clone() for parameter in average.parameters()]
    with torch.no_grad():
        for parameter in live.parameters():
            parameter.add_(math.pi)
    assert all(torch.equal(a, b) for a, b in zip(before, average.parameters(), strict=True))
    for ours, theirs in zip(average.parameters(), live.parameters(), strict=True):
        assert ours.data_ptr() != theirs.data_ptr()
