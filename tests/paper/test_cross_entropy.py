"""The cross-entropy in parts: values, gradients and entropy of the plain formulas."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from seqgan_core.paper.cross_entropy import FEWEST_ROWS, WeightedNll, nll_of_tokens
from seqgan_core.paper.metrics import entropy_of
from tests.support.tiny.models import rng

N, H = 2 * FEWEST_ROWS + 5, 6  # three parts, the last one short


def layer(
    vocab_size: int, scale: float = 1.0, dtype: torch.dtype = torch.float32
) -> tuple[Tensor, ...]:
    """h in (-1, 1), W and b with gradients; tokens; weights of both signs, some 0."""
    random = rng(vocab_size)
    h = torch.rand(N, H, generator=random, dtype=dtype) * 2 - 1
    weight = torch.randn(H, vocab_size, generator=random, dtype=dtype) * scale
    bias = torch.randn(vocab_size, generator=random, dtype=dtype) * scale
    tokens = torch.randint(vocab_size, (N,), generator=random)
    weights = torch.randn(N, generator=random, dtype=dtype).relu() - 0.2
    return *(x.requires_grad_() for x in (h, weight, bias)), tokens, weights


@pytest.fixture(autouse=True)
def _several_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seqgan_core.paper.cross_entropy.LOGITS_AT_ONCE", {"cpu": 1, "gpu": 1})


@pytest.mark.parametrize("scale", [0.1, 1.0, 30.0])  # the last needs its maximum subtracted
@pytest.mark.parametrize("vocab_size", [1, 2, 700])
def test_it_is_the_plain_cross_entropy(vocab_size: int, scale: float) -> None:
    h, weight, bias, tokens, weights = layer(vocab_size, scale)
    logits = h @ weight + bias
    plain = F.cross_entropy(logits, tokens, reduction="none")
    loss, entropy = WeightedNll.apply(h, weight, bias, tokens, weights / N)
    expected = (plain * weights / N).sum()
    close = 1e-6 * max(1.0, scale)
    assert torch.allclose(loss, expected, atol=close)
    assert torch.allclose(nll_of_tokens(h, weight, bias, tokens), plain, rtol=1e-6, atol=close)
    assert torch.allclose(entropy, entropy_of(logits).mean(), atol=10 * close)
    for ours, theirs in zip(
        torch.autograd.grad(loss, (h, weight, bias)),
        torch.autograd.grad(expected, (h, weight, bias)),
        strict=True,
    ):
        assert torch.allclose(ours, theirs, atol=close)


@pytest.mark.parametrize("scale", [1.0, 30.0])
def test_its_gradient_is_that_of_its_value(scale: float) -> None:
    h, weight, bias, tokens, weights = layer(5, scale, torch.float64)

    def loss(h: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return 3.0 * WeightedNll.apply(h, weight, bias, tokens, weights)[0]

    assert torch.autograd.gradcheck(loss, (h, weight, bias))


def test_logits_beyond_float32_stay_finite() -> None:
    h, weight, bias, tokens, weights = layer(40, scale=1e4)
    loss, entropy = WeightedNll.apply(h, weight, bias, tokens, weights)
    plain = F.cross_entropy(h @ weight + bias, tokens, reduction="none")
    assert torch.allclose(nll_of_tokens(h, weight, bias, tokens), plain, rtol=1e-5)
    assert torch.allclose(loss, (plain * weights).sum(), rtol=1e-5)
    assert torch.isfinite(entropy)
    assert all(x.isfinite().all() for x in torch.autograd.grad(loss, (h, weight, bias)))


def test_nan_is_not_hidden() -> None:
    h, weight, bias, tokens, weights = layer(5)
    with torch.no_grad():
        weight[0, 0] = torch.nan
    assert WeightedNll.apply(h, weight, bias, tokens, weights)[0].isnan()
    assert nll_of_tokens(h, weight, bias, tokens).isnan().all()
