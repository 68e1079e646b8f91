"""Monte Carlo search: exact values by enumeration, and nothing mixed up on the way."""

import math
from typing import get_args

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from seqgan_core.paper.objectives import Normalisation, normalise_q, policy_gradient_loss
from seqgan_core.paper.rollout import (
    PrefixReward,
    complete,
    complete_prefix,
    complete_with,
    q_values,
    q_values_with,
    rollout_noise,
)
from seqgan_core.paper.tokens import Tokens
from seqgan_core.paper.value_network import ValueNetwork
from tests.support.examples import examples
from tests.support.tiny.models import (
    all_sequences,
    chi_square_p_value,
    exact_q,
    number_of,
    probabilities,
    random_tokens,
    rng,
    small_discriminator,
    small_generator,
    table_reward,
)

V, T = 3, 3


def test_q_is_the_expected_reward_of_every_ending() -> None:
    """Each of the 27 sequences, every position: within four standard errors, and unbiased."""
    G, every = small_generator(V), all_sequences(V, T)
    table, reward = table_reward(V, T)
    values = q_values(G, reward, every, 2000, rng(1))
    expected = exact_q(G, table, every, V).float()
    assert torch.allclose(values.q[:, -1], table, atol=1e-6)
    z = (values.q - expected)[:, :-1] / values.std_error[:, :-1]
    assert float(z.abs().max()) < 4.5
    assert abs(float(z.mean())) < 0.5
    assert 0.7 < float(z.std()) < 1.3  # the standard errors are as large as the errors


def test_completions_of_a_prefix_follow_the_model() -> None:
    G, tokens, every = small_generator(V), random_tokens(2, 4, V), all_sequences(V, 4)
    completions = complete(G, tokens, 20_000, rng(3))
    p = probabilities(G, every).detach()
    for prefix in range(3):
        for b in range(2):
            begins = (every[:, : prefix + 1] == tokens[b, : prefix + 1]).all(dim=1)
            counts = torch.bincount(number_of(completions[prefix, :, b], V), minlength=V**4)
            assert counts[~begins].sum() == 0
            assert chi_square_p_value(counts[begins], p[begins]) > 1e-3


def test_completions_keep_their_prefix() -> None:
    G, tokens = small_generator(7), random_tokens(5, 6, 7)
    completions = complete(G, tokens, 3, rng())
    assert completions.shape == (5, 3, 5, 6)
    for p in range(5):
        assert (completions[p, :, :, : p + 1] == tokens[:, : p + 1]).all()
    assert ((completions >= 0) & (completions < 7)).all()


def test_trap_4_a_roll_out_starts_from_the_start_token() -> None:
    """Without it the state would have read one token less, and another distribution follows."""
    G = small_generator(V, std=2.0)
    tokens = torch.tensor([[2, 0]])
    drawn = complete(G, tokens, 20_000, rng())[0, :, 0, 1]
    state = G.advance(torch.tensor([0]), G.initial_state(1))
    right = G.output_logits(G.advance(tokens[:, 0], state).h).softmax(-1)[0].detach()
    wrong = G.output_logits(G.advance(tokens[:, 0], G.initial_state(1)).h).softmax(-1)[0].detach()
    counts = torch.bincount(drawn, minlength=V)
    assert chi_square_p_value(counts, right) > 1e-3
    assert chi_square_p_value(counts, wrong) < 1e-6


class Fingerprint:
    """A reward that tells which sentence a sequence began as, and which prefix it kept.

    The roll-out policy only ever writes token 0, so the length of the prefix can be read off.
    """

    def __call__(self, tokens: Tokens) -> Tensor:
        prefix_length = (tokens != 0).sum(dim=1)
        return tokens[:, 0] * 100.0 + prefix_length


class FingerprintOfPrefixes(Fingerprint):
    def score_completions(self, completions: Tensor, tokens: Tokens) -> Tensor:
        P, N, B, _ = completions.shape
        return self(completions.flatten(0, 2)).view(P, N, B)


@given(
    sizes=st.permutations([2, 3, 5, 4]),
    reward=st.sampled_from([Fingerprint(), FingerprintOfPrefixes()]),
)
@settings(max_examples=examples(40))
def test_trap_1_rewards_are_not_mixed_between_rows_and_positions(
    sizes: list[int], reward: Fingerprint
) -> None:
    B, length, N, _ = sizes
    G = small_generator(B + 1)
    with torch.no_grad():
        G.b_output[0] = 90.0
    rows = torch.arange(1, B + 1)
    tokens = rows[:, None].expand(B, length).clone()
    values = q_values(G, reward, tokens, N, rng())
    expected = rows[:, None] * 100.0 + torch.arange(1, length + 1)  # (B, T)
    assert torch.equal(values.q, expected)
    assert torch.equal(values.scores, expected.t().expand(N, length, B))


def test_both_ways_of_scoring_agree() -> None:
    G, D, tokens = small_generator(6), small_discriminator(6), random_tokens(4, 5, 6)
    assert isinstance(D, PrefixReward)
    fast = q_values(G, D, tokens, 3, rng(2))
    plain = q_values(G, lambda rows: D.probability_real(rows), tokens, 3, rng(2))
    assert torch.equal(fast.completions, plain.completions)
    assert torch.allclose(fast.q, plain.q, atol=1e-6)


