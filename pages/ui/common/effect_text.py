"""Effects on the discriminator's score in words: points of P(real), with the mark of their side."""

from __future__ import annotations

from typing import Literal

from seqgan_core.messages import _

Side = Literal["real", "fake", "none"]
_MARKS: dict[Side, str] = {"real": "▲", "fake": "▼", "none": "●"}


def side(effect: float) -> Side:
    """Where an effect pushes D, judged as it is shown: to a tenth of a point."""
    shown = round(100 * effect, 1)
    return "real" if shown > 0 else "fake" if shown < 0 else "none"


def points(effect: float) -> str:
    """An effect in percentage points of P(real), with the mark of its side: "▲ +4.2"."""
    shown = round(100 * effect, 1) + 0.0  # no -0.0
    return f"{_MARKS[side(effect)]}\u00a0{signed(shown)}"


def signed(value: float, digits: int = 1) -> str:
    """A number with its sign, the minus as wide as the plus."""
    return f"{value:+.{digits}f}".replace("-", "−")


def towards(effect: float) -> str:
    """Where an effect pushes D, in words."""
    return {"real": _("towards real"), "fake": _("towards fake"), "none": _("neither way")}[
        side(effect)
    ]


def filter_count(n: int) -> str:
    """How many filters, in words."""
    return _("1 filter") if n == 1 else _("{n} filters").format(n=n)
