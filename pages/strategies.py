"""Strategies: how often each player moves decides between learning, stalling and collapse."""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.i18n import long_text, plain
from pages.ui.strategies.one_at_a_time import one_at_a_time
from pages.ui.strategies.sections import grid, paper
from pages.ui.strategies.settings import choose_axis, choose_panel, study_of
from pages.ui.strategies.study_source import choose_study, command
from seqgan_core.messages import _


def draw() -> None:
    html.style("strategies")
    st.title(_("Who may move, and how often?"), anchor=False)
    html.lede(
        _(
            "The balance of the two players decides between learning, stalling and collapse. A "
            "round gives G its updates, the g-steps, and D its sets of fresh negatives, the "
            "d-steps, with k epochs on each."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="strategies-settings"):
        panel = choose_panel()
        study = choose_study(study_of(panel))
        axis = choose_axis()
    if study.problem:
        st.info(plain(study.problem), icon=":material/info:")
    {"paper": paper, "grid": grid, "knobs": one_at_a_time}[panel](study, axis)
    html.quiet(_("This makes the recorded study anew; stopped and repeated, it goes on:"))
    st.code(command(study.name), language="bash", wrap_lines=True)
    with st.expander(
        _("How this is measured, and what the paper saw"), icon=":material/menu_book:"
    ):
        st.markdown(long_text("strategies"))


navigation.show(draw)
