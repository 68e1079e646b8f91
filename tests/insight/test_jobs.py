"""Background jobs: progress, order, results that stay, and reported failures."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from seqgan_core.insight import jobs as work
from seqgan_core.insight.jobs import Job, Jobs, JobView, finish


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def counting(n: int, log: list[str] | None = None, name: str = "") -> Job[str]:
    for i in range(n):
        if log is not None:
            log.append(name)
        yield (i + 1) / n
    return f"counted {n}"


def until(look: Callable[[], JobView]) -> JobView:
    for _ in range(1000):
        view = look()
        if view.status != "waiting":
            return view
        time.sleep(0.01)
    raise AssertionError("the job did not end")


def test_finish_does_it_here_and_now() -> None:
    assert finish(counting(3)) == "counted 3"


def test_a_result_is_made_once_and_kept(jobs: Jobs) -> None:
    made = []

    def make() -> Job[str]:
        made.append(1)
        return counting(3)

    assert until(lambda: jobs.request("key", make)).result == "counted 3"
    assert jobs.request("key", make).result == "counted 3"
    assert len(made) == 1
    jobs.forget("key")
    until(lambda: jobs.request("key", make))
    assert len(made) == 2


def test_a_short_job_is_waited_for(jobs: Jobs) -> None:
    view = jobs.wait("short", lambda: counting(2), seconds=30)
    assert (view.status, view.result, view.share) == ("done", "counted 2", 1.0)


def test_progress_is_reported_and_the_caller_never_waits(jobs: Jobs) -> None:
    go = threading.Semaphore(0)

    def slow() -> Job[str]:
        for i in range(4):
            yield i / 4
            assert go.acquire(timeout=30)
        return "done"

    assert jobs.request("slow", slow).status == "waiting"
    seen = []
    for _ in range(4):
        go.release()
        time.sleep(0.05)
        seen.append(jobs.request("slow", slow).share)
    assert seen == sorted(seen)
    assert until(lambda: jobs.request("slow", slow)).result == "done"


def test_the_latest_request_runs_first_and_interrupted_jobs_continue(jobs: Jobs) -> None:
    log: list[str] = []
    gate = threading.Event()

    def first() -> Job[str]:
        yield 0.1
        assert gate.wait(30)
        yield from counting(5, log, "first")
        return "first"

    jobs.request("first", first)
    jobs.request("second", lambda: counting(5, log, "second"))
    gate.set()
    until(lambda: jobs.request("second", lambda: counting(0)))
    assert log[:5] == ["second"] * 5 or log[:6] == ["first", *["second"] * 5]
    assert until(lambda: jobs.request("first", first)).result == "first"


def test_a_failure_is_reported_and_does_not_affect_others(jobs: Jobs) -> None:
    def fails() -> Job[str]:
        yield 0.5
        raise ValueError("no such thing")

    view = until(lambda: jobs.request("fails", fails))
    assert view.status == "failed"
    assert str(view.error) == "no such thing"
    assert until(lambda: jobs.request("good", lambda: counting(1))).result == "counted 1"


def test_old_results_make_room(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "KEPT", 3)
    made: list[int] = []

    def make(number: int) -> Job[int]:
        made.append(number)
        yield 1.0
        return number

    for number in range(6):
        until(lambda number=number: jobs.request(number, lambda: make(number)))  # type: ignore[misc]
    assert until(lambda: jobs.request(5, lambda: make(5))).result == 5
    assert made == list(range(6))
    until(lambda: jobs.request(0, lambda: make(0)))
    assert made == [*range(6), 0]


def test_a_job_that_nobody_waits_for_is_cancelled(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "ABANDONED", 0.05)
    closed = threading.Event()

    def endless() -> Job[None]:
        try:
            while True:
                time.sleep(0.001)
                yield 0.0
        except GeneratorExit:
            closed.set()
            raise

    jobs.request("endless", endless)
    assert closed.wait(30)


def test_whether_a_job_has_ended_is_asked_without_starting_it(jobs: Jobs) -> None:
    assert not jobs.ended("one")
    assert jobs._thread is None
    until(lambda: jobs.request("one", lambda: counting(2)))
    assert jobs.ended("one")


def test_closing_ends_between_two_steps() -> None:
    jobs = Jobs()
    jobs.request("long", lambda: counting(10_000_000))
    jobs.close()
    assert jobs._thread is not None
    assert not jobs._thread.is_alive()
