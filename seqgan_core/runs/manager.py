"""The queue of runs and the worker thread; pages send commands here and read the store."""

import atexit
import logging
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from seqgan_core.messages import Problem
from seqgan_core.runs.branching import fork
from seqgan_core.runs.driver import MakeTrainer, check_trainable, drive
from seqgan_core.runs.records import RunRecord, StoreError
from seqgan_core.runs.run_control import WorkerControl, WorkerStatus
from seqgan_core.runs.store import RunLock, Store
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.setup.devices import gpu_has_failed, prepare_cpu, resolve_device
from seqgan_core.training.trainer import Trainer

_LONGEST_STEP = 60.0  # seconds that `close` waits for the current step

log = logging.getLogger(__name__)


class ManagerError(Problem):
    """A command does not fit the state of the run."""


@dataclass(frozen=True)
class ManagerState:
    """What the worker is doing. `error` is why the last run failed, or None."""

    active: str | None
    status: WorkerStatus
    queue: tuple[str, ...]
    error: str | None


class Manager:
    """Trains stored runs one after another in a thread of its own.

    Every method may be called from any thread and returns at once; the worker reacts at the next
    event. A paused run keeps its trainer in memory until another run needs the worker; it then
    resumes from its checkpoint, with the same results.
    """

    def __init__(self, store: Store, *, make_trainer: MakeTrainer = Trainer) -> None:
        self.store = store
        self._make_trainer = make_trainer
        self._changed = threading.Condition()  # guards everything below; reentrant
        self._queue: deque[str] = deque()
        self._active: WorkerControl | None = None
        self._parked: set[str] = set()  # paused, and out of the worker
        self._locks: dict[str, RunLock] = {}  # of the queued, the active and the parked
        self._one_round: set[str] = set()  # queued runs that pause after a round
        self._error: str | None = None
        self._gpu_failed = False  # until a restart: what needs a GPU stays queued
        self._closing = False
        self._thread: threading.Thread | None = None
        atexit.register(self.close)

    # -- commands ----------------------------------------------------------------------------------

    def start(self, config: TrainConfig, preset: str | None = None, name: str | None = None) -> str:
        """Queue a new run behind those already waiting; returns its id.

        Raises:
            ConfigError, DataError: the settings cannot be used here; no run is made.
        """
        config = resolve_config(config)
        with self._changed:
            self._check_open(config.device)
            run_id = self.store.create_run(config, preset=preset, name=name)
            self._enqueue(run_id, self.store.hold(run_id))
        return run_id

    def pause(self, run_id: str) -> None:
        """Checkpoint the run and pause it; safe to call again."""
        with self._changed:
            record = self.store.run(run_id)
            if record.id in self._queue:
                raise ManagerError("manager.queued", run=record.id)
            if record.id not in self._parked:
                self._control_of(record).pause()

    def resume(self, run_id: str) -> None:
        """Resume a paused run, or one that ended early, from its last checkpoint."""
        self._continue(run_id, one_round=False)

    def one_round(self, run_id: str) -> None:
        """Resume the run until its epoch has grown by one, then pause it."""
        self._continue(run_id, one_round=True)

    def stop(self, run_id: str) -> None:
        """Checkpoint the run and end it; it can be resumed. A queued one leaves the queue."""
        with self._changed:
            record = self.store.run(run_id)
            if record.id in self._queue:
                self._cancel(record.id)
            elif record.id in self._parked:
                self._parked.remove(record.id)
                self._leave(record.id, "stopped")
            elif record.status != "stopped":
                self._control_of(record).end("stop")

    def cancel(self, run_id: str) -> None:
        """Remove a run from the queue; it can be resumed."""
        with self._changed:
            record = self.store.run(run_id)
            if record.id not in self._queue:
                raise ManagerError("manager.not-queued", run=record.id, status=record.status)
            self._cancel(record.id)

    def branch(
        self, run_id: str, step: int, changes: dict[str, Any], name: str | None = None
    ) -> str:
        """Train a new run from the checkpoint at `step`, with changed settings; returns its id.

        Raises:
            StoreError: there is no such checkpoint, or a change would not fit it.
            ConfigError: a setting is unknown or out of range.
        """
        with self._changed:
            self._check_open(changes.get("device", self.store.run(run_id).config.device))
            child = fork(self.store, run_id, step, changes, name)
            self._enqueue(child, self.store.hold(child))
        return child

    def state(self) -> ManagerState:
        """What the worker is doing now."""
        with self._changed:
            active = self._active
            return ManagerState(
                active.run_id if active else None,
                active.status if active else "idle",
                tuple(self._queue),
                self._error,
            )

    def close(self) -> None:
        """Checkpoint the active run, mark it interrupted, empty the queue and end the worker."""
        with self._changed:
            self._closing = True
            waiting = [*self._queue, *self._parked]
            self._queue.clear()
            self._parked.clear()
            for run_id in waiting:
                with suppress(StoreError):  # released, so it counts as interrupted
                    self._leave(run_id, "interrupted", "the program was closed")
            if self._active is not None and not self._active.ending:
                self._active.end("interrupt")
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(_LONGEST_STEP)
        atexit.unregister(self.close)

    # -- inside, with `_changed` held --------------------------------------------------------------

    def _check_open(self, device: str) -> None:
        if self._closing:
            raise ManagerError("manager.closing")
        if self._gpu_failed and resolve_device(device).type != "cpu":
            raise ManagerError("manager.gpu-failed")

    def _is_on_cpu(self, run_id: str) -> bool:
        return resolve_device(self.store.run(run_id).config.device).type == "cpu"

    def _control_of(self, record: RunRecord) -> WorkerControl:
        if self._active is None or self._active.run_id != record.id:
            raise ManagerError("manager.not-here", run=record.id, status=record.status)
        return self._active

    def _continue(self, run_id: str, *, one_round: bool) -> None:
        with self._changed:
            record = self.store.run(run_id)
            self._check_open(record.config.device)
            if self._active is not None and self._active.run_id == record.id:
                if self._active.ending:
                    raise ManagerError("manager.ending", run=record.id)
                self._active.go(one_round=one_round)
                return
            (self._one_round.add if one_round else self._one_round.discard)(record.id)
            if record.id in self._parked:
                self._parked.remove(record.id)
                self._enqueue(record.id, self._locks.pop(record.id))
            elif record.id not in self._queue:
                try:
                    check_trainable(record)
                    lock = self.store.hold(record.id, wait=0.2)
                except StoreError as error:
                    self._one_round.discard(record.id)
                    raise ManagerError("manager.refused", "{why}", why=error) from error
                self._enqueue(record.id, lock)

    def _enqueue(self, run_id: str, lock: RunLock) -> None:
        try:
            self.store.set_status(run_id, "queued")
        except StoreError:
            self._one_round.discard(run_id)
            lock.release()
            raise
        self._locks[run_id] = lock
        self._queue.append(run_id)
        if self._thread is None:
            # A daemon: Python joins other threads before it runs `atexit`, which ends this one.
            self._thread = threading.Thread(target=self._work, name="training", daemon=True)
            self._thread.start()
        self._promote()

    def _promote(self) -> None:
        waiting = (each for each in self._queue if not self._gpu_failed or self._is_on_cpu(each))
        if self._active is None and (run_id := next(waiting, None)):
            self._queue.remove(run_id)
            self._active = WorkerControl(
                self._changed,
                run_id,
                record=lambda: self.store.run(run_id),
                one_round=run_id in self._one_round,
                others_wait=lambda: bool(self._queue),
            )
            self._one_round.discard(run_id)
        self._changed.notify_all()

    def _cancel(self, run_id: str) -> None:
        self._queue.remove(run_id)
        self._one_round.discard(run_id)
        self._leave(run_id, "stopped", "removed from the queue")

    def _leave(
        self, run_id: str, status: Literal["stopped", "interrupted"], reason: str = ""
    ) -> None:
        lock = self._locks.pop(run_id)
        try:
            self.store.set_status(run_id, status, reason)
        finally:
            lock.release()

    # -- the worker --------------------------------------------------------------------------------

    def _work(self) -> None:
        prepare_cpu()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._active is not None or self._closing)
                control = self._active
                self._error = None if control else self._error
            if control is None:
                return
            status, error = self._train(control)
            with self._changed:
                self._error = error
                self._gpu_failed |= status == "failed" and gpu_has_failed()
                if status == "paused" and not self._closing:
                    self._parked.add(control.run_id)
                else:
                    self._locks.pop(control.run_id).release()
                self._active = None
                self._promote()

    def _train(self, control: WorkerControl) -> tuple[str, str | None]:
        """Train a run once: returns the status it ended with and its error."""
        try:
            lock, make_trainer = self._locks[control.run_id], self._make_trainer
            record = drive(
                self.store, control.run_id, control=control, lock=lock, make_trainer=make_trainer
            )
        except StoreError as error:
            return "failed", str(error)
        except Exception as error:
            log.exception("the worker could not train run %s", control.run_id)
            return "failed", f"{type(error).__name__}: {error}"
        return record.status, record.reason if record.status == "failed" else None
