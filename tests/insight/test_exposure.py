"""Exposure bias: exact against enumeration, directions apart, perturbations at their position."""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import t as student
from torch import Tensor

from seqgan_core.insight.exposure import divergence
from seqgan_core.insight.exposure.divergence import (
    Design,
    Estimate,
    both_divergences,
    difference_of_means,
    diverge,
    estimate,
    held_out,
    next_log_probs,
    nll_by_position,
    study_model,
)
from seqgan_core.insight.exposure.perturbation import (
    expected_nll,
    perturb,
    perturb_and_continue,
    recovered_at,
    total_excess,
)
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models, steps_of
from seqgan_core.insight.statistics import half_width
from seqgan_core.paper.generator import Generator
from seqgan_core.paper.tokens import Tokens
from seqgan_core.runs.store import StoreError
from seqgan_core.tasks.synthetic import SyntheticTask
from tests.support.tiny.models import (
    all_sequences,
    chi_square_p_value,
    probabilities,
    random_tokens,
    rng,
    small_generator,
)
from tests.support.tiny.trained_run import trained

V, T, N = 3, 4, 4000


@pytest.fixture
def oracle() -> Generator:
    return small_generator(V, std=1.5, seed=1)


@pytest.fixture
def model() -> Generator:
    return small_generator(V, std=1.0, seed=2)


def real_of(oracle: Generator, n: int = N) -> Tokens:
    return oracle.sample(n, T, rng(5))


def exact(by: Generator, value: Callable[[Tokens], Tensor]) -> np.ndarray:
    """The expectation over all V^T sequences of `by` of values (V^T, columns)."""
    every = all_sequences(V, T)
    weights = probabilities(by, every).detach()  # (V^T,), float64
    with torch.no_grad():
        return (weights[:, None] * value(every).double()).sum(0).numpy()


def agrees(measured: Estimate, expected: np.ndarray) -> None:
    """Within 4.5 standard errors everywhere."""
    off = np.abs(measured.mean - expected)
    error = measured.half / student.ppf(0.975, measured.n - 1)
    assert (off <= 4.5 * error + 1e-6).all(), (measured, expected)


# -- divergences -----------------------------------------------------------------------------------


def test_kl_of_given_prefixes_by_hand(oracle: Generator, model: Generator) -> None:
    """Every prefix of every sequence, in double precision and one token at a time."""
    every = all_sequences(V, T)
    with torch.no_grad():
        forward, reverse = both_divergences(oracle, model, every)
    for row in range(0, len(every), 7):
        for t in range(T):
            p, q = (one_step(G, every[row, :t].tolist()) for G in (oracle, model))
            by_hand = sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))
            assert float(forward[row, t]) == pytest.approx(by_hand, abs=1e-6)
            by_hand = sum(b * math.log(b / a) for a, b in zip(p, q, strict=True))
            assert float(reverse[row, t]) == pytest.approx(by_hand, abs=1e-6)
    assert float((forward - reverse).abs().max()) > 0.05  # the directions are not the same thing


def one_step(G: Generator, prefix: list[int]) -> list[float]:
    """G's next-token probabilities after reading the start token and `prefix`."""
    with torch.no_grad():
        state = G.initial_state(1)
        for token in [0, *prefix]:
            state = G.advance(torch.tensor([token]), state)
        return G.output_logits(state.h)[0].double().softmax(-1).tolist()


def test_two_corners_are_the_divergences_of_whole_sequences(
    oracle: Generator, model: Generator
) -> None:
    """KL(oracle ‖ G) after real prefixes sums to that of sequences; and the reverse after own."""
    every = all_sequences(V, T)
    p, q = (probabilities(G, every).detach() for G in (oracle, model))
    forced = exact(oracle, lambda rows: both_divergences(oracle, model, rows)[0]).sum()
    assert forced == pytest.approx(float((p * (p / q).log()).sum()), abs=1e-6)
    free = exact(model, lambda rows: both_divergences(oracle, model, rows)[1]).sum()
    assert free == pytest.approx(float((q * (q / p).log()).sum()), abs=1e-6)


