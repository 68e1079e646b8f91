"""Speeches: new sentences, how new they are, and whether anybody can tell."""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.make.page import page
from pages.ui.make.screen_kind import SPEECHES
from seqgan_core.messages import _


def draw() -> None:
    st.title(_("New sentences: do they sound right, and are they new?"), anchor=False)
    html.lede(
        _(
            "A model has read a president's speeches and writes its own sentences, one word after "
            "the other. Nobody ever said them; see how much of each is copied."
        )
    )
    page(SPEECHES)


navigation.show(draw)
