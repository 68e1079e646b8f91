"""Poems: new verse, how new it is, and whether anybody can tell."""

import streamlit as st

from pages.ui import nav, pieces
from pages.ui.make_kind import POEMS
from pages.ui.make_page import page
from pages.ui.text import _


def draw() -> None:
    st.title(_("New verse: does it read well, and is it new?"), anchor=False)
    pieces.lede(
        _(
            "A model has read thousands of poems and writes its own, one character after the "
            "other. Read them, see what is copied, and guess which are human."
        )
    )
    page(POEMS)


nav.show(draw)
