"""The loop that trains a stored run, for the app's worker and the command line."""

import logging
import re
from collections.abc import Callable, Generator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from seqgan_core.runs.recorder import Clock, Recorder
from seqgan_core.runs.records import RESUMABLE, RunRecord, Status, StoreError
from seqgan_core.runs.run_control import Control, Decision, signal_control
from seqgan_core.runs.storage.checkpoints import Checkpoint, all_finite
from seqgan_core.runs.store import RunLock, Store
from seqgan_core.tasks.protocol import DataError
from seqgan_core.training.config import ConfigError, TrainConfig
from seqgan_core.training.events import CheckpointDue, Event, Finished
from seqgan_core.training.learners.cuda_graphs import free_gpu_memory
from seqgan_core.training.setup.devices import gpu_has_failed
from seqgan_core.training.setup.provenance import made_here
from seqgan_core.training.trainer import Trainer

# What MPS, the CPU and CUDA's libraries say of it.
_FULL = re.compile("out of memory|can't allocate memory|ALLOC_FAILED")

log = logging.getLogger(__name__)


class TrainerLike(Protocol):
    """What the loop needs of a trainer."""

    @property
    def device(self) -> torch.device: ...
    @property
    def counters(self) -> Mapping[str, Any]: ...
    def events(self) -> Generator[Event]: ...
    def state(self) -> dict[str, torch.Tensor]: ...
    def load(self, tensors: dict[str, torch.Tensor], counters: dict[str, Any]) -> None: ...


MakeTrainer = Callable[[TrainConfig], TrainerLike]


