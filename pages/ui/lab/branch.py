"""A run of its own from a checkpoint of another, with other settings."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.errors import show_errors
from pages.ui.lab import setting_widgets
from seqgan_core.messages import _
from seqgan_core.runs.branching import FIXED
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.config import TrainConfig


@st.dialog(_("Branch from a checkpoint"))
def branch(record: RunRecord) -> None:
    """Ask from where and with what; then train it."""
    lab = session.lab()
    epochs = {point.step: point.epoch for point in lab.store.checkpoints(record.id)}
    if not epochs:
        every = record.config.checkpoint_every
        html.quiet(
            _(
                "This run has no checkpoint yet. One is saved every {n} epochs or rounds, and at "
                "each pause."
            ).format(n=every)
        )
        return
    steps, shown = list(epochs), url_state.step_shown()
    nearest = max((step for step in steps if shown is None or step <= shown), default=steps[0])
    step = st.selectbox(
        _("From epoch"),
        steps,
        index=steps.index(nearest),
        format_func=lambda at: f"{epochs[at]:g}",
    )
    names = st.multiselect(
        _("Settings to change"),
        [name for name in TrainConfig.model_fields if name not in FIXED],
        format_func=setting_widgets.label,
        placeholder=_("none: the same settings"),
    )
    changes = {
        name: setting_widgets.widget(name, getattr(record.config, name), f"branch.{name}")
        for name in names
    }
    name = st.text_input(
        _("Name"), placeholder=_("{name}, from step {step}").format(name=record.name, step=step)
    )
    if st.button(_("Train the branch"), type="primary", icon=":material/call_split:"):
        with show_errors():
            child = lab.manager.branch(record.id, step, changes, name.strip() or None)
            url_state.show(child)
            st.rerun()
