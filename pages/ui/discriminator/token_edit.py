"""Live editing: another token in a place, what all V of them would do, and what a change did."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from pages.ui.common import html, session
from pages.ui.common.background_job import result
from pages.ui.common.effect_text import points, signed
from pages.ui.common.model_picker import PickedModel
from pages.ui.common.plotly_chart import charts
from pages.ui.discriminator.formatting import (
    difference,
    phrase_html,
    places,
    points_html,
    shown_effect,
)
from pages.ui.discriminator.sequence_choice import EditedSequence, change, reset, undo
from seqgan_core.figures.discriminator import attribution as figures
from seqgan_core.insight.discriminator.attribution import (
    Attribution,
    BracketChange,
    alternatives,
    bracket_changes,
)
from seqgan_core.messages import _

SIDES = 5  # best and worst tokens that are one click away
MOVES = 4  # phrases that are told of after a change


def edit(
    picked: PickedModel, shown: EditedSequence, words: tuple[str, ...], at: int | None
) -> None:
    """Draw the choice of another token for the place `at`, and the way back."""
    st.subheader(_("Change a token, see D move"), anchor=False)
    same = not shown.changed  # the buttons stay in their place, so that the focus stays in its
    with st.container(horizontal=True):
        st.button(_("Undo"), icon=":material/undo:", on_click=undo, args=(shown,), disabled=same)
        st.button(
            _("Reset"), icon=":material/restart_alt:", on_click=reset, args=(shown,), disabled=same
        )
    if at is None:
        html.quiet(
            _(
                "Choose a token above: here stands then what D says with each of the {n} others in "
                "its place, the best and the worst one click away."
            ).format(n=len(words) - 1)
        )
        return
    key = f"d-token.{picked.record.id}"
    st.session_state[key] = shown.tokens[at]

    def replaced() -> None:
        change(shown, at, int(st.session_state[key]))

    st.selectbox(
        _("Token {n} is").format(n=at + 1),
        range(len(words)),
        key=key,
        format_func=lambda token: words[token],
        on_change=replaced,
    )
    models, run_id, step = session.lab().models, picked.record.id, picked.step
    scores = result(
        ("d-alternatives", run_id, step, shown.tokens, at),
        lambda: alternatives(models, run_id, step, shown.tokens, at),
        _("Scoring every token in this place"),
    )
    if scores is None:
        return
    order = [int(token) for token in np.argsort(-scores, kind="stable")]
    others = [token for token in order if token != shown.tokens[at]]
    sides = min(SIDES, max(1, len(others) // 2))
    for title, tokens in ((_("best"), others[:sides]), (_("worst"), others[::-1][:sides])):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f'<p class="quiet">{escape(title)}</p>', width="content")
            for rank, token in enumerate(tokens):
                effect = difference(float(scores[token]), float(scores[shown.tokens[at]]))
                st.button(
                    f"**{_plain(words[token])}** {points(effect)}",
                    key=f"d-{title}.{rank}",
                    help=_("put {token} here: D says {p:.4f}").format(
                        token=words[token], p=scores[token]
                    ),
                    on_click=change,
                    args=(shown, at, token),
                )
    charts([[figures.alternatives(scores, shown.tokens[at], words[shown.tokens[at]])]], "d-all")
    with st.expander(_("All tokens as a table")):
        html.table(
            [_("token"), _("D, P(real)"), _("change, points")],
            [
                [
                    words[token],
                    f"{scores[token]:.4f}",
                    points(difference(float(scores[token]), float(scores[shown.tokens[at]]))),
                ]
                for token in (order if len(order) <= 200 else [*order[:100], *order[-100:]])
            ],
            _("What D says with each token in place {n}, the best first").format(n=at + 1)
            if len(order) <= 200
            else _("The 100 best and the 100 worst of {v} tokens in place {n}").format(
                v=len(order), n=at + 1
            ),
        )


def what_changed(original: Attribution, current: Attribution, words: tuple[str, ...]) -> None:
    """D before and after, and the phrases that came, went or read otherwise."""
    st.subheader(_("What the change did"), anchor=False)
    effect = difference(current.score, original.score)
    terms = (
        (f"{original.score:.4f}", _("D before")),
        (f"→ {current.score:.4f}", _("D now")),
        (signed(effect, 4), _("the change")),
    )
    sums = "".join(
        f'<span class="part">{number}<small>{escape(name)}</small></span>' for number, name in terms
    )
    moves = bracket_changes(original, current)
    rows = "".join(f"<li>{_line(move, original, current, words)}</li>" for move in moves[:MOVES])
    more = len(moves) - MOVES
    rest = _("and {n} more phrases with a smaller change").format(n=more) if more > 0 else ""
    nothing = "" if moves else _("No phrase came or went: only those that were there count more.")
    st.html(
        f'<p class="worked">{sums}</p><ul class="moved">{rows}</ul>'
        f'<p class="quiet">{escape(rest or nothing)}</p>'
    )


def _line(
    move: BracketChange, original: Attribution, current: Attribution, words: tuple[str, ...]
) -> str:
    """A place's phrase before and after, each with its effect."""
    before = (
        f"{phrase_html(move.before.tokens, words)} "
        f"{points_html(shown_effect(original, move.before))}"
        if move.before
        else f'<span class="quiet">{escape(_("no phrase"))}</span>'
    )
    after = (
        f"{phrase_html(move.after.tokens, words)} {points_html(shown_effect(current, move.after))}"
        if move.after
        else f'<span class="quiet">{escape(_("no phrase"))}</span>'
    )
    return f"<small>{escape(places(move.start, move.width))}</small> {before} → {after}"


def _plain(word: str) -> str:
    """A token's name inside a button, whose label is read as Markdown."""
    return "".join(
        f"\\{letter}" if letter in r"\`*_{}[]()#+-.!|~$:<>" else letter for letter in word
    )