def test_forced_and_free_agree_with_enumeration(oracle: Generator, model: Generator) -> None:
    result = finish(diverge(model, oracle, real_of(oracle), seed=1))
    for index, direction in enumerate(("forward", "reverse")):
        true = exact(oracle, lambda rows, i=index: both_divergences(oracle, model, rows)[i])
        own = exact(model, lambda rows, i=index: both_divergences(oracle, model, rows)[i])
        agrees(estimate(result.forced[direction]), true)
        agrees(estimate(result.free[direction]), own)
        agrees(result.gap(direction), own - true)
        agrees(result.mean_gap(direction), (own - true)[1:].mean())
        assert np.abs(own - true).max() > 0.01  # else nothing was tested
        assert result.gap(direction).mean[0] == 0.0  # no prefix yet: exactly the same question
        assert result.gap(direction).n == N


def test_the_truth_has_no_exposure_bias(oracle: Generator) -> None:
    real = real_of(oracle, 200)
    result = finish(diverge(oracle, oracle, real, seed=1))
    for direction in ("forward", "reverse"):
        for part in (result.forced, result.free):
            assert np.abs(part[direction]).max() < 1e-6
        assert np.abs(result.gap(direction).mean).max() < 1e-6
        assert result.mean_gap(direction).sign == 0
    assert result.mean_gap("forward", result).mean == 0.0


def test_a_models_gap_against_anothers_is_the_difference(
    oracle: Generator, model: Generator
) -> None:
    real, untrained = real_of(oracle, 300), small_generator(V, seed=9)
    first, second = (finish(diverge(G, oracle, real, seed=1)) for G in (model, untrained))
    against = first.mean_gap("forward", second)
    apart_means = first.mean_gap("forward").mean - second.mean_gap("forward").mean
    assert float(against.mean) == pytest.approx(float(apart_means))


def test_without_an_oracle_reading_remains(oracle: Generator, model: Generator) -> None:
    real = real_of(oracle, 20)
    result = finish(nll_by_position(model, None, real, seed=1))
    assert result.own is None
    assert result.real.shape == (20, T)
    with pytest.raises(ValueError, match="no oracle"):
        finish(diverge(model, None, real, seed=1))
    with pytest.raises(ValueError, match="no oracle"):
        finish(partial(perturb_and_continue, k=1, kind="random")(model, None, real, 1))


# -- NLL by position -------------------------------------------------------------------------------


def test_nll_by_position_agrees_with_enumeration(oracle: Generator, model: Generator) -> None:
    result = finish(nll_by_position(model, oracle, real_of(oracle), seed=1))
    assert result.own is not None
    assert result.own.shape == result.real.shape == (N, T)
    agrees(estimate(result.own), exact(model, lambda rows: -oracle.log_probs(rows)))
    agrees(estimate(result.real), exact(oracle, lambda rows: -model.log_probs(rows)))


