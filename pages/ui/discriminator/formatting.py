"""Numbers and phrases of the discriminator's screen, as they are written everywhere on it.

Scores are shown with four decimals, and an effect is the difference of the two scores as shown, so
that a reader who subtracts gets the number that stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

import streamlit as st

from pages.ui.common.i18n import _
from seqgan_core.insight.discriminator.attribution import Bracket, Reading

Side = Literal["real", "fake", "none"]
_SPACED = "\u2e7f"  # letters up to here are of scripts that set spaces between words
_MARKS: dict[Side, str] = {"real": "▲", "fake": "▼", "none": "●"}


def difference(after: float, before: float) -> float:
    """after - before, of the numbers as they are shown."""
    return round(round(after, 4) - round(before, 4), 4)


def worth(reading: Reading, bracket: Bracket) -> float:
    """The bracket's effect as it is shown."""
    return difference(reading.score, bracket.without)


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


def points_html(effect: float) -> str:
    """`points` in the colour of its side."""
    return f'<span class="num towards-{side(effect)}">{points(effect)}</span>'


def phrase(tokens: Sequence[int], words: Sequence[str]) -> str:
    """An n-gram in words; characters of a script without spaces stand close."""
    told = [words[token] for token in tokens]
    close = all(len(word) == 1 and word > _SPACED for word in told)
    return ("" if close else " ").join(told)


def phrase_html(tokens: Sequence[int], words: Sequence[str]) -> str:
    """An n-gram as a row of boxes."""
    boxes = "".join(f"<b>{escape(words[token])}</b>" for token in tokens)
    return f'<span class="phrase">{boxes}</span>'


def places(start: int, width: int) -> str:
    """Where an n-gram stands, counted from 1."""
    if width == 1:
        return _("token {first}").format(first=start + 1)
    return _("tokens {first} to {last}").format(first=start + 1, last=start + width)


def noticed(text: str) -> None:
    """What to notice now, computed from what is shown."""
    head = escape(_("What to notice now."))
    st.html(f'<p class="noticed" role="status"><strong>{head}</strong> {escape(text)}</p>')
