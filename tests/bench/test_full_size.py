"""The pieces of the experiments at the paper's size that can be wrong, at a tiny size."""

from pathlib import Path

import numpy as np
import pytest
import torch

from seqgan_core.paper.generator import Generator
from seqgan_core.training.randomness import rng_for
from tests.bench import mechanism
from tests.bench.full_size import (
    MEAN,
    Record,
    Switch,
    bins_of,
    config_of,
    cost_of,
    mean_rows,
    points_of,
)
from tests.bench.judges import Cnn, MeanPooled, NGrams, bound, reward_of
from tests.bench.mechanism import Arm, Masks, rows_of, updates
from tests.bench.signal import CONTROLS, auc, gaps
from tests.support.paths import ROOT

TINY = {"vocab_size": 12, "n_train": 128, "n_test": 64, "pretrain_epochs": 1}


@pytest.fixture(scope="module")
def switch(tmp_path_factory: pytest.TempPathFactory) -> Switch:
    return Switch(config_of(1, None, **TINY), tmp_path_factory.mktemp("cache"))


def generator() -> Generator:
    return Generator(7, 2, 3).initialise(rng_for(0, "test"))


def gradients(moves: str) -> dict[str, torch.Tensor]:
    G = generator()
    masks = Masks(G, moves)
    masks.tokens = torch.tensor([[1, 4], [4, 6]])
    G.logits(masks.tokens).square().sum().backward()
    return {name: p.grad for name, p in G.named_parameters() if p.grad is not None}


@pytest.mark.parametrize(
    ("moves", "rows"), [("drawn", {1, 4, 6}), ("undrawn, rest", {0, 2, 3, 5}), ("rest", set())]
)
def test_masks_keep_the_gradients_of_some_output_rows(moves: str, rows: set[int]) -> None:
    masked, whole = gradients(moves), gradients("drawn, undrawn, rest")
    for name, gradient in masked.items():
        if name in ("w_output", "b_output"):
            kept = sorted(rows)
            assert torch.equal(gradient[..., kept], whole[name][..., kept])
            assert set(gradient.reshape(-1, 7).abs().sum(0).nonzero().flatten().tolist()) == rows
        else:
            expected = whole[name] if "rest" in moves else torch.zeros_like(gradient)
            assert torch.equal(gradient, expected)


def test_steps_of_some_rows_leave_all_else(switch: Switch) -> None:
    trainer = switch.trainer()
    before = [p.detach().clone() for p in trainer.models.generator.parameters()]
    draws = torch.zeros(12, dtype=torch.long)
    arm = Arm("never", batch=1, rows="never drawn", at=(1,))
    assert list(updates(arm, trainer, [], draws)) == [1]
    named = dict(trainer.models.generator.named_parameters())
    moved = {name: (p - old).abs().reshape(-1, p.shape[-1]).sum(0)
             for (name, p), old in zip(named.items(), before, strict=True)}  # fmt: skip
    assert draws.sum() == 20
    assert 0 < (draws == 0).sum() < 12
    for name in ("w_output", "b_output"):
        assert torch.equal(moved.pop(name) > 0, draws == 0)
    assert not any(change.any() for change in moved.values())
    rare = rows_of("rare", trainer.models.generator, draws, torch.arange(12))
    assert rare.sum() == 2 * (32 + 1)


def test_a_length_and_warm_moments(switch: Switch) -> None:
    lengths: list[float] = []
    list(updates(Arm("fresh", at=(3,)), switch.trainer(), lengths))
    assert len(lengths) == 3
    trainer = switch.trainer()
    before = torch.nn.utils.parameters_to_vector(trainer.models.generator.parameters()).detach()
    list(updates(Arm("SGD", betas=None, rate=1.0, length=0.5, at=(1,)), trainer, lengths))
    after = torch.nn.utils.parameters_to_vector(trainer.models.generator.parameters()).detach()
    assert float((after - before).norm()) == pytest.approx(0.5 * lengths[0], rel=1e-3)
    still = switch.trainer()
    warming = updates(Arm("warm", warm=4, at=(1,)), still, [])
    next(warming)  # the first update after 4 at rate 0
    moved = (
        torch.nn.utils.parameters_to_vector(still.models.generator.parameters()).detach() - before
    )
    assert 0 < float(moved.norm()) < lengths[0]


