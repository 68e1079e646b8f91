"""The charts of a run's value network: how well it knows what it has not learnt yet."""

from seqgan_core.figures.run.curves import Curves, columns, present
from seqgan_core.figures.run.findings import RECENT
from seqgan_core.figures.run.learning import binned, over_epochs
from seqgan_core.figures.style import COMPARED, NEUTRAL, REWARD, Figure, empty, fade, level, line
from seqgan_core.messages import _, remark

BIASED = 0.02  # of the reward's range: less is not worth a sentence
LITTLE = 0.005  # of the variance: less is shown as 0%


def charts(curves: Curves) -> list[Figure]:
    """Its explained variance and bias, and its loss; none for a run without a value network."""
    return [known(curves), loss(curves)] if curves.has_value_network else []


def known(curves: Curves) -> Figure:
    """Explained variance of each update's targets, and how far the mean of v is from theirs."""
    seeing = remark("seeing.value")
    x, explained, bias = columns(curves.generator, "epoch", "v_explained", "v_bias")
    if not x:
        return empty(remark("value.none-yet"), seeing, height=240)
    x, explained, bias = binned(x, explained, bias)
    recent = present(curves.generator, "v_explained").tail(RECENT).mean()
    off = present(curves.generator, "v_bias").tail(RECENT).mean()
    key = "value.explains" if recent > LITTLE else "value.mean"
    key = "value.biased" if abs(off) > BIASED else key
    data = [
        line(x, explained, _("explained variance"), REWARD, hover="%{y:.3f}"),
        line(x, bias, _("mean v − mean target"), COMPARED[0], dash="dash", hover="%{y:+.4f}"),
    ]
    return over_epochs(
        curves, data, remark(key, share=max(0.0, recent), bias=off), seeing,
        _("share of variance; difference of Q"), 240,
        y_range=(min(-0.2, *explained, *bias) * 1.05, max(0.3, *explained, *bias) * 1.05),
        levels=[level(0, NEUTRAL)],
    )  # fmt: skip


def loss(curves: Curves) -> Figure:
    """The cross-entropy of v before each update."""
    seeing = remark("seeing.value-loss")
    x, losses = columns(curves.generator, "epoch", "v_loss")
    if not x:
        return empty(remark("value.none-yet"), seeing, height=240)
    x, losses, _same = binned(x, losses, losses)
    first, last = losses[0], present(curves.generator, "v_loss").tail(RECENT).mean()
    data = [line(x, losses, _("loss of v"), fade(REWARD, 0.8), hover="%{y:.4f}")]
    finding = _("The loss of v went from {first:.3f} to {last:.3f}").format(first=first, last=last)
    return over_epochs(curves, data, finding, seeing, _("nats"), 240)
