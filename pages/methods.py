"""Methods: which one wins depends on the metric, the seeds, and what one observation is."""

import streamlit as st

from pages.ui import methods_parts, nav, pieces
from pages.ui.methods_source import choose
from pages.ui.text import ASSETS, _, long_text


def draw() -> None:
    st.html(ASSETS / "methods.css")
    st.title(_("Which method wins? It depends on three choices"), anchor=False)
    pieces.lede(
        _(
            "On the metric, on the seeds, and on what counts as one observation. The same models "
            "can win or lose by each; here every one of the three can be turned."
        )
    )
    source = choose()
    if source is not None:
        methods_parts.all_parts(source)
    with st.expander(_("How this is measured, and what to beware of"), icon=":material/menu_book:"):
        st.markdown(long_text("methods"))


nav.show(draw)
