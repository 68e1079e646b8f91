"""Phrases and their effects as HTML."""

from collections.abc import Sequence

from pages.ui.common.i18n import escape
from seqgan_core.figures.discriminator.findings import points, side
from seqgan_core.insight.token_reader import Reader


def points_html(effect: float) -> str:
    """An effect in points, in the colour of its side."""
    return f'<span class="num towards-{side(effect)}">{points(effect)}</span>'


def phrase_html(tokens: Sequence[int], read: Reader) -> str:
    """An n-gram as a row of boxes."""
    boxes = "".join(f"<b>{escape(name)}</b>" for name in read.names(tokens))
    return f'<span class="phrase">{boxes}</span>'


def sum_html(*terms: tuple[str, str]) -> str:
    """A calculation: numbers, each with its name under it."""
    parts = "".join(
        f'<span class="part">{number}<small>{escape(name)}</small></span>' for number, name in terms
    )
    return f'<p class="worked" role="status">{parts}</p>'
