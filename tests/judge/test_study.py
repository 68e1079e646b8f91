"""Studies: a plan's runs as curves, what became of each setting, and studies kept as files."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from seqgan_core.judge.report_file import ReportError
from seqgan_core.judge.study import (
    Setting,
    Study,
    by_triple,
    outcome,
    study,
)
from seqgan_core.judge.sweeps.plan import Plan, plan, read_plan, stored
from seqgan_core.runs.store import Store
from seqgan_core.training.evaluation import TEMPERATURES
from seqgan_core.training.setup.presets import preset
from tests.figures.made_up import seeds_of, settings_of, study_run
from tests.support.paths import ROOT
from tests.support.tiny.configs import SMALL
from tests.support.tiny.trained_run import trained

COLUMNS = ("epoch", "seconds", "nll_oracle", "nll_test", "d_accuracy")


def balance() -> Plan:
    return plan("tried", "glance", SMALL, {"seed": [1, 2]}, [{"g_steps": 1}, {"g_steps": 2}])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two of the plan's four runs, and one that is not in it."""
    home = tmp_path_factory.mktemp("study") / "home"
    trained(home, g_steps=1, seed=1)
    trained(home, g_steps=2, seed=2)
    trained(home, g_steps=3, seed=1)
    return Store(home)


@pytest.fixture(scope="module")
def made(store: Store) -> Study:
    return study(store, balance(), stored(store, balance()))


def test_it_holds_the_plan_s_runs_that_are_there(made: Study) -> None:
    assert (made.format, made.name, made.preset) == (Study.FORMAT, "tried", "glance")
    assert [(run.label, run.seed) for run in made.runs] == [
        ("g_steps 1, seed 1", 1),
        ("g_steps 2, seed 2", 2),
    ]
    assert {run.status for run in made.runs} == {"finished"}


def test_a_run_s_lists_are_its_evaluations_all_equally_long(store: Store, made: Study) -> None:
    for run in made.runs:
        frame = store.frame(run.run, "Evaluated")
        assert {len(getattr(run, name)) for name in COLUMNS} == {len(frame)}
        assert list(run.nll_oracle) == frame["nll_oracle"].tolist()
        assert run.switch == SMALL["pretrain_epochs"]
        assert list(run.seconds) == sorted(run.seconds)
        # MLE's end twice, before and after D's first training; then the rounds
        assert run.epoch == (0, 1, 2, 3, 3, 4, 5, 6)


def test_a_run_s_curve_is_what_mle_s_model_measured_at_each_temperature(
    store: Store, made: Study
) -> None:
    for run in made.runs:
        (points,) = store.frame(run.run, "TemperaturesMeasured")["points"]
        assert [point.temperature for point in run.curve] == list(TEMPERATURES)
        assert {point.n for point in run.curve} == {SMALL["n_eval"]}
        assert [(p.nll_oracle, p.nll_test) for p in run.curve] == [
            (point["nll_oracle"], point["nll_test"]) for point in points
        ]
        # the model that the rounds start from, on the same held-out sequences
        assert run.curve[TEMPERATURES.index(1.0)].nll_test == pytest.approx(
            run.values("nll_test")[0], abs=1e-6
        )
        path = run.path()
        assert path is not None
        assert len(path.curve) == len(TEMPERATURES)


def test_d_s_accuracy_is_missing_where_there_is_no_trained_d(made: Study) -> None:
    for run in made.runs:
        assert all(map(math.isnan, run.d_accuracy[:4]))
        assert all(0 <= value <= 1 for value in run.d_accuracy[4:])


def test_lists_are_equally_long_without_a_discriminator_too(tmp_path: Path) -> None:
    store, _run_id = trained(tmp_path / "home", strategy="mle")
    planned = plan("mle", "glance", SMALL | {"strategy": "mle"}, {"seed": [1]})
    (run,) = study(store, planned, stored(store, planned)).runs
    assert all(map(math.isnan, run.d_accuracy))
    assert run.curve == ()  # it is compared with nothing


def test_settings_are_what_differs_from_the_preset(made: Study) -> None:
    first, second = (run.settings for run in made.runs)
    assert first["g_steps"] == 1
    assert {name for name in first if first[name] != second[name]} == {"g_steps"}
    assert first["vocab_size"] == SMALL["vocab_size"]
    assert "seed" not in first  # it stands beside the settings
    assert "device" not in first
    assert "strategy" not in first  # the preset's own


