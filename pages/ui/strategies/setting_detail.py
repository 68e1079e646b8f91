"""One setting looked at closely: its curves, and its runs in the lab or in the queue."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html
from pages.ui.common.plotly_chart import charts
from pages.ui.strategies.missing_runs import runs_of
from pages.ui.strategies.study_source import StudyView
from pages.ui.strategies.tables import rounds_table
from seqgan_core.figures.settings import command_line, differences
from seqgan_core.figures.strategies.curves import curves, frame_of
from seqgan_core.figures.strategies.study import Axis, Setting
from seqgan_core.figures.strategies.verdicts import name_of
from seqgan_core.messages import _


def show_setting(study: StudyView, setting: Setting, axis: Axis, name: str = "") -> None:
    """Draw the setting; `name` is what it is called where (g-steps, d-steps, k) says too little."""
    if not name:
        st.subheader(_("A closer look at {it}").format(it=name_of(setting)), anchor=False)
    left, right = st.columns([2.3, 1], gap="large")
    with left:
        charts([[curves(setting, frame_of([setting], axis), name)]], "strategies.cell")
        if setting.runs:
            with st.expander(_("These curves as a table")):
                rounds_table(setting, name)
    with right:
        st.markdown(f"**{_('Its runs in this library')}**")
        runs_of(study, setting)
        html.quiet(_("The same from a terminal:"))
        changes = differences(study.base, {**study.base, **setting.changes})
        st.code(command_line(study.plan.preset, changes), language="bash", wrap_lines=True)
