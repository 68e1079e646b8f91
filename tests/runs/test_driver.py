"""The loop that trains a stored run: what is stored, when it is saved, how it ends."""

import errno
import itertools
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from seqgan_core.runs.branching import fork
from seqgan_core.runs.driver import drive
from seqgan_core.runs.records import Status
from seqgan_core.runs.run_control import Decision
from seqgan_core.runs.store import Store, StoreError
from seqgan_core.training.config import ConfigError
from seqgan_core.training.events import (
    CheckpointDue,
    Evaluated,
    Event,
    Finished,
    GeneratorUpdated,
    PhaseStarted,
)
from tests.support.fake_trainer import TINY, FakeTrainer, Pace
from tests.support.files.small_disk import fill, small_disk

ROUNDS_OFF = TINY.model_copy(update={"rounds": 0})  # the fake trainer knows MLE epochs only


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("waited 30 s in vain")


class Script:
    """A control that gives these answers, one for each event; then it goes on."""

    def __init__(self, answers: dict[int, Decision], after_pause: Decision = "go") -> None:
        self.answers, self.after_pause = answers, after_pause
        self.count = -1  # with None before the first event
        self.while_paused: Callable[[], None] = lambda: None

    def decide(self, event: Event | None) -> Decision:
        self.count += 1
        return self.answers.get(self.count, "go")

    def wait(self) -> Decision:
        self.while_paused()
        return self.after_pause


def unbroken(store: Store) -> str:
    run_id = store.create_run(ROUNDS_OFF)
    assert drive(store, run_id, make_trainer=FakeTrainer).status == "finished"
    return run_id


def same(store: Store, first: str, second: str) -> bool:
    """Whether two runs have the same events and end with the same weights."""
    events = [[event for _, _, event in store.events(run_id)] for run_id in (first, second)]
    first_state, second_state = (store.checkpoint(run_id) for run_id in (first, second))
    return (
        events[0] == events[1]
        and torch.equal(first_state.tensors["weight"], second_state.tensors["weight"])
        and (first_state.counters, first_state.step) == (second_state.counters, second_state.step)
    )


# -- a whole run -----------------------------------------------------------------------------------


def test_a_run_is_trained_to_its_end(store: Store) -> None:
    run_id = store.create_run(ROUNDS_OFF)
    seen: list[Event] = []
    record = drive(store, run_id[:10], on_event=seen.append, make_trainer=FakeTrainer)
    assert (record.status, record.reason, record.step, record.epoch) == ("finished", "", 8, 4.0)
    stored = store.events(run_id)
    assert [event for _, _, event in stored] == seen == list(FakeTrainer(ROUNDS_OFF).events())
    times = [seconds for _, seconds, _ in stored]
    assert times == sorted(times)
    assert record.seconds == times[-1]
    assert record.metrics == {"nll_oracle": 2.0, "nll_test": 5.0}
    assert record.best == {"nll_oracle": 2.0, "epoch": 4.0, "step": 8}
    assert [c.step for c in store.checkpoints(run_id)] == [4, 8]
    assert record.device.startswith("CPU, ")
    assert record.versions["torch"] == torch.__version__
    assert {"python", "torch", "numpy", "seqgan_core", "threads"} < set(record.versions)
    assert record.made.device == record.device
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", record.made.date)
    assert not store.is_held(run_id)


def test_a_run_that_waits_is_shown_as_far_as_it_is(store: Store) -> None:
    pace = Pace(steps=3)
    run_id = store.create_run(ROUNDS_OFF)
    thread = threading.Thread(
        target=drive,
        args=(store, run_id),
        kwargs={"make_trainer": partial(FakeTrainer, before=pace)},
    )
    thread.start()
    wait_for(lambda: store.last_seq(run_id) == 3)  # the step under way does not hold them back
    assert store.run(run_id).status == "running"
    with pytest.raises(StoreError, match="is running or queued"):
        drive(store, run_id)
    with pytest.raises(StoreError, match="is running or queued"):
        store.delete(run_id)
    pace.allow(5)
    thread.join()
    assert store.run(run_id).status == "finished"


