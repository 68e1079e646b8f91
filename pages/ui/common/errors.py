"""Errors as one sentence on the page; the log keeps the stack trace."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.ui.common.i18n import plain
from seqgan_core.messages import Problem, _, remark

log = logging.getLogger("seqgan.pages")


@contextmanager
def show_errors() -> Iterator[None]:
    """Show an error as a sentence on the page; also a decorator, for a fragment or a callback."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # shown below
        st.error(plain(error_message(error)), icon=":material/error:")


def error_message(error: Exception) -> str:
    """The sentence for the page; an error that is not a `Problem` goes to the log."""
    if isinstance(error, Problem):
        return sentence(error)
    if isinstance(error, OSError):
        return _("Disk error: {reason}.").format(reason=error.strerror or error)
    log.error("a page failed", exc_info=error)
    return remark("page.failed")


def sentence(error: Exception) -> str:
    """The error's message, as a sentence begins and ends."""
    text = str(error).strip()
    return (text[:1].upper() + text[1:]).rstrip(".") + "."
