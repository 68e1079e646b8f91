"""The queue and the worker: what a command does in each situation, and that nothing hangs."""

import itertools
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seqgan_core.runs.branching import mark_orphans
from seqgan_core.runs.driver import drive
from seqgan_core.runs.manager import Manager, ManagerError, ManagerState
from seqgan_core.runs.store import Store, StoreError
from seqgan_core.training.config import ConfigError, TrainConfig
from tests.support.fake_trainer import TINY, FakeTrainer, Pace
from tests.support.paths import ROOT

LONG = TINY.model_copy(update={"rounds": 0, "pretrain_epochs": 20})  # 40 steps of the fake trainer
SHORT = TINY.model_copy(update={"rounds": 0})  # 8 steps


class Lab:
    """A store, a manager and a fake trainer that takes a step when the test allows it."""

    def __init__(self, home: Path) -> None:
        self.store = Store(home)
        self.pace = Pace()
        self.made: list[TrainConfig] = []
        self.manager = Manager(self.store, make_trainer=self.make)

    def make(self, config: TrainConfig) -> FakeTrainer:
        self.made.append(config)
        return FakeTrainer(config, self.pace)

    def status(self, run_id: str) -> str:
        return self.store.run(run_id).status

    def wait(self, run_id: str, status: str) -> None:
        wait_for(lambda: self.status(run_id) == status, lambda: self.store.run(run_id))

    def wait_paused_at(self, run_id: str, epoch: float) -> None:
        def reached() -> bool:
            record = self.store.run(run_id)
            return (record.status, record.epoch) == ("paused", epoch)

        wait_for(reached, lambda: self.store.run(run_id))

    def wait_idle(self) -> None:
        wait_for(lambda: self.manager.state().active is None, self.manager.state)

    def started(self, config: TrainConfig = LONG) -> str:
        """A run that has begun and wants to take its first step."""
        run_id = self.manager.start(config)
        assert self.pace.stuck.wait(30)
        return run_id

    def paused(self, steps: int = 3) -> str:
        run_id = self.started()
        self.pace.allow(steps - 1)
        wait_for(lambda: self.store.run(run_id).step == steps - 1, self.manager.state)
        self.manager.pause(run_id)
        self.pace.allow()
        self.wait(run_id, "paused")
        return run_id


def wait_for(condition: Callable[[], bool], describe: Callable[[], object] = lambda: "") -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError(f"waited 30 s in vain: {describe()}")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    lab = Lab(tmp_path)
    yield lab
    lab.pace.allow(1000)
    lab.manager.close()


# -- the queue -------------------------------------------------------------------------------------


def test_a_run_is_trained_and_the_worker_rests(lab: Lab) -> None:
    assert lab.manager.state() == ManagerState(None, "idle", (), None)
    run_id = lab.started(SHORT)
    assert lab.manager.state() == ManagerState(run_id, "running", (), None)
    assert lab.status(run_id) == "running"
    lab.pace.allow(8)
    lab.wait(run_id, "finished")
    lab.wait_idle()
    assert lab.manager.state() == ManagerState(None, "idle", (), None)
    assert not lab.store.is_held(run_id)


def test_a_second_start_queues(lab: Lab) -> None:
    first, second, third = (lab.manager.start(SHORT, preset="glance", name=n) for n in "abc")
    assert lab.manager.state().active == first
    assert lab.manager.state().queue == (second, third)
    assert [lab.status(i) for i in (second, third)] == ["queued", "queued"]
    lab.pace.allow(24)
    lab.wait(third, "finished")
    ended = [lab.store.run(i).updated for i in (first, second, third)]
    assert ended == sorted(ended)
    assert lab.store.run(second).preset == "glance"


def test_a_queued_run_can_be_cancelled_or_stopped(lab: Lab) -> None:
    first = lab.started(SHORT)
    queued = [lab.manager.start(SHORT) for _ in range(3)]
    lab.manager.cancel(queued[0])
    lab.manager.stop(queued[2])
    assert [lab.status(i) for i in queued] == ["stopped", "queued", "stopped"]
    assert lab.manager.state().queue == (queued[1],)
    with pytest.raises(ManagerError, match="is stopped; only a queued run"):
        lab.manager.cancel(queued[0])
    with pytest.raises(ManagerError, match="is running; only"):
        lab.manager.cancel(first)
    lab.store.delete(queued[0])  # nobody holds it any more
    with pytest.raises(StoreError, match="is running or queued"):
        lab.store.delete(queued[1])
    lab.pace.allow(16)
    lab.wait(queued[1], "finished")
    assert len(lab.made) == 2