def test_mles_moments_have_the_size_of_a_clipped_gradient(switch: Switch) -> None:
    trainer = switch.trainer()
    learner = mechanism.optimiser_of(Arm("MLE", mle_moments=True), trainer)
    states = learner.adam.state.values()
    total = sum(float(state["exp_avg_sq"].sum()) for state in states)
    assert total == pytest.approx(25.0, rel=1e-4)
    assert all(float(state["step"]) == 2 for state in states)  # 128 sequences, batch 64


def test_bins_share_the_data_equally_rarest_first() -> None:
    data = torch.tensor([[0, 0, 0, 0, 1, 1, 2, 2]])
    assert bins_of(data, 4, 2).tolist() == [1, 0, 0, 0]


def test_the_cost_of_a_fall_is_read_between_points() -> None:
    pairs = [(9.0, 8.0), (8.9, 8.1), (8.7, 8.5)]
    points = [{"nll_oracle": x, "nll_test": y} for x, y in pairs]
    assert cost_of(points, 0.1) == pytest.approx(0.1)
    assert cost_of(points, 0.2) == pytest.approx(0.3)
    assert np.isnan(cost_of(points, 0.4))


def test_the_mix_is_the_change_that_comes_from_other_shares(switch: Switch) -> None:
    assert switch.measure.start["mix"] == 0.0
    with torch.no_grad():
        tilted = switch.trainer().models.generator
        tilted.b_output[0] += 50.0  # only token 0 is left
    point = switch.measure(tilted)
    assert point["distinct"] == 1.0
    in_bin = switch.measure._nll_of_bin[switch.measure._bins[0]]
    assert point["mix"] == pytest.approx(float(in_bin) - switch.measure.start["nll_oracle"], 0.01)


def test_a_mixture_of_one_model_is_the_model_and_a_cold_share_costs_its_logarithm(
    switch: Switch,
) -> None:
    G, start = switch.trainer().models.generator, switch.measure.start
    assert switch.measure.mixed(G, 1.0, 0.25)["nll_test"] == pytest.approx(start["nll_test"], 1e-4)
    cold = switch.measure.mixed(G, 0.01, 0.25)
    cost = cold["nll_test"] - start["nll_test"]
    assert cost <= -np.log(0.75) / 20 + 1e-4
    assert cold["four"] < start["four"]


def test_a_gap_is_to_each_control_of_the_same_switch() -> None:
    what = {"seed": 1, "oracle": "own", "n_train": 9}
    pair = {"start": {"nll_oracle": 2.0, "nll_test": 1.0}}
    path = {"1": {"nll_oracle": 1.0, "nll_test": 2.0}}
    middle = {"1": {"nll_oracle": 1.5, "nll_test": 1.4}}
    rows = [{**what, "arm": arm, **pair, **path} for arm in CONTROLS]
    found = gaps([*rows, {**what, "arm": "a", **pair, **middle}])
    assert [(row["above"], row["by"]) for row in found] == [(x, "nll_oracle") for x in CONTROLS]
    assert all(row["gap"] == {"start": 0.0, "1": -0.1} for row in found)


def test_an_arm_is_run_once(tmp_path: Path) -> None:
    record, ran = Record(tmp_path / "record.jsonl"), []
    for _ in range(2):
        record.run({"seed": 1, "arm": "a"}, lambda: ran.append(1) or {"start": {"x": 0.5}})
        record = Record(record.file)
    assert ran == [1]
    assert points_of(record.rows[0]) == {"start": {"x": 0.5}}


