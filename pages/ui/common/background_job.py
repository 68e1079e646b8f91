"""A result that may take a while: the page shows how far it is, and never stands still for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st

from pages.ui.common import session
from pages.ui.common.errors import error_message, show_errors
from pages.ui.common.i18n import plain
from seqgan_core.figures.progress import duration
from seqgan_core.insight.jobs import Job
from seqgan_core.messages import _

T = TypeVar("T")

PATIENCE = 0.3  # seconds that a page waits before it draws a progress bar
POLL_EVERY = 0.4  # seconds between two looks


def result(
    key: Hashable, make: Callable[[], Job[T]], what: str, patience: float = PATIENCE
) -> T | None:
    """The result of the work of `key`, or None after drawing how far it is, or why it failed.

    Args:
        key: all that the result depends on; results are kept by it.
        make: makes the work, in the background; what it raises becomes a sentence.
        what: what is being worked out, for the line above the bar.
        patience: seconds that the page waits before it draws anything more; what is asked for
            meanwhile comes first, so more than a moment is for what the page is about.
    """
    view = session.lab().jobs.wait(key, make, patience)
    if view.status == "done":
        value: T = view.result
        return value
    if view.error is not None:
        _show_failure(key, view.error)
        return None
    st.fragment(_show_progress, run_every=POLL_EVERY)(key, make, what)
    return None


@show_errors()
def _show_progress(key: Hashable, make: Callable[[], Job[T]], what: str) -> None:
    view = session.lab().jobs.request(key, make)
    if view.status != "waiting":
        st.rerun()
    left = (
        _("about {time} left").format(time=duration(view.seconds_left))
        if view.seconds_left is not None and view.seconds_left > 1
        else ""
    )
    st.progress(view.share, text=" · ".join(filter(None, [what, left])))


def _show_failure(key: Hashable, error: Exception) -> None:
    st.error(plain(error_message(error)), icon=":material/error:")
    if st.button(_("Try again"), key=f"again.{hash(key)}", icon=":material/refresh:"):
        session.lab().jobs.forget(key)
        st.rerun()