def test_the_same_seed_is_the_same_and_blocks_change_nothing(
    oracle: Generator, model: Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = real_of(oracle, 50)
    studies = (nll_by_position, diverge, partial(perturb_and_continue, k=2, kind="random"))
    once = [finish(study(model, oracle, real, 1)) for study in studies]
    again = finish(nll_by_position(model, oracle, real, 2))
    assert (once[0].own != again.own).any()
    monkeypatch.setattr(divergence, "IN_CACHE", 7 * T * V)
    shares = list(nll_by_position(model, oracle, real, 1))
    assert len(shares) == 8  # 7 rows each: it can be left between two
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    small = [finish(study(model, oracle, real, 1)) for study in studies]
    assert np.allclose(once[0].own, small[0].own, atol=1e-6)
    assert np.allclose(once[1].free["reverse"], small[1].free["reverse"], atol=1e-6)
    assert np.allclose(once[2].perturbed, small[2].perturbed, atol=1e-6)
    assert [e.perturbed for e in once[2].examples] == [e.perturbed for e in small[2].examples]


# -- the perturbation ------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 2, T - 1])
def test_a_random_perturbation_is_any_other_token_at_k_alone(k: int) -> None:
    size = 6
    G = small_generator(size)
    real = random_tokens(6000, T, size)
    perturbed = perturb(G, real, k, "random", torch.rand(6000, generator=rng(3)))
    changed = (perturbed != real).nonzero()
    assert (changed[:, 1] == k - 1).all()
    assert len(changed) == 6000  # never the same token
    steps = torch.bincount((perturbed[:, k - 1] - real[:, k - 1]) % size, minlength=size)
    assert steps[0] == 0
    assert chi_square_p_value(steps[1:], torch.ones(size - 1)) > 1e-3
    top = perturb(G, real, k, "random", torch.full((6000,), 1.0 - 2**-24))
    assert ((top >= 0) & (top < size)).all()


def test_an_unlikely_perturbation_is_what_the_oracle_expects_least(oracle: Generator) -> None:
    every, k = all_sequences(V, T), 2
    perturbed = perturb(oracle, every, k, "unlikely", torch.zeros(len(every)))
    for was, now in zip(every.tolist(), perturbed.tolist(), strict=True):
        p = one_step(oracle, was[: k - 1])
        others = [token for token in range(V) if token != was[k - 1]]
        assert now[k - 1] == min(others, key=lambda token: p[token])
        assert now[: k - 1] + now[k:] == was[: k - 1] + was[k:]


def test_continuations_agree_with_enumeration(oracle: Generator, model: Generator) -> None:
    """One sequence, many seeds: the expected NLL at each position, whole and perturbed."""
    k, n = 2, 3000
    real = torch.tensor([[1, 2, 0, 1]]).expand(n, T)
    result = finish(perturb_and_continue(model, oracle, real, 1, k=k, kind="unlikely"))
    perturbed = perturb(oracle, real[:1], k, "unlikely", torch.zeros(1))
    assert result.intact.shape == result.perturbed.shape == (n, T - k)
    for values, prefix in ((result.intact, real[0, :k]), (result.perturbed, perturbed[0, :k])):
        every = all_sequences(V, T)
        begins = (every[:, :k] == prefix).all(dim=1)
        p = probabilities(model, every).detach()[begins]
        nll = -oracle.log_probs(every[begins]).detach()[:, k:].double()
        expected = ((p / p.sum())[:, None] * nll).sum(0).numpy()
        agrees(estimate(values), expected)


def test_expected_nll_is_the_mean_over_the_next_token(oracle: Generator, model: Generator) -> None:
    tokens = random_tokens(5, T, V)
    with torch.no_grad():
        excess = expected_nll(oracle, model, tokens, 1)
    for row in range(5):
        for t in range(1, T):
            prefix = tokens[row, :t].tolist()
            p, q = one_step(oracle, prefix), one_step(model, prefix)
            by_hand = -sum(b * math.log(a) for a, b in zip(p, q, strict=True))
            assert float(excess[row, t - 1]) == pytest.approx(by_hand, abs=1e-5)


def test_the_oracle_is_nothing_beyond_itself(oracle: Generator) -> None:
    real = real_of(oracle, 100)
    first, second = (
        finish(perturb_and_continue(oracle, oracle, real, 4, k=2, kind="random")) for _ in range(2)
    )
    beyond = first.beyond(second)
    assert np.abs(beyond).max() < 1e-6
    assert recovered_at(estimate(beyond), first.k) == 3
    assert np.abs(first.excess).max() > 0.01  # and yet its own excess is not 0


def test_a_model_that_does_not_read_is_not_hurt(oracle: Generator) -> None:
    """With one seed the tokens agree if, and only if, the perturbation is not read."""
    deaf = small_generator(V, seed=3)
    with torch.no_grad():
        deaf.embedding.zero_()
    real = real_of(oracle, 60)
    result = finish(perturb_and_continue(deaf, oracle, real, 2, k=1, kind="random"))
    for example in result.examples:
        assert example.perturbed[1:] == example.unperturbed[1:]
        assert example.perturbed[0] != example.unperturbed[0] == example.real[0]
    assert len(result.examples) == 3
    assert [e.real for e in result.examples] == real[:3].tolist()
    perturbed = torch.tensor([e.perturbed for e in result.examples])
    with torch.no_grad():
        nll = -oracle.log_probs(perturbed)
    assert np.allclose([e.surprisal for e in result.examples], nll, atol=1e-6)


@pytest.mark.parametrize("k", [0, T, -1])
def test_a_perturbation_needs_something_after_it(oracle: Generator, k: int) -> None:
    with pytest.raises(ValueError, match=f"k is {k}; it must be from 1 to {T - 1}"):
        finish(perturb_and_continue(oracle, oracle, real_of(oracle, 4), 1, k=k, kind="random"))


@pytest.mark.parametrize(
    ("beyond", "at"),
    [
        ([0.5, 0.2, 0.09, 0.05], 6),
        ([0.5, 0.2, 0.09, 0.3], None),  # it touches 0 and rises again
        ([0.5, 0.09, 0.3, 0.05], 7),
        ([-0.5, -0.4, -0.3, -0.2], 4),  # below the oracle everywhere
        ([0.05, -0.5, 0.0, 0.0], 4),
        ([0.5, 0.4, 0.3, 0.2], None),
    ],
)
def test_recovered_is_where_nothing_is_clearly_above_any_more(
    beyond: list[float], at: int | None
) -> None:
    assert recovered_at(Estimate(np.array(beyond), np.full(4, 0.1), 9), k=3) == at


def test_area_is_the_sum_over_positions() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0], [2.0, 0.0]])
    excess = total_excess(values)
    assert excess.value == pytest.approx(4.0)  # of 3, 7 and 2
    assert excess.half == pytest.approx(student.ppf(0.975, 2) * math.sqrt(7.0) / math.sqrt(3))


