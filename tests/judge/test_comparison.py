"""Methods compared on models that were really trained: each number against a direct computation."""

import dataclasses
import json
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.judge import comparison
from seqgan_core.judge.comparison import compare_runs
from seqgan_core.judge.frontier import frontier
from seqgan_core.judge.frontier_distance import distances
from seqgan_core.judge.measurements import VARIED, measure
from seqgan_core.judge.methods import AHEAD, METHODS, VARIANTS, method_of, methods_plan, read_seeds
from seqgan_core.judge.report import About, Difference, Distance, Report
from seqgan_core.judge.report_file import MOST_BYTES, ReportError
from seqgan_core.judge.significance import compare, summarise
from seqgan_core.judge.sweeps.equal_budget import as_many_seconds
from seqgan_core.judge.sweeps.plan import PlanError, Planned, stored
from seqgan_core.paper.bleu import distinct, self_bleu
from seqgan_core.paper.metrics import sequence_nll
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import RunRecord, Store, StoreError
from seqgan_core.tasks.protocol import Task
from seqgan_core.training.evaluation import TEMPERATURES
from seqgan_core.training.randomness import rng_for
from seqgan_core.training.setup.devices import prepare_cpu
from seqgan_core.training.setup.presets import CHOSEN_WITH, PRESETS
from tests.support.made_up.comparison import made_up, made_up_values, report_of
from tests.support.made_up.text_report import text_report
from tests.support.paths import ROOT
from tests.support.tiny.configs import SMALL
from tests.support.tiny.models import all_sequences, probabilities, small_generator

SAMPLES, POINT_SAMPLES = 3000, 1000  # of a run; of a point of a frontier
Runs = dict[Planned, RunRecord]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Runs]:
    """Three methods with two seeds each, trained for a moment."""
    prepare_cpu()
    store = Store(tmp_path_factory.mktemp("compared") / "home")
    plan = methods_plan("glance", ["seqgan", "mle", "random"], (1, 2), SMALL)
    for planned in plan.runs:
        drive(store, store.create_run(planned.config, preset="glance", name=planned.label))
    return store, stored(store, plan)


@pytest.fixture(scope="module")
def models(library: tuple[Store, Runs]) -> Models:
    return Models(library[0])


@pytest.fixture(scope="module")
def compared(library: tuple[Store, Runs], models: Models) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison, "FRONTIER_SAMPLES", POINT_SAMPLES)
        return finish(compare_runs(models, library[1], SAMPLES, about=About(preset="glance")))


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
    made = methods_plan("glance", ["seqgan", "mle", "seqgan"], (1, 2, 3), {"rounds": 2})
    assert [(r.config.strategy, r.config.seed) for r in made.runs] == [
        (strategy, seed) for strategy in ("seqgan", "mle") for seed in (1, 2, 3)
    ]
    others = {run.config.model_copy(update={"strategy": "mle", "seed": 1}) for run in made.runs}
    assert len(others) == 1
    assert others.pop().rounds == 2
    assert {run.config.strategy for run in methods_plan("lesson", METHODS, [1], {}).runs} == set(
        METHODS
    )


def test_a_variant_is_a_row_of_its_own() -> None:
    made = methods_plan("lesson", AHEAD, (1, 2), {})
    assert [(method_of(run.config), run.config.seed) for run in made.runs] == [
        (name, seed) for name in AHEAD for seed in (1, 2)
    ]
    assert len({run.config for run in made.runs}) == 2 * len(AHEAD)
    (value,) = methods_plan("lesson", ["seqgan_value"], [1], {}).runs
    (plain,) = methods_plan("lesson", ["seqgan"], [1], {}).runs
    assert plain.config.model_copy(update=VARIANTS["seqgan_value"]) == value.config
    assert {method_of(run.config) for run in methods_plan("lesson", METHODS, [1], {}).runs} == set(
        METHODS
    )