@pytest.mark.parametrize("status", ["finished", "recorded"])
def test_a_run_at_its_end_is_not_trained_on(store: Store, status: str) -> None:
    run_id = store.create_run(TINY, status=status)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match=f"is {status} and has nothing left to train; branch"):
        drive(store, run_id)
    with pytest.raises(StoreError, match="there is no run"):
        drive(store, "nothing")
    store.set_status(run_id, "stopped")
    store.delete(run_id)
    with pytest.raises(StoreError, match="is deleted"):
        drive(store, run_id)


# -- stopping, pausing, resuming -------------------------------------------------------------------


@pytest.mark.parametrize("stop_after", range(1, 13))
def test_stopped_anywhere_and_resumed_it_is_the_unbroken_run(store: Store, stop_after: int) -> None:
    run_id = store.create_run(ROUNDS_OFF)
    count = itertools.count(1)
    record = drive(
        store,
        run_id,
        should_stop=lambda: next(count) > stop_after,  # it is asked before the first event too
        make_trainer=FakeTrainer,
    )
    assert record.status == "stopped"
    assert len(store.events(run_id)) == stop_after
    assert store.checkpoint(run_id).seq == stop_after - 1
    assert drive(store, run_id, make_trainer=FakeTrainer).status == "finished"
    assert same(store, run_id, unbroken(store))


def test_events_after_the_checkpoint_are_made_anew(store: Store) -> None:
    run_id = store.create_run(ROUNDS_OFF)

    def breaks(step: int) -> None:
        if step == 7:
            raise RuntimeError("a bug\nwith a long tale")

    record = drive(store, run_id, make_trainer=partial(FakeTrainer, before=breaks))
    assert (record.status, record.reason) == ("failed", "RuntimeError: a bug")
    assert store.last_seq(run_id) > store.checkpoint(run_id).seq
    assert drive(store, run_id, make_trainer=FakeTrainer).status == "finished"
    assert same(store, run_id, unbroken(store))


@pytest.mark.parametrize("pause_at", [1, 5, 8, 12])
def test_a_pause_changes_nothing(store: Store, pause_at: int) -> None:
    run_id = store.create_run(ROUNDS_OFF)
    control = Script({pause_at: "pause"})
    seen: list[object] = []
    control.while_paused = lambda: seen.extend(
        [store.run(run_id).status, store.last_seq(run_id), store.checkpoint(run_id).seq]
    )
    assert drive(store, run_id, control=control, make_trainer=FakeTrainer).status == "finished"
    assert seen == ["paused", pause_at - 1, pause_at - 1]
    assert same(store, run_id, unbroken(store))


def test_a_pause_costs_no_training_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("seqgan_core.runs.recorder.time.monotonic", lambda: now[0])

    def works(step: int) -> None:
        now[0] += 1.0

    def sleeps() -> None:
        now[0] += 500.0

    run_id = store.create_run(ROUNDS_OFF)
    control = Script({5: "pause", 6: "stop"})
    control.while_paused = sleeps
    make_trainer = partial(FakeTrainer, before=works)
    first = drive(store, run_id, control=control, make_trainer=make_trainer)
    now[0] += 500.0
    last = drive(store, run_id, make_trainer=make_trainer)
    assert last.seconds == 8.0
    updates = store.frame(run_id, "GeneratorUpdated")
    assert updates["seconds"].tolist() == updates["step"].tolist()
    assert first.seconds == updates["seconds"][updates["step"] <= first.step].iloc[-1]


def test_a_parked_run_stays_paused_and_goes_on_later(store: Store) -> None:
    run_id = store.create_run(ROUNDS_OFF)
    with store.hold(run_id) as lock:
        control = Script({5: "pause"}, after_pause="park")
        record = drive(store, run_id, control=control, lock=lock, make_trainer=FakeTrainer)
        assert record.status == "paused"
        assert store.is_held(run_id)
    assert store.run(run_id).status == "interrupted"
    drive(store, run_id, make_trainer=FakeTrainer)
    assert same(store, run_id, unbroken(store))


