"""The buttons that drive a run: those that make no sense now are greyed, not gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.errors import show_errors
from pages.ui.common.i18n import _
from pages.ui.lab.branch import branch
from pages.ui.lab.export import take_away
from seqgan_core.runs.records import LIVE, RESUMABLE
from seqgan_core.runs.store import RunRecord

_IN_WORK = {"starting": "running", "pausing": "running", "stopping": "running"}


def controls(record: RunRecord) -> None:
    """The run's status, and what can be done with it."""
    manager = session.lab().manager
    state = manager.state()
    mine = state.active == record.id
    doing = state.status if mine else record.status
    waiting = record.id in state.queue
    ended_early = record.status in RESUMABLE and record.status not in LIVE
    can_go_on = not waiting and (doing == "paused" or (ended_early and not mine))
    with st.container(horizontal=True, vertical_alignment="center", key="run-buttons"):
        _standing(_IN_WORK.get(doing, doing), state.queue.index(record.id) + 1 if waiting else 0)
        if mine and doing in ("starting", "running", "pausing"):
            _button(_("Pause"), "pause", doing == "running", manager.pause, record.id)
        else:
            _button(_("Resume"), "play_arrow", can_go_on, manager.resume, record.id)
        _button(_("One round"), "skip_next", can_go_on, manager.one_round, record.id)
        can_stop = waiting or doing == "paused" or (mine and doing != "stopping")
        _button(_("Stop"), "stop", can_stop, manager.stop, record.id)
        about = _("Train on from a checkpoint, with other settings, as a run of its own")
        if st.button(_("Branch"), icon=":material/call_split:", key="do.branch", help=about):
            branch(record)
        _look_back(record)
        if st.button(_("Take away"), icon=":material/download:", key="do.take"):
            take_away(record)


def _standing(status: str, place: int) -> None:
    words = _("place {n} in the queue").format(n=place) if place else ""
    said = f'{html.status_html(status)} <span class="quiet">{words}</span>'
    st.html(f'<div class="standing">{said}</div>', width="content")


def _button(label: str, icon: str, enabled: bool, act: Callable[[str], Any], run_id: str) -> None:
    if st.button(label, icon=f":material/{icon}:", disabled=not enabled, key=f"do.{icon}"):
        with show_errors():
            act(run_id)
            st.rerun(scope="fragment")


def _look_back(record: RunRecord) -> None:
    looking = url_state.step_shown() is not None
    st.button(
        _("Back to now") if looking else _("Look back"),
        icon=":material/history:",
        key="do.look",
        help=_("Walk through the run as it stood at each evaluation"),
        on_click=url_state.set_step,
        args=(None if looking else record.step,),
    )
