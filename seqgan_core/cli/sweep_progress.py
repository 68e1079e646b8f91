"""Progress of many runs on standard error: one bar for all, and a line for each that ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from seqgan_core.cli.common.output import say
from seqgan_core.cli.common.progress import stderr_progress
from seqgan_core.insight.jobs import Job
from seqgan_core.judge.sweeps.plan import Plan
from seqgan_core.judge.sweeps.sweep import Progress as SweepProgress

T = TypeVar("T")


@contextmanager
def sweep_bar(plan: Plan) -> Iterator[Callable[[SweepProgress], None]]:
    """Shows a sweep as it goes on: what it yields is called with each progress."""
    bar, task = _bar(f"{plan.name}: {len(plan.runs)} runs")
    done = -1

    def show(now: SweepProgress) -> None:
        nonlocal done
        running = ", ".join(f"{r.config.strategy} {r.config.seed}" for r in now.training[:4])
        title = f"{plan.name}: {now.done} of {now.total} done · {running}"
        bar.update(task, completed=now.share, description=title)
        if now.done != done and bar.disable:
            say(f"{plan.name}: {now.done} of {now.total} runs done ({now.share:.0%})")
        done = now.done

    with bar:
        yield show


def finish_with_bar(title: str, job: Job[T]) -> T:
    """Does the job here and now; its result."""
    bar, task = _bar(title)
    with bar:
        while True:
            try:
                bar.update(task, completed=next(job))
            except StopIteration as end:
                result: T = end.value
                return result


def _bar(title: str) -> tuple[Progress, TaskID]:
    bar = stderr_progress(
        TextColumn("{task.description}"), BarColumn(bar_width=24), TaskProgressColumn(),
        TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    return bar, bar.add_task(title, total=1.0)
