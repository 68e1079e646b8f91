"""What D reads in one sequence: its score, the phrases behind it, and one of them worked out."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.effect_text import filter_count, points, side, signed, towards
from pages.ui.common.model_picker import PickedModel
from pages.ui.common.token_reader import reader
from pages.ui.discriminator.formatting import difference, notice, phrase, places, shown_effect
from pages.ui.discriminator.ngram_brackets import Arc, Token, brackets
from pages.ui.discriminator.sequence_choice import EditedSequence, choose
from pages.ui.discriminator.token_edit import edit, what_changed
from pages.ui.discriminator.worked_example import table, worked
from seqgan_core.insight.discriminator.attribution import (
    Attribution,
    Bracket,
    attribution_at,
    sequence_options,
)
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import _

COUNTS = ("5", "10", "20", "all")
SURE = 0.02  # from 0 and from 1: there P(real) has no room to move


def attribution(picked: PickedModel) -> None:
    """Draw the section."""
    models, run_id, step = session.lab().models, picked.record.id, picked.step
    offer = result(
        ("d-offered", run_id, step),
        lambda: sequence_options(models, run_id, step),
        _("Opening the model and its data"),
    )
    if offer is None:
        return
    token_reader = reader(picked.record.config)
    left, right = st.columns([2.4, 1], vertical_alignment="bottom")
    with left:
        shown = choose(offer, run_id, token_reader)
    with right:
        count = _count()
    current = _reading(picked, shown.tokens)
    original = current if not shown.changed else _reading(picked, shown.start)
    if current is None or original is None:
        return
    if not offer.d_updates:
        st.info(
            _(
                "At this checkpoint D has not been trained yet: its filters are as they were "
                "drawn, and what they read here means nothing. Move the checkpoint to the right."
            ),
            icon=":material/info:",
        )
    _verdict(current, original)
    _notice_findings(current, original, shown, offer.words)
    at = url_state.number("at", 0, 0, len(shown.tokens))
    chosen = _chosen(current)
    _draw(current, shown, token_reader, chosen, at - 1, count)
    left, right = st.columns([1, 1], gap="large")
    with left:
        with st.container():
            if shown.changed:
                what_changed(original, current, offer.words)
        if chosen is not None:
            worked(current, chosen, offer.words)
    with right:
        edit(picked, shown, offer.words, at - 1 if at else None)
    table(current, offer.words)


def _reading(picked: PickedModel, tokens: tuple[int, ...]) -> Attribution | None:
    models, run_id, step = session.lab().models, picked.record.id, picked.step
    return result(
        ("d-reading", run_id, step, tokens),
        lambda: attribution_at(models, run_id, step, tokens),
        _("Switching filters off, one after the other"),
    )


def _count() -> int:
    """How many brackets are drawn, from the address."""
    st.session_state["d-show"] = url_state.one_of("show", COUNTS, "10")
    count = st.selectbox(
        _("Phrases shown"),
        COUNTS,
        key="d-show",
        format_func=lambda word: (
            _("all") if word == "all" else _("the {n} strongest").format(n=word)
        ),
        on_change=lambda: url_state.put(show=st.session_state["d-show"]),
    )
    return int(count) if count != "all" else 10**6


def _chosen(current: Attribution) -> Bracket | None:
    """The bracket of the address, else the strongest."""
    linked = url_state.text("bracket")
    named = (
        bracket for bracket in current.brackets if f"{bracket.start + 1}.{bracket.width}" == linked
    )
    return next(named, next(iter(current.brackets), None))


def _verdict(current: Attribution, original: Attribution) -> None:
    """D's score as a number, a word and a place between fake and real."""
    moved = current.tokens != original.tokens
    words = (_("surely fake"), _("rather fake"), _("rather real"), _("surely real"))
    word = words[(current.score > 0.1) + (current.score > 0.5) + (current.score > 0.9)]
    was = (
        f'<i class="was" style="left:{100 * original.score:.2f}%" '
        f'title="{escape(_("before"))}"></i>'
        if moved
        else ""
    )
    before = f"{original.score:.4f} → " if moved else ""
    st.html(
        f'<div class="verdict"><p class="big" role="status">'
        f"<small>D(Y) = {before}</small>{current.score:.4f} <small>{escape(word)}</small></p>"
        f'<div class="track" aria-hidden="true"><div class="rail">{was}'
        f'<i style="left:{100 * current.score:.2f}%"></i></div><div class="ends">'
        f'<span class="f">▼ {escape(_("fake"))} 0</span>'
        f'<span class="r">1 {escape(_("real"))} ▲</span></div></div></div>'
    )


