"""The buttons that control a run; those that do not apply now are disabled."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.buttons import action, button
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
            _button(_("Pause"), "pause", status == "running", manager.pause, record)
        else:
            _button(_("Resume"), "play_arrow", can_resume, manager.resume, record)
        about = remark("lab.one-round")
        _button(_("One round"), "skip_next", can_resume, manager.one_round, record, about)
        can_stop = is_queued or status == "paused" or (is_active and status != "stopping")
        _button(_("Stop"), "stop", can_stop, manager.stop, record)
        about = _("Train a new run from a checkpoint of this one, with different settings")
        if button(_("Branch"), "call_split", "do.branch", help=about):
            branch(record)
        looking_back = url_state.step_shown() is not None
        other_step = partial(url_state.put, step=None if looking_back else record.step)
        about = _("See the run at each of its evaluations")
        label = _("Close history") if looking_back else _("History")
        button(label, "history", "do.history", other_step, help=about)
        if button(_("Export"), "download", "do.export"):
            export(record)
    if can_resume and pretraining:
        html.quiet(_("“One round” finishes pre-training first."))


def _status(status: str, place: int) -> None:
    words = _("place {n} in the queue").format(n=place) if place else ""
    status_line = f'{html.status_html(status)} <span class="quiet">{words}</span>'
    st.html(f'<div class="standing">{status_line}</div>', width="content")


def _button(
    label: str, icon: str, enabled: bool, act: Callable[[str], Any], run: RunRecord, about: str = ""
) -> None:
    look = {"disabled": not enabled, "help": about or None}
    action(label, icon, f"do.{icon}", act, run.id, scope="fragment", **look)
