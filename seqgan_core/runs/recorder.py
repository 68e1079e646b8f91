"""Writes a run's events to the store in batches, and times them."""

import logging
import threading
import time

from seqgan_core.runs.records import StoreError
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
    """Appends events to a run in small batches, from a thread of its own.

    An event appears on the charts soon even when the next takes long, and training does not wait
    for the disk. An error of that thread is raised at the next `add` or `flush`.
    """

    def __init__(self, store: Store, run_id: str) -> None:
        self._store, self._run_id = store, run_id
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._times: list[float] = []
        self._error: StoreError | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"recorder {run_id}", daemon=True)
        self._thread.start()

    def add(self, event: Event, seconds: float) -> None:
        """Add an event that happened at this training time."""
        with self._lock:
            self._raise_error()
            self._events.append(event)
            self._times.append(seconds)

    def flush(self) -> None:
        """Store all waiting events now."""
        with self._lock:
            self._raise_error()
            self._write()

    def close(self) -> None:
        """End the thread and store the waiting events, if that is still possible."""
        self._done.set()
        self._thread.join()
        with self._lock:
            if self._error is None:
                try:
                    self._write()
                except StoreError as error:
                    log.warning(
                        "the last events of run %s were not stored: %s", self._run_id, error
                    )

    def _write(self) -> None:
        if self._events:
            self._store.append(self._run_id, self._events, self._times)
            self._events, self._times = [], []

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        while not self._done.wait(_LATEST):
            with self._lock:
                try:
                    self._write()
                except StoreError as error:
                    self._error = error
                    return
