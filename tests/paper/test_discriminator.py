"""The discriminator: its formulas against the textbook way, dropout, and completions."""

import re

import pytest
import torch

from seqgan_core.bench.textbook import Conv2dDiscriminator
from seqgan_core.paper.discriminator import (
    REAL,
    Discriminator,
    _largest,
    _unfolded,
    _windows,
)
from seqgan_core.paper.objectives import discriminator_loss
from seqgan_core.training.build import make_discriminator
from seqgan_core.training.config import field_info, make_config
from seqgan_core.training.setup.presets import PAPER
from tests.support.tiny.models import random_tokens, rng, small_discriminator

LABELS = torch.tensor([0, 1, 0, 1, 1])


@pytest.fixture(params=["all windows", "winners alone"])
def _either_gradient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    worth = -1 if request.param == "winners alone" else 1 << 60
    monkeypatch.setattr("seqgan_core.paper.discriminator.WORTH_SORTING", worth)


def test_logits_are_those_of_a_two_dimensional_convolution() -> None:
    D, tokens = small_discriminator(9), random_tokens(8, 6, 9)
    assert torch.allclose(D.logits(tokens), Conv2dDiscriminator(D).logits(tokens), atol=1e-5)


@pytest.mark.usefixtures("_either_gradient")
@pytest.mark.parametrize("vocab_size", [2, 9])  # with two tokens many windows are equal
@pytest.mark.parametrize("length", [3, 6])  # the widest filter has one place, or several
def test_gradients_are_those_of_a_two_dimensional_convolution(vocab_size: int, length: int) -> None:
    D, tokens = small_discriminator(vocab_size), random_tokens(8, length, vocab_size)
    slow = Conv2dDiscriminator(D)
    mask = D.dropout_mask(8, 0.75, rng(1))
    D.logits(tokens, mask).square().sum().backward()
    slow.logits(tokens, mask).square().sum().backward()
    assert torch.allclose(D.embedding.grad, slow.embedding.grad, atol=1e-5)
    for ours, kernel in zip(D.conv_weights, slow.kernels, strict=True):
        assert torch.allclose(ours.grad, kernel.grad[:, 0].transpose(1, 2), atol=1e-5)
    for ours, bias in zip(D.conv_biases, slow.biases, strict=True):
        assert torch.allclose(ours.grad, bias.grad, atol=1e-5)


def test_both_gradients_agree_at_the_papers_size(monkeypatch: pytest.MonkeyPatch) -> None:
    D = Discriminator(300, 64, (1, 2, 10, 20), (100, 200, 100, 160)).initialise(rng())
    tokens, labels = random_tokens(64, 20, 300), torch.arange(64) % 2
    found = []
    for worth in (-1, 1 << 60):
        monkeypatch.setattr("seqgan_core.paper.discriminator.WORTH_SORTING", worth)
        loss, _ = discriminator_loss(D, tokens, labels, 0.2)
        found.append((loss, *torch.autograd.grad(loss, list(D.parameters()))))
    for winners, every in zip(*found, strict=True):
        assert torch.allclose(winners, every, atol=2e-7)


@pytest.mark.usefixtures("_either_gradient")
def test_the_gradient_of_the_largest_window_is_exact() -> None:
    embedded = torch.randn(4, 5, 6, generator=rng(), dtype=torch.float64).requires_grad_()
    for weight in small_discriminator().double().conv_weights:
        assert torch.autograd.gradcheck(_largest, (embedded, weight.detach().requires_grad_()))


@pytest.mark.parametrize("width", [1, 2, 5])
def test_windows_are_the_same_joined_and_unfolded(width: int) -> None:
    """A GPU takes the unfolded ones; the gradient is the same but for the order of its sums."""
    embedded = torch.randn(3, 5, 4, generator=rng()).requires_grad_()
    joined, unfolded = _windows(embedded, width), _unfolded(embedded, width)
    assert torch.equal(joined, unfolded)
    assert torch.equal(_windows(embedded.detach(), width), joined)
    noise = torch.randn(joined.shape, generator=rng(1))
    ours, theirs = (torch.autograd.grad((x * noise).sum(), embedded)[0] for x in (unfolded, joined))
    assert torch.allclose(ours, theirs, atol=2e-6)


