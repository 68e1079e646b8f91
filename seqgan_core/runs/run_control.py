"""Controls of a training loop: signals, or commands to the app's worker."""

import math
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Literal, Protocol

from seqgan_core.runs.records import RunRecord
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import Evaluated, Event

Decision = Literal["go", "pause", "stop", "interrupt", "park"]  # park: paused, without the worker
WorkerStatus = Literal["idle", "starting", "running", "pausing", "paused", "stopping"]


class Control(Protocol):
    """Decides whether the loop continues, pauses or ends."""

    def decide(self, event: Event | None) -> Decision:
        """Called before the first event (with None) and after each event."""

    def wait(self) -> Decision:
        """Called when the run is paused; blocks until it resumes, ends or gives up the worker."""


class _SignalControl:
    """Continues until a signal arrives or `should_stop` returns True."""

    def __init__(self, should_stop: Callable[[], bool] | None) -> None:
        self.signalled = False
        self._should_stop = should_stop or (lambda: False)

    def decide(self, event: Event | None) -> Decision:
        if self.signalled:
            return "interrupt"
        return "stop" if self._should_stop() else "go"

    def wait(self) -> Decision:
        raise AssertionError("this control never pauses")

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.signalled:
            raise KeyboardInterrupt
        self.signalled = True


@contextmanager
def signal_control(should_stop: Callable[[], bool] | None) -> Iterator[Control]:
    """A control that reacts to Ctrl-C and SIGTERM, where this thread may handle signals."""
    listener = _SignalControl(should_stop)
    if threading.current_thread() is not threading.main_thread():
        yield listener
        return
    both = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, listener.on_signal) for number in both}
    try:
        yield listener
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class WorkerControl:
    """A `Control` of the worker's run, driven by commands from other threads.

    Args:
        changed: Guards everything here; notified when something changes.
        run_id: The run.
        record: Returns the run as it is stored; called before its first event.
        one_round: Pause when the epoch has grown by one.
        others_wait: Whether another run needs the worker, so that a paused run gives it up.
    """

    def __init__(
        self,
        changed: threading.Condition,
        run_id: str,
        *,
        record: Callable[[], RunRecord],
        one_round: bool,
        others_wait: Callable[[], bool],
    ) -> None:
        self.run_id = run_id
        self._changed = changed
        self._record, self._others_wait = record, others_wait
        self._decision: Decision = "go"
        self._started = self._paused = False
        self._one_round = one_round
        self._epoch = 0.0
        self._round_end = math.inf  # pause when this epoch is reached
        self._evaluates: Callable[[float], bool] = lambda epoch: False

    # -- from any thread -------------------------------------------------------------------------

    def pause(self) -> None:
        """Pause at the next event, unless the run is to end."""
        with self._changed:
            if self._decision == "go":
                self._decide("pause")

    def go(self, *, one_round: bool) -> None:
        """Resume, to the end or until the epoch has grown by one."""
        with self._changed:
            self._one_round = one_round
            self._round_end = math.floor(self._epoch) + 1 if one_round else math.inf
            if self._decision == "pause":
                self._decide("go")

    def end(self, decision: Literal["stop", "interrupt"]) -> None:
        """End the training at the next event."""
        with self._changed:
            self._decide(decision)

    @property
    def ending(self) -> bool:
        """Whether the run has been asked to end."""
        with self._changed:
            return self._decision in ("stop", "interrupt")

    @property
    def status(self) -> WorkerStatus:
        """What the run is doing."""
        with self._changed:
            if self._decision in ("stop", "interrupt"):
                return "stopping"
            if self._paused:
                return "paused" if self._decision == "pause" else "running"
            if not self._started:
                return "starting"
            return "pausing" if self._decision == "pause" else "running"

    # -- from the worker ---------------------------------------------------------------------------

    def decide(self, event: Event | None) -> Decision:
        """See `Control.decide`."""
        with self._changed:
            if event is None:
                record = self._record()
                self._epoch = record.epoch
                self._evaluates = partial(_is_evaluated, record.config)
                if self._one_round:
                    self._round_end = math.floor(self._epoch) + 1
                return self._decision if self.ending else "go"  # a pause waits for a state to save
            self._started, self._epoch = True, event.epoch
            if self._ends_round(event):
                self._round_end = math.inf
                self.pause()
            return self._decision

    def wait(self) -> Decision:
        """See `Control.wait`."""
        with self._changed:
            self._paused = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._decision != "pause" or self._others_wait())
            self._paused = False
            return self._decision if self._decision != "pause" else "park"

    def _ends_round(self, event: Event) -> bool:
        """Whether this is the last event of the round: its evaluation, if there is one."""
        if event.epoch > self._round_end or isinstance(event, Evaluated):
            return event.epoch >= self._round_end
        return event.epoch == self._round_end and not self._evaluates(self._round_end)

    def _decide(self, decision: Decision) -> None:
        self._decision = decision
        self._changed.notify_all()


def _is_evaluated(config: TrainConfig, epoch: float) -> bool:
    """Whether an evaluation comes at the end of this epoch or round."""
    number = epoch if epoch <= config.pretrain_epochs else epoch - config.pretrain_epochs
    last = epoch in (config.pretrain_epochs, config.pretrain_epochs + config.rounds)
    return last or number % config.evaluate_every == 0
