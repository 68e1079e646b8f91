"""Strategies: how often each model is updated decides between learning, stalling and collapse."""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.tabs import Tab, tabs
from pages.ui.strategies.sections import about_tab, factors_tab, grid_tab, paper_tab
from seqgan_core.messages import _, remark


def draw() -> None:
    html.style("strategies")
    st.title(_("Strategies"), anchor=False)
    html.lede(remark("strategies.lede"))
    sections = [
        Tab("paper", _("The paper's settings"), paper_tab),
        Tab("grid", _("Grid"), grid_tab),
        Tab("knobs", _("One setting at a time"), factors_tab),
        Tab("about", _("How it is measured"), about_tab),
    ]
    tabs("panel", sections, key="strategies-panel")


navigation.show(draw)
