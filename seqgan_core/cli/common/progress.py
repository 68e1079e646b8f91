"""Progress on standard error: a bar for each phase with the time it has left, or plain lines."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from seqgan_core.cli.common.output import say
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

TITLES: dict[Phase, tuple[str, str]] = {
    "pretrain_generator": ("MLE pre-training", "epochs"),
    "pretrain_discriminator": ("D pre-training", "steps"),
    "adversarial": ("Adversarial rounds", "rounds"),
}


class TrainingBars:
    """Shows a run's events as they come; a context manager.

    One line an evaluation, and on a terminal one bar a phase below them.

    Args:
        config: the run's settings.
        d_pretrain_updates: how many D's pre-training has behind it, in a run that is resumed.
    """

    def __init__(self, config: TrainConfig, d_pretrain_updates: int = 0) -> None:
        self._config = config
        self._console = Console(file=sys.stderr, highlight=False)
        self._bars: dict[Phase, TaskID] = {}
        self._d_updates = d_pretrain_updates
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=16),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}, left"),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )

    def __enter__(self) -> TrainingBars:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def __call__(self, event: Event) -> None:
        """Takes the next event."""
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
        title, unit = TITLES[phase]
        self._bars[phase] = self._progress.add_task(title, total=total, unit=unit)
        if not self._console.is_terminal:
            say(f"{title}: {total} {unit}")

    def _move(self, event: GeneratorUpdated | DiscriminatorUpdated | Evaluated) -> None:
        if event.phase not in self._bars:  # a resumed run continues inside a phase
            self._start(event.phase, self._length(event.phase))
        self._progress.update(self._bars[event.phase], completed=self._done(event))

    def _length(self, phase: Phase) -> int:
        config = self._config
        lengths: dict[Phase, int] = {
            "pretrain_generator": config.pretrain_epochs,
            "pretrain_discriminator": config.d_pretrain_steps,
            "adversarial": config.rounds,
        }
        return lengths[phase]

    def _done(self, event: GeneratorUpdated | DiscriminatorUpdated | Evaluated) -> float:
        if event.phase == "pretrain_generator":
            return event.epoch
        if event.phase == "adversarial":
            return event.epoch - self._config.pretrain_epochs
        if isinstance(event, DiscriminatorUpdated):
            self._d_updates += event.updates
        return min(self._length(event.phase), self._d_updates / self._d_updates_a_step())

    def _d_updates_a_step(self) -> int:
        config = self._config
        sequences = 2 * (config.d_samples or config.n_train)
        return config.d_epochs * max(1, sequences // config.batch_size)

    def _print_metrics(self, event: Evaluated) -> None:
        line = f"{TITLES[event.phase][0]}, epoch {event.epoch:g}: {metrics_line(event.metrics)}"
        self._console.print(line, soft_wrap=True)  # above the bars, where there are any


def metrics_line(metrics: dict[str, float]) -> str:
    """The numbers that belong together, and how well D tells real from generated.

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
