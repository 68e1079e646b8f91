"""Plans, and sweeps that train what they ask for whatever happens to the workers."""

import time
from pathlib import Path
from typing import Any

import pytest

from seqgan_core.judge.sweeps.engines import LocalEngine
from seqgan_core.judge.sweeps.plan import Plan, PlanError, plan, read_plan, stored
from seqgan_core.judge.sweeps.sweep import Progress, sweep
from seqgan_core.runs.store import Store
from seqgan_core.training.events import Event
from seqgan_core.training.setup.devices import prepare_cpu
from tests.support.commands import process_state_kept
from tests.support.inline_engine import InlineEngine
from tests.support.tiny.configs import SMALL
from tests.support.tiny.trained_run import trained

GRID = {"strategy": ["mle", "seqgan"], "seed": [1, 2]}


def small_plan(grid: dict[str, Any] | None = None, **changes: Any) -> Plan:
    return plan("tried", "glance", SMALL | changes, grid or GRID)


def test_a_plan_is_every_point_with_every_combination() -> None:
    made = plan("p", "glance", {"rounds": 2}, GRID, [{"g_steps": 1}, {"g_steps": 2, "d_steps": 3}])
    assert len(made.runs) == 8
    assert {run.config.rounds for run in made.runs} == {2}
    assert {(r.config.g_steps, r.config.strategy, r.config.seed) for r in made.runs} == {
        (g, s, n) for g in (1, 2) for s in ("mle", "seqgan") for n in (1, 2)
    }
    assert made.runs[0].label == "g_steps 1, strategy mle, seed 1"
    assert len(plan("p", "glance", {}, {"seed": [1, 1]}).runs) == 1  # the same run once


def test_a_plan_is_read_from_toml(tmp_path: Path) -> None:
    file = tmp_path / "methods.toml"
    file.write_text(
        'preset = "glance"\n[set]\nrounds = 3\n[grid]\nstrategy = ["mle"]\nseed = [1, 2]\n'
        "[[points]]\ng_steps = 4\n"
    )
    made = read_plan(file)
    assert (made.name, made.preset, len(made.runs)) == ("methods", "glance", 2)
    assert {(r.config.g_steps, r.config.rounds) for r in made.runs} == {(4, 3)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", ["not TOML"]),
        ("grids = 1", ["'grids'", "name, preset"]),
        ('preset = "nothing"', ["nothing", "glance"]),
        ("[grid]\nseed = []", ["grid.seed is empty"]),
        ("[grid]\nseed = 3", ["must be a list"]),
        ('[grid]\nseed = "abc"', ["must be a list"]),
        ("[grid]\nsteps = [1]", ["steps is not a setting"]),
        ("[set]\nrounds = -1", ["rounds", "greater than or equal to 0"]),
        ('[grid]\nstrategy = ["gan"]', ["gan", "seqgan"]),
        ("points = 3", ["[[points]]"]),
        ("set = 3", ["set", "table"]),
        (
            "[grid]\nseed = " + str(list(range(101))) + "\nrounds = " + str(list(range(100))),
            ["10100 runs", "10000"],
        ),
    ],
)
def test_a_bad_plan_is_one_clear_sentence(tmp_path: Path, text: str, words: list[str]) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(PlanError) as error:
        read_plan(file)
    assert "bad.toml" in str(error.value)
    assert "\n" not in str(error.value)
    for word in words:
        assert word in str(error.value)


def test_a_missing_plan_is_reported(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"nowhere\.toml cannot be read"):
        read_plan(tmp_path / "nowhere.toml")


def test_only_what_is_missing_is_trained(tmp_path: Path) -> None:
    store, run_id = trained(tmp_path / "home", strategy="mle", seed=1)
    planned = small_plan()
    assert [record.id for record in stored(store, planned).values()] == [run_id]
    seen: list[Progress] = []
    outcomes = sweep(store, planned, InlineEngine(store.home), 2, seen.append)
    assert [record.status for record in outcomes.values()] == ["finished"] * 4
    assert run_id in {record.id for record in outcomes.values()}
    assert len(store.runs()) == 4
    assert seen[-1].done == seen[-1].total == 4
    assert seen[-1].share == 1.0
    assert [p.done for p in seen] == sorted(p.done for p in seen)


def events(store: Store, run_id: str) -> list[Event]:
    return [event for _seq, _seconds, event in store.events(run_id)]


class KilledOnce(LocalEngine):
    """Kills the first worker that has saved a checkpoint in the rounds, as a crash would."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.home)
        self.store, self.killed = store, ""

    def ended(self) -> list[str]:
        for run_id in list(self._workers) if not self.killed else []:
            if len(self.store.checkpoints(run_id)) > 5:
                self._workers[run_id].kill()
                self._workers[run_id].wait()
                self.killed = run_id
        return super().ended()


LONG = {"grid": {"seed": [1, 2]}, "rounds": 60, "checkpoint_every": 2, "evaluate_every": 10}


def test_a_killed_worker_s_run_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    engine = KilledOnce(store)
    two = small_plan(**LONG)
    records = sweep(store, two, engine, 2)
    assert engine.killed in {record.id for record in records.values()}
    assert [record.status for record in records.values()] == ["finished"] * 2
    unbroken = Store(tmp_path / "unbroken")
    with process_state_kept():
        prepare_cpu()  # as a worker does
        alone = sweep(unbroken, two, InlineEngine(unbroken.home), 1)
    for planned, record in records.items():
        assert events(store, record.id) == events(unbroken, alone[planned].id)


def test_ctrl_c_leaves_everything_resumable(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    planned = small_plan(**LONG)

    def interrupt(progress: Progress) -> None:
        if len(progress.training) == 2 and all(r.epoch > 5 for r in progress.training):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(store, planned, LocalEngine(store.home), 2, interrupt)
    left = stored(store, planned)
    assert {record.status for record in left.values()} <= {"interrupted", "queued", "finished"}
    assert any(record.status == "interrupted" for record in left.values())
    time.sleep(0.1)
    outcomes = sweep(store, planned, LocalEngine(store.home), 2)
    assert {r.id for r in outcomes.values()} == {r.id for r in left.values()}
    assert [record.status for record in outcomes.values()] == ["finished"] * 2


def test_a_run_that_fails_is_left_and_the_others_go_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    planned = plan("p", "glance", SMALL, {"oracle_path": [None, str(tmp_path / "gone.npz")]})
    seen: list[Progress] = []
    outcomes = sweep(store, planned, LocalEngine(store.home), 2, seen.append)
    assert sorted(record.status for record in outcomes.values()) == ["failed", "finished"]
    (failed,) = seen[-1].failed
    assert "gone.npz" in failed.reason
