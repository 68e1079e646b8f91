"""Editing a sequence: another token at a position, D's score with each, and what a change did."""

import numpy as np
import streamlit as st

from pages.ui.common import html
from pages.ui.common.background_job import of_models
from pages.ui.common.buttons import button
from pages.ui.common.component import scroll_here
from pages.ui.common.i18n import escape, plain
from pages.ui.common.plotly_chart import charts
from pages.ui.common.run.model_picker import PickedModel
from pages.ui.discriminator.phrase_html import phrase_html, points_html, sum_html
from pages.ui.discriminator.sequence_choice import EditedSequence, change, reset, undo
from seqgan_core.figures.discriminator import filters as figures
from seqgan_core.figures.discriminator.findings import difference, places, points, shown_effect
from seqgan_core.figures.style import signed
from seqgan_core.insight.discriminator import attribution as insight
from seqgan_core.insight.discriminator.attribution import Attribution, Bracket, BracketChange
from seqgan_core.insight.token_reader import Reader
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _, ngettext, remark

SIDES = 5  # best and worst tokens that are one click away
MOVES = 4  # phrases that are named after a change


def edit(picked: PickedModel, shown: EditedSequence, read: Reader, at: int | None) -> None:
    """Draw the choice of another token for the position `at`, and undo."""
    st.subheader(_("Replace a token"), anchor=False)
    same = not shown.changed  # the buttons stay in their place, so that the focus stays in its
    left, right = st.columns([1, 2.2], gap="large")
    with left, st.container(horizontal=True):
        button(_("Undo"), "undo", "discriminator-undo", undo, shown, disabled=same)
        button(_("Reset"), "restart_alt", "discriminator-restart_alt", reset, shown, disabled=same)
    size = read.vocabulary.size
    if at is None:
        with right:
            html.quiet(remark("discriminator.select-token", n=size - 1))
        return
    key = f"discriminator-token-{picked.record.id}"
    st.session_state[key] = shown.tokens[at]

    def replaced() -> None:
        change(shown, at, int(st.session_state[key]))

    left.selectbox(
        _("Token at position {n}").format(n=at + 1), range(size), key=key, on_change=replaced,
        format_func=lambda token: visible_text(read.vocabulary.name(token)),
    )  # fmt: skip
    of, what = (picked.record.id, picked.step), _("Scoring every token at this position")
    with right:
        scores = of_models(what, insight.alternatives, *of, shown.tokens, at)
        if scores is not None:
            _buttons(scores, shown, at, read)
    if scores is None:
        return
    scroll_here("discriminator-editor", st.session_state.get("discriminator-clicks"), "nearest")
    now = shown.tokens[at]
    charts([[figures.alternatives(scores, now, read.phrase([now]))]], "discriminator-tokens")
    with st.expander(_("All tokens as a table")):
        _table(scores, now, at, read)


def _buttons(scores: np.ndarray, shown: EditedSequence, at: int, read: Reader) -> None:
    now = shown.tokens[at]
    others = [int(token) for token in np.argsort(-scores, kind="stable") if token != now]
    sides = min(SIDES, max(1, len(others) // 2))
    best, worst = others[:sides], others[::-1][:sides]
    for side, title, tokens in (("best", _("highest"), best), ("worst", _("lowest"), worst)):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            html.quiet(title, inline=True)
            for rank, token in enumerate(tokens):
                effect = difference(float(scores[token]), float(scores[now]))
                name = plain(read.phrase([token]))
                about = _("Put {token} here: D = {p:.4f}").format(token=name, p=scores[token])
                st.button(f"**{name}** {points(effect)}", key=f"discriminator-{side}-{rank}",
                          help=about, on_click=change, args=(shown, at, token))  # fmt: skip


def _table(scores: np.ndarray, now: int, at: int, read: Reader) -> None:
    order = [int(token) for token in np.argsort(-scores, kind="stable")]
    few = len(order) <= 200
    caption = (
        _("D's score with each token at position {n}, highest first")
        if few
        else _("The 100 highest and the 100 lowest of {v} tokens at position {n}")
    )
    rows = [
        [read.phrase([token]), f"{scores[token]:.4f}",
         points(difference(float(scores[token]), float(scores[now])))]
        for token in (order if few else [*order[:100], *order[-100:]])
    ]  # fmt: skip
    head = [_("token"), _("D, P(real)"), _("change, points")]
    html.table(head, rows, caption.format(n=at + 1, v=len(order)))


def what_changed(original: Attribution, current: Attribution, read: Reader) -> None:
    """D before and after, and the phrases that appeared, disappeared or changed."""
    st.subheader(_("Effect of the change"), anchor=False)
    effect = difference(current.score, original.score)
    moves = insight.bracket_changes(original, current)
    rows = "".join(f"<li>{_line(move, original, current, read)}</li>" for move in moves[:MOVES])
    more = len(moves) - MOVES
    rest = (
        ngettext("and {n} more phrase with a smaller change",
                 "and {n} more phrases with a smaller change", more)
        if more > 0
        else ""
        if moves
        else _("The same phrases are detected; only their effects changed.")
    )  # fmt: skip
    calculation = sum_html(
        (f"{original.score:.4f}", _("D before")),
        (f"→ {current.score:.4f}", _("D now")),
        (signed(effect, 4), _("change")),
    )
    st.html(f'{calculation}<ul class="moved">{rows}</ul><p class="quiet">{escape(rest)}</p>')


def _line(move: BracketChange, original: Attribution, current: Attribution, read: Reader) -> str:
    """A place's phrase before and after, each with its effect."""

    def words(reading: Attribution, bracket: Bracket | None) -> str:
        if bracket is None:
            return f'<span class="quiet">{escape(_("no phrase"))}</span>'
        effect = points_html(shown_effect(reading, bracket))
        return f"{phrase_html(bracket.tokens, read)} {effect}"

    before, after = words(original, move.before), words(current, move.after)
    return f"<small>{escape(places(move.start, move.width))}</small> {before} → {after}"
