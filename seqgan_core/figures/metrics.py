"""How measured numbers are called, in which unit, and which way is better."""

from __future__ import annotations

from seqgan_core.messages import _

_NAMES = {
    "nll_oracle": "NLL_oracle",
    "nll_test": "NLL_test",
    "self_bleu": _("self-BLEU"),
    "distinct_2": _("distinct-2"),
    "entropy": _("entropy"),
    "mse": _("MSE to the nearest real tune"),
    "in_key": _("share in key"),
    "repeated": _("repeated patterns"),
    "d_accuracy": _("D's accuracy"),
}


def metric_name(metric: str) -> str:
    """A metric's name for people; an unknown one keeps its own.

    >>> metric_name("nll_test"), metric_name("bleu_3"), metric_name("odd")
    ('NLL_test', 'BLEU-3', 'odd')
    """
    if metric.startswith("bleu_"):
        return f"BLEU-{metric.removeprefix('bleu_')}"
    return _NAMES.get(metric, metric)


def higher_is_better(metric: str) -> bool:
    """Whether more of it is better; all but BLEU and distinct-n are better when lower.

    Not so a tune's share in key and its repeated patterns, for which no chart asks: they are better
    the nearer they are to those of real tunes.
    """
    return metric.startswith(("bleu_", "distinct_"))


def in_nats(metric: str) -> bool:
    """Whether it is in nats per token; else it is a share from 0 to 1, but for MSE."""
    return metric.startswith("nll_") or metric == "entropy"
