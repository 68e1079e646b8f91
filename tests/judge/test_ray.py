"""A sweep on a real Ray, started on this machine with two workers, one of which is killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seqgan_core.judge.sweeps import ray_engine
from seqgan_core.judge.sweeps.plan import Plan, PlanError, plan
from seqgan_core.judge.sweeps.ray_engine import RayEngine
from seqgan_core.judge.sweeps.sweep import Progress, sweep
from seqgan_core.runs.store import Store
from seqgan_core.training.events import Event
from seqgan_core.training.setup.devices import prepare_cpu
from tests.support.commands import process_state_kept
from tests.support.inline_engine import InlineEngine
from tests.support.tiny.configs import SMALL

ray = pytest.importorskip("ray")
REAL_INIT, REAL_SHUTDOWN = ray.init, ray.shutdown

LONG = {"rounds": 80, "checkpoint_every": 4, "evaluate_every": 20}


@pytest.fixture(scope="module", autouse=True)
def shutdowns() -> Iterator[list[bool]]:
    """Ray is started by the first engine and ends with this file; each stop is noted here."""
    noted: list[bool] = []

    def init(**options: Any) -> None:
        if not ray.is_initialized():
            REAL_INIT(**options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ray, "init", init)
        patch.setattr(ray, "shutdown", lambda: noted.append(ray.is_initialized()))
        yield noted
    REAL_SHUTDOWN()


def small_plan(*seeds: int) -> Plan:
    return plan("on ray", "glance", SMALL | LONG, {"seed": list(seeds)})


def events(store: Store, run_id: str) -> list[Event]:
    return [event for _seq, _seconds, event in store.events(run_id)]


def workers() -> list[int]:
    """Process ids of Ray's busy workers."""
    return [
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and b"ray::_train" in _command(folder)
    ]


def _command(folder: Path) -> bytes:
    try:
        return (folder / "cmdline").read_bytes()
    except OSError:
        return b""


def test_a_lost_worker_s_run_goes_on_and_ends_as_if_nothing_had_been(
    tmp_path: Path, shutdowns: list[bool]
) -> None:
    store = Store(tmp_path / "home")
    shutdowns.clear()
    engine = RayEngine(store, workers=2, every=0.2)
    killed: list[int] = []

    def kill_one(progress: Progress) -> None:
        begun = [r for r in progress.training if r.epoch > r.config.pretrain_epochs + 1]
        busy = workers()
        if begun and busy and not killed:
            os.kill(busy[0], signal.SIGKILL)
            killed.append(busy[0])

    outcomes = sweep(store, small_plan(1, 2), engine, 2, kill_one)
    assert killed
    assert shutdowns == [True]
    assert [record.status for record in outcomes.values()] == ["finished"] * 2
    local = Store(tmp_path / "here")
    with process_state_kept():
        prepare_cpu()  # as a worker does
        alone = sweep(local, small_plan(1, 2), InlineEngine(local.home), 2)
    for planned, record in outcomes.items():
        assert events(store, record.id) == events(local, alone[planned].id)
        assert store.checkpoints(record.id)[-1].step == record.step


def test_ctrl_c_on_ray_leaves_everything_resumable(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")

    def interrupt(progress: Progress) -> None:
        if any(record.step > 0 for record in progress.training):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(store, small_plan(3), RayEngine(store, workers=1, every=0.2), 1, interrupt)
    (left,) = store.runs()
    assert left.status == "interrupted"
    assert left.step > 0
    (record,) = sweep(store, small_plan(3), InlineEngine(store.home), 1).values()
    assert (record.id, record.status) == (left.id, "finished")


def test_a_run_that_no_worker_can_train_is_left_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_engine, "pack", lambda store, run_id: b"no bundle")
    store = Store(tmp_path / "home")
    (record,) = sweep(store, small_plan(4), RayEngine(store), 1).values()
    assert record.status == "interrupted"  # tried again, in vain; resumable
    assert record.reason.startswith("its worker was lost (")
    assert "bundle" in record.reason
    assert "\n" not in record.reason


def test_what_is_no_address_is_one_clear_sentence(tmp_path: Path) -> None:
    for address in ("somewhere", "somewhere:", ":6379", "ray://somewhere:10001"):
        with pytest.raises(PlanError, match="must be auto, or HOST:PORT of its head"):
            RayEngine(Store(tmp_path / "home"), address)


def test_a_cluster_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"no Ray cluster at 127\.0\.0\.1:1 .*ray start") as error:
        RayEngine(Store(tmp_path / "home"), "127.0.0.1:1")
    assert "\n" not in str(error.value)


def test_a_cluster_that_was_here_once_is_one_clear_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ray notes the address where it starts, and leaves the note when it is killed."""
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    (tmp_path / "ray").mkdir()
    (tmp_path / "ray" / "ray_current_cluster").write_text("127.0.0.1:1")
    with pytest.raises(PlanError, match="this machine belongs to no Ray cluster; start one"):
        RayEngine(Store(tmp_path / "home"), "auto")


def test_more_gpus_than_there_are_is_one_clear_sentence_and_ends_ray(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a Ray of its own, which is gone afterwards."""
    REAL_SHUTDOWN()  # the one of the tests above
    monkeypatch.setattr(ray, "init", REAL_INIT)
    monkeypatch.setattr(ray, "shutdown", REAL_SHUTDOWN)
    with pytest.raises(PlanError, match=r"gpus is 99, but Ray finds \d+ on this machine"):
        RayEngine(Store(tmp_path / "home"), gpus=99)
    assert not ray.is_initialized()
