"""What D's filters read: winners against a loop, switched-off filters against removed ones."""

import copy

import pytest
import torch
from torch import Tensor

from seqgan_core.paper.discriminator import Discriminator
from seqgan_core.paper.filter_effects import (
    NOWHERE,
    VARIANTS,
    activations,
    filter_widths,
    verdict,
    winners,
    without,
    without_each,
)
from tests.support.tiny.models import random_tokens, rng, small_discriminator


def removed(D: Discriminator, filters: list[int]) -> Discriminator:
    """D with these filters really taken out: their weights 0 and a bias that ReLU never passes."""
    pruned = copy.deepcopy(D)
    with torch.no_grad():
        first = 0
        for weight, bias in zip(pruned.conv_weights, pruned.conv_biases, strict=True):
            for number in filters:
                if first <= number < first + len(bias):
                    weight[number - first] = 0.0
                    bias[number - first] = -1e6
            first += len(bias)
    return pruned


@torch.no_grad()
def brute_force(D: Discriminator, row: Tensor) -> list[tuple[float, int]]:
    """Every filter's best value after ReLU and the first place of it, window by window."""
    best_values = []
    for w, weight, bias in zip(D.widths, D.conv_weights, D.conv_biases, strict=True):
        for n in range(len(bias)):
            best, at = 0.0, NOWHERE
            for i in range(len(row) - w + 1):
                vectors = D.embedding[row[i : i + w]]  # (w, E)
                value = max(0.0, float((vectors.t() * weight[n]).sum() + bias[n]))
                if value > best + 1e-5:
                    best, at = value, i
            best_values.append((best, at))
    return best_values


def uneven(vocab_size: int = 9) -> Discriminator:
    """A small D whose biases let some filters stay silent."""
    D = small_discriminator(vocab_size)
    with torch.no_grad():
        for bias in D.conv_biases:
            bias.copy_(torch.linspace(-1.5, 0.3, len(bias)))
    return D


def all_parts(parts: object) -> tuple[Tensor, Tensor]:
    chunks = list(parts)  # type: ignore[call-overload]
    return torch.cat([p.probability for p in chunks]), torch.cat([p.logit for p in chunks])


def test_winners_are_those_of_a_loop_over_windows() -> None:
    D, tokens = uneven(), random_tokens(12, 6, 9)
    winning = winners(D, tokens)
    for row, values, starts in zip(tokens, *winning, strict=True):
        expected = brute_force(D, row)
        assert values.tolist() == pytest.approx([value for value, _at in expected], abs=1e-5)
        assert starts.tolist() == [at for _value, at in expected]
    silent = winning.values == 0
    assert silent.any()
    assert (~silent).any()
    assert torch.equal(silent, winning.starts == NOWHERE)


def test_the_values_are_the_features_that_d_itself_uses() -> None:
    D, tokens = uneven(), random_tokens(12, 6, 9)
    assert torch.equal(winners(D, tokens).values, D.features(tokens))


@pytest.mark.parametrize("size", [4, 64])
def test_a_tie_goes_to_the_first_place(size: int) -> None:
    D = Discriminator(9, 32, (1, 2, 3), (size, size, size)).initialise(rng())
    same = torch.full((3, 17), 4)
    starts = winners(D, same).starts
    assert set(starts.unique().tolist()) <= {NOWHERE, 0}
    assert (starts == 0).any()
    pair = torch.tensor([[1, 2] * 8])
    even = winners(D, pair).starts[:, filter_widths(D) == 2]
    assert set(even.unique().tolist()) <= {NOWHERE, 0, 1}


def test_widths_stand_in_the_order_of_the_features() -> None:
    assert filter_widths(small_discriminator()).tolist() == [1] * 5 + [2] * 4 + [3] * 3