def test_trap_3_the_score_is_a_probability_not_its_logarithm() -> None:
    D, tokens = small_discriminator(9), random_tokens(8, 6, 9)
    p = D.probability_real(tokens)
    assert ((p > 0) & (p < 1)).all()
    assert torch.allclose(p, D.logits(tokens).softmax(-1)[:, REAL], atol=1e-6)
    assert torch.equal(D(tokens), p)


def test_trap_2_dropout_acts_only_with_a_mask() -> None:
    D, tokens = small_discriminator(9), random_tokens(8, 6, 9)
    expected = D.probability_real(tokens)
    for mode in (True, False):  # PyTorch's switch, which other code may flip, changes nothing
        D.train(mode)
        assert torch.equal(D.probability_real(tokens), expected)
        assert torch.equal(D.logits(tokens), D.logits(tokens))
    mask = D.dropout_mask(8, 0.5, rng())
    assert not torch.allclose(D.logits(tokens, mask), D.logits(tokens))


def test_dropout_keeps_its_share_and_the_mean() -> None:
    mask = small_discriminator().dropout_mask(5000, 0.75, rng())
    assert mask.unique().tolist() == pytest.approx([0.0, 1 / 0.75])
    assert float((mask > 0).float().mean()) == pytest.approx(0.75, abs=0.01)
    assert float(mask.mean()) == pytest.approx(1.0, abs=0.02)
    assert torch.equal(mask[:9], small_discriminator().dropout_mask(5000, 0.75, rng())[:9])


def test_trap_6_the_highway_has_two_matrices() -> None:
    D, tokens = small_discriminator(9), random_tokens(8, 6, 9)
    assert D.transform_weight.shape == D.gate_weight.shape == (D.n_features, D.n_features)
    assert not torch.allclose(D.transform_weight, D.gate_weight)
    D.logits(tokens).square().sum().backward()
    assert not torch.allclose(D.transform_weight.grad, D.gate_weight.grad)
    with torch.no_grad():
        before = D.logits(tokens)
        D.gate_weight.zero_()
        D.gate_bias.fill_(-40.0)  # a closed gate carries the features past the transformation
        carried = D.features(tokens) @ D.output_weight.t() + D.output_bias
        assert torch.allclose(D.logits(tokens), carried, atol=1e-5)
        assert not torch.allclose(before, carried, atol=1e-3)


def test_every_parameter_moves() -> None:
    D = small_discriminator(5)
    tokens = random_tokens(64, 6, 5)
    labels = torch.arange(64) % 2
    loss, _ = discriminator_loss(D, tokens, labels, l2=0.2)
    loss.backward()
    for name, parameter in D.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


def test_a_feature_is_the_best_window_anywhere() -> None:
    D, tokens = small_discriminator(9), random_tokens(4, 6, 9)
    E = D.embedding[tokens]  # (B, T, E)
    column = 0
    for w, weight, bias in zip(D.widths, D.conv_weights, D.conv_biases, strict=True):
        windows = [
            (E[:, i : i + w, None] * weight.permute(2, 0, 1)).sum((1, 3)) for i in range(7 - w)
        ]
        expected = (torch.stack(windows).amax(0) + bias).relu()
        computed = D.features(tokens)[:, column : column + len(bias)]
        assert torch.allclose(computed, expected, atol=1e-5)
        column += len(bias)


@pytest.mark.parametrize(("B", "N", "T"), [(3, 4, 5), (2, 1, 3), (7, 5, 8), (300, 2, 4)])
@pytest.mark.parametrize("vocab_size", [4, 5000])  # all vectors in the table, or the occurring ones
def test_score_completions_equals_probability_real(B: int, N: int, T: int, vocab_size: int) -> None:
    D = small_discriminator(vocab_size)
    tokens = random_tokens(B, T, vocab_size)
    completions = random_tokens((T - 1) * N * B, T, vocab_size, seed=1).view(T - 1, N, B, T)
    for p in range(T - 1):
        completions[p, :, :, : p + 1] = tokens[:, : p + 1]
    computed = D.score_completions(completions, tokens)
    expected = D.probability_real(completions.flatten(0, 2)).view(T - 1, N, B)
    assert torch.allclose(computed, expected, atol=2e-6)
    assert not computed.requires_grad


