"""Studies: a plan's runs as curves, and studies kept as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seqgan_core.judge.study import FORMAT, load_study, study
from seqgan_core.judge.sweeps.plan import Plan, PlanError, plan, stored
from seqgan_core.runs.store import Store
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
def made(store: Store) -> dict[str, Any]:
    return study(store, balance(), stored(store, balance()))


def test_it_holds_the_plan_s_runs_that_are_there(made: dict[str, Any]) -> None:
    assert (made["format"], made["name"], made["preset"]) == (FORMAT, "tried", "glance")
    assert [(run["label"], run["seed"]) for run in made["runs"]] == [
        ("g_steps 1, seed 1", 1),
        ("g_steps 2, seed 2", 2),
    ]
    assert {run["status"] for run in made["runs"]} == {"finished"}


def test_a_run_s_lists_are_its_evaluations_all_equally_long(
    store: Store, made: dict[str, Any]
) -> None:
    for run in made["runs"]:
        frame = store.frame(run["run"], "Evaluated")
        assert {name: len(run[name]) for name in COLUMNS} == dict.fromkeys(COLUMNS, len(frame))
        assert run["nll_oracle"] == frame["nll_oracle"].tolist()
        assert run["switch"] == SMALL["pretrain_epochs"]
        assert run["seconds"] == sorted(run["seconds"])
        # MLE's end twice, before and after D's first training; then the rounds
        assert run["epoch"] == [0, 1, 2, 3, 3, 4, 5, 6]


def test_d_s_accuracy_is_none_where_there_is_no_trained_d(made: dict[str, Any]) -> None:
    for run in made["runs"]:
        assert run["d_accuracy"][:4] == [None] * 4
        assert all(0 <= value <= 1 for value in run["d_accuracy"][4:])


def test_lists_are_equally_long_without_a_discriminator_too(tmp_path: Path) -> None:
    store, _run_id = trained(tmp_path / "home", strategy="mle")
    planned = plan("mle", "glance", SMALL | {"strategy": "mle"}, {"seed": [1]})
    (run,) = study(store, planned, stored(store, planned))["runs"]
    assert len({len(run[name]) for name in COLUMNS}) == 1
    assert run["d_accuracy"] == [None] * len(run["epoch"])


def test_settings_are_what_differs_from_the_preset(made: dict[str, Any]) -> None:
    first, second = (run["settings"] for run in made["runs"])
    assert first["g_steps"] == 1
    assert {name for name in first if first[name] != second[name]} == {"g_steps"}
    assert first["vocab_size"] == SMALL["vocab_size"]
    assert "seed" not in first  # it stands beside the settings
    assert "device" not in first
    assert "strategy" not in first  # the preset's own


def test_a_study_comes_back_from_its_file(tmp_path: Path, made: dict[str, Any]) -> None:
    file = tmp_path / "study.json"
    file.write_text(json.dumps(made, allow_nan=False))
    assert load_study(file) == made


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b'{"format": ', "is damaged"),
        (b"\xff\xfe\x00", "is damaged"),
        (b"[1, 2]", "is of version None"),
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
    with pytest.raises(PlanError) as error:
        load_study(file)
    message = str(error.value)
    assert words in message
    assert message.startswith("study.json ")
    assert "`python -m seqgan_core sweep PLAN --out`" in message
    assert "\n" not in message