def _notice_findings(
    current: Attribution, original: Attribution, shown: EditedSequence, words: tuple[str, ...]
) -> None:
    parts = [_edit_effect(current, original, shown, words)] if shown.changed else []
    if current.brackets:
        parts += (
            [_strongest_phrase(current, words)]
            if shown.changed
            else [_strongest_phrase(current, words), _additivity(current)]
        )
    else:
        parts.append(
            _("No filter fires here, so D says what it says to nothing at all: {p:.4f}.").format(
                p=current.nothing
            )
        )
    if not SURE < current.score < 1 - SURE:
        parts.append(
            _(
                "D is so sure here that hardly any phrase alone can move P(real); the log-odds in "
                "the table still tell them apart."
            )
        )
    notice(" ".join(parts))


def _edit_effect(
    current: Attribution, original: Attribution, shown: EditedSequence, words: tuple[str, ...]
) -> str:
    effect = difference(current.score, original.score)
    if len(shown.changed) > 1:
        return _("{n} changed tokens moved D by {points} points.").format(
            n=len(shown.changed), points=points(effect)
        )
    place = shown.changed[0]
    return _("“{new}” in the place of “{old}” moved D by {points} points.").format(
        new=words[current.tokens[place]], old=words[original.tokens[place]], points=points(effect)
    )


def _strongest_phrase(current: Attribution, words: tuple[str, ...]) -> str:
    effects = [shown_effect(current, bracket) for bracket in current.brackets]
    sides = [side(effect) for effect in effects]
    return _(
        "The phrase “{phrase}” weighs most: {points} points. {real} phrases speak for real, {fake} "
        "for fake; {silent} of the {all} filters are silent."
    ).format(
        phrase=phrase(current.brackets[0].tokens, words),
        points=points(effects[0]),
        real=sides.count("real"),
        fake=sides.count("fake"),
        silent=current.n_silent,
        all=current.n_filters,
    )


def _additivity(current: Attribution) -> str:
    total = 100 * sum(shown_effect(current, bracket) for bracket in current.brackets)
    together = 100 * difference(current.score, current.nothing)
    return _(
        "One by one the phrases are worth {sum} points, all at once {together}: with none of them "
        "D says {nothing:.4f}. Effects do not add up, for the highway and the softmax are no sums."
    ).format(sum=signed(total), together=signed(together), nothing=current.nothing)


def _draw(
    current: Attribution,
    shown: EditedSequence,
    token_reader: Reader,
    chosen: Bracket | None,
    at: int,
    count: int,
) -> None:
    words, padding = (
        token_reader.names(range(token_reader.vocabulary.size)),
        token_reader.padding(shown.tokens),
    )
    effective = [
        bracket for bracket in current.brackets if side(shown_effect(current, bracket)) != "none"
    ]
    drawn = effective[:count]
    if chosen is not None and chosen not in drawn:
        drawn.append(chosen)
    most = max((abs(shown_effect(current, bracket)) for bracket in drawn), default=0.0) or 1.0
    arcs = [
        Arc(
            bracket.start,
            bracket.width,
            points(shown_effect(current, bracket)),
            _("{phrase}, {places}: {points} points {way}, read by {filters}").format(
                phrase=phrase(bracket.tokens, words),
                places=places(bracket.start, bracket.width),
                points=points(shown_effect(current, bracket)),
                way=towards(shown_effect(current, bracket)),
                filters=filter_count(len(bracket.filters)),
            ),
            side(shown_effect(current, bracket)),
            abs(shown_effect(current, bracket)) / most,
            bracket == chosen,
        )
        for bracket in drawn
    ]
    changed = set(shown.changed)
    tokens = [
        Token(
            words[token],
            _("token {n}: {word}").format(n=place + 1, word=words[token])
            + (
                _(", it was {word}").format(word=words[shown.start[place]])
                if place in changed
                else ""
            ),
            _("was {word}").format(word=words[shown.start[place]])
            if place in changed
            else str(place + 1),
            place in changed,
            place == at,
            padding[place],
        )
        for place, token in enumerate(shown.tokens)
    ]
    html.quiet(
        _(
            "A bracket is an n-gram that at least one filter chose as its best match, with what it "
            "is worth in points of P(real): ▲ towards real, ▼ (double line) towards fake. Choose a "
            "bracket to see the sum, a token to change it. Arrow keys move."
        )
    )
    brackets(
        tokens,
        arcs,
        "d-brackets",
        on_bracket=lambda start, width: url_state.put(bracket=f"{start + 1}.{width}"),
        on_token=lambda index: url_state.put(at=index + 1),
    )
    left_out = len(current.brackets) - len(drawn)
    with st.container():  # also when it is empty: what stands below keeps its place and its focus
        if left_out:
            html.quiet(
                _("{n} weaker phrases are not drawn; all of them stand in the table below.").format(
                    n=left_out
                )
            )
