"""Which tune is real? Two to listen to, and what the votes say."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.ui.common import html
from pages.ui.common.background_job import result
from pages.ui.common.errors import show_errors
from pages.ui.common.session import lab
from pages.ui.make import corpus_download, votes
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.music import quantisation_text
from pages.ui.make.music.cards.player import Playback
from pages.ui.make.music.cards.score_cards import melodies
from pages.ui.make.music.settings import TuneSettings
from pages.ui.make.screen_kind import MUSIC
from seqgan_core.insight.writing.quiz import TuneQuestion, tune_question
from seqgan_core.messages import _

PLACES = (_("First"), _("Second"))


def quiz(settings: TuneSettings) -> None:
    """Draw the quiz on the main model; its own fragment, so that a vote redraws nothing else."""
    st.header(_("Which one is real?"), anchor=False)
    model = settings.main
    html.quiet(
        _(
            "One of two stretches is of a real tune that was kept from training, the other was "
            "made by {name}. Both are in the steps that the model knows. Same instrument, same "
            "tempo, order by lot. Listen to both and choose "
            "the real one; the votes stay in this library, without a name. Bars of both are only "
            "counted off, in 4/4 from the first step, whatever the metre of the real tune."
        ).format(name=model.title)
    )
    if corpus_download.is_here(model.config.corpus):
        st.fragment(_quiz)(model, Playback.of(settings))
        return
    why = _("To hear real tunes beside new ones, the real ones must be on this machine.")
    corpus_download.offer(model.config.corpus, why, "quiz")


@show_errors()
def _quiz(model: ModelOption, playback: Playback) -> None:
    session, number = votes.session(), votes.round_of(model.key)
    pair: TuneQuestion | None = result(
        ("tune quiz", model.key, session, number),
        partial(tune_question, lab().models, model.key, session, number),
        _("Drawing two"),
    )
    if pair is None:
        return
    chosen = votes.chosen(model.key, number)
    _pair(model, playback, pair, number, chosen)
    if chosen is not None:
        votes.answer(MUSIC.task, model.key, votes.REAL, right=chosen == pair.real)
    votes.results(MUSIC.task, votes.REAL)


def _pair(
    model: ModelOption, playback: Playback, pair: TuneQuestion, number: int, chosen: int | None
) -> None:
    tunes = []
    common = 0 if model.config.transpose else None  # alike for both, or it would tell
    for place, tokens in enumerate(pair.tokens):
        title, notes = PLACES[place], []
        if chosen is not None:
            title, notes = _revealed(pair, place, mine=place == chosen)
        tunes.append(
            playback.tune(str(place), title, tokens, pair.form, notes=notes, fifths=common)
        )
    melodies(
        tunes,
        f"make.{MUSIC.task}.quiz",
        action=_("This one is real") if chosen is None else "",
        on_choose=lambda place: _vote(model, pair, number, int(place)),
    )


def _revealed(pair: TuneQuestion, place: int, *, mine: bool) -> tuple[str, list[str]]:
    """The title of a card once the vote is given, and what stands under the real one."""
    real = place == pair.real
    parts = [
        PLACES[place],
        _("real: “{tune}”").format(tune=pair.tune) if real else pair.title,
        *([_("your choice")] if mine else []),
    ]
    if not real:
        return " · ".join(parts), []
    notes = [
        _("From: {book}").format(book=pair.book),
        *quantisation_text.of_tune(pair.quantisation, pair.form),
    ]
    if pair.moved:
        notes.append(
            _(
                "It is in {key} there, and was moved {n} semitones {way}: the model learned all "
                "tunes in C major or A minor."
            ).format(key=pair.key, n=abs(pair.moved), way=_("up") if pair.moved > 0 else _("down"))
        )
    return " · ".join(parts), notes


@show_errors()
def _vote(model: ModelOption, pair: TuneQuestion, number: int, place: int) -> None:
    votes.choose(MUSIC.task, model.key, number, pair.seed, pair.shown, place, pair.real)