# -- means and intervals ---------------------------------------------------------------------------


def test_an_interval_by_hand() -> None:
    interval = estimate(np.array([[1.0], [2.0], [3.0], [6.0]]))
    assert interval.mean[0] == 3.0
    assert interval.half[0] == pytest.approx(student.ppf(0.975, 3) * math.sqrt(14 / 3 / 4))
    assert interval.n == 4


def test_a_single_sequence_has_no_interval_and_settles_nothing() -> None:
    interval = estimate(np.array([[5.0, 0.0]]))
    assert np.isnan(interval.half).all()
    assert (interval.sign == 0).all()


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    draws = np.random.default_rng(1)
    for n in (3, 16, 200):
        single = [estimate(draws.normal(1.0, 2.0, n)) for _ in range(2000)]
        covered = np.mean([abs(e.mean - 1.0) <= e.half for e in single])
        assert 0.935 < covered < 0.965
    pairs = [
        difference_of_means(draws.normal(1.0, 2.0, 200), draws.normal(1.0, 1.0, 100))
        for _ in range(600)
    ]
    assert 0.92 < np.mean([e.sign == 0 for e in pairs]) < 0.98
    assert pairs[0].n == 100


# -- of stored models ------------------------------------------------------------------------------


def test_held_out_sequences_are_different_ones_and_nested() -> None:
    task = SyntheticTask(small_generator(50), 6, 10, 30, rng(1))
    data = {tuple(row) for row in task.test_data().tolist()}
    all_rows = held_out(task, 30, seed=1)
    assert {tuple(row) for row in all_rows.tolist()} == data
    assert torch.equal(held_out(task, 7, seed=1), all_rows[:7])
    assert not torch.equal(held_out(task, 30, seed=2), all_rows)
    for n in (0, 31):
        with pytest.raises(ValueError, match=f"n is {n}; it must be from 1 to the 30"):
            held_out(task, n, seed=1)


