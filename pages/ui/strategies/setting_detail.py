"""One setting looked at closely: its curves, and its runs in the lab or in the queue."""

import streamlit as st

from pages.ui.common import html, navigation
from pages.ui.common.plotly_chart import charts, tables
from pages.ui.common.run.missing_runs import missing, queue_button
from pages.ui.strategies.study_source import StudyView
from seqgan_core.figures.settings import command_line, differences
from seqgan_core.figures.strategies.curves import curves, frame_of
from seqgan_core.judge.study import Axis, Setting
from seqgan_core.messages import _


def show_setting(study: StudyView, setting: Setting, axis: Axis, name: str = "") -> None:
    """Draw the setting; `name` is what it is called where (g-steps, d-steps, k) says too little."""
    left, right = st.columns([2.3, 1], gap="large")
    with left:
        drawn = curves(setting, frame_of([setting], axis), name)
        charts([[drawn]], "strategies-cell")
        if setting.runs:
            tables([drawn], "strategies-cell")
    with right:
        st.markdown(f"**{_('Runs in your library')}**")
        _runs_of(study, setting)
        html.quiet(_("From a terminal:"))
        base = study.base.model_dump()
        changes = differences(base, base | dict(setting.changes))
        st.code(command_line(study.plan.preset, changes), language="bash", wrap_lines=True)


def _runs_of(study: StudyView, setting: Setting) -> None:
    """A link into the lab for each run that is here, and a button for each that is missing."""
    planned = study.planned.get(setting.key, [])
    if not planned:
        html.quiet(_("This setting was recorded, but the plan no longer contains it."))
        return
    lacking = missing(planned, study.stored_runs)
    for run in planned:
        record = study.stored_runs.get(run)
        if record is not None:
            status, text = html.status_text(record.status), _("Seed {seed} in the lab · {status}")
            label = text.format(seed=record.config.seed, status=status)
            navigation.link(navigation.LAB, label, run=record.id)
        if run in lacking:
            key, label = f"strategies-train-{run.config.seed}", _("Train seed {seed}")
            label = label.format(seed=run.config.seed)
            queue_button(study.plan, [run], study.stored_runs, key=key, label=label)
    if len(lacking) > 1:
        key = "strategies-train-all"
        queue_button(study.plan, lacking, study.stored_runs, key=key, primary=True)
