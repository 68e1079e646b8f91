"""D on one sequence: its score, the phrases behind it, and the calculation of one of them."""

import streamlit as st

from pages.ui.common import choice, html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.i18n import escape
from pages.ui.common.model_picker import PickedModel
from pages.ui.common.run.token_reader import reader
from pages.ui.discriminator.ngram_brackets import Arc, Token, brackets
from pages.ui.discriminator.sequence_choice import EditedSequence, choose
from pages.ui.discriminator.token_edit import edit, what_changed
from pages.ui.discriminator.worked_example import table, worked
from seqgan_core.figures.discriminator import findings
from seqgan_core.figures.discriminator.findings import (
    effect_words,
    filter_count,
    places,
    points,
    shown_effect,
    side,
)
from seqgan_core.insight.discriminator.attribution import (
    Attribution,
    Bracket,
    attribution_at,
    sequence_options,
)
from seqgan_core.insight.token_reader import Reader
from seqgan_core.messages import _, ngettext, remark

COUNTS = ("10", "5", "20", "all")


def attribution(picked: PickedModel) -> None:
    """Draw the section."""
    models, run_id, step = session.lab().models, picked.record.id, picked.step
    options = result(
        ("d-offered", run_id, step),
        lambda: sequence_options(models, run_id, step),
        _("Opening the model and its data"),
    )
    if options is None:
        return
    read = reader(picked.record.config)
    left, right = st.columns([2.4, 1], vertical_alignment="bottom")
    with left:
        shown = choose(options, run_id, read)
    labels = {n: _("the {n} strongest").format(n=n) for n in COUNTS} | {"all": _("all")}
    count = choice.one_of(
        "show", _("Phrases shown"), labels, key="discriminator-show", widget="select", place=right
    )
    current = _reading(picked, shown.tokens)
    original = current if not shown.changed else _reading(picked, shown.start)
    if current is None or original is None:
        return
    if not options.d_updates:
        st.info(remark("discriminator.untrained-filters"), icon=":material/info:")
    with st.container(key="discriminator-verdict"):
        _verdict(current, original)
    at = url_state.number("at", 0, 0, len(shown.tokens))
    chosen = _chosen(current)
    _draw(current, shown, read, chosen, at - 1, 10**6 if count == "all" else int(count))
    edit(picked, shown, read, at - 1 if at else None)
    html.notices(findings.sequence(current, original, read))
    with st.container():
        if shown.changed:
            what_changed(original, current, read)
    if chosen is not None:
        worked(current, chosen, read)
    table(current, read)


def _reading(picked: PickedModel, tokens: tuple[int, ...]) -> Attribution | None:
    models, run_id, step = session.lab().models, picked.record.id, picked.step
    return result(
        ("d-reading", run_id, step, tokens),
        lambda: attribution_at(models, run_id, step, tokens),
        _("Switching filters off one at a time"),
    )


def _chosen(current: Attribution) -> Bracket | None:
    """The bracket of the address, else the strongest."""
    linked = url_state.text("bracket")
    named = (
        bracket for bracket in current.brackets if f"{bracket.start + 1}.{bracket.width}" == linked
    )
    return next(named, next(iter(current.brackets), None))


def _verdict(current: Attribution, original: Attribution) -> None:
    """D's score as a number, a word and a place between fake and real."""
    words = (_("clearly fake"), _("more likely fake"), _("more likely real"), _("clearly real"))
    word = words[(current.score > 0.1) + (current.score > 0.5) + (current.score > 0.9)]
    before = was = ""
    if current.tokens != original.tokens:
        before = f"{original.score:.4f} → "
        was = (
            f'<i class="was" style="left:{100 * original.score:.2f}%" '
            f'title="{escape(_("before"))}"></i>'
        )
    st.html(
        f'<div class="verdict"><p class="big" role="status">'
        f"<small>D(Y) = {before}</small>{current.score:.4f} <small>{escape(word)}</small></p>"
        f'<div class="track" aria-hidden="true"><div class="rail">{was}'
        f'<i style="left:{100 * current.score:.2f}%"></i></div><div class="ends">'
        f'<span class="f">▼ {escape(_("fake"))} 0</span>'
        f'<span class="r">1 {escape(_("real"))} ▲</span></div></div></div>'
    )


def _draw(
    current: Attribution,
    shown: EditedSequence,
    read: Reader,
    chosen: Bracket | None,
    at: int,
    count: int,
) -> None:
    effects = {bracket: shown_effect(current, bracket) for bracket in current.brackets}
    drawn = [bracket for bracket, effect in effects.items() if side(effect) != "none"][:count]
    if chosen is not None and chosen not in drawn:
        drawn.append(chosen)
    most = max((abs(effects[bracket]) for bracket in drawn), default=0.0) or 1.0
    arcs = [
        Arc(
            bracket.start,
            bracket.width,
            points(effects[bracket]),
            " · ".join([
                effect_words(effects[bracket]),
                read.phrase(bracket.tokens),
                places(bracket.start, bracket.width),
                filter_count(len(bracket.filters)),
            ]),
            side(effects[bracket]),
            abs(effects[bracket]) / most,
            bracket == chosen,
        )
        for bracket in drawn
    ]  # fmt: skip
    names, before, padding = (
        read.names(shown.tokens), read.names(shown.start), read.padding(shown.tokens)
    )  # fmt: skip
    tokens = []
    for place, name in enumerate(names):
        changed = place in shown.changed
        note = _("was {token}").format(token=before[place]) if changed else str(place + 1)
        label = _("{token} {note} · position {n}").format(token=name, note=note, n=place + 1)
        tokens.append(Token(name, label, note, changed, place == at, padding[place]))
    html.quiet(remark("discriminator.brackets"))
    brackets(
        tokens,
        arcs,
        "discriminator-brackets",
        on_bracket=lambda start, width: url_state.put(bracket=f"{start + 1}.{width}"),
        on_token=_choose_token,
    )
    left_out = len(current.brackets) - len(drawn)
    with st.container():  # also when it is empty: what stands below keeps its place and its focus
        if left_out:
            html.quiet(
                ngettext(
                    "{n} weaker phrase is not drawn; the table below lists all of them.",
                    "{n} weaker phrases are not drawn; the table below lists all of them.",
                    left_out,
                )
            )


def _choose_token(index: int) -> None:
    url_state.put(at=index + 1)
    st.session_state["discriminator-clicks"] = st.session_state.get("discriminator-clicks", 0) + 1