@pytest.fixture
def stored(tmp_path: Path) -> tuple[Models, str, list[int]]:
    """A small run, and the steps of its checkpoints."""
    store, run_id = trained(tmp_path / "home")
    return Models(store), run_id, list(steps_of(store, run_id))


def test_a_stored_model_and_the_oracle_itself(stored: tuple[Models, str, list[int]]) -> None:
    models, run_id, steps = stored
    design = Design(run_id, 40, 1)
    result = finish(study_model(models, design, (run_id, steps[-1]), nll_by_position))
    generator = models.at(run_id, steps[-1]).generator
    real = held_out(models.task(run_id), 40, 1)
    with torch.no_grad():
        assert np.allclose(result.real, -generator.log_probs(real), atol=1e-6)
    floor = finish(study_model(models, design, None, nll_by_position))
    oracle = models.task(run_id).oracle  # type: ignore[attr-defined]
    with torch.no_grad():
        assert np.allclose(floor.real, -oracle.log_probs(real), atol=1e-6)
    nothing = finish(study_model(models, design, None, diverge))
    assert np.abs(nothing.free["forward"]).max() < 1e-6


def test_a_damaged_checkpoint_is_reported_by_the_job(stored: tuple[Models, str, list[int]]) -> None:
    models, run_id, steps = stored
    file = next(models.store.checkpoint_folder(run_id).glob(f"*{steps[-1]}.safetensors"))
    file.write_bytes(file.read_bytes()[:100])
    work = study_model(models, Design(run_id, 40, 1), (run_id, steps[-1]), diverge)
    with pytest.raises(StoreError, match=str(steps[-1])):
        finish(work)


def test_next_log_probs_after_some_tokens(model: Generator) -> None:
    tokens = random_tokens(4, T, V)
    with torch.no_grad():
        whole, late = next_log_probs(model, tokens), next_log_probs(model, tokens, after=2)
    assert whole.shape == (4, T, V)
    assert torch.allclose(whole[:, 2:], late, atol=1e-6)


def test_positions_that_few_sequences_reach_have_an_n_of_their_own() -> None:
    values = np.array([[1.0, 4.0], [3.0, np.nan], [5.0, 8.0]])
    interval = divergence.estimate(values)
    assert interval.mean.tolist() == [3.0, 6.0]
    assert interval.half[0] == pytest.approx(half_width(values[:, 0]))
    assert interval.half[1] == pytest.approx(half_width(np.array([4.0, 8.0])))
    assert divergence.sequence_means(values).tolist() == [2.5, 3.0, 6.5]
    unreached = divergence.estimate(np.array([[1.0, np.nan], [2.0, np.nan]]))
    assert np.isnan(unreached.mean[1])
    assert np.isnan(unreached.half[1])


def test_reading_stops_where_a_sentence_ends() -> None:
    generator = small_generator(vocab_size=4)
    real = torch.tensor([[2, 3, 0, 0], [1, 2, 3, 1]])
    result = finish(nll_by_position(generator, None, real, 1, end=0))
    nll = -generator.log_probs(real).detach().numpy()
    assert result.own is None
    np.testing.assert_allclose(result.real[0, :3], nll[0, :3], rtol=1e-6)
    assert np.isnan(result.real[0, 3])  # the end counts, the padding after it does not
    np.testing.assert_allclose(result.real[1], nll[1], rtol=1e-6)
    whole = finish(nll_by_position(generator, None, real, 1))
    np.testing.assert_allclose(whole.real, nll, rtol=1e-6)
