"""Numbers and phrases of the discriminator's screen, as they are written everywhere on it.

Scores are shown with four decimals, and an effect is the difference of the two scores as shown, so
that a reader who subtracts gets the number that stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.ui.common.effect_text import points, side
from seqgan_core.insight.discriminator.attribution import Attribution, Bracket
from seqgan_core.messages import _

_SPACED = "\u2e7f"  # letters up to here are of scripts that set spaces between words


def difference(after: float, before: float) -> float:
    """after - before, of the numbers as they are shown."""
    return round(round(after, 4) - round(before, 4), 4)


def shown_effect(reading: Attribution, bracket: Bracket) -> float:
    """The bracket's effect as it is shown."""
    return difference(reading.score, bracket.without)


def points_html(effect: float) -> str:
    """`points` in the colour of its side."""
    return f'<span class="num towards-{side(effect)}">{points(effect)}</span>'


def phrase(tokens: Sequence[int], words: Sequence[str]) -> str:
    """An n-gram in words; characters of a script without spaces stand close."""
    named = [words[token] for token in tokens]
    close = all(len(word) == 1 and word > _SPACED for word in named)
    return ("" if close else " ").join(named)


def phrase_html(tokens: Sequence[int], words: Sequence[str]) -> str:
    """An n-gram as a row of boxes."""
    boxes = "".join(f"<b>{escape(words[token])}</b>" for token in tokens)
    return f'<span class="phrase">{boxes}</span>'


def places(start: int, width: int) -> str:
    """Where an n-gram stands, counted from 1."""
    if width == 1:
        return _("token {first}").format(first=start + 1)
    return _("tokens {first} to {last}").format(first=start + 1, last=start + width)


def notice(text: str) -> None:
    """What to notice now, computed from what is shown."""
    head = escape(_("What to notice now."))
    st.html(f'<p class="noticed" role="status"><strong>{head}</strong> {escape(text)}</p>')
