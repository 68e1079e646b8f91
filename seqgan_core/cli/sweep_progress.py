"""Progress of many runs on standard error: one bar for all, and a line for each that ends."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from seqgan_core.cli.common.output import say
from seqgan_core.insight.jobs import Job
from seqgan_core.judge.sweeps.plan import Plan
from seqgan_core.judge.sweeps.sweep import Progress as SweepProgress

T = TypeVar("T")


class _Bar:
    """A bar on a terminal, nothing elsewhere; a context manager."""

    def __init__(self, title: str) -> None:
        console = Console(file=sys.stderr, highlight=False)
        self.shown = console.is_terminal
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=24), TaskProgressColumn(),
            TextColumn("left"), TimeRemainingColumn(), console=console, disable=not self.shown,
        )  # fmt: skip
        self._task = self._bar.add_task(title, total=1.0)

    def __enter__(self) -> _Bar:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def move(self, share: float, title: str | None = None) -> None:
        self._bar.update(self._task, completed=share, description=title)


class SweepBar:
    """Shows a sweep as it goes on; a context manager, called with each progress."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._bar, self._done = plan, _Bar(f"{plan.name}: {len(plan.runs)} runs"), -1

    def __enter__(self) -> SweepBar:
        self._bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.__exit__(kind, error, trace)

    def __call__(self, now: SweepProgress) -> None:
        """Takes the next look at the sweep."""
        running = ", ".join(f"{r.config.strategy} {r.config.seed}" for r in now.training[:4])
        self._bar.move(now.share, f"{self._plan.name}: {now.done} of {now.total} done · {running}")
        if now.done != self._done and not self._bar.shown:
            say(f"{self._plan.name}: {now.done} of {now.total} runs done ({now.share:.0%})")
        self._done = now.done


class JobBar:
    """Does a work with a bar; a context manager."""

    def __init__(self, title: str) -> None:
        self._bar = _Bar(title)

    def __enter__(self) -> JobBar:
        self._bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.__exit__(kind, error, trace)

    def finish(self, work: Job[T]) -> T:
        """The work's result."""
        while True:
            try:
                self._bar.move(next(work))
            except StopIteration as end:
                result: T = end.value
                return result
