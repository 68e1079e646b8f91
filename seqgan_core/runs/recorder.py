"""Writes a run's events and checkpoints to the store while it trains, and times the events."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from seqgan_core.runs.store import Store
from seqgan_core.training.events import Event

_LATEST = 0.25  # seconds that an event waits at most, so that charts move

log = logging.getLogger(__name__)


class Clock:
    """Seconds of training, counted from `seconds` once started."""

    def __init__(self, seconds: float) -> None:
        self._before = seconds
        self._since: float | None = None

    @property
    def seconds(self) -> float:
        """Training time so far."""
        return self._before + (time.monotonic() - self._since if self._since is not None else 0.0)

    def start(self) -> None:
        """Start counting."""
        if self._since is None:
            self._since = time.monotonic()

    def stop(self) -> None:
        """Stop counting, as while a run is paused."""
        self._before, self._since = self.seconds, None


class Recorder:
    """Writes a run's events, in small batches, and its checkpoints, from a thread of its own.

    An event appears on the charts soon even when the next takes long, and training does not wait
    for the disk, except at the first event after a checkpoint: that event is not accepted before
    the checkpoint is stored. An error of the thread is raised at the next call;
    if none comes, `close` logs it.
    """

    def __init__(self, store: Store, run_id: str) -> None:
        self._store, self._run_id = store, run_id
        self._changed = threading.Condition()  # guards everything below
        self._events: list[Event] = []
        self._times: list[float] = []
        self._checkpoint: Callable[[], None] | None = None
        self._error: Exception | None = None
        self._raised = self._done = False
        self._thread = threading.Thread(target=self._work, name=f"recorder {run_id}", daemon=True)
        self._thread.start()

    def add(self, event: Event, seconds: float) -> None:
        """Add an event that happened at this training time."""
        with self._ready():
            self._events.append(event)
            self._times.append(seconds)

    def save(self, checkpoint: Callable[[], None]) -> None:
        """Store all waiting events, then call `checkpoint`, which stores the state after them."""
        with self._ready():
            self._checkpoint = checkpoint
            self._changed.notify_all()

    def flush(self) -> None:
        """Return when everything is stored."""
        with self._ready():
            self._write()

    def close(self) -> None:
        """Store what is waiting, if that is still possible, and end the thread."""
        with self._changed:
            self._done = True
            self._changed.notify_all()
        self._thread.join()
        if self._error is not None and not self._raised:
            log.warning("the end of run %s was not stored: %s", self._run_id, self._error)

    @contextmanager
    def _ready(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: self._checkpoint is None)
            if self._error is not None:
                self._raised = True
                raise self._error
            yield

    def _write(self) -> None:
        if self._events:
            self._store.append(self._run_id, self._events, self._times)
            self._events, self._times = [], []

    def _work(self) -> None:
        with self._changed:
            while self._error is None:
                self._changed.wait_for(lambda: self._done or self._checkpoint is not None, _LATEST)
                try:
                    self._write()
                    if self._checkpoint is not None:
                        self._checkpoint()
                except Exception as error:  # noqa: BLE001  # raised in the thread that trains
                    self._error = error
                self._checkpoint = None
                self._changed.notify_all()
                if self._done:
                    return
