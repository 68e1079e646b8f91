"""The buttons that control a run; those that do not apply now are disabled."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.errors import show_errors
from pages.ui.lab.branch import branch
from pages.ui.lab.export import export
from seqgan_core.messages import _, remark
from seqgan_core.runs.records import LIVE, RESUMABLE
from seqgan_core.runs.store import RunRecord

_WORKING = {"starting": "running", "pausing": "running", "stopping": "running"}


def controls(record: RunRecord, *, pretraining: bool) -> None:
    """The run's status, and what can be done with it; `pretraining` before its first round."""
    manager = session.lab().manager
    state = manager.state()
    is_active = state.active == record.id
    status = state.status if is_active else record.status
    is_queued = record.id in state.queue
    ended_early = record.status in RESUMABLE and record.status not in LIVE
    can_resume = not is_queued and (status == "paused" or (ended_early and not is_active))
    with st.container(horizontal=True, vertical_alignment="center", key="run-buttons"):
        _status(_WORKING.get(status, status), state.queue.index(record.id) + 1 if is_queued else 0)
        if is_active and status in ("starting", "running", "pausing"):
            _button(_("Pause"), "pause", status == "running", manager.pause, record.id)
        else:
            _button(_("Resume"), "play_arrow", can_resume, manager.resume, record.id)
        about = remark("lab.one-round")
        _button(_("One round"), "skip_next", can_resume, manager.one_round, record.id, about)
        can_stop = is_queued or status == "paused" or (is_active and status != "stopping")
        _button(_("Stop"), "stop", can_stop, manager.stop, record.id)
        about = _("Train a new run from a checkpoint of this one, with different settings")
        if st.button(_("Branch"), icon=":material/call_split:", key="do.branch", help=about):
            branch(record)
        _history_button(record)
        if st.button(_("Export"), icon=":material/download:", key="do.export"):
            export(record)
    if can_resume and pretraining:
        html.quiet(_("“One round” finishes pre-training first."))


def _status(status: str, place: int) -> None:
    words = _("place {n} in the queue").format(n=place) if place else ""
    status_line = f'{html.status_html(status)} <span class="quiet">{words}</span>'
    st.html(f'<div class="standing">{status_line}</div>', width="content")


def _button(
    label: str, icon: str, enabled: bool, act: Callable[[str], Any], run_id: str, about: str = ""
) -> None:
    icon, key = f":material/{icon}:", f"do.{icon}"
    if st.button(label, icon=icon, disabled=not enabled, key=key, help=about or None):
        with show_errors():
            act(run_id)
            st.rerun(scope="fragment")


def _history_button(record: RunRecord) -> None:
    open_now = url_state.step_shown() is not None
    st.button(
        _("Close history") if open_now else _("History"),
        icon=":material/history:",
        key="do.history",
        help=_("See the run at each of its evaluations"),
        on_click=url_state.put,
        kwargs={"step": None if open_now else record.step},
    )
