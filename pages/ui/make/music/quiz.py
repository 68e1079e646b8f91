"""Which tune is real? Two to hear, and what the votes say."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.ui.common import html
from pages.ui.common import session as service
from pages.ui.common.background_job import result
from pages.ui.common.errors import show_errors
from pages.ui.common.i18n import _
from pages.ui.make import corpus_download, votes
from pages.ui.make.model_choice import Writer
from pages.ui.make.music import quantisation_text
from pages.ui.make.music.cards.player import Played
from pages.ui.make.music.cards.score_cards import melodies
from pages.ui.make.music.settings import Asked
from pages.ui.make.screen_kind import MUSIC
from seqgan_core.insight.writing.quiz import TuneQuestion, tune_question

PLACES = (_("First"), _("Second"))


def quiz(asked: Asked) -> None:
    """Draw the quiz on the main writer; its own fragment, so that a vote redraws nothing else."""
    st.header(_("Which one is real?"), anchor=False)
    writer = asked.main
    html.quiet(
        _(
            "One of two stretches is of a real tune that was kept from training, the other was "
            "made by {name}. Both are in the steps that the model knows. Same instrument, same "
            "tempo, order by lot. Listen to both and choose "
            "the real one; the votes stay in this library, without a name. Bars of both are only "
            "counted off, in 4/4 from the first step, whatever the metre of the real tune."
        ).format(name=writer.title)
    )
    if corpus_download.here(writer.config.corpus):
        st.fragment(_quiz)(writer, Played.as_asked(asked))
        return
    why = _("To hear real tunes beside new ones, the real ones must be on this machine.")
    corpus_download.fetch(writer.config.corpus, why, "quiz")


@show_errors()
def _quiz(writer: Writer, played: Played) -> None:
    session, number = votes.session(), votes.round_of(writer.key)
    found: TuneQuestion | None = result(
        ("tune quiz", writer.key, session, number),
        partial(tune_question, service.lab().models, writer.key, session, number),
        _("Drawing two"),
    )
    if found is None:
        return
    chosen = votes.chosen(writer.key, number)
    _pair(writer, played, found, number, chosen)
    if chosen is not None:
        votes.answer(MUSIC.task, writer.key, votes.REAL, right=chosen == found.real)
    votes.results(MUSIC.task, votes.REAL)


def _pair(
    writer: Writer, played: Played, found: TuneQuestion, number: int, chosen: int | None
) -> None:
    tunes = []
    common = 0 if writer.config.transpose else None  # alike for both, or it would tell
    for place, tokens in enumerate(found.tokens):
        title, notes = PLACES[place], []
        if chosen is not None:
            title, notes = _revealed(found, place, mine=place == chosen)
        tunes.append(played.tune(str(place), title, tokens, found.form, notes=notes, fifths=common))
    melodies(
        tunes,
        f"make.{MUSIC.task}.quiz",
        action=_("This one is real") if chosen is None else "",
        on_choose=lambda place: _vote(writer, found, number, int(place)),
    )


def _revealed(found: TuneQuestion, place: int, *, mine: bool) -> tuple[str, list[str]]:
    """The title of a card once the vote is given, and what stands under the real one."""
    real = place == found.real
    parts = [
        PLACES[place],
        _("real: “{tune}”").format(tune=found.tune) if real else found.title,
        *([_("your choice")] if mine else []),
    ]
    if not real:
        return " · ".join(parts), []
    notes = [
        _("From: {book}").format(book=found.book),
        *quantisation_text.of_tune(found.evened, found.form),
    ]
    if found.moved:
        notes.append(
            _(
                "It is in {key} there, and was moved {n} semitones {way}: the model learned all "
                "tunes in C major or A minor."
            ).format(
                key=found.key, n=abs(found.moved), way=_("up") if found.moved > 0 else _("down")
            )
        )
    return " · ".join(parts), notes


@show_errors()
def _vote(writer: Writer, found: TuneQuestion, number: int, place: int) -> None:
    votes.choose(MUSIC.task, writer.key, number, found.seed, found.shown, place, found.real)
