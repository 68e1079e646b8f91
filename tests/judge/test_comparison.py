"""Methods compared on models that were really trained: each number against a direct computation."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.judge import report as report_room
from seqgan_core.judge.comparison import Comparison, compare_runs
from seqgan_core.judge.equal_budget import as_many_seconds
from seqgan_core.judge.frontier import TEMPERATURES, frontier
from seqgan_core.judge.frontier_distance import distances
from seqgan_core.judge.measurements import VARIED, measure
from seqgan_core.judge.methods import METHODS, methods_plan
from seqgan_core.judge.report import load_report, report
from seqgan_core.judge.report_file import plain
from seqgan_core.judge.significance import compare, summarise
from seqgan_core.judge.study import load_study
from seqgan_core.judge.sweeps.plan import PlanError, Planned, stored
from seqgan_core.paper.bleu import distinct, self_bleu
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import RunRecord, Store, StoreError
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.devices import prepare_cpu
from tests.support.made_up.comparison import made_up
from tests.support.tiny.configs import SMALL
from tests.support.tiny.models import all_sequences, probabilities, small_generator

SAMPLES, POINT_SAMPLES = 3000, 1000  # of a run; of a point of a frontier
Runs = dict[Planned, RunRecord]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Runs]:
    """Three methods with two seeds each, trained for a moment."""
    prepare_cpu()
    store = Store(tmp_path_factory.mktemp("compared") / "home")
    plan = methods_plan("glance", ["seqgan", "mle", "random"], 2, SMALL)
    for planned in plan.runs:
        drive(store, store.create_run(planned.config, preset="glance", name=planned.label))
    return store, stored(store, plan)


@pytest.fixture(scope="module")
def models(library: tuple[Store, Runs]) -> Models:
    return Models(library[0])


@pytest.fixture(scope="module")
def compared(library: tuple[Store, Runs], models: Models) -> Comparison:
    return finish(compare_runs(models, library[1], SAMPLES))


@pytest.fixture(scope="module")
def reported(library: tuple[Store, Runs], models: Models) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_room, "FRONTIER_SAMPLES", POINT_SAMPLES)
        return finish(report(models, library[1], SAMPLES, about={"preset": "glance"}))


def run_of(library: tuple[Store, Runs], strategy: str, seed: int) -> RunRecord:
    (row,) = [
        record
        for planned, record in library[1].items()
        if (planned.config.strategy, planned.config.seed) == (strategy, seed)
    ]
    return row


def last_step(store: Store, run_id: str) -> int:
    return max(point.step for point in store.checkpoints(run_id))


# -- the plan --------------------------------------------------------------------------------------


def test_the_plan_is_every_method_with_every_seed_and_otherwise_alike() -> None:
    made = methods_plan("glance", ["seqgan", "mle", "seqgan"], 3, {"rounds": 2})
    assert [(r.config.strategy, r.config.seed) for r in made.runs] == [
        (strategy, seed) for strategy in ("seqgan", "mle") for seed in (1, 2, 3)
    ]
    others = {run.config.model_copy(update={"strategy": "mle", "seed": 1}) for run in made.runs}
    assert len(others) == 1
    assert others.pop().rounds == 2
    assert {run.config.strategy for run in methods_plan("lesson", METHODS, 1, {}).runs} == set(
        METHODS
    )


@pytest.mark.parametrize(
    ("strategies", "seeds", "changes", "words"),
    [
        (["mle"], 0, {}, ["seeds is 0", "1 or more"]),
        (["mle", "gan"], 1, {}, ["'gan'", "pg_bleu"]),
        ([], 1, {}, ["empty", "seqgan"]),
        (["mle"], 1, {"steps": 1}, ["steps is not a setting"]),
        (["mle"], 1, {"rounds": -1}, ["rounds is -1"]),
    ],
)
def test_a_plan_that_cannot_be_is_one_sentence(
    strategies: list[str], seeds: int, changes: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(PlanError) as error:
        methods_plan("glance", strategies, seeds, changes)
    assert "\n" not in str(error.value)
    for word in words:
        assert word in str(error.value)


# -- what is measured ------------------------------------------------------------------------------


def test_measured_numbers_are_those_of_the_very_samples(
    library: tuple[Store, Runs], models: Models, compared: Comparison
) -> None:
    record = run_of(library, "seqgan", 2)
    task: Any = models.task(record.id)
    generator = models.at(record.id, last_step(library[0], record.id)).generator
    rng = rng_for(2, "judge", 0)  # the run's own seed
    tokens = generator.sample(SAMPLES, task.sequence_length, rng)  # below one chunk: one draw
    some, V = tokens[:VARIED], task.vocabulary.size
    (row,) = [row for row in compared.rows if row.strategy == "seqgan"]
    result = row.results[1]
    assert (result.seed, result.run) == (2, record.id)
    assert result.values == pytest.approx(
        {
            "nll_oracle": sequence_nll(task.oracle, tokens).double().mean().item(),
            "nll_test": sequence_nll(generator, task.test_data()).double().mean().item(),
            "self_bleu": self_bleu(some, 3, V).mean().item(),
            "distinct_2": distinct(some, 2, V),
            "distinct_3": distinct(some, 3, V),
        },
        abs=1e-6,
    )


def test_means_intervals_and_tests_are_those_of_the_runs(compared: Comparison) -> None:
    assert [row.strategy for row in compared.rows] == ["random", "mle", "seqgan"]  # paper's order
    groups = {row.strategy: [r.values["nll_oracle"] for r in row.results] for row in compared.rows}
    for row in compared.rows:
        assert [result.seed for result in row.results] == [1, 2]
        assert row.summary["nll_oracle"] == summarise(groups[row.strategy])
    assert compared.over_runs["nll_oracle"] == compare(groups, "seqgan")
    assert {d.n_first for d in compared.over_runs["nll_test"]} == {2}
    assert compared.untested == ""


def test_a_sentence_as_observation_takes_the_first_seed_s_sentences(
    library: tuple[Store, Runs], models: Models, compared: Comparison
) -> None:
    samples = {}
    for strategy in ("mle", "seqgan"):
        record = run_of(library, strategy, 1)
        generator = models.at(record.id, last_step(library[0], record.id)).generator
        samples[strategy] = finish(measure(generator, models.task(record.id), SAMPLES, 1))
    expected = compare({name: sample.nll_oracle for name, sample in samples.items()}, "seqgan")[0]  # type: ignore[misc]
    (difference,) = [d for d in compared.over_sentences["nll_oracle"] if d.first == "mle"]
    assert difference.p == pytest.approx(expected.p, rel=1e-9)
    assert difference.difference == pytest.approx(expected.difference, abs=1e-12)
    assert difference.n_first == difference.n_second == SAMPLES
    assert compared.over_sentences["nll_test"][0].n_first == SMALL["n_test"]
    assert set(compared.over_sentences) == {"nll_oracle", "nll_test"}


def test_real_data_is_the_oracle_itself(
    library: tuple[Store, Runs], models: Models, compared: Comparison
) -> None:
    task: Any = models.task(run_of(library, "mle", 1).id)
    floor = sequence_nll(task.oracle, task.test_data()).double().mean().item()
    assert compared.real["nll_test"] == pytest.approx(floor, abs=1e-6)
    tokens = task.oracle.sample(20_000, task.sequence_length, rng_for(99, "another stream"))
    nll = sequence_nll(task.oracle, tokens).double()
    error = nll.std().item() * math.sqrt(1 / SAMPLES + 1 / 20_000)
    assert abs(compared.real["nll_oracle"] - nll.mean().item()) < 4 * error


def test_one_run_of_each_gives_no_test_and_says_why(
    library: tuple[Store, Runs], models: Models
) -> None:
    single_seed = {p: r for p, r in library[1].items() if p.config.seed == 1}
    comparison = finish(compare_runs(models, single_seed, 500))
    assert comparison.over_runs == {}
    assert "n = 1" in comparison.untested
    assert "2 observations" in comparison.untested
    assert comparison.rows[0].summary["nll_oracle"].low is None
    assert comparison.over_sentences["nll_oracle"][0].n_first == 500  # this test there is


def test_without_the_reference_nothing_is_tested(
    library: tuple[Store, Runs], models: Models
) -> None:
    runs = {p: r for p, r in library[1].items() if p.config.strategy != "seqgan"}
    comparison = finish(compare_runs(models, runs, 200))
    assert (comparison.over_runs, comparison.over_sentences) == ({}, {})
    assert "seqgan is not among the methods" in comparison.untested


def test_what_cannot_be_compared_is_one_sentence(models: Models, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no run to compare"):
        finish(compare_runs(models, {}, 100))
    store = Store(tmp_path / "home")
    plan = methods_plan("glance", ["mle"], 1, SMALL)
    record = store.run(store.create_run(plan.runs[0].config))
    with pytest.raises(StoreError, match=f"{record.id} has no checkpoint"):
        finish(compare_runs(Models(store), {plan.runs[0]: record}, 100))
    store.save_checkpoint(record.id, 0, {}, {})
    (file,) = store.checkpoint_folder(record.id).glob("*.safetensors")
    file.write_bytes(b"nothing of use")
    with pytest.raises(StoreError, match=rf"run {record.id} .*damaged"):
        finish(compare_runs(Models(store), {plan.runs[0]: record}, 100))
    with pytest.raises(ValueError, match=r"samples is 1; .* 2 or more"):
        finish(measure(small_generator(), None, 1, 1))  # type: ignore[arg-type]


# -- the frontier ----------------------------------------------------------------------------------


def test_a_temperature_divides_the_logits_exactly() -> None:
    generator = small_generator(5, std=1.0, seed=1)
    tokens = all_sequences(5, 3)
    for temperature in (0.5, 0.9, 1.0, 1.7):
        tempered = generator.at_temperature(temperature)
        expected = (generator.logits(tokens) / temperature).log_softmax(-1)
        assert torch.allclose(tempered.logits(tokens).log_softmax(-1), expected, atol=1e-6)
        picked = expected.gather(-1, tokens[..., None]).squeeze(-1)
        assert torch.allclose(tempered.log_probs(tokens), picked, atol=1e-6)
    assert torch.equal(generator.at_temperature(1.0).logits(tokens), generator.logits(tokens))
    for bad in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="above 0 and finite"):
            generator.at_temperature(bad)


def test_at_temperature_one_the_frontier_has_the_measured_numbers(
    library: tuple[Store, Runs], models: Models, reported: dict[str, Any]
) -> None:
    record = run_of(library, "mle", 1)
    generator = models.at(record.id, last_step(library[0], record.id)).generator
    task = models.task(record.id)
    measurement = finish(measure(generator, task, SAMPLES, 1))
    assert measurement.nll_oracle is not None
    (recorded,) = [
        point for point in reported["frontier"]["mle"][0]["points"] if point["temperature"] == 1.0
    ]
    # NLL_test draws nothing, so the two agree
    assert recorded["nll_test"] == pytest.approx(measurement.means()["nll_test"], abs=1e-5)
    error = math.sqrt(1 / SAMPLES + 1 / POINT_SAMPLES) * measurement.nll_oracle.std()
    assert abs(recorded["nll_oracle"] - measurement.means()["nll_oracle"]) < 4 * error  # other seed
    assert (recorded["n"], recorded["m"]) == (POINT_SAMPLES, SMALL["n_test"])


def test_sharper_writes_more_probable_sentences_and_the_truth_is_best_at_one(
    reported: dict[str, Any],
) -> None:
    """For the oracle itself the expected NLL falls with the temperature, exactly."""
    (oracle,) = reported["frontier"]["oracle"]
    points = oracle["points"]
    assert [point["temperature"] for point in points] == list(TEMPERATURES)
    written = [point["nll_oracle"] for point in points]
    assert written == sorted(written)  # the same seed at each temperature
    read = {point["temperature"]: point["nll_test"] for point in points}
    assert read[0.7] > read[0.85] > read[1.0]  # what is sharpened leaves out


def test_the_frontier_against_exact_sums_over_all_sequences() -> None:
    oracle, model = small_generator(3, std=1.5, seed=3), small_generator(3, std=1.0, seed=4)
    every = all_sequences(3, 4)
    truth = probabilities(oracle, every).detach()

    class Tiny:
        name, sequence_length, oracle = "tiny", 4, None

        def test_data(self) -> Any:
            return every

    task: Any = Tiny()
    with pytest.raises(ValueError, match="tiny has no oracle"):
        finish(frontier(model, task, 10, 1))
    task.oracle = oracle
    points = finish(frontier(model, task, 40_000, 1, (0.6, 1.0, 1.4)))
    for point in points:
        p = probabilities(model.at_temperature(point.temperature), every).detach()
        exact = float((p * -truth.log()).sum() / 4)
        spread = float((p * (truth.log() / 4) ** 2).sum() - exact**2) ** 0.5
        assert abs(point.nll_oracle - exact) < 4 * spread / 200
        assert point.nll_test == pytest.approx(float(-p.log().mean() / 4), abs=1e-5)


def test_a_model_can_pass_the_oracle_s_own_curve() -> None:
    """So that curve is called what it is, and not a limit: p / (μ - log p) is better than it."""
    oracle, every = small_generator(3, std=1.5, seed=3), all_sequences(3, 4)
    truth = probabilities(oracle, every).detach()
    cost = -truth.log()

    def pair(q: torch.Tensor) -> tuple[float, float]:
        q = q / q.sum()
        return float((q * cost).sum() / 4), float(-(truth * q.log()).sum() / 4)

    quality, coverage = pair(probabilities(oracle.at_temperature(0.5), every).detach())
    low, high = 0.0, float(cost.min())  # how near to the pole: sharper to the right
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if pair(truth / (cost - middle))[0] < quality else (middle, high)
    other_quality, other_coverage = pair(truth / (cost - high))
    assert other_quality <= quality + 1e-9
    assert other_coverage < coverage - 0.01


# -- distances to the curve of temperatures --------------------------------------------------------


def test_the_distance_is_read_off_at_equal_quality() -> None:
    comparison = made_up()
    by_method = {distance.strategy: distance for distance in distances(comparison)}
    assert set(by_method) == set(METHODS) - {"mle"}
    seqgan = by_method["seqgan"]
    # seed 3 stands at 2.15 / 2.17; MLE at 0.7 and 0.8 is at 2.1 / 2.165 and 2.2 / 2.14
    assert seqgan.seeds[3] == pytest.approx(2.17 - (2.165 + 2.14) / 2)
    assert seqgan.summary == summarise(list(seqgan.seeds.values()))
    assert (seqgan.outside, len(seqgan.seeds)) == (0, 5)
    collapsed = by_method["pg_bleu"]
    assert (collapsed.outside, collapsed.seeds, collapsed.summary) == (5, {}, None)


def test_a_seed_without_a_curve_is_held_against_the_mean_curve() -> None:
    comparison = made_up(2)
    first, second = comparison["frontier"]["mle"]
    for point in second["points"]:
        point["nll_test"] += 0.2
    own = {d.strategy: d for d in distances(comparison)}["seqgan"].seeds
    comparison["frontier"]["mle"] = [first, second | {"seed": 9}]
    mean = {d.strategy: d for d in distances(comparison)}["seqgan"].seeds
    assert mean[1] == pytest.approx(own[1])
    assert mean[2] == pytest.approx(own[2] + 0.1)  # half way between the two curves
    assert distances(comparison, curve="nothing") == []


# -- the report ------------------------------------------------------------------------------------


def test_the_report_is_strict_json_and_loads_back(
    reported: dict[str, Any], compared: Comparison, tmp_path: Path
) -> None:
    file = tmp_path / "found.json"
    file.write_text(json.dumps(reported, allow_nan=False), encoding="utf-8")
    assert load_report(file) == reported
    assert [row["strategy"] for row in reported["rows"]] == ["random", "mle", "seqgan"]
    assert reported["rows"][2]["summary"] == plain(compared.rows[2].summary)
    assert reported["over_runs"] == plain(compared.over_runs)
    assert {len(reported["frontier"][name]) for name in ("mle", "seqgan", "random")} == {2}
    assert len(reported["curves"]) == 6


def test_curves_are_the_runs_own_evaluations(
    library: tuple[Store, Runs], reported: dict[str, Any]
) -> None:
    for curve in reported["curves"]:
        frame = library[0].frame(curve["run"], "Evaluated")
        assert curve["epoch"] == frame["epoch"].tolist()
        assert curve["nll_oracle"] == pytest.approx(frame["nll_oracle"].tolist())
        assert curve["switch"] == SMALL["pretrain_epochs"]
    with_d = [curve for curve in reported["curves"] if curve["strategy"] == "seqgan"]
    assert all(any(isinstance(a, float) for a in curve["d_accuracy"]) for curve in with_d)


def test_what_is_not_finite_becomes_null_in_a_report() -> None:
    same = compare({"a": np.array([1.0, 1.0]), "b": np.array([2.0, 2.0])}, "b")
    assert same[0].effect == -math.inf
    assert json.loads(json.dumps(plain(same), allow_nan=False))[0]["effect"] is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, ["cannot be read"]),
        ("", ["damaged"]),
        ('{"format": "seqgan-comp', ["damaged"]),
        ("[" * 100_000, ["damaged"]),
        ("\xff\xfe", ["damaged"]),
        ("[]", ["version None", "seqgan-comparison-1"]),
        ('{"format": "seqgan-comparison-9"}', ["seqgan-comparison-9", "seqgan-comparison-1"]),
        ('{"format": "seqgan-study-1", "runs": []}', ["seqgan-study-1"]),
        ('{"format": "seqgan-comparison-1", "about": {}}', ["damaged", "reference is missing"]),
    ],
)
def test_a_file_that_is_no_report_is_one_sentence(
    tmp_path: Path, text: str | None, words: list[str]
) -> None:
    file = tmp_path / "kept.json"
    if text is not None:
        file.write_bytes(text.encode("latin-1"))
    with pytest.raises(PlanError) as error:
        load_report(file)
    message = str(error.value)
    assert "\n" not in message
    for word in ["kept.json", "seqgan_core compare", *words]:
        assert word in message


def test_a_study_is_distinguished_from_a_report(tmp_path: Path) -> None:
    file = tmp_path / "study.json"
    file.write_text('{"format": "seqgan-study-1", "preset": "glance", "runs": []}')
    assert load_study(file).runs == ()


# -- equal seconds ---------------------------------------------------------------------------------


def timed(library: tuple[Store, Runs], **seconds: float) -> Runs:
    return {
        planned: dataclasses.replace(record, seconds=seconds[planned.config.strategy])
        for planned, record in library[1].items()
    }


def test_quicker_methods_go_on_until_they_had_the_reference_s_seconds(
    library: tuple[Store, Runs],
) -> None:
    runs = timed(library, seqgan=60.0, mle=20.0, random=0.1)
    longer = as_many_seconds(library[0], "glance", runs, "seqgan")
    by_method: dict[str, set[tuple[int, int]]] = {}
    for planned in longer.runs:
        c = planned.config
        by_method.setdefault(c.strategy, set()).add((c.pretrain_epochs, c.rounds))
    # MLE: 3 epochs and 3 rounds of 1 update, 4 updates an epoch: 3.75 epochs in 20 s
    assert by_method["mle"] == {(int(3.75 * 3), 0)}
    assert by_method["seqgan"] == {(3, 3)}
    assert by_method["random"] == {(3, 3)}  # it learns nothing
    assert {p.config.seed for p in longer.runs if p.config.strategy == "mle"} == {1, 2}
    assert any("as many seconds as seqgan" in planned.label for planned in longer.runs)


def test_a_quicker_method_with_a_reward_gets_more_rounds(library: tuple[Store, Runs]) -> None:
    store = library[0]
    runs = timed(library, seqgan=10.0, mle=70.0, random=0.1)
    longer = as_many_seconds(store, "glance", runs, "mle")
    (more,) = {p.config.rounds for p in longer.runs if p.config.strategy == "seqgan"}
    began = np.mean([
        store.frame(record.id, "PhaseStarted").query("phase == 'adversarial'")["seconds"].iloc[0]
        for planned, record in library[1].items() if planned.config.strategy == "seqgan"
    ])  # fmt: skip
    assert more == 3 + int(60.0 / ((10.0 - began) / 3))


def test_a_reward_method_without_rounds_is_given_epochs(library: tuple[Store, Runs]) -> None:
    store, runs = library
    planned = next(p for p in runs if p.config.strategy == "seqgan")
    bare = planned.config.model_copy(update={"rounds": 0})
    record = dataclasses.replace(runs[planned], config=bare, seconds=10.0)
    slow = next(p for p in runs if p.config.strategy == "mle")
    given = {
        dataclasses.replace(planned, config=bare): record,
        slow: dataclasses.replace(runs[slow], seconds=40.0),
    }
    longer = as_many_seconds(store, "glance", given, "mle")
    assert longer.runs[0].config.pretrain_epochs == 12


def test_without_the_reference_there_are_no_seconds(library: tuple[Store, Runs]) -> None:
    with pytest.raises(PlanError, match="no run of pg_bleu has ended"):
        as_many_seconds(library[0], "glance", library[1], "pg_bleu")


def test_measuring_needs_no_oracle() -> None:
    class Plain:
        name, sequence_length, end = "plain", 3, None

        class vocabulary:
            size = 5

        def test_data(self) -> Any:
            return all_sequences(5, 3)[:10]

    task: Task = Plain()  # type: ignore[assignment]
    measurement = finish(measure(small_generator(5), task, 50, 1))
    assert measurement.nll_oracle is None
    assert set(measurement.means()) == {"nll_test", "self_bleu", "distinct_2", "distinct_3"}