def drive(
    store: Store,
    run_id: str,
    *,
    on_event: Callable[[Event], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    control: Control | None = None,
    lock: RunLock | None = None,
    make_trainer: MakeTrainer = Trainer,
) -> RunRecord:
    """Train a run to its end, from its newest undamaged checkpoint if it has one.

    Returns the run: finished, diverged, stopped (`should_stop` returned True), interrupted (Ctrl-C
    or SIGTERM, with a checkpoint; a second signal ends it at once) or failed, with the reason. An
    error of `on_event` is raised again, after a checkpoint. A `control` decides instead of
    `should_stop` and of signals, and can pause; a caller that holds the run gives its `lock`.

    Raises:
        StoreError: there is no such run, it has nothing left to train, or another program has it.
    """
    run_id = store.run(run_id).id
    with nullcontext() if lock else store.hold(run_id):
        check_trainable(store.run(run_id))
        with nullcontext(control) if control else signal_control(should_stop) as chosen:
            _TrainingLoop(store, run_id, chosen, on_event, make_trainer).run()
        return store.run(run_id)


def check_trainable(record: RunRecord) -> None:
    """Refuse a run that cannot be trained further.

    Raises:
        StoreError: it is deleted, or nothing is left to train.
    """
    if record.deleted:
        raise StoreError("run.deleted", "run {run} is deleted; restore it first", run=record.id)
    if record.status not in RESUMABLE:
        raise StoreError("run.nothing-to-train", run=record.id, status=record.status)


@dataclass
class _TrainingLoop:
    """Trains one run whose lock this program holds, until it ends or is stopped."""

    store: Store
    run_id: str
    control: Control
    on_event: Callable[[Event], None] | None
    make_trainer: MakeTrainer
    note: str = ""  # added to the reason of every status
    saved: Event | None = None  # the event after which the state was last saved

    def run(self) -> None:
        """Train the run, then set its status to how it ended."""
        try:
            self.train(*self.prepare())
        except _ConsumerError as error:
            self.set_status(
                "interrupted", f"the program that watched the run failed ({_sentence(error.cause)})"
            )
            raise error.cause from None
        except KeyboardInterrupt:  # in the middle of a step, so the state is not complete
            self.set_status("interrupted", "ended at once; it resumes from its last checkpoint")
        except (StoreError, ConfigError, DataError) as error:
            self.set_status("failed", str(error))
        except Exception as error:
            log.exception("run %s failed", self.run_id)
            self.set_status("failed", _reason(error))
        finally:
            free_gpu_memory()  # of the trainer, which nothing refers to any more

    def prepare(self) -> tuple[TrainerLike, Checkpoint | None]:
        """A trainer restored from the newest undamaged checkpoint, and that checkpoint, if any."""
        record = self.store.run(self.run_id)
        self.set_status("running")
        start = self.store.checkpoint(self.run_id) if self.store.checkpoints(self.run_id) else None
        trainer = self.make_trainer(record.config)
        if start is not None:
            trainer.load(start.tensors, start.counters)
            if start.problem:
                self.note = f"{start.problem}, so training continued from step {start.step}"
        self.store.rewind(self.run_id, start)
        made = made_here(trainer.device, preset=record.preset)
        self.store.describe(self.run_id, device=made.device, versions=made.parts())
        if self.note:
            self.set_status("running")
        return trainer, start

    def train(self, trainer: TrainerLike, start: Checkpoint | None) -> None:
        """Run Algorithm 1 event by event until it ends or `control` ends it."""
        if self.ends(self.control.decide(None)):
            return
        clock = Clock(start.seconds if start else 0.0)
        recorder = Recorder(self.store, self.run_id)
        events = trainer.events()
        clock.start()
        try:
            for event in events:
                recorder.add(event, clock.seconds)
                self.notify(event, trainer, recorder)
                if isinstance(event, Finished):
                    self.finish(event, trainer, recorder)
                    return
                if isinstance(event, CheckpointDue):
                    self.save(event, trainer, recorder)
                decision = self.control.decide(event)
                if decision != "go":
                    self.save(event, trainer, recorder)
                    recorder.flush()
                if decision == "pause":
                    decision = self.pause(clock)
                if self.ends(decision):
                    return
            raise RuntimeError("the trainer ended without a Finished event")
        finally:
            events.close()
            recorder.close()

    def notify(self, event: Event, trainer: TrainerLike, recorder: Recorder) -> None:
        """Pass the event to `on_event`; if that fails, save a checkpoint first."""
        if self.on_event is None:
            return
        try:
            self.on_event(event)
        except BaseException as error:
            self.save(event, trainer, recorder)
            recorder.flush()
            raise _ConsumerError(error) from error

    def save(self, event: Event, trainer: TrainerLike, recorder: Recorder) -> None:
        """Save the state after `event`, unless it is already saved or no longer finite.

        The state is copied now; it is stored when `recorder.flush` returns.
        """
        if self.saved is event:
            return
        tensors = trainer.state()
        if not all_finite(tensors):
            log.warning("run %s is not finite at step %d: not saved", self.run_id, event.step)
            return
        step, counters = event.step, dict(trainer.counters)
        recorder.save(lambda: self.store.save_checkpoint(self.run_id, step, tensors, counters))
        self.saved = event

    def pause(self, clock: Clock) -> Decision:
        """Pause until the control decides what to do next."""
        clock.stop()
        self.set_status("paused")
        decision = self.control.wait()
        if decision == "go":
            self.set_status("running")
            clock.start()
        return decision

    def ends(self, decision: Decision) -> bool:
        """Whether the decision ends the training; if so, the run's status is set."""
        if decision == "stop":
            self.set_status("stopped")
        elif decision == "interrupt":
            self.set_status("interrupted")
        return decision in ("stop", "interrupt", "park")

    def finish(self, event: Finished, trainer: TrainerLike, recorder: Recorder) -> None:
        """The trainer has ended; a run that diverged keeps its last finite checkpoint."""
        if event.status == "finished":
            self.save(event, trainer, recorder)
        recorder.flush()
        self.set_status(event.status, event.reason)

    def set_status(self, status: Status, reason: str = "") -> None:
        """Set the run's status and reason, with the note added."""
        self.store.set_status(self.run_id, status, "; ".join(filter(None, [reason, self.note])))


class _ConsumerError(Exception):
    """What `on_event` raised, to be raised again."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _reason(error: Exception) -> str:
    """Why a run failed, and what to do where that is known."""
    what = _sentence(error)
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or _FULL.search(what):
        return (
            "out of memory: branch from a checkpoint with a lower n_rollouts or g_batch_size, or "
            f"start a new run with a lower batch_size or d_batch_size ({what})"
        )
    if gpu_has_failed():
        return f"the GPU failed: restart the program, then resume this run ({what})"
    return what


def _sentence(error: BaseException) -> str:
    """The first line of an error, with its type."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:300]}" if lines else type(error).__name__