def test_what_watches_may_fail(store: Store) -> None:
    run_id = store.create_run(ROUNDS_OFF)

    def pipe(event: Event) -> None:
        if isinstance(event, Evaluated):
            raise BrokenPipeError("nobody reads")

    with pytest.raises(BrokenPipeError, match="nobody reads"):
        drive(store, run_id, on_event=pipe, make_trainer=FakeTrainer)
    record = store.run(run_id)
    assert (record.status, record.step) == ("interrupted", 4)
    assert store.checkpoint(run_id).seq == store.last_seq(run_id)
    drive(store, run_id, make_trainer=FakeTrainer)
    assert same(store, run_id, unbroken(store))


def test_a_keyboard_interrupt_amid_a_step_keeps_the_last_checkpoint(store: Store) -> None:
    run_id = store.create_run(ROUNDS_OFF)

    def breaks(step: int) -> None:
        if step == 6:
            raise KeyboardInterrupt

    record = drive(store, run_id, make_trainer=partial(FakeTrainer, before=breaks))
    assert record.status == "interrupted"
    assert [c.step for c in store.checkpoints(run_id)] == [4]


# -- checkpoints are written while training goes on ------------------------------------------------


class WaitsForTraining(Store):
    """Writes the checkpoint of step 4 only when step 5 has begun."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.begun = threading.Event()

    def save_checkpoint(self, run_id: str, step: int, *state: Any) -> None:
        assert step != 4 or self.begun.wait(30), "training waited for the disk"
        super().save_checkpoint(run_id, step, *state)


def test_the_next_step_is_computed_while_a_checkpoint_is_written_and_recorded_after_it(
    tmp_path: Path,
) -> None:
    store = WaitsForTraining(tmp_path)
    run_id = store.create_run(ROUNDS_OFF)
    due: list[int] = []

    def begins(step: int) -> None:
        if step == 5:
            assert not store.checkpoints(run_id)
            store.begun.set()

    def look(event: Event) -> None:
        assert [c.step for c in store.checkpoints(run_id)] == due
        if isinstance(event, CheckpointDue):
            due.append(event.step)

    make_trainer = partial(FakeTrainer, before=begins)
    assert drive(store, run_id, on_event=look, make_trainer=make_trainer).status == "finished"
    assert due == [4, 8]
    state = store.checkpoint(run_id, 4)
    assert state.counters == {"step": 4, "stage": 1}  # of its moment, not of the step after it
    assert isinstance(store.events(run_id)[state.seq][2], CheckpointDue)
    assert same(store, run_id, unbroken(store))


@pytest.mark.parametrize("decision", ["pause", "stop", "interrupt"])
def test_a_run_that_is_paused_or_ended_has_its_checkpoint(
    tmp_path: Path, decision: Decision
) -> None:
    class Slow(Store):
        def save_checkpoint(self, *state: Any) -> None:
            time.sleep(0.2)
            super().save_checkpoint(*state)

        def set_status(self, run_id: str, status: Status, reason: str = "") -> None:
            if status != "running":
                assert self.checkpoint(run_id).seq == self.last_seq(run_id)
            super().set_status(run_id, status, reason)

    store = Slow(tmp_path)
    run_id = store.create_run(ROUNDS_OFF)
    control = Script({3: decision, 7: decision})  # the seventh is a checkpoint's
    drive(store, run_id, control=control, make_trainer=FakeTrainer)
    assert store.checkpoint(run_id).step == (2 if decision != "pause" else 8)


def test_a_checkpoint_is_stored_although_the_step_after_it_fails(tmp_path: Path) -> None:
    store = WaitsForTraining(tmp_path)
    run_id = store.create_run(ROUNDS_OFF)

    def breaks(step: int) -> None:
        if step == 5:
            store.begun.set()
            raise KeyboardInterrupt

    record = drive(store, run_id, make_trainer=partial(FakeTrainer, before=breaks))
    assert record.status == "interrupted"
    assert [c.step for c in store.checkpoints(run_id)] == [4]


def test_a_bug_in_the_thread_that_writes_ends_the_run(tmp_path: Path) -> None:
    class Broken(Store):
        def save_checkpoint(self, *state: Any) -> None:
            raise ZeroDivisionError("division by zero")

    store = Broken(tmp_path)
    run_id = store.create_run(ROUNDS_OFF)
    record = drive(store, run_id, make_trainer=FakeTrainer)
    assert (record.status, record.reason) == ("failed", "ZeroDivisionError: division by zero")
    assert isinstance(store.events(run_id)[-1][2], CheckpointDue)


def test_an_error_of_the_thread_that_writes_is_logged_if_the_next_step_fails_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Store):
        called = threading.Event()

        def save_checkpoint(self, *state: Any) -> None:
            self.called.set()
            raise StoreError("test", "the disk is gone")

    def breaks(step: int) -> None:
        if step == 5:
            assert Broken.called.wait(30)
            raise ZeroDivisionError("division by zero")

    store = Broken(tmp_path)
    run_id = store.create_run(ROUNDS_OFF)
    record = drive(store, run_id, make_trainer=partial(FakeTrainer, before=breaks))
    assert record.reason == "ZeroDivisionError: division by zero"
    assert f"the end of run {run_id} was not stored: the disk is gone" in caplog.text


# -- trouble ---------------------------------------------------------------------------------------


def test_divergence_keeps_the_last_good_checkpoint(store: Store) -> None:
    run_id = store.create_run(ROUNDS_OFF)
    record = drive(store, run_id, make_trainer=partial(FakeTrainer, diverges_at=7))
    assert (record.status, record.reason) == ("diverged", "the loss became NaN")
    assert [c.step for c in store.checkpoints(run_id)] == [4]
    assert isinstance(store.events(run_id)[-1][2], Finished)
    assert drive(store, run_id, make_trainer=FakeTrainer).status == "finished"
    assert same(store, run_id, unbroken(store))


def test_a_state_with_nan_is_never_saved(store: Store) -> None:
    class Broken(FakeTrainer):
        def state(self) -> dict[str, torch.Tensor]:
            broken = self.counters["step"] >= 5
            return {"weight": self.weight * (float("nan") if broken else 1.0)}

    run_id = store.create_run(ROUNDS_OFF)
    record = drive(store, run_id, make_trainer=Broken)
    assert record.status == "finished"
    assert [c.step for c in store.checkpoints(run_id)] == [4]


def test_a_bug_is_logged_and_recorded_in_a_sentence(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def bug(config: object) -> FakeTrainer:
        raise ZeroDivisionError("division by zero")

    run_id = store.create_run(TINY)
    with caplog.at_level(logging.ERROR):
        record = drive(store, run_id, make_trainer=bug)
    assert (record.status, record.reason) == ("failed", "ZeroDivisionError: division by zero")
    assert "Traceback" in caplog.text
    assert not store.is_held(run_id)


def test_a_wrong_setting_is_recorded_as_it_is(store: Store) -> None:
    def refuses(config: object) -> FakeTrainer:
        raise ConfigError("test", "device is 'cuda', which this machine does not have")

    record = drive(store, store.create_run(TINY), make_trainer=refuses)
    assert record.status == "failed"
    assert record.reason == "device is 'cuda', which this machine does not have"


def test_a_damaged_checkpoint_is_skipped_and_reported(store: Store) -> None:
    run_id = store.create_run(ROUNDS_OFF)
    drive(store, run_id, control=Script({10: "stop"}), make_trainer=FakeTrainer)
    steps = [c.step for c in store.checkpoints(run_id)]
    newest = store.checkpoint_folder(run_id) / f"{steps[-1]:09d}.safetensors"
    newest.write_bytes(newest.read_bytes()[:-3])
    record = drive(store, run_id, make_trainer=FakeTrainer)
    assert record.status == "finished"
    assert f"{newest.name} is damaged" in record.reason
    assert record.reason.endswith(f"so training continued from step {steps[-2]}")
    assert same(store, run_id, unbroken(store))


def test_without_any_whole_checkpoint_nothing_is_dropped(store: Store) -> None:
    run_id = store.create_run(ROUNDS_OFF)
    drive(store, run_id, control=Script({7: "stop"}), make_trainer=FakeTrainer)
    for path in store.checkpoint_folder(run_id).iterdir():
        path.write_bytes(b"")
    record = drive(store, run_id, make_trainer=FakeTrainer)
    assert record.status == "failed"
    assert "has no usable checkpoint" in record.reason
    assert store.last_seq(run_id) == 6


def test_a_full_disk_ends_the_run_and_keeps_its_checkpoint(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = store.create_run(ROUNDS_OFF)

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:

        def fill(event: Event) -> None:
            if isinstance(event, GeneratorUpdated) and event.step == 6:
                patch.setattr(os, "fsync", fails)

        record = drive(store, run_id, on_event=fill, make_trainer=FakeTrainer)
    assert record.status == "failed"
    assert "is full; free some space" in record.reason
    assert [c.step for c in store.checkpoints(run_id)] == [4]
    assert drive(store, run_id, make_trainer=FakeTrainer).status == "finished"
    assert same(store, run_id, unbroken(store))


def test_a_full_database_ends_the_run_and_keeps_its_checkpoint(store: Store) -> None:
    class Full(Store):
        def append(self, run_id: str, events: Sequence[Event], seconds: object) -> None:
            if any(event.step > 5 for event in events):
                raise StoreError("test", "the disk is full; free some space")
            super().append(run_id, events, seconds)  # type: ignore[arg-type]

    run_id = store.create_run(ROUNDS_OFF)
    record = drive(Full(store.home), run_id, make_trainer=FakeTrainer)
    assert (record.status, record.reason) == ("failed", "the disk is full; free some space")
    assert [c.step for c in store.checkpoints(run_id)] == [4]
    drive(store, run_id, make_trainer=FakeTrainer)
    assert same(store, run_id, unbroken(store))


def test_a_disk_that_fills_between_two_checkpoints_is_noticed(store: Store) -> None:
    class Full(Store):
        full = threading.Event()

        def append(self, run_id: str, events: Sequence[Event], seconds: object) -> None:
            if any(event.step > 5 for event in events):
                self.full.set()
                raise StoreError("test", "the disk is full; free some space")
            super().append(run_id, events, seconds)  # type: ignore[arg-type]

    def waits(step: int) -> None:
        assert step < 8, "the recorder's trouble was not noticed"
        if step == 7:
            assert Full.full.wait(30)  # the batch with step 6, from the recorder's own thread

    run_id = store.create_run(ROUNDS_OFF)
    record = drive(Full(store.home), run_id, make_trainer=partial(FakeTrainer, before=waits))
    assert record.status == "failed"
    assert record.step <= 5


def test_a_run_on_a_disk_that_really_fills_ends_and_is_resumed(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as home:
        store = Store(home)
        run_id = store.create_run(ROUNDS_OFF)

        def look(event: Event) -> None:
            if isinstance(event, GeneratorUpdated) and event.step == 6:
                fill(home)

        record = drive(store, run_id, on_event=look, make_trainer=FakeTrainer)
        assert record.status == "failed"
        assert "is full; free some space" in record.reason
        assert [c.step for c in store.checkpoints(run_id)] == [4]
        (home / "filler").unlink()
        assert drive(store, run_id, make_trainer=FakeTrainer).status == "finished"
        assert same(store, run_id, unbroken(store))


def test_a_finished_run_is_lengthened_by_a_branch(store: Store) -> None:
    short, long = (
        store.create_run(TINY.model_copy(update={"rounds": rounds})) for rounds in (2, 4)
    )
    last = drive(store, short).step
    drive(store, long)
    child = fork(store, short, last, {"rounds": 4})
    assert drive(store, child).status == "finished"
    events = [
        [e for _, _, e in store.events(i) if not isinstance(e, PhaseStarted)] for i in (child, long)
    ]
    assert events[0] == events[1]
    tensors = [store.checkpoint(run_id).tensors for run_id in (child, long)]
    assert all(torch.equal(tensors[0][name], tensors[1][name]) for name in tensors[1])
