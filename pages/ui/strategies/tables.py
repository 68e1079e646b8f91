"""The numbers of a study of settings as tables: the text alternative of its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pages.ui.common import html
from seqgan_core.figures.strategies.grid import table
from seqgan_core.figures.strategies.study import Axis, Metric, Setting, mean_curve
from seqgan_core.figures.strategies.verdicts import name_of
from seqgan_core.messages import _

MOST_ROWS = 16  # of a curve; the last is always shown
_METRICS: tuple[Metric, ...] = ("nll_oracle", "nll_test", "d_accuracy")


def ends_table(settings: Sequence[Setting], names: Mapping[str, str] | None = None) -> None:
    """A row a setting: how far it came since MLE ended."""
    head, rows = table(settings)
    if names:
        head = [_("setting"), *head[1:]]
        rows = [[names[setting.key], *row[1:]] for setting, row in zip(settings, rows, strict=True)]
    caption = _("Changes since MLE ended, nats per token; mean, and the seeds' lowest to highest")
    html.table(head, rows, caption)


def rounds_table(setting: Setting, name: str = "") -> None:
    """A row an evaluation: the means over the seeds."""
    axes: tuple[Axis, ...] = ("rounds", "updates", "seconds")
    columns = [mean_curve(setting, axis, "nll_oracle")[0] for axis in axes]
    by_metric = [
        dict(zip(*mean_curve(setting, "rounds", metric), strict=True)) for metric in _METRICS
    ]
    rows = [
        [
            f"{at:g}",
            f"{updates:g}",
            f"{seconds:.1f}",
            *(f"{curve[at]:.3f}" if at in curve else "–" for curve in by_metric),
        ]
        for at, updates, seconds in zip(*columns, strict=True)
    ]
    step = max(1, -(-len(rows) // MOST_ROWS))
    shown_rows = rows[:-1:step] + rows[-1:]
    head = [
        _("round"),
        _("generator updates"),
        _("seconds"),
        _("NLL_oracle"),
        _("NLL_test"),
        _("D's accuracy"),
    ]
    caption = _("{name}: means over n = {n} seeds").format(
        name=name or name_of(setting), n=len(setting.runs)
    )
    html.table(head, shown_rows, caption)
