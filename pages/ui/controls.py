"""The buttons that drive a run, and what one may take away from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui import address, fields, pieces, service
from pages.ui.errors import told
from pages.ui.text import _
from seqgan_core.figures.settings import command_line, differences
from seqgan_core.runs.records import RESUMABLE
from seqgan_core.runs.store import RunRecord
from seqgan_core.training.config import TrainConfig, field_info
from seqgan_core.training.presets import PRESETS


def controls(record: RunRecord) -> None:
    """Name and status, then the buttons that make sense now; the others are greyed, not gone."""
    manager = service.lab().manager
    state = manager.state()
    mine = state.active == record.id
    doing = state.status if mine else record.status
    waiting = record.id in state.queue
    can_resume = not waiting and (doing == "paused" or (not mine and record.status in RESUMABLE[3:]))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(pieces.status_html(_word(doing)))
        if waiting:
            pieces.quiet(_("place {n} in the queue").format(n=state.queue.index(record.id) + 1))
    with st.container(horizontal=True, key="run-buttons"):
        if doing == "running" or (mine and doing in ("starting", "pausing")):
            _button(_("Pause"), "pause", doing == "running", manager.pause, record.id)
        else:
            _button(_("Resume"), "play_arrow", can_resume, manager.resume, record.id)
        _button(_("One round"), "skip_next", can_resume, manager.one_round, record.id)
        _button(_("Stop"), "stop", waiting or (mine and doing != "stopping"), manager.stop, record.id)
        if st.button(_("Branch"), icon=":material/call_split:", key="do.branch",
                     help=_("Train on from a checkpoint, with other settings, as a run of its own")):  # fmt: skip
            _branch(record)
        looking = address.step_shown() is not None
        st.button(
            _("Back to now") if looking else _("Look back"), icon=":material/history:", key="do.look",
            help=_("Walk through the run as it stood at each evaluation"),
            on_click=_toggle_look, args=(record, looking),
        )  # fmt: skip
        _take_away(record)


def _button(label: str, icon: str, enabled: bool, act: Callable[[str], Any], run_id: str) -> None:
    if st.button(label, icon=f":material/{icon}:", disabled=not enabled, key=f"do.{icon}"):
        told(act)(run_id)
        st.rerun(scope="fragment")


def _word(doing: str) -> str:
    return {"starting": "running", "pausing": "running", "stopping": "running", "idle": "queued"}.get(doing, doing)


def _toggle_look(record: RunRecord, looking: bool) -> None:
    address.set_step(None if looking else record.step)


def _take_away(record: RunRecord) -> None:
    with st.popover(_("Take away"), icon=":material/download:"):
        frame = service.lab().store.frame(record.id, "Evaluated").drop(columns="followed", errors="ignore")
        st.download_button(
            _("Evaluations as CSV"), lambda: frame.to_csv(index=False), f"{record.id}.csv", "text/csv",
            icon=":material/table:", on_click="ignore", key="take.csv",
        )  # fmt: skip
        st.markdown(_("The same run from a terminal:"))
        st.code(command(record), language="bash", wrap_lines=True)


def command(record: RunRecord) -> str:
    """The command that trains this run again."""
    preset = record.preset if record.preset in PRESETS else "paper"
    return command_line(preset, differences(PRESETS[preset].model_dump(), record.config.model_dump()))


@st.dialog(_("Branch from a checkpoint"))
def _branch(record: RunRecord) -> None:
    lab = service.lab()
    points = {point.step: point.epoch for point in lab.store.checkpoints(record.id)}
    if not points:
        pieces.quiet(_("This run has no checkpoint yet. One is saved every {n} epochs or rounds, and at each pause.").format(n=record.config.checkpoint_every))
        return
    shown = address.step_shown()
    steps = list(points)
    default = max((step for step in steps if shown is None or step <= shown), default=steps[0])
    step = st.selectbox(
        _("From epoch"), steps, index=steps.index(default), format_func=lambda at: f"{points[at]:g}"
    )
    names = st.multiselect(
        _("Settings to change"), [n for n in TrainConfig.model_fields if field_info(n)["group"] in ("run", "mle", "adversarial", "measure", "discriminator")],
        format_func=fields.label,
    )  # fmt: skip
    changes = {name: fields.widget(name, getattr(record.config, name), f"branch.{name}") for name in names}
    name = st.text_input(_("Name"), placeholder=_("{name}, from step {step}").format(name=record.name, step=step))
    if st.button(_("Train the branch"), type="primary", icon=":material/call_split:"):
        child = told(lab.manager.branch)(record.id, step, changes, name.strip() or None)
        if child:
            address.show(child)
            st.rerun()
