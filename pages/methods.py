"""Methods: which one wins depends on the metric, the seeds, and what one observation is."""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.i18n import long_text
from pages.ui.methods import sections
from pages.ui.methods.comparison_source import choose
from seqgan_core.messages import _


def draw() -> None:
    html.style("methods")
    st.title(_("Which method wins? It depends on three choices"), anchor=False)
    html.lede(
        _(
            "On the metric, on the seeds, and on what counts as one observation. The same models "
            "can win or lose by each; here every one of the three can be turned."
        )
    )
    source = choose()
    if source is not None:
        sections.all_sections(source)
    with st.expander(_("How this is measured, and what to beware of"), icon=":material/menu_book:"):
        st.markdown(long_text("methods"))


navigation.show(draw)
