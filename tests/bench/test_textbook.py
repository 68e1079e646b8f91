"""The fast way has the distribution, the values and the updates of the textbook way."""

import copy

import torch

from seqgan_core.bench import textbook
from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.rollout import complete, q_values
from seqgan_core.training.learners.updates import DiscriminatorLearner, MleLearner, PolicyLearner
from tests.support.tiny.models import (
    all_sequences,
    exact_q,
    number_of,
    probabilities,
    random_tokens,
    rng,
    small_discriminator,
    small_generator,
    table_reward,
)

V, T = 3, 4


def two_sample_p_value(ours: torch.Tensor, theirs: torch.Tensor, cells: int) -> float:
    from scipy.stats import chi2_contingency

    table = torch.stack([torch.bincount(rows, minlength=cells) for rows in (ours, theirs)])
    return float(chi2_contingency(table[:, table.sum(0) > 0].numpy()).pvalue)


def test_batched_roll_outs_have_the_textbook_distribution() -> None:
    G, tokens = small_generator(V), random_tokens(2, T, V)
    N = 8000
    batched = complete(G, tokens, N, rng(1))
    for p in range(T - 1):
        prefixes = tokens[:, : p + 1].repeat_interleave(N, dim=0)
        slow = textbook.complete(G, prefixes, T, rng(2 + p)).view(2, N, T)
        for b in range(2):
            ours, theirs = number_of(batched[p, :, b], V), number_of(slow[b], V)
            assert two_sample_p_value(ours, theirs, V**T) > 1e-3


def test_samples_have_the_textbook_distribution() -> None:
    G = small_generator(V)
    ours, theirs = G.sample(20_000, T, rng(1)), textbook.sample(G, 20_000, T, rng(2))
    assert two_sample_p_value(number_of(ours, V), number_of(theirs, V), V**T) > 1e-3


def test_both_estimate_the_same_q() -> None:
    G, tokens = small_generator(V), random_tokens(3, T, V)
    table, reward = table_reward(V, T)
    exact = exact_q(G, table, tokens, V).float()
    fast = q_values(G, reward, tokens, 3000, rng())
    slow = textbook.q_values(G, reward, tokens, 300, rng())
    assert torch.allclose(fast.q, exact, atol=0.03)
    assert torch.allclose(slow, exact, atol=0.09)


def test_completed_sequences_are_likely_under_the_model() -> None:
    """The mean log-probability of continuations is the negative conditional entropy."""
    G, every = small_generator(V), all_sequences(V, T)
    p = probabilities(G, every).detach()
    samples = textbook.sample(G, 20_000, T, rng())
    expected = float((p * p.log()).sum())
    assert abs(float(p[number_of(samples, V)].log().mean()) - expected) < 0.05


def test_d_scores_are_those_of_conv2d_at_the_papers_widths() -> None:
    widths, filters = (
        (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20),
        (10, 20, 20, 20, 20, *[10] * 5, 16, 16),
    )
    D = Discriminator(500, 64, widths, filters).initialise(rng())
    tokens = random_tokens(300, 20, 500)
    slow = textbook.Conv2dDiscriminator(D).probability_real(tokens)
    assert torch.allclose(D.probability_real(tokens), slow, atol=1e-5)


def close(ours: torch.nn.Module, theirs: torch.nn.Module) -> bool:
    pairs = zip(ours.parameters(), theirs.parameters(), strict=True)
    return all(torch.allclose(a, b, atol=1e-5) for a, b in pairs)


def test_an_mle_update_is_the_textbook_update() -> None:
    G, tokens = small_generator(V), random_tokens(8, T, V)
    slow: Generator = copy.deepcopy(G)
    learner = MleLearner(G, 0.01, max_grad_norm=5.0)
    adam = torch.optim.Adam(slow.parameters(), lr=0.01)
    for _ in range(3):
        learner(tokens)
        textbook.mle_step(slow, adam, tokens)
    assert close(G, slow)


def test_a_policy_update_is_the_textbook_update() -> None:
    G, tokens = small_generator(V), random_tokens(8, T, V)
    slow: Generator = copy.deepcopy(G)
    q = torch.rand(8, T, generator=rng())
    learner = PolicyLearner(G, 0.01, max_grad_norm=5.0)
    adam = torch.optim.Adam(slow.parameters(), lr=0.01)
    for _ in range(3):
        learner(tokens, q, q)
        textbook.policy_step(slow, adam, tokens, q)
    assert close(G, slow)


def test_a_discriminator_update_is_the_textbook_update() -> None:
    D, tokens = small_discriminator(9), random_tokens(8, 6, 9)
    labels = torch.arange(8) % 2
    slow = textbook.Conv2dDiscriminator(D)
    mask = D.dropout_mask(8, 0.75, rng())
    learner = DiscriminatorLearner(D, 1e-2, l2=0.2)
    adam = torch.optim.Adam(slow.parameters(), lr=1e-2)
    learner(tokens, labels, mask)
    textbook.discriminator_step(slow, adam, tokens, labels, 0.2, mask)
    assert torch.allclose(D.output_weight, slow.output_weight, atol=1e-5)
    # Adam's first step is ±rate wherever the gradient is not about 0; embeddings read are such.
    moved = slow.embedding.grad.abs() > 1e-6
    assert torch.allclose(D.embedding[moved], slow.embedding[moved], atol=1e-4)
