"""How the worker's active run is told to go on, pause or stop: it looks here at each event."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from functools import partial
from typing import Literal

from seqgan_core.runs.control import Answer
from seqgan_core.runs.records import RunRecord
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import Evaluated, Event

Doing = Literal["idle", "starting", "running", "pausing", "paused", "stopping"]


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
