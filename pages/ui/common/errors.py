"""A viewer reads one sentence, never a stack trace; the terminal keeps the rest."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.ui.common.i18n import _, plain
from seqgan_core.judge.sweeps.plan import PlanError
from seqgan_core.runs.manager import ManagerError
from seqgan_core.runs.store import StoreError
from seqgan_core.tasks.protocol import DataError
from seqgan_core.training.config import ConfigError
from seqgan_core.training.trace.trace_file import TraceError

log = logging.getLogger("seqgan.pages")

_FOR_PEOPLE = (ConfigError, ManagerError, DataError, PlanError, StoreError, TraceError)


@contextmanager
def show_errors() -> Iterator[None]:
    """Show an error as a sentence on the page; also a decorator, for a fragment or a callback."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # shown below
        st.error(plain(error_message(error)), icon=":material/error:")


def error_message(error: Exception) -> str:
    """The sentence a viewer reads; an error that was not written for people goes to the log."""
    if isinstance(error, _FOR_PEOPLE):
        return sentence(error)
    if isinstance(error, OSError):
        return _("The disk said no: {reason}.").format(reason=error.strerror or error)
    log.error("a page failed", exc_info=error)
    return _(
        "This part of the page failed; the terminal says why. Reload to try again: runs go on."
    )


def sentence(error: Exception) -> str:
    """The error's message, as a sentence begins and ends."""
    text = str(error).strip()
    return (text[:1].upper() + text[1:]).rstrip(".") + "."
