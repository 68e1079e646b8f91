"""Progress on standard error: bars with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from seqgan_core.cli.common.output import cell, say
from seqgan_core.insight.jobs import Job, finish
from seqgan_core.messages import _, ngettext
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import (
    DiscriminatorUpdated,
    Evaluated,
    Event,
    Finished,
    GeneratorUpdated,
    Phase,
    PhaseStarted,
)

T = TypeVar("T")

# Title, unit and the setting that is the length of each phase.
PHASES: dict[Phase, tuple[str, Callable[[int], str], str]] = {
    "pretrain_generator": (
        "MLE pre-training", lambda n: ngettext("epoch", "epochs", n), "pretrain_epochs"
    ),
    "pretrain_discriminator": (
        "D pre-training", lambda n: ngettext("step", "steps", n), "d_pretrain_steps"
    ),
    "adversarial": ("Adversarial rounds", lambda n: ngettext("round", "rounds", n), "rounds"),
}  # fmt: skip


def stderr_progress(
    *columns: ProgressColumn, transient: bool = False, window: float = 30.0
) -> Progress:
    """Progress bars on standard error, shown on a terminal only; `columns` follow the description.

    The time left is estimated from the last `window` seconds.
    """
    console = Console(file=sys.stderr, highlight=False)
    hidden = not console.is_terminal
    return Progress(_Description(), *columns, console=console, disable=hidden, transient=transient,
                    speed_estimate_period=window)  # fmt: skip


def share_bar(title: str) -> tuple[Progress, TaskID]:
    """A bar from 0 to 1, with the time left."""
    bar = stderr_progress(
        BarColumn(bar_width=24), TaskProgressColumn(),
        TextColumn(_("left")), TimeRemainingColumn(),
        window=math.inf,  # its parts differ in pace, and some last longer than half a minute
    )  # fmt: skip
    return bar, bar.add_task(title, total=1.0)


def finish_with_bar(title: str, job: Job[T]) -> T:
    """Runs the job with a bar; returns its result."""
    bar, task = share_bar(title)
    with bar:
        return finish(job, lambda share: bar.update(task, completed=share))


class _Description(ProgressColumn):
    """What a bar is about, as text: it may hold a title from a file."""

    def render(self, task: Task) -> Text:
        return cell(task.description)


@contextmanager
def training_bars(config: TrainConfig, d_pretrain_updates: int) -> Iterator[TrainingBars]:
    """Shows a run's progress; what it yields is called with each event."""
    progress = stderr_progress(
        BarColumn(bar_width=16),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}, left"),
        TimeRemainingColumn(),
    )
    with progress:
        yield TrainingBars(progress, config, d_pretrain_updates)


class TrainingBars:
    """Shows a run's events: a line for each evaluation, and on a terminal a bar for each phase.

    `d_pretrain_updates` are the updates of D's pre-training that a resumed run has done.
    """

    def __init__(self, progress: Progress, config: TrainConfig, d_pretrain_updates: int) -> None:
        self._progress, self._config = progress, config
        self._bars: dict[Phase, TaskID] = {}
        self._d_updates = d_pretrain_updates

    def __call__(self, event: Event) -> None:
        """Shows the next event."""
        if isinstance(event, PhaseStarted):
            self._start(event.phase, event.total)
        elif isinstance(event, GeneratorUpdated | DiscriminatorUpdated | Evaluated):
            self._move(event)
            if isinstance(event, Evaluated):
                self._print_metrics(event)
        elif isinstance(event, Finished):
            for bar in self._bars.values():
                self._progress.stop_task(bar)

    def _start(self, phase: Phase, total: int) -> None:
        title, unit, _length = PHASES[phase]
        self._bars[phase] = self._progress.add_task(title, total=total, unit=unit(total))
        if self._progress.disable:
            say(f"{title}: {total} {unit(total)}")

    def _move(self, event: GeneratorUpdated | DiscriminatorUpdated | Evaluated) -> None:
        if event.phase not in self._bars:  # a resumed run continues inside a phase
            self._start(event.phase, getattr(self._config, PHASES[event.phase][2]))
        self._progress.update(self._bars[event.phase], completed=self._done(event))

    def _done(self, event: GeneratorUpdated | DiscriminatorUpdated | Evaluated) -> float:
        if event.phase == "pretrain_generator":
            return event.epoch
        if event.phase == "adversarial":
            return event.epoch - self._config.pretrain_epochs
        if isinstance(event, DiscriminatorUpdated):
            self._d_updates += event.updates
        c = self._config
        updates_a_step = c.d_epochs * max(1, 2 * (c.d_samples or c.n_train) // c.batch_size_of_d)
        return min(c.d_pretrain_steps, self._d_updates / updates_a_step)

    def _print_metrics(self, event: Evaluated) -> None:
        line = f"{PHASES[event.phase][0]}, epoch {event.epoch:g}: {metrics_line(event.metrics)}"
        self._progress.console.print(cell(line), soft_wrap=True)  # above the bars


def metrics_line(metrics: dict[str, float]) -> str:
    """The main metrics in one line.

    >>> metrics_line({"nll_test": 5.4321, "bleu_2": 0.41, "self_bleu": 0.3})
    'NLL_test 5.432 · BLEU-2 0.410 · self-BLEU 0.300'
    """
    bleus = {
        f"BLEU-{name.removeprefix('bleu_')}": name for name in metrics if name.startswith("bleu_")
    }
    shown = {"NLL_oracle": "nll_oracle", "NLL_test": "nll_test", **bleus}
    shown |= {"MSE": "mse", "self-BLEU": "self_bleu", "D's accuracy": "d_accuracy"}
    parts = [f"{title} {metrics[name]:.3f}" for title, name in shown.items() if name in metrics]
    return " · ".join(parts)
