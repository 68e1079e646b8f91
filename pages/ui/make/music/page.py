"""What the screen Music draws, from new tunes down to tunes of one's own."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.i18n import _, long_text
from pages.ui.make import model_choice
from pages.ui.make.model_card import about
from pages.ui.make.music.continuation.section import go_on
from pages.ui.make.music.music_judged import judged
from pages.ui.make.music.quick_train import train
from pages.ui.make.music.quiz import quiz
from pages.ui.make.music.samples import listen
from pages.ui.make.music.settings import Asked, settings
from pages.ui.make.music.upload import own
from pages.ui.make.screen_kind import MUSIC


def page() -> None:
    """Everything under the title."""
    html.style("make")
    session.lab()  # before anything asks for the library
    found = model_choice.writers(MUSIC)
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
    html.empty(
        _("Nobody can compose here yet"),
        _(
            "Models ship in assets/models; none is there. Train half a minute on tunes below, or "
            "longer in the training lab, and new tunes stand here."
        ),
    )
    st.page_link(navigation.LAB, label=_("Open the training lab"), icon=":material/science:")
