"""Poems: new verse, how new it is, and whether anybody can tell."""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.make.page import page
from pages.ui.make.screen_kind import POEMS
from seqgan_core.messages import _


def draw() -> None:
    st.title(_("New verse: does it read well, and is it new?"), anchor=False)
    html.lede(
        _(
            "A model has read thousands of poems and writes its own, one character after the "
            "other. Read them, see what is copied, and guess which are human."
        )
    )
    page(POEMS)


navigation.show(draw)
