"""The language of each session: the address, the choice made here, the browser's, or English."""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from seqgan_core.messages import LOCALE, use_language

ENGLISH = "en"  # the language of the code, and of threads that no session asked
_CHOICE = "language"  # in the session
_running: ContextVar[str] = ContextVar("language")  # of this thread's session: a fast answer


def choose_language() -> None:
    """Settle the session's language; called at the start of each run of the app.

    "?lang=ko" in the address is remembered until another is asked for.
    """
    wanted = (st.query_params.get("lang"), st.session_state.get(_CHOICE), st.context.locale)
    language = next(filter(None, map(_available, wanted)), ENGLISH)
    st.session_state[_CHOICE] = language
    _running.set(language)


def session_language() -> str:
    """The language of the session that this thread draws for; English in a thread of none."""
    if language := _running.get(""):
        return language
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    language = str(st.session_state.get(_CHOICE, ENGLISH))  # the run of a fragment
    _running.set(language)
    return language


@cache
def languages() -> tuple[str, ...]:
    """English, and every language that has a catalogue."""
    found = {path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/seqgan.mo")}
    return ENGLISH, *sorted(found - {ENGLISH})


def _available(wanted: str | None) -> str | None:
    """The language as a catalogue is named: zh_CN for zh-CN, or ko for ko-KR."""
    whole = (wanted or "").replace("-", "_")
    return next((name for name in (whole, whole.partition("_")[0]) if name in languages()), None)


use_language(session_language)
