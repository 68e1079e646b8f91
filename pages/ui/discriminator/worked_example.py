"""One phrase worked out with the numbers in the formula, and all of them as a table."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui.common import html
from pages.ui.common.effect_text import points, signed, towards
from pages.ui.discriminator.formatting import phrase, phrase_html, places, points_html, shown_effect
from seqgan_core.insight.discriminator.attribution import Attribution, Bracket
from seqgan_core.messages import _

FILTERS = 4  # of the chosen phrase, in the open; all of them stand in a table


def worked(current: Attribution, chosen: Bracket, words: tuple[str, ...]) -> None:
    """The chosen bracket's effect with the numbers in the formula, and its filters."""
    effect = shown_effect(current, chosen)
    st.subheader(_("What the chosen phrase is worth"), anchor=False)
    filters = _("1 filter") if len(chosen.filters) == 1 else _("{n} filters").format(
        n=len(chosen.filters)
    )  # fmt: skip
    where = _("{places}, {filters} of width {w} off").format(
        places=places(chosen.start, chosen.width), filters=filters, w=chosen.width
    )
    terms = (
        (f"{current.score:.4f}", _("D(Y)")),
        (f"− {chosen.without:.4f}", _("D without it")),
        (f"= {signed(effect, 4)}", _("its effect")),
    )
    sums = "".join(
        f'<span class="part">{number}<small>{escape(name)}</small></span>' for number, name in terms
    )
    st.html(
        f'<div class="read">{phrase_html(chosen.tokens, words)} {escape(where)}</div>'
        f'<p class="worked" role="status">{sums}</p>'
        f"<p>{points_html(effect)} {escape(_('points, {way}').format(way=towards(effect)))}</p>"
    )
    _filters(chosen, effect)


def _filters(chosen: Bracket, together: float) -> None:
    """The filters that the phrase won, strongest first: a few in a line, all of them in a table."""
    strongest = "".join(
        f'<span class="one">{escape(_("filter {n}").format(n=item.number))} '
        f"{points_html(item.effect)}</span>"
        for item in chosen.filters[:FILTERS]
    )
    more = len(chosen.filters) - FILTERS
    weaker = _("and 1 weaker one") if more == 1 else _("and {n} weaker ones").format(n=more)
    rest = escape(weaker) if more > 0 else ""
    st.html(
        f'<p class="filters">{escape(_("Each switched off alone:"))} {strongest}'
        f'<span class="quiet">{rest}</span></p>'
    )
    with st.expander(_("Its filters as a table")):
        html.table(
            [_("filter"), _("activation c̃"), _("effect alone, points"), _("in log-odds")],
            [
                [
                    _("no. {n}").format(n=item.number),
                    f"{item.activation:.3f}",
                    points(item.effect),
                    signed(item.effect_logit, 3),
                ]
                for item in chosen.filters
            ],
            _("Each switched off alone; all together {points}").format(points=points(together)),
        )


def table(current: Attribution, words: tuple[str, ...]) -> None:
    with st.expander(_("The numbers as a table")):
        html.table(
            [
                _("phrase"),
                _("where"),
                _("filters"),
                _("D without it"),
                _("effect, points"),
                _("in log-odds"),
            ],
            [
                [
                    phrase(item.tokens, words),
                    places(item.start, item.width),
                    str(len(item.filters)),
                    f"{item.without:.4f}",
                    points(shown_effect(current, item)),
                    signed(item.effect_logit, 3),
                ]
                for item in current.brackets
            ],
            _("All {n} phrases that D reads in this sequence, D(Y) = {p:.4f}").format(
                n=len(current.brackets), p=current.score
            ),
        )
