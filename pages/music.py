"""Music: new tunes to see, hear and keep, and whether anybody can tell."""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.make.page import page
from pages.ui.make.screen_kind import MUSIC
from seqgan_core.messages import _


def draw() -> None:
    st.title(_("New tunes: do they sound made by hand?"), anchor=False)
    html.lede(
        _(
            "A model has learned from old books of fiddle tunes and writes its own, one eighth "
            "note after the other. Press play, draw a beginning, and guess which tune is real."
        )
    )
    page(MUSIC)


navigation.show(draw)
