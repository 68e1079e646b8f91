"""What the screens Poems, Speeches and Music draw, from what is new down to one's own."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.i18n import _, long_text
from pages.ui.make import model_choice, quick_train, sample_settings
from pages.ui.make.model_card import about
from pages.ui.make.model_choice import Writer
from pages.ui.make.music import quick_train as music_quick_train
from pages.ui.make.music import quiz as music_quiz
from pages.ui.make.music import settings as music_settings
from pages.ui.make.music import upload as music_upload
from pages.ui.make.music.continuation.section import go_on
from pages.ui.make.music.samples import listen
from pages.ui.make.music.statistics import made_of
from pages.ui.make.recorded_comparison import judged
from pages.ui.make.screen_kind import MUSIC, Kind
from pages.ui.make.text import export, quiz, samples, upload


def page(kind: Kind) -> None:
    """Everything under the title."""
    html.style("make")
    session.lab()  # before anything asks for the library
    found = model_choice.writers(kind)
    if not found:
        _nobody(kind)
    elif kind == MUSIC:
        _tunes(found)
    else:
        _text(kind, found)
    judged(kind)
    if kind == MUSIC:
        made_of()
        music_upload.own()
        music_quick_train.train()
    else:
        upload.own(kind)
        quick_train.train(kind)
    with st.expander(_("How to read this page"), icon=":material/menu_book:"):
        st.markdown(long_text(kind.report))


def _text(kind: Kind, found: dict[str, Writer]) -> None:
    asked = sample_settings.settings(kind, found)
    readings = samples.written(asked.wishes)
    if readings is not None:
        laid = samples.laid_beside(readings)
        samples.draw(kind, asked, readings, laid)
        samples.rule(asked)
        export.keep(kind, readings, laid, hidden=asked.hidden)
    _who(asked.writers, hidden=asked.hidden)
    quiz.quiz(kind, asked.main)


def _tunes(found: dict[str, Writer]) -> None:
    asked = music_settings.settings(found)
    listen(asked)
    _who(asked.writers, hidden=asked.hidden)
    go_on(asked)
    music_quiz.quiz(asked)


def _who(writers: tuple[Writer, ...], *, hidden: bool) -> None:
    if not hidden:
        for writer in writers:
            about(writer)


def _nobody(kind: Kind) -> None:
    if kind == MUSIC:
        html.empty(
            _("Nobody can compose here yet"),
            _(
                "Models ship in assets/models; none is there. Train half a minute on tunes below, "
                "or longer in the training lab, and new tunes stand here."
            ),
        )
    else:
        html.empty(
            _("Nobody can write here yet"),
            _(
                "Models ship in assets/models; none is there. Train half a minute on a text below, "
                "or longer in the training lab, and its {many} stand here."
            ).format(many=kind.many),
        )
    st.page_link(navigation.LAB, label=_("Open the training lab"), icon=":material/science:")