def test_a_study_comes_back_from_its_file(tmp_path: Path, made: Study) -> None:
    file = tmp_path / "study.json"
    file.write_text(made.to_json(indent=1))
    assert json.loads(file.read_text())["runs"][0]["d_accuracy"][0] is None
    assert Study.load(file).to_json() == made.to_json()


@pytest.mark.parametrize("name", ["strategies", "one_at_a_time"])
def test_the_studies_that_ship_open_and_are_written_as_they_are(name: str) -> None:
    file = ROOT / "assets" / "comparison" / f"{name}.json"
    whole = Study.load(file)
    assert json.loads(whole.to_json()) == json.loads(file.read_text())
    planned = read_plan(ROOT / "assets" / "plans" / f"{name}.toml")
    settings = whole.settings(preset(whole.preset))
    assert (whole.preset, len(settings)) == (planned.preset, len(planned.runs) // 3)
    assert all(len(setting.runs) == 3 and outcome(setting) for setting in settings)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b'{"format": ', "is damaged"),
        (b"\xff\xfe\x00", "is damaged"),
        (b"[1, 2]", "is damaged"),
        (b'{"format": "seqgan-study-0"}', "is of version 'seqgan-study-0', not 'seqgan-study-1'"),
        (b'{"format": "seqgan-comparison-1"}', "'seqgan-comparison-1'"),
    ],
)
def test_a_bad_file_is_one_sentence_with_the_way_to_make_it_anew(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "study.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ReportError) as error:
        Study.load(file)
    message = str(error.value)
    assert words in message
    assert message.startswith("the file study.json ")
    assert "`python -m seqgan_core sweep PLAN --out`" in message
    assert "\n" not in message


# -- settings and verdicts -------------------------------------------------------------------------


def setting_of(*runs: dict[str, Any]) -> Setting:
    (setting,) = settings_of(*runs)
    return setting


def verdict(*runs: dict[str, Any]) -> str:
    result = outcome(setting_of(*runs))
    assert result is not None
    return result.verdict


# -- reading ---------------------------------------------------------------------------------------


def test_a_run_begins_at_its_last_evaluation_of_mle() -> None:
    setting = setting_of(study_run(seed=2, settings={"g_steps": 30}))
    (run,) = setting.runs
    assert run.rounds == (0, 1, 2)
    assert run.seconds_since == (0, 6, 12)
    assert run.values("nll_oracle") == pytest.approx((2.5, 2.32, 2.28))
    assert run.values("d_accuracy") == pytest.approx((0.7, 0.65, 0.55))
    assert run.end("nll_oracle") == pytest.approx(2.3)  # the mean of what follows the switch
    assert setting.along(run, "updates") == (0, 30, 60)
    assert setting.along(run, "seconds") == (0, 6, 12)


def test_runs_of_equal_settings_are_one_setting_whatever_the_order_of_its_fields() -> None:
    settings = settings_of(
        study_run(seed=3, settings={"g_steps": 1, "d_epochs": 10}),
        study_run(seed=1, settings={"d_epochs": 10, "g_steps": 1}),
        study_run(seed=1),
    )
    assert [setting.triple for setting in settings] == [(1, 1, 10), (4, 1, 1)]
    assert [[run.seed for run in setting.runs] for setting in settings] == [[1, 3], [1]]


def test_of_settings_with_the_same_moves_the_one_with_most_runs_counts() -> None:
    settings = settings_of(study_run(settings={"rounds": 9}), study_run(seed=1), study_run(seed=2))
    assert [len(setting.runs) for setting in by_triple(settings).values()] == [2]
    assert [len(setting.runs) for setting in by_triple(settings[::-1]).values()] == [2]


@pytest.mark.parametrize("status", ["failed", "interrupted", "stopped", "running"])
def test_a_run_that_did_not_end_is_left_out(status: str) -> None:
    setting = setting_of(study_run(), study_run(seed=2, status=status))
    assert len(setting.runs) == 1


def test_a_run_that_ended_before_mle_did_is_left_out() -> None:
    short = study_run(status="diverged", epoch=[1], seconds=[1.0], nll_oracle=[3.0], nll_test=[2.0],
                d_accuracy=[None])  # fmt: skip
    setting = setting_of(short)
    assert setting.runs == ()
    assert outcome(setting) is None


def test_numbers_that_are_missing_are_gaps() -> None:
    gaps = study_run(d_accuracy=[None] * 5, nll_oracle=[2.7, 2.6, 2.5, 2.4, math.nan])
    setting = setting_of(gaps)
    assert all(map(math.isnan, setting.runs[0].values("d_accuracy")))
    assert setting.runs[0].end("nll_oracle") == pytest.approx(2.4)
    result = outcome(setting)
    assert result is not None
    assert result.oracle.values == pytest.approx((-0.1,))
    assert result.accuracy is None


@pytest.mark.parametrize(
    "damage",
    [
        {"epoch": None},
        {"epoch": [2, 3, 3, 4]},
        {"seconds": [1.0]},
        {"seconds": [1.0, 2.0, 3.0, 4.0, None]},
        {"nll_oracle": [1.0]},
        {"nll_test": "abcde"},
        {"seed": "one"},
        {"switch": None},
        {"settings": [1]},
        {"settings": None},
    ],
)
def test_a_damaged_study_is_one_sentence(tmp_path: Path, damage: dict[str, Any]) -> None:
    file = tmp_path / "study.json"
    whole = {"format": Study.FORMAT, "preset": "glance", "runs": [study_run() | damage]}
    file.write_text(json.dumps(whole))
    with pytest.raises(ReportError) as error:
        Study.load(file)
    assert error.value.code == "report.damaged"
    assert "runs.0" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("settings", [{"g_steps": "many"}, {"unheard": 1}, {"g_steps": -1}])
def test_settings_that_there_are_not_are_one_sentence(settings: dict[str, Any]) -> None:
    with pytest.raises(ReportError) as error:
        settings_of(study_run(settings=settings))
    assert error.value.code == "study.settings"
    assert "\n" not in str(error.value)


def test_a_run_is_frozen() -> None:
    (run,) = setting_of(study_run()).runs
    with pytest.raises(ValidationError):
        run.seed = 2  # type: ignore[misc]


def test_the_mean_is_over_the_rounds_that_all_seeds_have() -> None:
    stopped = study_run(
        seed=3, oracle=0.4, status="diverged", epoch=[3, 4], seconds=[4.0, 6.0],
        nll_oracle=[2.5, 3.1], nll_test=[2.2, 2.3], d_accuracy=[0.7, 0.9],
    )  # fmt: skip
    setting = setting_of(study_run(seed=1), study_run(seed=2), stopped)
    x, y = setting.mean_curve("rounds", "nll_oracle")
    assert x == [0, 1]  # the third seed has no round 2
    assert y == pytest.approx([2.5, (2.32 + 2.32 + 3.1) / 3])
    assert setting.mean_curve("seconds", "nll_oracle")[0] == pytest.approx([0, (3 + 6 + 2) / 3])


# -- the rule --------------------------------------------------------------------------------------


def test_an_end_is_the_mean_of_the_last_five_evaluations() -> None:
    epochs = list(range(2, 11))
    nll = [9.0, 2.5, 2.4, 2.3, 2.1, 2.3, 2.2, 2.3, 2.1]  # the switch is at epoch 3
    run = study_run(
        epoch=epochs, seconds=[float(e) for e in epochs], nll_oracle=nll, nll_test=nll,
        d_accuracy=[None] * 9,
    )  # fmt: skip
    setting = setting_of(run)
    assert setting.runs[0].end("nll_oracle") == pytest.approx(2.2)
    path = setting.runs[0].path()
    assert path is not None
    assert path.end == pytest.approx((2.2, 2.2))
    assert path.change == pytest.approx((-0.3, -0.3))
    assert path.swing == pytest.approx((0.1, 0.1))


def test_a_setting_is_judged_by_its_seeds_against_their_curves() -> None:
    assert verdict(*seeds_of()) == "learned"  # 2.26 on the curve at NLL_oracle 2.3
    assert verdict(*seeds_of(-0.2, 0.06)) == "sharpened"
    assert verdict(*seeds_of(n=2)) == "undecided"
    assert verdict(*seeds_of(curve=[])) == "undecided"  # as in files of before
    assert verdict(*seeds_of(n=2), study_run(seed=3, curve=[])) == "undecided"


def test_a_seed_that_diverged_is_a_collapse() -> None:
    assert verdict(*seeds_of(), study_run(seed=4, status="diverged")) == "collapsed"


def test_a_seed_that_diverged_before_its_first_evaluation_is_not_forgotten() -> None:
    early = study_run(
        seed=4, status="diverged", epoch=[2, 3, 3], seconds=[1.0, 2.0, 4.0],
        nll_oracle=[2.7, 2.6, 2.5], nll_test=[2.4, 2.2, 2.2], d_accuracy=[None, None, 0.7],
    )  # fmt: skip
    result = outcome(setting_of(*seeds_of(), early))
    assert result is not None
    assert (result.verdict, result.n, result.diverged) == ("collapsed", 4, 1)
