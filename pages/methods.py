"""Methods: which one wins depends on the metric, the seeds, and what one observation is."""

import streamlit as st

from pages.ui import nav
from pages.ui.text import _


def draw() -> None:
    st.title(_("Which method wins?"), anchor=False)


nav.show(draw)
