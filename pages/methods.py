"""Methods: which one wins depends on the metric, the seeds, and what one observation is."""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.methods import sections
from pages.ui.methods.comparison_source import choose
from seqgan_core.messages import _, long_text, remark


def draw() -> None:
    html.style("methods")
    st.title(_("Which method wins?"), anchor=False)
    html.lede(remark("methods.depends"))
    source = choose()
    if source is not None:
        sections.draw(source)
    with st.expander(_("How this is measured, and its limits"), icon=":material/menu_book:"):
        st.markdown(long_text("methods"))


navigation.show(draw)
