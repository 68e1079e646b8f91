"""Branch: a new run from a checkpoint of another, with other settings."""

from collections.abc import Mapping

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.buttons import action
from pages.ui.lab import setting_widgets
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _, remark
from seqgan_core.runs.branching import FIXED
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.config import TrainConfig


def branch(record: RunRecord) -> None:
    """Open a dialog that asks for the checkpoint and the changes, then train the branch."""
    st.dialog(_("Branch from a checkpoint"))(_dialog)(record)


def _dialog(record: RunRecord) -> None:
    lab = session.lab()
    epochs = {point.step: point.epoch for point in lab.store.checkpoints(record.id)}
    if not epochs:
        html.quiet(remark("lab.no-checkpoint", n=record.config.checkpoint_every))
        return
    steps, usual = list(epochs), _usual_step(record, epochs)
    step = st.selectbox(
        _("From epoch"), steps, index=steps.index(usual), key="branch.step",
        format_func=lambda at: f"{epochs[at]:g}",
    )  # fmt: skip
    names = st.multiselect(
        _("Settings to change"), [name for name in TrainConfig.model_fields if name not in FIXED],
        format_func=setting_widgets.label, key="branch.names",
        placeholder=_("none: continue with the same settings"),
    )  # fmt: skip
    changes = {
        name: setting_widgets.widget(name, getattr(record.config, name), f"branch.{name}")
        for name in names
    }
    usual_name = _("{name}, from epoch {epoch:g}").format(name=record.name, epoch=epochs[step])
    name = st.text_input(_("Name"), placeholder=visible_text(usual_name), key="branch.name").strip()

    def start() -> None:
        child = lab.manager.branch(record.id, step, changes, name or usual_name)
        url_state.put(run=child, step=None)

    action(_("Train the branch"), "call_split", "branch.start", start, type="primary")


def _usual_step(record: RunRecord, epochs: Mapping[int, float]) -> int:
    """The checkpoint shown, or the end of pre-training; not the last, which would train nothing."""
    at = url_state.step_shown()
    epoch = record.config.pretrain_epochs
    earlier = [
        step
        for step in epochs
        if (step <= at if at is not None else epochs[step] <= epoch and step < max(epochs))
    ]
    return max(earlier, default=min(epochs))
