"""The calculation of one phrase's effect with its numbers, and all phrases as a table."""

import streamlit as st

from pages.ui.common import html
from pages.ui.common.i18n import escape
from pages.ui.discriminator.phrase_html import phrase_html, points_html, sum_html
from seqgan_core.figures.discriminator import findings
from seqgan_core.figures.discriminator.findings import places, points, shown_effect
from seqgan_core.figures.style import signed
from seqgan_core.insight.discriminator.attribution import Attribution, Bracket
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import _, ngettext

FILTERS = 4  # of the chosen phrase, in the open; all of them stand in a table


def worked(current: Attribution, chosen: Bracket, read: Reader) -> None:
    """The chosen bracket's effect with the numbers in the formula, and its filters."""
    effect = shown_effect(current, chosen)
    st.subheader(_("Effect of the selected phrase"), anchor=False)
    where = _("{places}; switched off: {filters} of width {width}").format(
        places=places(chosen.start, chosen.width),
        filters=findings.filter_count(len(chosen.filters)),
        width=chosen.width,
    )
    calculation = sum_html(
        (f"{current.score:.4f}", _("D(Y)")),
        (f"− {chosen.without:.4f}", _("D without it")),
        (f"= {signed(effect, 4)}", _("effect")),
    )
    st.html(
        f'<div class="read">{phrase_html(chosen.tokens, read)} {escape(where)}</div>{calculation}'
        f"<p>{escape(findings.effect_words(effect))}</p>"
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
    rest = ngettext("and {n} weaker one", "and {n} weaker ones", more) if more > 0 else ""
    st.html(
        f'<p class="filters">{escape(_("Each switched off alone:"))} {strongest}'
        f'<span class="quiet">{escape(rest)}</span></p>'
    )
    with st.expander(_("The filters of this phrase as a table")):
        rows = [
            [str(item.number), f"{item.activation:.3f}", points(item.effect),
             signed(item.effect_logit, 3)]
            for item in chosen.filters
        ]  # fmt: skip
        head = [_("filter"), _("activation c̃"), _("effect alone, points"), _("in log-odds")]
        caption = _("Each switched off alone; all together {points} points")
        html.table(head, rows, caption.format(points=points(together)))


def table(current: Attribution, read: Reader) -> None:
    with st.expander(_("All phrases as a table")):
        head = [
            _("phrase"), _("position"), _("filters"), _("D without it"), _("effect, points"),
            _("in log-odds"),
        ]  # fmt: skip
        rows = [
            [read.phrase(item.tokens), places(item.start, item.width), str(len(item.filters)),
             f"{item.without:.4f}", points(shown_effect(current, item)),
             signed(item.effect_logit, 3)]
            for item in current.brackets
        ]  # fmt: skip
        caption = ngettext(
            "{n} phrase that D detects in this sequence",
            "All {n} phrases that D detects in this sequence", len(rows),
        )  # fmt: skip
        html.table(head, rows, caption)
