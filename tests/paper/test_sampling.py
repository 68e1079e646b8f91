"""Draws are exact: every token with its own probability, and none that has none."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from seqgan_core.paper.sampling import (
    SoftmaxLayer,
    block_width,
    draw,
    draw_from_weights,
    padded_size,
)
from tests.support.examples import examples
from tests.support.tiny.models import chi_square_p_value, rng

ALMOST_ONE = 1.0 - 2.0**-24  # the largest that torch.rand gives


def counted(tokens: Tensor, vocab_size: int) -> Tensor:
    return torch.bincount(tokens.flatten(), minlength=vocab_size)


@pytest.mark.parametrize("vocab_size", [1, 2, 3, 16, 17, 100, 257, 1000])
def test_frequencies_are_those_of_the_softmax(vocab_size: int) -> None:
    logits = torch.randn(vocab_size, generator=rng(1)) * 2
    uniforms = torch.rand(1, 50_000, generator=rng(2))
    counts = counted(draw(logits[None].clone(), uniforms), vocab_size)
    assert counts.sum() == 50_000
    if vocab_size > 1:
        assert chi_square_p_value(counts, logits.double().softmax(0)) > 1e-3


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7])
@pytest.mark.parametrize("spread", [0.3, 30.0])  # logits that need no shift, and logits that do
def test_a_softmax_layer_draws_from_its_softmax(temperature: float, spread: float) -> None:
    H, V, n = 4, 70, 40_000
    weight, bias = torch.randn(H, V, generator=rng(3)) * spread, torch.randn(V, generator=rng(4))
    h = torch.rand(1, H, generator=rng(5)) * 2 - 1
    layer = SoftmaxLayer(weight, bias, temperature)
    tokens = layer.draw(h.expand(n, H), torch.rand(n, generator=rng(6)))
    p = ((h @ weight + bias)[0].double() / temperature).softmax(0)
    assert chi_square_p_value(counted(tokens, V), p) > 1e-3


def test_many_draws_from_a_row_are_those_of_as_many_rows() -> None:
    logits = torch.randn(5, 90, generator=rng())
    uniforms = torch.rand(5, 7, generator=rng(1))
    together = draw(logits.clone(), uniforms)
    apart = [draw(logits.clone(), uniforms[:, n]) for n in range(7)]
    assert torch.equal(together, torch.stack(apart, dim=1))


def test_several_draws_take_transposed_uniforms() -> None:
    logits, uniforms = torch.randn(6, 40, generator=rng()), torch.rand(3, 6, generator=rng(1))
    expected = draw(logits.clone(), uniforms.t().contiguous())
    assert torch.equal(draw(logits.clone(), uniforms.t()), expected)


@given(
    weights=st.lists(st.sampled_from([0.0, 0.0, 1e-6, 0.3, 1.0, 1e4]), min_size=1, max_size=80),
    uniform=st.one_of(
        st.sampled_from([0.0, 2.0**-24, 0.5, ALMOST_ONE]),
        st.floats(0, ALMOST_ONE, width=32),
    ),
)
@settings(max_examples=examples(300))
def test_a_token_without_weight_is_never_drawn(weights: list[float], uniform: float) -> None:
    if not any(weights):
        weights[-1] = 1.0
    token = int(draw_from_weights(torch.tensor([weights]), torch.tensor([uniform]))[0])
    assert weights[token] > 0


@given(
    weights=st.lists(st.floats(2.0**-6, 1.0, width=32), min_size=2, max_size=60),
    uniform=st.floats(0, ALMOST_ONE, width=32),
)
@settings(max_examples=examples(200))
def test_it_inverts_the_cumulative_distribution(weights: list[float], uniform: float) -> None:
    token = int(draw_from_weights(torch.tensor([weights]), torch.tensor([uniform]))[0])
    target, total = uniform * math.fsum(weights), math.fsum(weights)
    slack = 1e-5 * total
    assert math.fsum(weights[:token]) <= target + slack
    assert math.fsum(weights[: token + 1]) >= target - slack


@pytest.mark.parametrize("vocab_size", [3, 17, 70, 300])
def test_uniforms_near_0_and_1_give_the_first_and_the_last_possible_token(vocab_size: int) -> None:
    weights = torch.rand(200, vocab_size, generator=rng()) + 0.1
    weights[:, 0] = 0.0
    weights[:, -1] = 0.0
    first = draw_from_weights(weights, torch.zeros(200))
    last = draw_from_weights(weights, torch.full((200,), ALMOST_ONE))
    assert set(first.tolist()) == {1}
    assert set(last.tolist()) == {vocab_size - 2}


def test_impossible_tokens_are_minus_infinity() -> None:
    logits = torch.full((1, 300), -torch.inf)
    logits[0, [7, 250]] = torch.tensor([0.0, math.log(3.0)])
    tokens = draw(logits, torch.rand(1, 4000, generator=rng()))
    assert set(tokens.unique().tolist()) == {7, 250}
    assert (tokens == 250).float().mean() == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("shift", [-1e4, 0.0, 1e4])
def test_large_logits_neither_overflow_nor_vanish(shift: float) -> None:
    logits = torch.tensor([[0.0, math.log(2.0), math.log(5.0)]]) + shift
    counts = counted(draw(logits, torch.rand(1, 20_000, generator=rng())), 3)
    expected = torch.tensor([1.0, 2.0, 5.0])
    assert counts.double() / 20_000 == pytest.approx((expected / 8).double(), abs=0.02)


def test_temperature_0_takes_the_likeliest() -> None:
    logits = torch.randn(9, 50, generator=rng())
    best = logits.argmax(-1)
    assert torch.equal(draw(logits.clone(), torch.rand(9, generator=rng(1)), 0.0), best)
    layer = SoftmaxLayer(logits, torch.zeros(50), 0.0)
    assert torch.equal(layer.draw(torch.eye(9), torch.rand(9, generator=rng(1))), best)


def test_a_tiny_temperature_takes_the_likeliest_too() -> None:
    logits = torch.randn(9, 50, generator=rng())
    best = logits.argmax(-1)
    for temperature in (1e-4, 1e-30, 5e-324):
        assert torch.equal(draw(logits.clone(), torch.rand(9, generator=rng(1)), temperature), best)
        layer = SoftmaxLayer(logits, torch.zeros(50), temperature)
        assert torch.equal(layer.draw(torch.eye(9), torch.rand(9, generator=rng(1))), best)


@pytest.mark.parametrize("temperature", [-0.1, math.nan])
def test_a_wrong_temperature_is_refused(temperature: float) -> None:
    with pytest.raises(ValueError, match=r"temperature is .*; it must be 0"):
        draw(torch.zeros(1, 3), torch.zeros(1), temperature)
    with pytest.raises(ValueError, match=r"temperature is .*; it must be 0"):
        SoftmaxLayer(torch.zeros(2, 3), torch.zeros(3), temperature)


def test_a_diverged_model_still_gives_tokens() -> None:
    """The guard against NaN stops the run; the sampler must not crash (or corrupt a GPU) first."""
    layer = SoftmaxLayer(torch.full((2, 21), torch.nan), torch.zeros(21))
    tokens = layer.draw(torch.ones(3, 2), torch.rand(3, generator=rng()))
    assert ((tokens >= 0) & (tokens < 21)).all()


@given(st.integers(1, 60_000))
def test_padding_keeps_the_width_of_a_block(vocab_size: int) -> None:
    size, width = padded_size(vocab_size), block_width(vocab_size)
    assert size % width == 0
    assert vocab_size <= size < vocab_size + width
    assert block_width(size) == width
    assert padded_size(size) == size


def test_no_rows_give_no_tokens() -> None:
    assert draw(torch.zeros(0, 9), torch.zeros(0)).shape == (0,)
