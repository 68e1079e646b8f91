"""The line on every page that shows what is training."""

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.errors import show_errors
from pages.ui.common.i18n import plain
from seqgan_core.figures.progress import progress
from seqgan_core.messages import _

AWAKE, ASLEEP = 2.0, 5.0  # seconds between updates


def training_status() -> None:
    """Draw the line; it updates itself, more often while something trains."""
    state = session.lab().manager.state()
    st.session_state["now.seen"] = _manager_state()
    st.fragment(_line, run_every=AWAKE if state.active else ASLEEP)()


@show_errors()
def _line() -> None:
    if st.session_state.get("now.seen") != _manager_state():
        st.rerun()  # a run started or ended: update the whole page
    lab = session.lab()
    state = lab.manager.state()
    if state.active is None:
        if state.queue and state.error:  # the worker can train no more
            st.error(plain(state.error), icon=":material/error:")
        return
    record = lab.store.run(state.active)
    at = progress(session.curves(lab.store, record), record.seconds)
    queue = _("{n} queued").format(n=len(state.queue)) if state.queue else ""
    with st.container(horizontal=True, vertical_alignment="center", key="now"):
        html.training_line(state.status, record.name, at, queue)
        navigation.link(navigation.LAB, _("Watch"), "visibility", run=record.id)


def _manager_state() -> tuple[object, ...]:
    state = session.lab().manager.state()
    return state.active, state.status, state.queue
