"""Strategies: the balance of the two players decides between learning, stalling and collapse."""

import streamlit as st

from pages.ui import nav, pieces
from pages.ui.text import _


def draw() -> None:
    st.title(_("The balance of the two players"), anchor=False)
    pieces.empty(_("Not built yet"), _("The paper's four strategies and a grid around them."))


nav.show(draw)
