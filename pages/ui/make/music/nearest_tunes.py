"""A new tune's neighbours in the book: the tune it copies from, and the one it is nearest to."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.component import component
from pages.ui.common.i18n import _, plain
from pages.ui.make.music import quantisation_text
from pages.ui.make.music.cards import tune_cards
from pages.ui.make.music.cards.score_cards import Tune, melodies
from pages.ui.make.music.settings import Asked
from seqgan_core.insight.writing.samples import CopyReport, SampleSet
from seqgan_core.insight.writing.tunes import melody_of
from seqgan_core.tasks.corpus import Sequence

NAME = "near"  # in the address: of which dice, which writer's tune, and which of them
ASKED = "make.music.near.asked"  # that it was asked for here, and not by a link

_look_here = component("scroll_into_view", html='<div class="look-here"></div>')


def choose(seed: int, index: int, number: str) -> None:
    """Show the neighbours of that tune: for a card's button."""
    url_state.put(**{NAME: f"{seed}.{index}.{number}"})
    st.session_state[ASKED] = f"{seed}.{index}.{number}"


def near(asked: Asked, found: list[SampleSet], laid: list[CopyReport | None]) -> None:
    """Draw the neighbours of the tune that the address names, if there is one."""
    chosen = _chosen(found)
    if chosen is None or (beside := laid[chosen[0]]) is None:
        return
    index, number = chosen
    form = found[index].sampler.config.music_form
    copied, one = beside.copied[number], found[index]
    name = f"{tune_cards.name_of(asked, index)} · {number + 1}"
    shown = []
    if copied.run and copied.holder != copied.nearest:
        said = _("It holds what {name} copies, {n} steps of it, from its step {at} on.")
        at = _place(copied.run, copied.holder)
        shown.append((copied.holder_title, copied.holder, copied.holder_evened, said.format(
            n=len(copied.run), name=name, at=at + 1)))  # fmt: skip
    if copied.nearest:
        said = _("The nearest of {n:,} stretches learned from: {changes}.")
        shown.append((copied.nearest_title, copied.nearest, copied.nearest_evened, said.format(
            n=beside.training, changes=tune_cards.change_words(copied.distance))))  # fmt: skip
    with st.container(border=True, key="music-near"):
        _look_here(key="make.music.near.look", data={"asked": st.session_state.get(ASKED, "")})
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(_('Real tunes near to {name}').format(name=name))}**")
            st.button(
                _("Close"), icon=":material/close:", key="make.music.near.close",
                on_click=url_state.put, kwargs={NAME: None},
            )  # fmt: skip
        melodies(
            [
                Tune(
                    str(at), _("Real: {title}").format(title=title),
                    melody_of(one.sampler, _tokens(one, words), asked.tempo(asked.writers[index])),
                    asked.instrument, notes=[said, *quantisation_text.of_tune(changed, form)],
                    fifths=0 if one.sampler.config.transpose else None,
                )
                for at, (title, words, changed, said) in enumerate(shown)
            ],
            "make.music.near",
        )  # fmt: skip
        if one.sampler.config.transpose:
            html.quiet(
                _("These sound in C major or A minor: so they were moved before it learned them.")
            )


def _chosen(found: list[SampleSet]) -> tuple[int, int] | None:
    """Which writer's tune and which of them; None where the address names no tune that is shown."""
    wanted = url_state.text(NAME)
    seed = found[0].request.seed
    for index, one in enumerate(found):
        for number in range(len(one.tokens)):
            if wanted == f"{seed}.{index}.{number}":
                return index, number
    if wanted:
        url_state.put(**{NAME: None})
    return None


def _tokens(one: SampleSet, words: Sequence) -> list[int]:
    return [one.sampler.words.index(word) for word in words]


def _place(run: Sequence, inside: Sequence) -> int:
    """Where a run begins in what holds it."""
    spans = range(len(inside) - len(run) + 1)
    return next(at for at in spans if inside[at : at + len(run)] == run)
