"""A new tune's neighbours in the book: the tune it copies from, and the one it is nearest to."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.component import component
from pages.ui.common.i18n import plain
from pages.ui.make.music import quantisation_text
from pages.ui.make.music.cards import tune_cards
from pages.ui.make.music.cards.score_cards import Tune, melodies
from pages.ui.make.music.settings import TuneSettings
from seqgan_core.insight.writing.samples import CopyReport, SampleSet
from seqgan_core.insight.writing.tunes import melody_of
from seqgan_core.messages import _
from seqgan_core.tasks.corpus import Sequence

NAME = "near"  # in the address: of which dice, which writer's tune, and which of them
CLICKED = "make.music.near.asked"  # that it was asked for here, and not by a link

_look_here = component("scroll_into_view", html='<div class="look-here"></div>')


def choose(seed: int, index: int, number: str) -> None:
    """Show the neighbours of that tune: for a card's button."""
    url_state.put(**{NAME: f"{seed}.{index}.{number}"})
    st.session_state[CLICKED] = f"{seed}.{index}.{number}"


def nearest_tunes(
    settings: TuneSettings, sample_sets: list[SampleSet], copy_reports: list[CopyReport | None]
) -> None:
    """Draw the neighbours of the tune that the address names, if there is one."""
    chosen = _chosen(sample_sets)
    if chosen is None or (copy_report := copy_reports[chosen[0]]) is None:
        return
    index, number = chosen
    form = sample_sets[index].sampler.config.music_form
    copied, samples = copy_report.copied[number], sample_sets[index]
    bpm = settings.tempo(settings.models[index])
    name = f"{tune_cards.name_of(settings, index)} · {number + 1}"
    neighbours = []
    if copied.run and copied.holder != copied.nearest:
        at = _place(copied.run, copied.holder)
        remark = _("It holds what {name} copies, {n} steps of it, from its step {at} on.").format(
            n=len(copied.run), name=name, at=at + 1
        )
        neighbours.append((copied.holder_title, copied.holder, copied.holder_evened, remark))
    if copied.nearest:
        remark = _("The nearest of {n:,} stretches learned from: {changes}.").format(
            n=copy_report.training, changes=tune_cards.change_words(copied.distance)
        )
        neighbours.append((copied.nearest_title, copied.nearest, copied.nearest_evened, remark))
    with st.container(border=True, key="music-near"):
        _look_here(key="make.music.near.look", data={"asked": st.session_state.get(CLICKED, "")})
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
                    melody_of(samples.sampler, _tokens(samples, words), bpm),
                    settings.instrument, notes=[remark, *quantisation_text.of_tune(changed, form)],
                    fifths=0 if samples.sampler.config.transpose else None,
                )
                for at, (title, words, changed, remark) in enumerate(neighbours)
            ],
            "make.music.near",
        )  # fmt: skip
        if samples.sampler.config.transpose:
            html.quiet(
                _("These sound in C major or A minor: so they were moved before it learned them.")
            )


def _chosen(sample_sets: list[SampleSet]) -> tuple[int, int] | None:
    """Index of the model and number of its tune; None where the address names no tune shown."""
    linked = url_state.text(NAME)
    seed = sample_sets[0].request.seed
    for index, samples in enumerate(sample_sets):
        for number in range(len(samples.tokens)):
            if linked == f"{seed}.{index}.{number}":
                return index, number
    if linked:
        url_state.put(**{NAME: None})
    return None


def _tokens(samples: SampleSet, words: Sequence) -> list[int]:
    return [samples.sampler.words.index(word) for word in words]


def _place(run: Sequence, inside: Sequence) -> int:
    """Where a run begins in what holds it."""
    spans = range(len(inside) - len(run) + 1)
    return next(at for at in spans if inside[at : at + len(run)] == run)