def test_completions_are_scored_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    D, tokens = small_discriminator(9), random_tokens(4, 6, 9)
    completions = tokens.expand(5, 7, 4, 6).clone()
    completions[..., -1] = random_tokens(5 * 7, 4, 9, seed=2).view(5, 7, 4)
    whole = D.score_completions(completions, tokens)
    monkeypatch.setattr("seqgan_core.paper.discriminator.ROWS_OF_FEATURES", 45)
    assert torch.allclose(D.score_completions(completions, tokens), whole, atol=1e-6)


def test_what_cannot_be_read_is_refused() -> None:
    D = small_discriminator()
    with pytest.raises(ValueError, match="2 tokens, and the widest filter reads 3"):
        D.logits(random_tokens(2, 2, 3))
    with pytest.raises(ValueError, match="widths has 2 entries and filters 1"):
        Discriminator(5, 4, (1, 2), (3,))


def test_no_sequences_have_no_scores() -> None:
    assert small_discriminator().probability_real(random_tokens(0, 4, 3)).shape == (0,)


def test_it_starts_as_the_authors_say() -> None:
    D = Discriminator(300, 16, (1, 2, 4), (60, 60, 60)).initialise(rng())
    assert float(D.embedding.detach().min()) == pytest.approx(-1.0, abs=0.01)
    assert float(D.embedding.detach().max()) == pytest.approx(1.0, abs=0.01)
    for weight in (*D.conv_weights, D.output_weight):
        assert float(weight.detach().abs().max()) <= 0.2 + 1e-6
        # 0.1, cut at two deviations
        assert float(weight.detach().std()) == pytest.approx(0.088, abs=0.006)
    for bias in (*D.conv_biases, D.output_bias):
        assert (bias == 0.1).all()
    assert (D.gate_bias == 0).all()
    assert (D.transform_bias == 0).all()


def test_it_learns_to_tell_two_kinds_apart() -> None:
    D = small_discriminator(6)
    real, fake = random_tokens(64, 5, 3), random_tokens(64, 5, 3, seed=1) + 3
    tokens, labels = torch.cat([real, fake]), (torch.arange(128) < 64).long()
    adam = torch.optim.Adam(D.parameters(), lr=0.02)
    for _ in range(25):
        adam.zero_grad()
        loss, right = discriminator_loss(D, tokens, labels, 0.0, D.dropout_mask(128, 0.75, rng()))
        loss.backward()
        adam.step()
    assert int(right) > 120
    assert D.probability_real(real).mean() > 0.8 > 0.2 > D.probability_real(fake).mean()


def test_the_highway_in_bfloat16_changes_roll_outs_by_less_than_its_help_says() -> None:
    """At the paper's size, where a new D's scores cover all of 0 to 1."""
    config = make_config(PAPER, vocab_size=300, rollouts_in_bfloat16=True)
    fast, plain = (make_discriminator(c, torch.device("cpu"))
                   for c in (config, make_config(config, rollouts_in_bfloat16=False)))  # fmt: skip
    middle = plain.classify(plain.features(random_tokens(64, 20, 300))).mean(0).detach()
    for D in (fast, plain):
        D.output_bias.data -= middle
    B, N, T = 4, 16, 20
    tokens, completions = random_tokens(B, T, 300), random_tokens((T - 1) * N * B, T, 300, seed=2)
    completions = completions.view(T - 1, N, B, T)
    for p in range(T - 1):
        completions[p, :, :, : p + 1] = tokens[:, : p + 1]
    scores = plain.score_completions(completions, tokens)
    assert scores.min() < 0.1
    assert scores.max() > 0.9
    error = fast.score_completions(completions, tokens) - scores  # (P, N, B)
    told = field_info("rollouts_in_bfloat16")["help"]
    of_score, of_q = (float(number) for number in re.findall(r"0\.\d+", told))
    assert 1e-5 < error.abs().max() < of_score
    assert error.mean(1).abs().max() < of_q
    assert torch.equal(fast.probability_real(tokens), plain.probability_real(tokens))
