"""Which tune is real? Two to hear, and what the votes say."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.ui import make_fetch, make_votes, music_evened, pieces, service
from pages.ui.errors import told
from pages.ui.make_kind import MUSIC
from pages.ui.make_who import Writer
from pages.ui.melody_view import melodies
from pages.ui.music_hear import Played
from pages.ui.music_settings import Asked
from pages.ui.text import _
from pages.ui.waiting import result
from seqgan_core.insight.tune_quiz import TuneQuestion, tune_question

PLACES = (_("First"), _("Second"))


def quiz(asked: Asked) -> None:
    """Draw the quiz on the main writer; its own fragment, so that a vote redraws nothing else."""
    st.header(_("Which one is real?"), anchor=False)
    writer = asked.main
    pieces.quiet(
        _(
            "One of two stretches is of a real tune that was kept from training, the other was "
            "made by {name}. Both are in the steps that the model knows. Same instrument, same "
            "tempo, order by lot. Listen to both and choose "
            "the real one; the votes stay in this library, without a name. Bars of both are only "
            "counted off, in 4/4 from the first step, whatever the metre of the real tune."
        ).format(name=writer.title)
    )
    if make_fetch.here(writer.config.corpus):
        st.fragment(_quiz)(writer, Played.as_asked(asked))
        return
    why = _("To hear real tunes beside new ones, the real ones must be on this machine.")
    make_fetch.fetch(writer.config.corpus, why, "quiz")


@told
def _quiz(writer: Writer, played: Played) -> None:
    session, number = make_votes.session(), make_votes.round_of(writer.key)
    found: TuneQuestion | None = result(
        ("tune quiz", writer.key, session, number),
        partial(tune_question, service.lab().models, writer.key, session, number),
        _("Drawing two"),
    )
    if found is None:
        return
    chosen = make_votes.chosen(writer.key, number)
    _pair(writer, played, found, number, chosen)
    if chosen is not None:
        make_votes.answer(MUSIC.task, writer.key, make_votes.REAL, right=chosen == found.real)
    make_votes.results(MUSIC.task, make_votes.REAL)


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
        _("real: “{tune}”").format(tune=found.tune) if real else found.author,
        *([_("your choice")] if mine else []),
    ]
    if not real:
        return " · ".join(parts), []
    notes = [
        _("From: {book}").format(book=found.book),
        *music_evened.of_tune(found.evened, found.form),
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


@told
def _vote(writer: Writer, found: TuneQuestion, number: int, place: int) -> None:
    make_votes.choose(MUSIC.task, writer.key, number, found.seed, found.shown, place, found.real)
