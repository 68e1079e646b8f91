"""Progress of many runs on standard error: one bar, or a line for each run that ends."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from seqgan_core.cli.common.output import say
from seqgan_core.cli.common.progress import share_bar
from seqgan_core.judge.sweeps.plan import Plan
from seqgan_core.judge.sweeps.sweep import Progress as SweepProgress
from seqgan_core.messages import _


@contextmanager
def sweep_bar(plan: Plan) -> Iterator[Callable[[SweepProgress], None]]:
    """Shows a sweep's progress; call what it yields with each `Progress`."""
    bar, task = share_bar(plan.name)
    done, began, at_first = -1, time.monotonic(), -1.0

    def show(now: SweepProgress) -> None:
        nonlocal done, at_first
        at_first = now.share if at_first < 0 else at_first
        running = ", ".join(f"{r.config.strategy} {r.config.seed}" for r in now.training[:4])
        count = _("{plan}: {done} of {total} runs done").format(
            plan=plan.name, done=now.done, total=now.total
        )
        bar.update(task, completed=now.share, description=f"{count} · {running}")
        if now.done != done and bar.disable:
            from seqgan_core.figures.progress import duration

            gained, spent = now.share - at_first, time.monotonic() - began
            left = duration(spent * (1 - now.share) / gained if gained > 0 else None)
            text = _("{plan}: {done} of {total} runs done ({share:.0%}, {left} left)")
            say(text.format(
                plan=plan.name, done=now.done, total=now.total, share=now.share, left=left
            ))  # fmt: skip
        done = now.done

    with bar:
        yield show
