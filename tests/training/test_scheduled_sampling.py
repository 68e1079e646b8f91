"""Scheduled sampling: MLE at one end, G's own words at the other."""

import torch

from seqgan_core.paper.objectives import mle_loss, scheduled_sampling_loss
from tests.support.tiny.models import random_tokens, rng, small_generator

V, T, B = 5, 6, 40


def gradients(loss: torch.Tensor, G: torch.nn.Module) -> list[torch.Tensor]:
    return list(torch.autograd.grad(loss, list(G.parameters())))


def test_all_truth_is_mle_in_value_and_gradient() -> None:
    G, tokens = small_generator(V), random_tokens(B, T, V)
    uniforms = torch.rand(B, T, generator=rng(1))
    ours = scheduled_sampling_loss(G, tokens, torch.ones(B, T, dtype=torch.bool), uniforms)
    theirs = mle_loss(G, tokens)
    assert torch.allclose(ours, theirs, atol=1e-6)
    for a, b in zip(gradients(ours, G), gradients(theirs, G), strict=True):
        assert torch.allclose(a, b, atol=1e-6)


def test_no_truth_runs_freely_and_still_answers_for_the_true_tokens() -> None:
    """By hand: the inputs are the very sample that the same noise gives."""
    G, tokens = small_generator(V), random_tokens(B, T, V)
    uniforms = torch.rand(B, T, generator=rng(2))
    ours = scheduled_sampling_loss(G, tokens, torch.zeros(B, T, dtype=torch.bool), uniforms)
    own = G.sample_with(uniforms)
    log_probs = G.logits(own).log_softmax(-1)  # along its own words
    expected = -log_probs.gather(2, tokens[:, :, None]).mean()
    assert torch.allclose(ours, expected, atol=1e-5)


def test_each_position_is_fed_truth_or_sample_as_drawn() -> None:
    G, tokens = small_generator(V), random_tokens(B, T, V)
    uniforms = torch.rand(B, T, generator=rng(3))
    truth = torch.rand(B, T, generator=rng(4)) < 0.5
    ours = scheduled_sampling_loss(G, tokens, truth, uniforms)
    inputs = tokens.clone()
    for t in range(T):  # what stands at t depends on what stood before it
        own = G.sample_with(uniforms) if t == 0 else None
        prefix_logits = G.logits(inputs)[:, t].softmax(-1).cumsum(-1)
        drawn = (prefix_logits < uniforms[:, t : t + 1]).sum(-1).clamp(max=V - 1)
        if own is not None:
            assert (drawn == own[:, 0]).float().mean() > 0.95
        inputs[:, t] = torch.where(truth[:, t], tokens[:, t], drawn)
    log_probs = G.logits(inputs).log_softmax(-1)
    expected = -log_probs.gather(2, tokens[:, :, None]).mean()
    assert torch.allclose(ours, expected, atol=1e-4)
