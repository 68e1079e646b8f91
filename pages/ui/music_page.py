"""What the screen Music draws, from new tunes down to tunes of one's own."""

from __future__ import annotations

import streamlit as st

from pages.ui import make_who, nav, pieces, service
from pages.ui.make_kind import MUSIC
from pages.ui.make_writer import about
from pages.ui.music_continue import go_on
from pages.ui.music_judged import judged
from pages.ui.music_listen import listen
from pages.ui.music_own import own
from pages.ui.music_quiz import quiz
from pages.ui.music_settings import Asked, settings
from pages.ui.music_train import train
from pages.ui.text import ASSETS, _, long_text


def page() -> None:
    """Everything under the title."""
    st.html(ASSETS / "make.css")
    service.lab()  # before anything asks for the library
    found = make_who.writers(MUSIC)
    if found:
        _made(settings(found))
    else:
        _nobody()
    judged()
    own()
    train()
    with st.expander(_("How to read this page"), icon=":material/menu_book:"):
        st.markdown(long_text(MUSIC.report))


def _made(asked: Asked) -> None:
    listen(asked)
    if not asked.hidden:
        for writer in asked.writers:
            about(writer)
    go_on(asked)
    quiz(asked)


def _nobody() -> None:
    pieces.empty(
        _("Nobody can compose here yet"),
        _(
            "Models ship in assets/models; none is there. Train half a minute on tunes below, or "
            "longer in the training lab, and new tunes stand here."
        ),
    )
    st.page_link(nav.TRAINING_LAB, label=_("Open the training lab"), icon=":material/science:")