def test_activations_are_the_features_of_the_window_alone() -> None:
    D = uneven()
    for number, width in enumerate(filter_widths(D).tolist()):
        ngrams = random_tokens(20, width, 9, seed=number)
        computed = activations(D, number, ngrams)
        alone = copy.deepcopy(D)
        alone.widths = tuple(w for w in D.widths if w <= width)
        alone.filters = D.filters[: len(alone.widths)]
        kernels = range(len(alone.widths))
        alone.conv_weights = torch.nn.ParameterList([D.conv_weights[k] for k in kernels])
        alone.conv_biases = torch.nn.ParameterList([D.conv_biases[k] for k in kernels])
        assert torch.allclose(computed, alone.features(ngrams)[:, number], atol=1e-5)
    with pytest.raises(ValueError, match="filter 0 reads 1"):
        activations(D, 0, random_tokens(2, 3, 9))


def test_each_filter_switched_off_scores_like_a_d_without_it() -> None:
    D, tokens = uneven(), random_tokens(5, 6, 9)
    for row in tokens.split(1):
        features = winners(D, row).values[0]
        p, logit = all_parts(without_each(D, features, torch.arange(len(features))))
        for number in range(len(features)):
            pruned = removed(D, [number])
            assert float(p[number]) == pytest.approx(float(pruned(row)), abs=1e-6)
            scores = pruned.logits(row)[0].detach()
            assert float(logit[number]) == pytest.approx(float(scores[1] - scores[0]), abs=2e-6)


def test_some_filters_can_be_selected() -> None:
    D, tokens = uneven(), random_tokens(1, 6, 9)
    features = winners(D, tokens).values[0]
    every, _ = all_parts(without_each(D, features, torch.arange(len(features))))
    some = torch.tensor([7, 2, 11])
    assert torch.allclose(all_parts(without_each(D, features, some))[0], every[some], atol=1e-7)


def test_a_group_switched_off_scores_like_a_d_without_it() -> None:
    D, row = uneven(), random_tokens(1, 6, 9)
    features = winners(D, row).values[0]
    groups = [[0], [0, 1, 2], [3, 7, 11], list(range(12)), []]
    off = torch.zeros(len(groups), len(features), dtype=torch.bool)
    for k, group in enumerate(groups):
        off[k, group] = True
    p, logit = all_parts(without(D, features, off))
    for k, group in enumerate(groups):
        assert float(p[k]) == pytest.approx(float(removed(D, group)(row)), abs=1e-6)
        assert float(logit[k].sigmoid()) == pytest.approx(float(p[k]), abs=1e-6)
    assert float(p[-1]) == pytest.approx(float(D(row)), abs=1e-7)  # nothing was switched off
    assert float(verdict(D, features[None]).probability) == pytest.approx(float(D(row)), abs=1e-7)


def test_a_silent_filter_has_no_effect() -> None:
    D, row = uneven(), random_tokens(1, 6, 9)
    features, starts = (part[0] for part in winners(D, row))
    silent = (starts == NOWHERE).nonzero()[:, 0]
    p, _ = all_parts(without_each(D, features, silent))
    assert len(p) > 0
    assert torch.allclose(p, D(row).expand_as(p), atol=1e-7)


def test_more_filters_than_are_classified_at_once() -> None:
    D = Discriminator(9, 4, (1, 2), (VARIANTS, 45)).initialise(rng())
    features = D.features(random_tokens(1, 4, 9))[0]
    numbers = torch.arange(len(features))
    off = torch.eye(len(features), dtype=torch.bool)
    parts = list(without_each(D, features, numbers))
    assert [len(part.logit) for part in parts] == [VARIANTS, 45]
    one_by_one, _ = all_parts(parts)
    together, _ = all_parts(without(D, features, off))
    assert torch.allclose(one_by_one, together, atol=1e-6)


def test_sequences_too_short_are_refused() -> None:
    with pytest.raises(ValueError, match="the widest filter reads 3"):
        winners(small_discriminator(), random_tokens(2, 2, 3))
