"""Results of background jobs: the page shows the progress and is never blocked."""

from collections.abc import Callable, Hashable
from functools import partial
from typing import TypeVar

import streamlit as st

from pages.ui.common import session
from pages.ui.common.buttons import action
from pages.ui.common.errors import error_message, show_errors
from pages.ui.common.i18n import plain
from seqgan_core.figures.progress import time_left
from seqgan_core.insight.jobs import Job
from seqgan_core.messages import _

T = TypeVar("T")

PATIENCE = 0.3  # seconds before a progress bar is drawn
POLL_EVERY = 0.4  # seconds


def result(
    key: Hashable, make: Callable[[], Job[T]], what: str, patience: float = PATIENCE
) -> T | None:
    """The result of the job of `key`; None after drawing its progress, or why it failed.

    Args:
        key: all that the result depends on; results are kept by it.
        make: makes the job, which runs in the background; its errors become a sentence.
        what: what is computed, for the line above the bar.
        patience: seconds to wait before the progress bar. The rest of the page waits too, so use
            more than a moment only for the page's main result.
    """
    view = session.lab().jobs.wait(key, make, patience)
    if view.status == "done":
        return view.result  # type: ignore[no-any-return]
    if view.error is not None:
        _show_failure(key, view.error)
        return None
    st.fragment(_show_progress, run_every=POLL_EVERY)(key, make, what)
    return None


def of_models(what: str, study: Callable[..., Job[T]], *args: Hashable) -> T | None:
    """The `result` of `study(models, *args)`, on the models of this library."""
    return result((study.__name__, *args), partial(study, session.lab().models, *args), what)


@show_errors()
def _show_progress(key: Hashable, make: Callable[[], Job[T]], what: str) -> None:
    view = session.lab().jobs.request(key, make)
    if view.status != "waiting":
        st.rerun()
    left = view.seconds_left if view.seconds_left is not None and view.seconds_left > 1 else None
    st.progress(view.share, text=" · ".join(filter(None, [what, time_left(left)])))


def _show_failure(key: Hashable, error: Exception) -> None:
    st.error(plain(error_message(error)), icon=":material/error:")
    action(_("Try again"), "refresh", f"again.{hash(key)}", session.lab().jobs.forget, key)