@pytest.mark.parametrize(
    ("strategies", "seeds", "changes", "words"),
    [
        (["mle"], (), {}, ["grid.seed is empty"]),
        (["mle", "gan"], (1,), {}, ["'gan'", "pg_bleu", "seqgan_value"]),
        ([], (1,), {}, ["empty", "seqgan"]),
        (["mle"], (1,), {"steps": 1}, ["steps is not a setting"]),
        (["mle"], (1,), {"rounds": -1}, ["rounds is -1"]),
    ],
)
def test_a_plan_that_cannot_be_is_one_sentence(
    strategies: list[str], seeds: tuple[int, ...], changes: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(PlanError) as error:
        methods_plan("glance", strategies, seeds, changes)
    assert "\n" not in str(error.value)
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("text", "seeds", "option"),
    [
        ("5", (1, 2, 3, 4, 5), "5"),
        (" 1 ", (1,), "1"),
        ("11-15", (11, 12, 13, 14, 15), "11-15"),
        ("7-7", (7,), "7-7"),
        ("11, 13,11", (11, 13), "11,13"),
        ("1,2,3", (1, 2, 3), "3"),
        ("4,11-12", (4, 11, 12), "4,11,12"),
    ],
)
def test_seeds_are_read_as_how_many_or_which(
    text: str, seeds: tuple[int, ...], option: str
) -> None:
    assert read_seeds(text) == seeds
    about = About(preset="lesson", seeds=seeds)
    assert about.seeds_option == option
    assert read_seeds(option) == seeds
    assert About.model_validate_json(about.model_dump_json(exclude_unset=True)) == about
    made = methods_plan("glance", ["mle"], seeds, {})
    assert tuple(run.config.seed for run in made.runs) == seeds


@pytest.mark.parametrize(
    "text", ["0", "", "-1", "5-3", "1,,2", "1-", "a", "1.5", "1-2-3", "9" * 5000, "1-4000000000"]
)
def test_seeds_that_cannot_be_are_one_sentence(text: str) -> None:
    with pytest.raises(PlanError, match=r"1 or more .*11-15") as error:
        read_seeds(text)
    assert error.value.code == "compare.seeds"
    assert error.value.fields["given"] == text


def test_a_file_s_number_of_seeds_is_still_read() -> None:
    about = About.model_validate_json('{"preset": "lesson", "changes": {}, "seeds": 5}')
    assert (about.seeds, about.seeds_option) == (5, "5")
    assert About().seeds_option is None


def test_the_seeds_that_chose_a_preset_are_known_and_what_a_comparison_shares_with_them() -> None:
    assert About(preset="lesson").choosing_seeds == (1, 2, 4)
    assert About(preset="paper").choosing_seeds == About().choosing_seeds == ()
    assert About(preset="lesson").shares_data  # its oracle has seed 1
    assert not About(preset="lesson", changes={"oracle_seed": 11}).shares_data
    assert About(preset="music").shares_data
    assert not About(preset="music", changes={"corpus": "nottingham"}).shares_data
    assert set(CHOSEN_WITH) <= set(PRESETS)


# -- what is measured ------------------------------------------------------------------------------


