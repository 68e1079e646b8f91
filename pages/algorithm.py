"""STUB"""

import streamlit as st

from pages.ui import nav
from pages.ui.picked import pick
from pages.ui.text import _


def draw() -> None:
    st.title(_("Soon"), anchor=False)
    pick()


nav.show(draw)
