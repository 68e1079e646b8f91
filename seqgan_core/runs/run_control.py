"""Who decides how a training loop goes on: signals, or commands to the worker of the app."""

from __future__ import annotations

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

Answer = Literal["go", "pause", "stop", "interrupt", "park"]  # park: stay paused, leave the worker
Doing = Literal["idle", "starting", "running", "pausing", "paused", "stopping"]


class Control(Protocol):
    """Who decides how the loop goes on."""

    def answer(self, event: Event | None) -> Answer:
        """Asked before the first event (with None) and after each one."""

    def wait(self) -> Answer:
        """Asked once the run is paused; blocks until it goes on, stops, or gives up its place."""


class _Listener:
    """Goes on until a signal came or `should_stop` says so."""

    def __init__(self, should_stop: Callable[[], bool] | None) -> None:
        self.signalled = False
        self._should_stop = should_stop or (lambda: False)

    def answer(self, event: Event | None) -> Answer:
        if self.signalled:
            return "interrupt"
        return "stop" if self._should_stop() else "go"

    def wait(self) -> Answer:
        raise AssertionError("this control never pauses")

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.signalled:
            raise KeyboardInterrupt
        self.signalled = True


@contextmanager
def listening(should_stop: Callable[[], bool] | None) -> Iterator[Control]:
    """A control that hears Ctrl-C and SIGTERM, where this thread may listen for them."""
    listener = _Listener(should_stop)
    if threading.current_thread() is not threading.main_thread():
        yield listener
        return
    before = {
        number: signal.signal(number, listener.on_signal)
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield listener
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Reins:
    """The `Control` of one go at a run.

    Args:
        changed: Guards everything here; notified when something changes.
        run_id: The run.
        record: Tells how the run stands, asked before its first event.
        one_round: Pause when the epoch has grown by one.
        others_wait: Whether another run wants the worker, so that a pause gives it up.
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
        self._wish: Answer = "go"
        self._started = self._paused = False
        self._one_round = one_round
        self._epoch = 0.0
        self._round_end = math.inf  # pause when this epoch is reached
        self._measured: Callable[[float], bool] = lambda epoch: False

    # -- from any thread -------------------------------------------------------------------------

    def pause(self) -> None:
        """Pause at the next event, unless the run is to end."""
        with self._changed:
            if self._wish == "go":
                self._pull("pause")

    def go(self, *, one_round: bool) -> None:
        """Go on, for good or until the epoch has grown by one."""
        with self._changed:
            self._one_round = one_round
            self._round_end = math.floor(self._epoch) + 1 if one_round else math.inf
            if self._wish == "pause":
                self._pull("go")

    def end(self, answer: Literal["stop", "interrupt"]) -> None:
        """End this go at the next event."""
        with self._changed:
            self._pull(answer)

    @property
    def ending(self) -> bool:
        """Whether the run was told to end."""
        with self._changed:
            return self._wish in ("stop", "interrupt")

    @property
    def doing(self) -> Doing:
        """What the run is doing."""
        with self._changed:
            if self._wish in ("stop", "interrupt"):
                return "stopping"
            if self._paused:
                return "paused" if self._wish == "pause" else "running"
            if not self._started:
                return "starting"
            return "pausing" if self._wish == "pause" else "running"

    # -- from the worker ---------------------------------------------------------------------------

    def answer(self, event: Event | None) -> Answer:
        """See `Control.answer`."""
        with self._changed:
            if event is None:
                record = self._record()
                self._epoch = record.epoch
                self._measured = partial(_is_measured, record.config)
                if self._one_round:
                    self._round_end = math.floor(self._epoch) + 1
                return self._wish if self.ending else "go"  # a pause waits for a state to keep
            self._started, self._epoch = True, event.epoch
            if self._ends_round(event):
                self._round_end = math.inf
                self.pause()
            return self._wish

    def wait(self) -> Answer:
        """See `Control.wait`."""
        with self._changed:
            self._paused = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._wish != "pause" or self._others_wait())
            self._paused = False
            return self._wish if self._wish != "pause" else "park"

    def _ends_round(self, event: Event) -> bool:
        """Whether this is the last event of the round: its evaluation, if it has one."""
        if event.epoch > self._round_end or isinstance(event, Evaluated):
            return event.epoch >= self._round_end
        return event.epoch == self._round_end and not self._measured(self._round_end)

    def _pull(self, wish: Answer) -> None:
        self._wish = wish
        self._changed.notify_all()


def _is_measured(config: TrainConfig, epoch: float) -> bool:
    """Whether an evaluation comes at the end of this epoch or round."""
    number = epoch if epoch <= config.pretrain_epochs else epoch - config.pretrain_epochs
    last = epoch in (config.pretrain_epochs, config.pretrain_epochs + config.rounds)
    return last or number % config.evaluate_every == 0