def test_auc_counts_ties_half() -> None:
    assert auc(np.array([2.0, 3.0]), np.array([1.0, 2.0])) == pytest.approx(0.875)


def test_mean_pooling_is_the_mean_over_places() -> None:
    D = MeanPooled(9, 4, (1, 2), (3, 5))
    D.initialise(rng_for(0, "d"))
    tokens = torch.randint(9, (4, 6), generator=rng_for(0, "tokens"))
    features = D.features(tokens)
    embedded = D.embedding[tokens]
    first = (embedded @ D.conv_weights[0][:, :, 0].t() + D.conv_biases[0]).relu().mean(1)
    assert torch.allclose(features[:, :3], first, atol=1e-6)
    assert features.shape == (4, 8)


def test_a_bound_holds_the_largest_singular_value() -> None:
    judge = Cnn(9, 0, spectral=1.0)
    bound(judge.model, 1.0)
    norms = [torch.linalg.matrix_norm(p.detach().flatten(1), 2) for p in judge.model.parameters()
             if p.dim() > 1]  # fmt: skip
    assert max(map(float, norms)) == pytest.approx(1.0, abs=1e-4)


def test_pairs_of_the_data_count_one_less_for_its_own_sequences() -> None:
    data = torch.tensor([[0, 1, 2], [0, 1, 3]])
    judge = NGrams(data, 5, (1,))
    shares = judge.features(data, own=1)[:, 2].tolist()
    assert shares == [0.5, 0.5]  # (0, 1) is in the other sequence, too
    assert judge.features(data)[:, 2].tolist() == [1.0, 1.0]
    assert judge.features(torch.tensor([[4, 4, 4]]))[0, 2] == 0.0


def test_recorded_means_are_those_of_their_seeds() -> None:
    for file in ("mechanism.jsonl", "signal.jsonl"):
        rows = Record(ROOT / "assets" / "experiments" / file).rows
        assert [row for row in rows if row["seed"] == MEAN] == mean_rows(rows)


def test_means_are_over_the_points_that_all_seeds_have() -> None:
    rows = [
        {"seed": 1, "arm": "a", "start": {"nll_oracle": 9.0, "nll_test": 8.0},
         "1 updates": {"nll_oracle": 8.8, "nll_test": 8.1}, "seconds": 1.0},
        {"seed": 2, "arm": "a", "start": {"nll_oracle": 9.2, "nll_test": 8.0},
         "1 updates": {"nll_oracle": 8.9, "nll_test": 8.3}, "2 updates": {"nll_oracle": 8.0}},
        {"seed": 1, "arm": "b", "start": {"nll_oracle": 9.0, "nll_test": 8.0}},
    ]  # fmt: skip
    mean, costs = mean_rows(rows)
    assert (mean["seed"], mean["arm"], mean["seeds"]) == (MEAN, "a", 2)
    assert points_of(mean) == {"start": {"nll_oracle": 9.1, "nll_test": 8.0},
                               "1 updates": {"nll_oracle": 8.85, "nll_test": 8.2}}  # fmt: skip
    assert costs["NLL_test where NLL_oracle fell by"] == {"0.1": 0.08, "0.2": 0.16}


@pytest.mark.parametrize("make", [lambda data: NGrams(data, 6), lambda data: Cnn(6, 0, MeanPooled)])
def test_a_judge_learns_what_is_plain(make) -> None:
    real = torch.randint(3, (256, 8), generator=rng_for(0, "real"))
    fake = torch.randint(6, (256, 8), generator=rng_for(0, "fake"))
    judge = make(real)
    for number in range(15):
        judge.learn(real, fake, number)
    scores = reward_of(judge)(real), reward_of(judge)(fake)
    assert auc(*(score.numpy() for score in scores)) > 0.9
    assert all(((score >= 0) & (score <= 1)).all() for score in scores)
