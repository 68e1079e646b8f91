"""Long computations: generators that yield their progress and return a result."""

import atexit
import threading
import time
from collections.abc import Callable, Generator, Hashable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

T = TypeVar("T")

Job = Generator[float, None, T]
"""Yields the share done, 0 to 1, often enough to be stopped there; returns a result."""

KEPT = 128  # most recently requested results that are kept in memory
ABANDONED = 300.0  # seconds without a request after which a job is dropped


def finish(job: Job[T], show: Callable[[float], object] = lambda share: None) -> T:
    """Runs the job to its end, in a notebook or on the command line; `show` gets its share."""
    while True:
        try:
            show(next(job))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def scaled(job: Job[T], start: float, span: float) -> Job[T]:
    """The job as a part of a longer one: its 0 to 1 becomes `start` to `start + span`."""
    while True:
        try:
            share = next(job)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        yield start + span * share


@dataclass(frozen=True)
class JobView:
    """The state of a job: its `result` when done, its `error` when it failed.

    `seconds_left` is estimated from the pace so far; None if it is too early.
    """

    status: Literal["waiting", "done", "failed"]
    share: float = 0.0
    seconds_left: float | None = None
    result: Any = None
    error: Exception | None = None


@dataclass
class _Entry:
    job: Job[Any]
    requested: float
    share: float = 0.0
    spent: float = 0.0
    view: JobView | None = None  # once it has ended


class Jobs:
    """Runs jobs in one background thread, the latest request first, and keeps their results.

    Leaving a page does not stop its job: it continues when no newer one is requested, and is
    dropped only after minutes without a request.
    """

    def __init__(self) -> None:
        self._jobs: dict[Hashable, _Entry] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        atexit.register(self.close)  # a thread inside torch while Python ends would abort it

    def request(self, key: Hashable, make: Callable[[], Job[Any]]) -> JobView:
        """The state of the job of this key, all that the result depends on.

        `make` starts it if there is none: it is called at most once for a key that is kept.
        """
        with self._changed:
            job = self._jobs.pop(key, None) or _Entry(make(), 0.0)
            job.requested = time.monotonic()
            self._jobs[key] = job  # last in the order: the latest request
            self._drop_old()
            self._wake()
            return job.view or JobView("waiting", job.share, _left(job))

    def wait(self, key: Hashable, make: Callable[[], Job[Any]], seconds: float) -> JobView:
        """As `request`, but waits up to `seconds` for a short job, so that a page is drawn once."""
        until = time.monotonic() + seconds
        view = self.request(key, make)
        while view.status == "waiting" and time.monotonic() < until:
            with self._changed:
                self._changed.wait(0.02)
            view = self.request(key, make)
        return view

    def ended(self, key: Hashable) -> bool:
        """Whether the job of this key has ended; it is not started."""
        with self._changed:
            return key in self._jobs and self._jobs[key].view is not None

    def forget(self, key: Hashable) -> None:
        """Drops a result, so that the next `request` starts again, for example after a failure."""
        with self._changed:
            self._jobs.pop(key, None)

    def close(self) -> None:
        """Ends the thread, between two steps of the running job."""
        atexit.unregister(self.close)
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout=30)

    def _wake(self) -> None:
        self._changed.notify()
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._serve, name="insight", daemon=True)
            self._thread.start()

    def _serve(self) -> None:
        while True:
            with self._changed:
                job = self._next()
                while job is None and not self._closed:
                    self._changed.wait()
                    job = self._next()
                if self._closed or job is None:
                    return
            self._advance(job)
            with self._changed:
                self._changed.notify_all()

    def _next(self) -> _Entry | None:
        before = time.monotonic() - ABANDONED
        for key in [k for k, job in self._jobs.items() if not job.view and job.requested < before]:
            self._jobs.pop(key)
        return next((job for job in reversed(self._jobs.values()) if job.view is None), None)

    @staticmethod
    def _advance(job: _Entry) -> None:
        began = time.perf_counter()
        try:
            job.share = min(1.0, max(0.0, float(next(job.job))))
        except StopIteration as end:
            job.view = JobView("done", 1.0, 0.0, end.value)
        except Exception as error:  # noqa: BLE001  # passed to the caller
            job.view = JobView("failed", job.share, None, None, error)
        job.spent += time.perf_counter() - began

    def _drop_old(self) -> None:
        ended = [key for key, job in self._jobs.items() if job.view is not None]
        for key in ended[: max(0, len(ended) - KEPT)]:
            self._jobs.pop(key)


def _left(job: _Entry) -> float | None:
    return job.spent * (1.0 / job.share - 1.0) if job.share > 0.02 else None
