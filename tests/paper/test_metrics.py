"""What is measured of a generator, against numbers that are known exactly."""

import math

import pytest
import torch

from seqgan_core.paper.metrics import (
    conditional_entropy,
    discriminator_scores,
    entropy_of,
    sequence_nll,
)
from tests.support.tiny.models import (
    all_sequences,
    probabilities,
    random_tokens,
    rng,
    small_discriminator,
    small_generator,
)


def test_nll_is_minus_the_mean_log_probability_of_the_tokens() -> None:
    G, every = small_generator(), all_sequences(3, 4)
    expected = -probabilities(G, every).detach().log() / 4
    assert torch.allclose(sequence_nll(G, every).double(), expected, atol=1e-6)


def test_nll_does_not_depend_on_how_rows_are_taken_in_turn() -> None:
    G, tokens = small_generator(7), random_tokens(150, 5, 7)
    together = sequence_nll(G, tokens)
    assert torch.allclose(together[130:131], sequence_nll(G, tokens[130:131]), atol=1e-6)
    assert sequence_nll(G, random_tokens(0, 5, 7)).shape == (0,)


def test_own_samples_cost_the_entropy() -> None:
    """The expected NLL of a model's own samples is its entropy, by enumeration."""
    G, every = small_generator(), all_sequences(3, 4)
    p = probabilities(G, every).detach()
    entropy = float(-(p * p.log()).sum() / 4)
    samples = G.sample(20_000, 4, rng())
    assert float(sequence_nll(G, samples).mean()) == pytest.approx(entropy, abs=0.01)
    assert float(conditional_entropy(G, samples)) == pytest.approx(entropy, abs=0.01)


def test_a_uniform_model_has_the_entropy_of_its_vocabulary() -> None:
    G = small_generator(8)
    with torch.no_grad():
        G.w_output.zero_()
        G.b_output.zero_()
    tokens = random_tokens(70, 3, 8)
    assert float(conditional_entropy(G, tokens)) == pytest.approx(math.log(8), abs=1e-5)
    assert torch.allclose(sequence_nll(G, tokens), torch.full((70,), math.log(8)), atol=1e-5)


def test_entropy_of_logits() -> None:
    logits = torch.tensor([[0.0, 0.0], [0.0, math.log(3.0)], [0.0, -200.0]])
    certain = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert entropy_of(logits).tolist() == pytest.approx([math.log(2), certain, 0.0], abs=1e-6)


def test_discriminator_scores_count_both_sides() -> None:
    D, real, fake = small_discriminator(6), random_tokens(40, 5, 6), random_tokens(20, 5, 6, seed=1)
    p_real, p_fake = D.probability_real(real), D.probability_real(fake)
    scores = discriminator_scores(D, real, fake)
    right = int((p_real > 0.5).sum() + (p_fake <= 0.5).sum())
    assert scores["d_accuracy"] == pytest.approx(right / 60)
    assert scores["d_real"] == pytest.approx(float(p_real.mean()), abs=1e-6)
    assert scores["d_fake"] == pytest.approx(float(p_fake.mean()), abs=1e-6)


def test_measuring_leaves_no_gradient() -> None:
    G, D, tokens = small_generator(6), small_discriminator(6), random_tokens(8, 5, 6)
    assert not sequence_nll(G, tokens).requires_grad
    assert not conditional_entropy(G, tokens).requires_grad
    discriminator_scores(D, tokens, tokens)
    assert all(parameter.grad is None for parameter in (*G.parameters(), *D.parameters()))
