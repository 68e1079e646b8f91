"""Speeches: new sentences, how new they are, and whether anybody can tell."""

import streamlit as st

from pages.ui import nav, pieces
from pages.ui.make_kind import SPEECHES
from pages.ui.make_page import page
from pages.ui.text import _


def draw() -> None:
    st.title(_("New sentences: do they sound right, and are they new?"), anchor=False)
    pieces.lede(
        _(
            "A model has read a president's speeches and writes its own sentences, one word after "
            "the other. Nobody ever said them; see how much of each is copied."
        )
    )
    page(SPEECHES)


nav.show(draw)
