"""How far a run has come, and about how long is left."""

from dataclasses import dataclass

from seqgan_core.figures.run.curves import ADVERSARIAL, PRETRAIN, PRETRAIN_D, Curves
from seqgan_core.messages import _


@dataclass(frozen=True)
class Progress:
    """`fraction` of the horizontal axis, what is running, and the seconds left (None: unknown)."""

    fraction: float
    label: str
    seconds_left: float | None


def progress(curves: Curves, seconds: float, estimated: float | None = None) -> Progress:
    """Where the run stands.

    Args:
        curves: the run's frames.
        seconds: training time so far.
        estimated: the whole run's seconds as foreseen, if known. A run's own pace replaces the
            foreseen one inside the adversarial epochs, which are most of the work.
    """
    fraction = min(1.0, curves.epoch / curves.end) if curves.planned else 0.0
    return Progress(fraction, _label(curves), _left(curves, seconds, estimated))


def duration(seconds: float | None) -> str:
    """Seconds as text, in the largest units that fit.

    >>> duration(8.2), duration(94), duration(4000), duration(None)
    ('8 s', '1 min 34 s', '1 h 6 min', '…')
    """
    if seconds is None:
        return "…"
    whole = max(0, round(seconds))
    if whole < 60:
        return _("{s} s").format(s=whole)
    if whole < 3600:
        return _("{m} min {s} s").format(m=whole // 60, s=whole % 60)
    if whole < 48 * 3600:
        return _("{h} h {m} min").format(h=whole // 3600, m=whole % 3600 // 60)
    return _("{d} days").format(d=round(whole / 86400))


def time_left(seconds: float | None) -> str:
    """About how long is left, in words; "" where that is not known, or none is."""
    return _("about {time} left").format(time=duration(seconds)) if seconds else ""


def _label(curves: Curves) -> str:
    if not len(curves.phases):
        return _("Starting")
    row = curves.phases.iloc[-1]
    phase, total, start = str(row["phase"]), int(row["total"]), float(row["epoch"])
    done = min(total, int(curves.epoch - start))
    if phase == PRETRAIN:
        return _("MLE pre-training · epoch {done} of {total}").format(done=done, total=total)
    if phase == PRETRAIN_D:
        return _("Discriminator pre-training")
    if phase == ADVERSARIAL:
        return _("Adversarial training · epoch {done} of {total}").format(done=done, total=total)
    return phase


def _left(curves: Curves, seconds: float, estimated: float | None) -> float | None:
    switch = curves.switch
    if switch is not None and "seconds" in curves.phases:
        rows = curves.phases[curves.phases["phase"] == ADVERSARIAL]
        began, done = float(rows["seconds"].iloc[0]), curves.epoch - switch
        if done >= 1 and seconds > began:
            return (curves.end - curves.epoch) * (seconds - began) / done
    if estimated is not None:
        return max(0.0, estimated - seconds)
    return None
