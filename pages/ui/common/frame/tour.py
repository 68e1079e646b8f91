"""A tour of five minutes through five screens; the address says which stop it is at."""

from functools import partial

import streamlit as st

from pages.ui.common import navigation, session, url_state
from pages.ui.common.i18n import escape
from seqgan_core.messages import _, remark

# Where the tour goes; `remarks.md` says what to do at each stop.
STOPS = (
    navigation.ALGORITHM, navigation.LAB, navigation.ROLLOUTS, navigation.METHODS, navigation.POEMS,
)  # fmt: skip


def link(stop: int, label: str) -> None:
    """A link to a stop, counted from 1; beyond the last one, to the overview."""
    page, query = navigation.OVERVIEW, {}
    if stop <= len(STOPS):
        page, query = STOPS[stop - 1], {"tour": str(stop)}
    lesson = session.recorded_lesson()
    if page == navigation.LAB and lesson:
        query["run"] = lesson.id
    with st.container(key="tour-link", width="content"):
        navigation.link(page, label, "arrow_forward", **query)


def bar() -> None:
    """On a stop of the tour: what to do here, and the way on."""
    stop = url_state.number("tour", 0, 0, len(STOPS))
    if not stop:
        return
    place = escape(_("Tour, {n} of {last}").format(n=stop, last=len(STOPS)))
    with st.container(key="tour", horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="tour"><b>{place}</b> {escape(remark(f"tour.{stop}"))}</p>')
        label = _("End of the tour")
        if stop < len(STOPS):
            label = _("Next: {screen}").format(screen=_(navigation.TITLES[STOPS[stop]]))
        link(stop + 1, label)
        leave = partial(url_state.put, tour=None)
        st.button(_("Leave the tour"), type="tertiary", key="tour-leave", on_click=leave)