def test_measured_numbers_are_those_of_the_very_samples(
    library: tuple[Store, Runs], models: Models, compared: Report
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


def test_means_intervals_and_tests_are_those_of_the_runs(compared: Report) -> None:
    assert [row.strategy for row in compared.rows] == ["random", "mle", "seqgan"]  # paper's order
    groups = {row.strategy: [r.values["nll_oracle"] for r in row.results] for row in compared.rows}
    for row in compared.rows:
        assert [result.seed for result in row.results] == [1, 2]
        assert row.summary["nll_oracle"] == summarise(groups[row.strategy])
    assert compared.over_runs["nll_oracle"] == compare(groups, "seqgan")
    assert {d.n_first for d in compared.over_runs["nll_test"]} == {2}
    assert compared.untested == ""


def test_a_sentence_as_observation_takes_the_first_seed_s_sentences(
    library: tuple[Store, Runs], models: Models, compared: Report
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
    held_out = {name: sample.nll_test for name, sample in samples.items()}
    (expected,) = compare(held_out, "seqgan", paired=True)  # the same sequences for both
    (difference,) = [d for d in compared.over_sentences["nll_test"] if d.first == "mle"]
    assert (difference.paired, difference.n_first) == (True, SMALL["n_test"])
    assert (difference.p, difference.effect) == pytest.approx((expected.p, expected.effect))
    assert not any(d.paired for d in compared.over_sentences["nll_oracle"])
    assert not any(d.paired for tests in compared.over_runs.values() for d in tests)
    assert set(compared.over_sentences) == {"nll_oracle", "nll_test"}


def test_real_data_is_the_oracle_itself(
    library: tuple[Store, Runs], models: Models, compared: Report
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
    report = finish(compare_runs(models, single_seed, 500))
    assert report.over_runs == {}
    assert "n = 1" in report.untested
    assert "2 observations" in report.untested
    assert report.rows[0].summary["nll_oracle"].low is None
    assert report.over_sentences["nll_oracle"][0].n_first == 500  # this test there is


def test_without_the_reference_nothing_is_tested(
    library: tuple[Store, Runs], models: Models
) -> None:
    runs = {p: r for p, r in library[1].items() if p.config.strategy != "seqgan"}
    report = finish(compare_runs(models, runs, 200))
    assert (report.over_runs, report.over_sentences) == ({}, {})
    assert "seqgan is not among the methods" in report.untested


def test_what_cannot_be_compared_is_one_sentence(models: Models, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no run to compare"):
        finish(compare_runs(models, {}, 100))
    store = Store(tmp_path / "home")
    plan = methods_plan("glance", ["mle"], (1,), SMALL)
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
    library: tuple[Store, Runs], models: Models, compared: Report
) -> None:
    record = run_of(library, "mle", 1)
    generator = models.at(record.id, last_step(library[0], record.id)).generator
    task = models.task(record.id)
    measurement = finish(measure(generator, task, SAMPLES, 1))
    assert measurement.nll_oracle is not None
    (recorded,) = [p for p in compared.frontier["mle"][0].points if p.temperature == 1.0]
    # NLL_test draws nothing, so the two agree
    assert recorded.nll_oracle is not None
    assert recorded.nll_test == pytest.approx(measurement.means()["nll_test"], abs=1e-5)
    error = math.sqrt(1 / SAMPLES + 1 / POINT_SAMPLES) * measurement.nll_oracle.std()
    assert abs(recorded.nll_oracle - measurement.means()["nll_oracle"]) < 4 * error  # other seed
    assert (recorded.n, recorded.m) == (POINT_SAMPLES, SMALL["n_test"])


def test_sharper_writes_more_probable_sentences_and_the_truth_is_best_at_one(
    compared: Report,
) -> None:
    """For the oracle itself the expected NLL falls with the temperature, exactly."""
    (oracle,) = compared.frontier["oracle"]
    assert [point.temperature for point in oracle.points] == list(TEMPERATURES)
    written = [point.value("nll_oracle") for point in oracle.points]
    assert written == sorted(written)  # the same seed at each temperature
    read = {point.temperature: point.nll_test for point in oracle.points}
    assert read[0.7] > read[0.85] > read[1.0]  # what is sharpened leaves out


def test_the_frontier_against_exact_sums_over_all_sequences() -> None:
    oracle, model = small_generator(3, std=1.5, seed=3), small_generator(3, std=1.0, seed=4)
    every = all_sequences(3, 4)
    truth = probabilities(oracle, every).detach()

    class Tiny:
        name, sequence_length, oracle, end = "tiny", 4, None, None

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
        assert abs(point.value("nll_oracle") - exact) < 4 * spread / 200
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


def distances_by_method(report: Report) -> dict[str, Distance]:
    return {distance.strategy: distance for distance in distances(report, "nll_oracle", "nll_test")}


def test_the_distance_is_read_off_at_equal_quality() -> None:
    by_method = distances_by_method(made_up())
    assert set(by_method) == set(METHODS) - {"mle"}
    seqgan = by_method["seqgan"]
    # seed 3 stands at 2.15 / 2.17; MLE at 0.7 and 0.8 is at 2.1 / 2.165 and 2.2 / 2.14
    assert seqgan.seeds[3] == pytest.approx(2.17 - (2.165 + 2.14) / 2)
    assert seqgan.summary == summarise(list(seqgan.seeds.values()))
    assert (seqgan.outside, len(seqgan.seeds)) == (0, 5)
    collapsed = by_method["pg_bleu"]
    assert (collapsed.outside, collapsed.seeds, collapsed.summary) == (5, {}, None)


def test_without_own_curves_runs_are_compared_with_their_mean_and_its_spread_counts() -> None:
    """MLE's seeds disagree by 0.2: an interval over the runs alone would take it for exact."""
    values = made_up_values(2)
    first, second = values["frontier"]["mle"]
    for point in second["points"]:
        point["nll_test"] += 0.2
    own = distances_by_method(report_of(values))["seqgan"]
    assert (own.paired, own.curves) == (True, 2)
    values["frontier"]["mle"] = [first, second | {"seed": 9}]
    mean = distances_by_method(report_of(values))["seqgan"]
    assert (mean.paired, mean.curves) == (False, 2)
    assert mean.seeds[1] == pytest.approx(own.seeds[1] - 0.1)  # half way between the two curves
    assert mean.seeds[2] == pytest.approx(own.seeds[2] + 0.1)
    gaps = list(mean.seeds.values())
    assert mean.summary is not None
    assert mean.summary.mean == pytest.approx(np.mean(gaps))
    (welch,) = compare({"runs": gaps, "curves": [-0.1, 0.1]}, "curves")
    assert (mean.summary.low, mean.summary.high) == pytest.approx((welch.low, welch.high))
    alone = summarise(gaps)
    assert alone.low is not None
    assert alone.high is not None
    assert welch.high - welch.low > 2 * (alone.high - alone.low)
    values["frontier"]["mle"] = [first | {"seed": 9}]  # a single curve has no spread to count
    single = distances_by_method(report_of(values))["seqgan"].summary
    assert single is not None
    assert single.low is None
    assert distances(report_of(values), "nll_oracle", "nll_test", curve="nothing") == []


def test_a_worse_end_of_the_curve_excuses_nobody() -> None:
    """Above T = 1 both of MLE's numbers are worse: T = 1 is then what a method must beat."""
    report = made_up(constant_reward=(2.48, 2.30), scheduled_sampling=(3.0, 2.15))
    found = distances_by_method(report)
    # MLE is at 2.4 / 2.12 at T = 1 and at 2.5 / 2.125 at 1.1
    assert found["constant_reward"].seeds[3] == pytest.approx(2.30 - 2.12)
    beyond = found["scheduled_sampling"]
    assert (beyond.outside, beyond.seeds[3]) == (0, pytest.approx(0.03))


def test_of_text_the_curve_is_not_continued_to_the_right() -> None:
    """There MLE's BLEU would go on rising, at temperatures that were not measured."""
    far = text_report(methods={"mle": (0.50, 0.60), "seqgan": (0.95, 1.3)})
    (gap,) = distances(far, "self_bleu", "bleu_2")
    assert (gap.outside, gap.seeds, gap.summary) == (3, {}, None)


def test_of_text_the_distance_is_in_bleu_at_equal_diversity() -> None:
    (gap,) = distances(text_report(), "self_bleu", "bleu_2")
    # seeds of SeqGAN: 0.69 / 0.57, 0.70 / 0.58, 0.71 / 0.59; MLE is at 0.5 + (self-BLEU - 0.6) / 2
    assert gap.seeds == pytest.approx({1: 0.025, 2: 0.03, 3: 0.035})
    assert gap.summary == summarise(list(gap.seeds.values()))


# -- the report ------------------------------------------------------------------------------------


def test_the_report_is_strict_json_and_loads_back(compared: Report, tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    file.write_text(compared.to_json(indent=1), encoding="utf-8")
    json.loads(compared.to_json(), parse_constant=pytest.fail)  # no NaN
    loaded = Report.load(file)
    assert loaded.to_json() == compared.to_json()
    assert loaded.strategies == ["random", "mle", "seqgan"]
    assert loaded.rows == compared.rows
    assert {len(loaded.frontier[name]) for name in ("mle", "seqgan", "random")} == {2}
    assert len(loaded.curves) == 6


def test_curves_are_the_runs_own_evaluations(library: tuple[Store, Runs], compared: Report) -> None:
    for curve in compared.curves:
        frame = library[0].frame(curve.run, "Evaluated")
        assert list(curve.epoch) == frame["epoch"].tolist()
        assert curve.column("nll_oracle") == pytest.approx(frame["nll_oracle"].tolist())
        assert curve.column("nothing") == ()
        assert curve.switch == SMALL["pretrain_epochs"]
    with_d = [curve for curve in compared.curves if curve.strategy == "seqgan"]
    assert all(any(map(math.isfinite, curve.column("d_accuracy"))) for curve in with_d)


def test_what_is_not_finite_becomes_null_in_a_file() -> None:
    (same,) = compare({"a": np.array([1.0, 1.0]), "b": np.array([2.0, 2.0])}, "b")
    assert same.effect == -math.inf
    text = same.model_dump_json()
    assert json.loads(text, parse_constant=pytest.fail)["effect"] is None
    assert math.isnan(Difference.model_validate_json(text).effect)


RECORDED = sorted((ROOT / "assets" / "comparison").glob("*.json"))
STORED = ROOT / "tests" / "support" / "files" / "version_0_1" / "home.zip"


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_what_the_version_before_wrote_opens_and_keeps_its_keys(file: Path) -> None:
    before = json.loads(file.read_text())
    if before["format"] != Report.FORMAT:
        with pytest.raises(ReportError) as error:
            Report.load(file)
        assert error.value.code == "report.version"
        assert error.value.fields["version"] == before["format"]
        return
    report = Report.load(file)
    assert json.loads(report.to_json()) == before
    assert report.strategies == [row["strategy"] for row in before["rows"]]


def test_what_compare_of_the_version_before_wrote_opens(tmp_path: Path) -> None:
    with zipfile.ZipFile(STORED) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("compare.json")]
        file = tmp_path / "compare.json"
        file.write_bytes(archive.read(name))
    assert json.loads(Report.load(file).to_json()) == json.loads(file.read_text())


def cut(**parts: Any) -> str:
    return json.dumps(made_up_values(2) | parts)


def with_row(**parts: Any) -> str:
    values = made_up_values(2)
    values["rows"][0] |= parts
    return json.dumps(values)


POINT = {"temperature": 1.0, "n": 1, "nll_test": 1.0}
UNLIKE = [{"seed": 1, "points": [POINT]}, {"seed": 2, "points": [POINT | {"temperature": 2.0}]}]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (None, "unreadable", ["cannot be read"]),
        ("", "damaged", []),
        ('{"format": "seqgan-comp', "damaged", []),
        ("[" * 100_000, "damaged", []),
        ("\xff\xfe", "damaged", []),
        ("[]", "damaged", []),
        ("{}", "version", ["None", "seqgan-comparison-1"]),
        ('{"format": "seqgan-comparison-9"}', "version", ["seqgan-comparison-9"]),
        ('{"format": "seqgan-study-1", "runs": []}', "version", ["seqgan-study-1"]),
        ('{"format": "seqgan-comparison-1", "about": {}}', "damaged", ["reference"]),
        (cut(rows=[{"strategy": "mle"}]), "damaged", ["rows.0.results"]),
        (cut(frontier={"mle": [{"seed": 1, "points": [3]}]}), "damaged", ["points.0"]),
        (cut(frontier={"mle": [{"seed": 1, "points": []}]}), "damaged", ["points"]),
        (cut(frontier={"mle": UNLIKE}), "damaged", ["mle have different temperatures"]),
        (cut(curves=[{"strategy": "mle"}]), "damaged", ["curves.0"]),
        (cut(samples="many"), "damaged", ["samples"]),
        (with_row(results=[]), "damaged", ["rows.0.results"]),
        (with_row(summary={"odd": {"n": 1, "mean": 1, "low": 1, "high": 1}}), "damaged", ["odd"]),
        (with_row(summary={"nll_test": {"n": 1, "mean": 1}}), "damaged", ["low"]),
    ],
)
def test_a_file_that_is_no_report_is_one_sentence(
    tmp_path: Path, text: str | None, code: str, words: list[str]
) -> None:
    file = tmp_path / "kept.json"
    if text is not None:
        file.write_bytes(text.encode("latin-1"))
    with pytest.raises(ReportError) as error:
        Report.load(file)
    assert error.value.code == f"report.{code}"
    message = str(error.value)
    assert "\n" not in message
    for word in ["kept.json", "seqgan_core compare", *words]:
        assert word in message


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    with file.open("wb") as sparse:
        sparse.truncate(MOST_BYTES + 1)
    with pytest.raises(ReportError) as error:
        Report.load(file)
    assert error.value.code == "report.too-large"


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
