"""`compare` and `sweep`: what they print, what they keep, and how they refuse."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from seqgan_core.cli.common import many_runs
from seqgan_core.judge.report import Report
from seqgan_core.judge.study import Study
from seqgan_core.judge.sweeps import sweep
from seqgan_core.judge.sweeps.engines import LocalEngine
from seqgan_core.judge.sweeps.plan import Plan, Planned
from seqgan_core.runs.store import Store
from tests.gpu.pretended_device import pretended
from tests.support.commands import (
    TINY,
    Command,
    CommandResult,
    assignments,
    in_this_process,
    refused,
)
from tests.support.inline_engine import InlineEngine
from tests.support.tiny.configs import small_config

TWO = ("--strategies", "mle,seqgan", "--preset", "glance", "--samples", "200", "--workers", "1")


@pytest.fixture(scope="module", autouse=True)
def inline() -> Iterator[None]:
    """Runs are trained here: what the processes of a sweep do is tested in tests/judge."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many_runs, "LocalEngine", InlineEngine)
        patch.setattr(sweep, "POLL_SECONDS", 0.0)
        yield


@pytest.fixture(scope="module")
def compared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where two methods were compared, two seeds each; measure them again, change nothing."""
    return tmp_path_factory.mktemp("compared") / "home"


@pytest.fixture(scope="module")
def again(compared_home: Path, compared: CommandResult) -> Command:
    """`compare` where everything is trained already."""

    def command(*arguments: str) -> CommandResult:
        result = compare_in(compared_home, *arguments)
        assert len(Store(compared_home).runs()) == 4  # nothing was trained anew
        return result

    return command


@pytest.fixture(scope="module")
def compared(compared_home: Path) -> CommandResult:
    """The first comparison, which trained all runs."""
    result = compare_in(compared_home, "--json")
    assert result.status == 0, result.err
    return result


def compare_in(home: Path, *arguments: str) -> CommandResult:
    seeds = () if "--seeds" in arguments else ("--seeds", "2")
    return in_this_process("compare", *TWO, *seeds, *assignments(), "--home", home, *arguments)


def test_json_holds_the_table_the_tests_the_frontier_and_the_curves(
    compared: CommandResult,
) -> None:
    comparison = compared.json
    assert [row["strategy"] for row in comparison["rows"]] == ["mle", "seqgan"]
    assert [result["seed"] for result in comparison["rows"][0]["results"]] == [1, 2]
    (test,) = comparison["over_runs"]["nll_oracle"]
    assert (test["first"], test["second"]) == ("mle", "seqgan")
    assert (test["n_first"], test["n_second"]) == (2, 2)
    assert 0 <= test["p"] <= test["p_holm"] <= 1
    assert comparison["over_sentences"]["nll_oracle"][0]["n_first"] == comparison["samples"] == 200
    assert set(comparison["frontier"]) == {"oracle", "mle", "seqgan"}
    assert len(comparison["curves"]) == 4
    about = comparison["about"]
    assert about["changes"]["vocab_size"] == TINY["vocab_size"]
    assert (about["seeds"], comparison["versions"]["chosen_with"]) == ([1, 2], "1, 2, 4")


def test_the_same_numbers_come_again_and_are_kept(
    again: Command, compared: CommandResult, tmp_path: Path
) -> None:
    out = tmp_path / "kept.json"
    result = again("--json", "--out", str(out))
    assert result.status == 0
    assert str(out) in result.err
    assert json.loads(Report.load(out).to_json()) == result.json
    took = {"versions": result.json["versions"] | {"seconds": compared.json["versions"]["seconds"]}}
    assert result.json | took == compared.json


def test_markdown_has_every_number_of_the_json(again: Command, compared: CommandResult) -> None:
    comparison, text = compared.json, again("--markdown").out
    for row in comparison["rows"]:
        mean = row["summary"]["nll_oracle"]
        assert f"{mean['mean']:.3f} [{mean['low']:.3f}, {mean['high']:.3f}]" in text
        for result in row["results"]:
            assert f"| {result['values']['nll_test']:.3f} |" in text
            assert result["run"] in text
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) > 10
    assert "one observation is a run" in text
    assert "one observation is a sequence" in text
    assert "| 2, 2 |" in text  # a p-value never without its n


def test_tables_for_people(again: Command) -> None:
    result = again()
    assert result.status == 0
    assert "Mean [95% interval], n = 2 seeds, 200 samples per run" in result.out
    assert "Real data (oracle)" in result.out


def test_one_seed_tells_why_there_is_no_test(again: Command) -> None:
    result = again("--seeds", "1", "--json")
    assert result.status == 0
    assert result.json["over_runs"] == {}
    assert "n = 1" in result.err
    assert "train more seeds" in result.err
    assert "No test over runs" in result.err
    assert "(n = 1)" in again("--seeds", "1").out


def test_seeds_are_named_one_by_one(again: Command) -> None:
    comparison = again("--seeds", "2-2", "--json").json
    assert [[result["seed"] for result in row["results"]] for row in comparison["rows"]] == [
        [2],
        [2],
    ]
    assert comparison["about"]["seeds"] == [2]


def test_another_reference(again: Command) -> None:
    comparison = again("--reference", "mle", "--json").json
    assert [test["first"] for test in comparison["over_runs"]["nll_test"]] == ["seqgan"]


def test_equal_seconds_train_the_quicker_method_longer(cli: Command) -> None:
    options = ("--seeds", "1", *assignments(n_rollouts=16, d_pretrain_steps=8), "--json")
    comparison = cli("compare", *TWO, *options, "--budget", "seconds").json
    switch = {curve["strategy"]: curve["switch"] for curve in comparison["curves"]}
    assert switch["seqgan"] == TINY["pretrain_epochs"]
    assert switch["mle"] > TINY["pretrain_epochs"]
    assert comparison["about"]["budget"] == "seconds"


def test_a_method_may_be_a_strategy_with_settings_of_its_own(cli: Command, tmp_path: Path) -> None:
    names = ("--strategies", "seqgan,seqgan_value,tree_search_negatives", "--preset", "glance")
    few = assignments(v_size=4, search_simulations=2, search_actions=4, search_candidates=2)
    options = ("--seeds", "1", "--samples", "100", "--workers", "1", *few, "--home", tmp_path)
    rows = cli("compare", *names, *options, "--json").json["rows"]
    assert [row["strategy"] for row in rows] == names[1].split(",")
    configs = [run.config for run in reversed(Store(tmp_path).runs())]
    assert [(c.strategy, c.q_normalisation, c.search_negatives) for c in configs] == [
        ("seqgan", "advantage", False),
        ("seqgan", "value", False),
        ("tree_search", "advantage", True),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--seeds", "0"], ["seeds is '0'", "1 or more", "11-15"]),
        (["--strategies", "mle,magic"], ["'magic'", "constant_reward"]),
        (["--strategies", " , "], ["strategies is empty", "seqgan"]),
        (["--samples", "0"], ["--samples is 0", "100 or more"]),
        (["--workers", "0"], ["--workers is 0", "1 or more"]),
        (["--reference", "pg_bleu"], ["--reference is pg_bleu", "mle, seqgan"]),
        (["--preset", "huge"], ["huge", "glance, lesson, table1, paper"]),
        (["--budget", "money"], ["money", "seconds"]),
        (["--set", "g_step=1"], ["g_step", "g_steps"]),
        (["--set", "rounds=-1"], ["rounds is -1"]),
        (["--set", "rounds"], ["'rounds'", "field=value"]),
        (["--set", "oracle_path=nowhere.npz"], ["nowhere.npz"]),
        (["--out", "nowhere/kept.json"], ["--out is nowhere/kept.json", "folder that exists"]),
        (["--out", "."], ["--out is .", "file"]),
    ],
)
def test_compare_refuses_before_it_trains(
    cli: Command, arguments: list[str], words: list[str]
) -> None:
    given = ["compare", *TWO, "--seeds", "1", *assignments(), *arguments]
    refused(cli(*given), *words)
    assert cli("runs", "--json").json == []


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_compare_refuses_a_device_that_is_not_there(cli: Command) -> None:
    refused(cli("compare", *TWO, "--seeds", "1", *assignments(device="cuda")), "cuda")
    assert cli("runs", "--json").json == []


def test_a_method_that_fails_is_reported_and_the_others_are_compared(cli: Command) -> None:
    options = assignments(d_filters=[4, 10**12])  # no machine has room for this D
    names = ("--strategies", "random,mle,seqgan", "--preset", "glance", "--samples", "200")
    result = cli("compare", *names, "--seeds", "1", "--workers", "1", *options, "--json")
    assert result.status == 1
    assert "strategy seqgan, seed 1 (" in result.err
    assert ") failed: " in result.err
    assert "No test over runs: seqgan is not among the methods" in result.err
    assert [row["strategy"] for row in result.json["rows"]] == ["random", "mle"]


# -- sweep -----------------------------------------------------------------------------------------


def plan_file(folder: Path, text: str) -> Path:
    values = TINY | {"d_samples": 64}  # TOML has no null
    settings = "\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items())
    file = folder / "plan.toml"
    file.write_text(f'name = "tried"\npreset = "glance"\n[set]\n{settings}\n{text}\n')
    return file


def test_sweep_trains_a_plan_and_keeps_its_curves(cli: Command, tmp_path: Path) -> None:
    file = plan_file(tmp_path, '[grid]\nstrategy = ["mle", "seqgan"]')
    out = tmp_path / "study.json"
    result = cli("sweep", str(file), "--workers", "1", "--out", str(out), "--json")
    assert result.status == 0
    lines = result.json
    assert [line["settings"] for line in lines] == ["strategy mle", "strategy seqgan"]
    assert {line["status"] for line in lines} == {"finished"}
    study = Study.load(out)
    assert [run.run for run in study.runs] == [line["run"] for line in lines]
    assert study.runs[1].settings["rounds"] == TINY["rounds"]
    assert len(study.runs[1].nll_oracle) == len(study.runs[1].epoch) > 1
    before = cli("runs", "--json").json
    assert cli("sweep", str(file), "--workers", "1", "--json").json == lines  # nothing is missing
    assert cli("runs", "--json").json == before
    assert "strategy seqgan" in cli("sweep", str(file), "--workers", "1").out


def test_sweep_trains_in_processes(
    cli: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_runs, "LocalEngine", LocalEngine)
    file = plan_file(tmp_path, '[grid]\nstrategy = ["mle", "seqgan"]')
    result = cli("sweep", str(file), "--workers", "2", "--json")
    assert [line["status"] for line in result.json] == ["finished"] * 2


def test_sweep_says_when_a_run_failed(cli: Command, tmp_path: Path) -> None:
    text = '[[points]]\nstrategy = "mle"\n[[points]]\nd_filters = [4, 1000000000000]'
    result = cli("sweep", str(plan_file(tmp_path, text)), "--workers", "1", "--json")
    assert result.status == 1
    assert [line["status"] for line in result.json] == ["finished", "failed"]
    assert "d_filters [4, 1000000000000]" in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.toml"], ["nowhere.toml cannot be read"]),
        (["PLAN", "--workers", "0"], ["--workers is 0"]),
        (["PLAN", "--engine", "steam"], ["steam", "ray"]),
        (["PLAN", "--address", "auto"], ["--address", "--engine ray"]),
        (["PLAN", "--gpus", "1"], ["--gpus", "--engine ray"]),
        (["PLAN", "--gpus", "-1", "--engine", "ray"], ["--gpus is -1", "0 or more"]),
        (["PLAN", "--out", "nowhere/study.json"], ["--out is nowhere/study.json"]),
        ([], ["spec"]),
    ],
)
def test_sweep_refuses(
    cli: Command, tmp_path: Path, arguments: list[str], words: list[str]
) -> None:
    file = plan_file(tmp_path, "[grid]\nseed = [1]")
    given = [str(file) if part == "PLAN" else part for part in arguments]
    refused(cli("sweep", *given), *words)
    assert cli("runs", "--json").json == []


def test_a_plan_with_an_unknown_setting(cli: Command, tmp_path: Path) -> None:
    file = plan_file(tmp_path, "[grid]\nsteps = [1]")
    refused(cli("sweep", str(file)), "plan.toml, steps 1: steps is not a setting")


def test_what_is_wrong_with_every_run_is_blamed_on_none(cli: Command, tmp_path: Path) -> None:
    result = cli("compare", "--set", "rounds=-1")
    refused(result, "rounds is -1")
    assert result.err.startswith("rounds is -1")
    assert cli("compare", "--preset", "big").err.startswith("preset is 'big'")


def test_few_runs_share_a_gpu_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan("plan", "glance", (Planned("run", small_config(device="auto")),))
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    assert many_runs.count_workers(None, plan) == 16
    with pretended():
        assert (many_runs.count_workers(None, plan), many_runs.count_workers(9, plan)) == (4, 9)
        monkeypatch.setattr(os, "cpu_count", lambda: 2)
        assert many_runs.count_workers(None, plan) == 2