def test_trap_2_and_3_q_is_the_mean_of_probabilities_without_dropout() -> None:
    G, D, tokens = small_generator(6), small_discriminator(6), random_tokens(4, 5, 6)
    D.train()
    values = q_values(G, D, tokens, 3, rng(2))
    expected = D.probability_real(values.completions.flatten(0, 2)).view(4, 3, 4)
    assert torch.allclose(values.scores[:, :-1], expected.transpose(0, 1), atol=1e-6)
    assert torch.allclose(values.scores[:, -1], D.probability_real(tokens).expand(3, 4), atol=1e-6)
    assert ((values.scores >= 0) & (values.scores <= 1)).all()


def test_the_mean_and_its_standard_error() -> None:
    _, reward = table_reward(V, T)
    values = q_values(small_generator(V), reward, random_tokens(4, T, V), 5, rng())
    assert values.q.shape == values.std_error.shape == (4, T)
    assert torch.allclose(values.q, values.scores.mean(0).t())
    expected = values.scores.std(0).t() / math.sqrt(5)
    assert torch.allclose(values.std_error[:, :-1], expected[:, :-1])
    assert (values.std_error[:, -1] == 0).all()  # a finished sequence has one score


def test_one_roll_out_has_no_standard_error() -> None:
    _, reward = table_reward(V, T)
    values = q_values(small_generator(V), reward, random_tokens(4, T, V), 1, rng())
    assert values.std_error[:, :-1].isnan().all()
    assert values.q.isfinite().all()


def test_more_roll_outs_keep_the_first_ones() -> None:
    G, tokens = small_generator(5), random_tokens(3, 6, 5)
    few, many = complete(G, tokens, 2, rng(4)), complete(G, tokens, 7, rng(4))
    assert torch.equal(few, many[:, :2])


def test_the_same_stream_gives_the_same_values() -> None:
    G, D, tokens = small_generator(6), small_discriminator(6), random_tokens(4, 5, 6)
    first, second = (q_values(G, D, tokens, 3, rng(2)) for _ in range(2))
    assert torch.equal(first.q, second.q)
    assert not torch.equal(first.completions, q_values(G, D, tokens, 3, rng(3)).completions)


def test_no_gradient_crosses() -> None:
    G, D, tokens = small_generator(6), small_discriminator(6), random_tokens(4, 5, 6)
    values = q_values(G, D, tokens, 3, rng())
    assert not values.q.requires_grad
    policy_gradient_loss(G, tokens, values.q)[0].backward()
    assert all(parameter.grad is not None for parameter in G.parameters())
    assert all(parameter.grad is None for parameter in D.parameters())


def test_sequences_of_one_token_need_no_roll_out() -> None:
    tokens = random_tokens(4, 1, V)
    table, reward = table_reward(V, 1)
    values = q_values(small_generator(V), reward, tokens, 3, rng())
    assert torch.equal(values.q[:, 0], table[tokens[:, 0]])
    assert values.completions.shape == (0, 3, 4, 1)


def test_a_single_sequence() -> None:
    values = q_values(small_generator(6), small_discriminator(6), random_tokens(1, 5, 6), 2, rng())
    assert values.q.shape == (1, 5)


def test_given_noise_gives_what_drawing_it_gives() -> None:
    G, D, tokens = small_generator(6), small_discriminator(6), random_tokens(4, 5, 6)
    values = q_values_with(G, D, tokens, rollout_noise(tokens, 3, rng(2)))
    drawn = q_values(G, D, tokens, 3, rng(2))
    for name in ("q", "std_error", "scores", "completions"):
        assert torch.equal(getattr(values, name), getattr(drawn, name))


@pytest.mark.parametrize("t", range(4))
def test_one_prefix_alone_is_completed_as_among_all(t: int) -> None:
    G, tokens = small_generator(6), random_tokens(4, 5, 6)
    noise = rollout_noise(tokens, 3, rng(2))
    alone = complete_prefix(G, tokens, t, noise[t])
    assert torch.equal(alone, complete_with(G, tokens, noise)[t])
    assert torch.equal(alone[:, :, : t + 1], tokens[:, : t + 1].expand(3, 4, t + 1))


@pytest.mark.parametrize("vocab_size", [6, 200])  # fewer and more than the tokens to be scored
@pytest.mark.parametrize("how", get_args(Normalisation))
def test_from_the_noise_to_the_gradient_nothing_waits_for_a_gpu(
    vocab_size: int, how: Normalisation
) -> None:
    """A tensor without numbers fails at everything that a CUDA graph cannot hold: reading a number,
    a shape or a branch that depends on one, and another device's tensors.
    """
    G = small_generator(vocab_size).to("meta")
    D = small_discriminator(vocab_size).to("meta")
    tokens = G.sample_with(torch.empty(4, 5, device="meta"))
    values = q_values_with(G, D, tokens, torch.empty(4, 3, 4, 5, device="meta"))
    v = ValueNetwork(vocab_size, 5, 4).to("meta").values(tokens)
    loss, _ = policy_gradient_loss(G, tokens, normalise_q(values.q, how, v))
    loss.backward()
    assert (values.q.shape, values.completions.shape) == ((4, 5), (4, 3, 4, 5))
    with pytest.raises(RuntimeError, match="meta"):
        loss.item()
    with pytest.raises(NotImplementedError, match="meta"):
        tokens[tokens > 0]


@pytest.mark.parametrize("n", [0, -1])
def test_no_roll_outs_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match=f"n_rollouts is {n}; it must be 1 or more"):
        complete(small_generator(V), random_tokens(2, T, V), n, rng())