def test_a_queued_run_is_not_paused(lab: Lab) -> None:
    lab.started()
    queued = lab.manager.start(SHORT)
    with pytest.raises(ManagerError, match="is queued; cancel it instead"):
        lab.manager.pause(queued)
    lab.manager.resume(queued)  # it is on its way already
    assert lab.manager.state().queue == (queued,)


def test_a_failed_run_is_reported_and_the_next_one_runs(tmp_path: Path) -> None:
    made = itertools.count()

    def make(config: TrainConfig) -> FakeTrainer:
        if next(made) == 0:
            raise ConfigError("test", "device is 'cuda', which this machine does not have")
        return FakeTrainer(config, pace)

    pace, store = Pace(), Store(tmp_path)
    manager = Manager(store, make_trainer=make)
    try:
        first = manager.start(SHORT)
        wait_for(lambda: manager.state().error is not None, manager.state)
        assert manager.state().error == "device is 'cuda', which this machine does not have"
        assert store.run(first).status == "failed"
        second = manager.start(SHORT)
        assert pace.stuck.wait(30)
        assert manager.state() == ManagerState(second, "running", (), None)
        pace.allow(8)
        wait_for(lambda: store.run(second).status == "finished")
    finally:
        manager.close()


def test_a_start_that_cannot_be_noted_holds_nothing(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise StoreError("test", "the disk is full")

    first = lab.started(SHORT)
    queued = lab.manager.start(SHORT)
    with monkeypatch.context() as patch:
        patch.setattr(lab.store, "set_status", fails)
        with pytest.raises(StoreError, match="the disk is full"):
            lab.manager.start(SHORT)
        with pytest.raises(StoreError, match="the disk is full"):
            lab.manager.cancel(queued)
    assert lab.manager.state().queue == ()
    assert [r.id for r in lab.store.runs() if lab.store.is_held(r.id)] == [first]


# -- pause, one round, resume, stop ----------------------------------------------------------------


def test_pause_is_answered_at_the_next_event(lab: Lab) -> None:
    run_id = lab.started()
    lab.manager.pause(run_id)
    lab.manager.pause(run_id)
    assert lab.manager.state().status == "pausing"
    assert lab.status(run_id) == "running"
    lab.pace.allow()
    lab.wait(run_id, "paused")
    lab.manager.pause(run_id)
    assert lab.manager.state() == ManagerState(run_id, "paused", (), None)
    assert lab.store.run(run_id).step == 1
    assert [c.step for c in lab.store.checkpoints(run_id)] == [1]
    lab.manager.resume(run_id)
    assert lab.pace.stuck.wait(30)
    assert lab.status(run_id) == "running"
    assert len(lab.made) == 1  # the trainer was kept


def test_a_pause_at_once_is_answered_too(lab: Lab) -> None:
    run_id = lab.manager.start(LONG)
    lab.manager.pause(run_id)
    lab.wait(run_id, "paused")
    assert lab.store.run(run_id).step == 0


def test_resuming_before_the_pause_was_answered_takes_it_back(lab: Lab) -> None:
    run_id = lab.started(SHORT)
    lab.manager.pause(run_id)
    lab.manager.resume(run_id)
    lab.pace.allow(8)
    lab.wait(run_id, "finished")


def test_one_round_goes_on_until_the_epoch_has_grown_by_one(lab: Lab) -> None:
    run_id = lab.paused(steps=3)  # epoch 1.5
    lab.pace.allow(100)
    for epoch in (2.0, 3.0, 4.0):
        lab.manager.one_round(run_id)
        lab.wait_paused_at(run_id, epoch)
    assert len(lab.store.frame(run_id, "Evaluated")) == 2  # at 2 and 4, where they are due


def test_one_round_of_a_running_run_pauses_it(lab: Lab) -> None:
    run_id = lab.started()
    lab.manager.one_round(run_id)
    lab.pace.allow(100)
    lab.wait_paused_at(run_id, 1.0)


def test_one_round_of_a_stopped_run_takes_it_up(lab: Lab) -> None:
    run_id = lab.paused(steps=3)
    lab.manager.stop(run_id)
    lab.wait_idle()
    lab.pace.allow(100)
    lab.manager.one_round(run_id)
    lab.wait_paused_at(run_id, 2.0)


def test_stop_leaves_a_checkpoint_and_can_be_resumed(lab: Lab) -> None:
    run_id = lab.started(SHORT)
    lab.manager.stop(run_id)
    assert lab.manager.state().status == "stopping"
    with pytest.raises(ManagerError, match="is ending; resume it in a moment"):
        lab.manager.resume(run_id)
    lab.pace.allow()
    lab.wait(run_id, "stopped")
    lab.wait_idle()
    lab.manager.stop(run_id)  # once more does no harm
    assert [c.step for c in lab.store.checkpoints(run_id)] == [1]
    lab.manager.resume(run_id)
    lab.pace.allow(7)
    lab.wait(run_id, "finished")
    other_id = lab.store.create_run(SHORT)
    drive(lab.store, other_id, make_trainer=FakeTrainer)
    events = [[event for _, _, event in lab.store.events(i)] for i in (run_id, other_id)]
    assert events[0] == events[1]


@pytest.mark.parametrize("first_command", ["stop", "resume"])
def test_stop_wins_over_a_pause(lab: Lab, first_command: str) -> None:
    run_id = lab.paused()
    getattr(lab.manager, first_command)(run_id)
    lab.manager.stop(run_id)
    lab.pace.allow()
    lab.wait(run_id, "stopped")


def test_a_paused_run_makes_way_and_comes_back(lab: Lab) -> None:
    paused = lab.paused(steps=3)
    other_id = lab.started(SHORT)
    assert lab.manager.state() == ManagerState(other_id, "running", (), None)
    assert lab.status(paused) == "paused"
    assert lab.store.is_held(paused)
    lab.manager.pause(paused)
    lab.manager.resume(paused)
    assert lab.manager.state().queue == (paused,)
    lab.pace.allow(8 + 37)
    lab.wait(paused, "finished")
    assert lab.status(other_id) == "finished"
    lone = lab.store.create_run(LONG)
    drive(lab.store, lone, make_trainer=FakeTrainer)
    assert [e for _, _, e in lab.store.events(paused)] == [e for _, _, e in lab.store.events(lone)]


def test_a_paused_run_out_of_the_worker_can_be_stopped(lab: Lab) -> None:
    paused = lab.paused()
    lab.started(SHORT)
    lab.manager.stop(paused)
    assert lab.status(paused) == "stopped"
    assert not lab.store.is_held(paused)


@pytest.mark.parametrize("status", ["interrupted", "diverged", "failed", "stopped", "running"])
def test_what_ended_early_can_be_resumed(lab: Lab, status: str) -> None:
    run_id = lab.store.create_run(SHORT, status=status)  # type: ignore[arg-type]
    lab.manager.resume(run_id)
    lab.pace.allow(8)
    lab.wait(run_id, "finished")


def test_impossible_actions_are_refused(lab: Lab) -> None:
    finished = lab.store.create_run(SHORT, status="finished")
    recorded = lab.store.create_run(SHORT, status="recorded")
    deleted = lab.store.create_run(SHORT, status="stopped")
    lab.store.delete(deleted)
    for command in (lab.manager.resume, lab.manager.one_round):
        with pytest.raises(ManagerError, match="is finished and has nothing left to train"):
            command(finished)
        with pytest.raises(ManagerError, match="is recorded"):
            command(recorded)
        with pytest.raises(ManagerError, match="is deleted"):
            command(deleted)
    for command in (lab.manager.pause, lab.manager.stop):
        with pytest.raises(ManagerError, match="is finished, and this program does not train it"):
            command(finished)
    for command in (lab.manager.pause, lab.manager.stop, lab.manager.resume, lab.manager.cancel):
        with pytest.raises(StoreError, match="there is no run 'x-1'"):
            command("x-1")
    assert lab.manager.state() == ManagerState(None, "idle", (), None)


def test_what_another_program_trains_is_left_to_it(lab: Lab) -> None:
    run_id = lab.store.create_run(SHORT)
    with lab.store.hold(run_id):
        lab.store.set_status(run_id, "running")
        assert mark_orphans(lab.store) == []
        with pytest.raises(ManagerError, match="is running or queued; stop it first"):
            lab.manager.resume(run_id)
        with pytest.raises(ManagerError, match="is running, and this program does not train it"):
            lab.manager.stop(run_id)
        assert lab.status(run_id) == "running"


# -- branches, recovery, closing -------------------------------------------------------------------


def test_a_branch_starts_from_its_checkpoint(lab: Lab) -> None:
    parent = lab.paused(steps=4)
    lab.manager.stop(parent)
    lab.wait_idle()
    shared = lab.store.checkpoint(parent, 4).seq + 1
    child = lab.manager.branch(parent, 4, {"g_learning_rate": 0.5, "pretrain_epochs": 3}, "lower")
    lab.pace.allow(2)
    lab.wait(child, "finished")
    record = lab.store.run(child)
    assert (record.parent, record.parent_step, record.name, record.step) == (parent, 4, "lower", 6)
    assert lab.made[-1].g_learning_rate == 0.5
    assert lab.store.events(child)[:shared] == lab.store.events(parent)[:shared]
    with pytest.raises(StoreError, match="vocab_size is 40"):
        lab.manager.branch(parent, 4, {"vocab_size": 40})
    with pytest.raises(StoreError, match=r"step is 5; run .* has checkpoints at the steps"):
        lab.manager.branch(parent, 5, {})
    with pytest.raises(ConfigError, match="n_rollouts is 0"):
        lab.manager.branch(parent, 4, {"n_rollouts": 0})
    assert len(lab.store.runs()) == 2


def test_recover_marks_what_a_dead_program_left(lab: Lab) -> None:
    left = [lab.store.create_run(SHORT, status=s) for s in ("running", "paused", "queued")]
    running = lab.started()
    assert set(mark_orphans(lab.store)) == set(left)
    assert {lab.status(i) for i in left} == {"interrupted"}
    assert lab.status(running) == "running"


def test_close_checkpoints_and_empties_the_queue(lab: Lab) -> None:
    active = lab.paused(steps=3)
    lab.manager.resume(active)
    assert lab.pace.stuck.wait(30)
    queued = lab.manager.start(SHORT)
    closing = threading.Thread(target=lab.manager.close)
    closing.start()
    wait_for(lambda: lab.status(queued) == "interrupted")
    lab.pace.allow()
    closing.join(30)
    assert not closing.is_alive()
    assert lab.status(active) == "interrupted"
    assert lab.store.checkpoint(active).step == 4
    assert not lab.store.is_held(active)
    assert not lab.store.is_held(queued)
    for command in (lab.manager.resume, lab.manager.one_round):
        with pytest.raises(ManagerError, match="is closing"):
            command(active)
    with pytest.raises(ManagerError, match="is closing"):
        lab.manager.start(SHORT)
    lab.manager.close()  # once more does no harm


@pytest.mark.parametrize("parked", [False, True])
def test_close_while_paused(lab: Lab, parked: bool) -> None:
    paused = lab.paused()
    if parked:
        lab.started(SHORT)
        lab.pace.allow(100)
        lab.wait_idle()
    lab.manager.close()
    assert lab.status(paused) == "interrupted"
    assert lab.store.checkpoint(paused).step == 3


def test_commands_from_many_threads_break_nothing(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    lab.pace.allow(100_000)
    runs = [lab.manager.start(SHORT) for _ in range(3)]
    unexpected: list[Exception] = []

    def press(seed: int) -> None:
        commands = ["pause", "resume", "one_round", "stop", "cancel", "resume"]
        for i in range(40):
            command = getattr(lab.manager, commands[(i * seed + seed) % len(commands)])
            try:
                command(runs[(i + seed) % 3])
            except ManagerError:
                pass
            except Exception as error:  # noqa: BLE001  # shown below
                unexpected.append(error)
            lab.manager.state()

    threads = [threading.Thread(target=press, args=(seed,)) for seed in (1, 2, 3, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert unexpected == []

    def settle() -> bool:  # whatever was pressed, every run can be brought to its end
        for run_id in runs:
            try:
                lab.manager.resume(run_id)
            except ManagerError:
                continue
        return {lab.status(run_id) for run_id in runs} == {"finished"}

    wait_for(settle, lab.manager.state)
    lab.manager.close()
    lone = lab.store.create_run(SHORT)
    drive(lab.store, lone, make_trainer=FakeTrainer)
    expected = [event for _, _, event in lab.store.events(lone)]
    for run_id in runs:
        assert [event for _, _, event in lab.store.events(run_id)] == expected


PROGRAM = """
import signal, sys, time
from pathlib import Path
from seqgan_core.runs.manager import Manager
from seqgan_core.runs.store import Store
from tests.support.fake_trainer import TINY, FakeTrainer

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
store = Store(sys.argv[1])
slow = lambda config: FakeTrainer(config, lambda step: time.sleep(0.01))
manager = Manager(store, make_trainer=slow)
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # as a server does
manager.start(TINY.model_copy(update={"pretrain_epochs": 10_000}))
print("started", flush=True)
if sys.argv[2] == "wait":
    time.sleep(600)
while store.runs()[0].step < 3:
    time.sleep(0.01)
"""


@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGINT, None), (None, 0)]
)
def test_a_program_that_ends_leaves_a_checkpoint(
    tmp_path: Path, how: signal.Signals | None, code: int | None
) -> None:
    store = Store(tmp_path)
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path), "wait" if how else "leave"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert program.stdout is not None
        assert program.stdout.readline() == b"started\n"
        if how:
            wait_for(lambda: store.runs()[0].step >= 3)
            program.send_signal(how)
        _, errors = program.communicate(timeout=60)
    finally:
        program.kill()
    if code is not None:
        assert program.returncode == code, errors.decode()
    assert program.returncode != -signal.SIGABRT, errors.decode()
    (record,) = store.runs()
    assert record.status == "interrupted"
    assert store.checkpoint(record.id).seq == store.last_seq(record.id)
