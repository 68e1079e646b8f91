"""What all charts over a run's training share: axis, phases, vertical range."""

from typing import Any

from seqgan_core.figures.run.curves import ADVERSARIAL, PRETRAIN, PRETRAIN_D, Curves, columns
from seqgan_core.figures.style import DISCRIMINATOR, GENERATOR, NEUTRAL, REWARD, Trace, band, note
from seqgan_core.messages import _


def epochs() -> str:
    """The title of the horizontal axis of the paper's Figure 2."""
    return _("epoch")


def evaluations(curves: Curves, name: str) -> tuple[list[Any], list[Any]]:
    """Epochs and values of a metric."""
    x, y = columns(curves.evaluated, "epoch", name)
    return x, y


def bands(
    curves: Curves, *, label: bool = True
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A tinted band for each phase, and its name at the top."""
    if not len(curves.phases):
        return [], []
    tints = {
        PRETRAIN: (GENERATOR, 0.05),
        PRETRAIN_D: (DISCRIMINATOR, 0.10),
        ADVERSARIAL: (REWARD, 0.06),
    }
    names = {PRETRAIN: _("MLE"), PRETRAIN_D: _("D"), ADVERSARIAL: _("adversarial")}
    starts = [float(epoch) for epoch in curves.phases["epoch"]]
    kinds = [str(phase) for phase in curves.phases["phase"]]
    shapes, notes = [], []
    for kind, x0, x1 in zip(kinds, starts, [*starts[1:], curves.horizon], strict=True):
        if x1 <= x0:  # D's pre-training takes no epoch on this axis
            continue
        colour, alpha = tints.get(kind, (NEUTRAL, 0.05))
        shapes.append(band(x0, x1, colour, alpha))
        if label and (x1 - x0) > 0.08 * curves.horizon:
            middle = (x0 + x1) / 2
            notes.append(note(names.get(kind, kind), middle, 0.995, yref="paper", yanchor="top"))
    return shapes, notes


def focus(curves: Curves, data: list[Trace]) -> tuple[float, float] | None:
    """A vertical range without the steep start of MLE, once there is more to see."""
    skip = 0.25 * (curves.switch if curves.switch is not None else curves.epoch)
    points = [
        (at, value)
        for trace in data
        for at, value in zip(trace["x"], trace["y"], strict=True)
        if value is not None and at is not None
    ]
    visible = [value for at, value in points if at >= skip] or [value for _at, value in points]
    if not visible:
        return None
    pad = 0.06 * (max(visible) - min(visible)) + 0.01
    return min(visible) - pad, max(visible) + 1.6 * pad
