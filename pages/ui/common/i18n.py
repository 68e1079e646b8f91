"""The language of each session, and foreign text shown as it is written."""

import html
import re
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import ENGLISH, LOCALE, use_language

ASSETS = Path(__file__).resolve().parents[3] / "assets"
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


# A command in a sentence, which stays as it is; the name of an emoji or icon, which is one even
# when it is escaped; then what else Markdown and Streamlit take for markup.
_MARKUP = re.compile(
    r"(?<!`)`[^`\n]+`(?!`)"
    r"|(?P<name>:(?=[\w+/-]*[A-Za-z+][\w+/-]*:))"
    r"|(?P<sign>[\\\[\]<$*~]|(?<!\w)_|_(?!\w)|:(?=[A-Za-z])|&(?=#?\w+;)|^[#>+=-]|(?<=^\d)[.)])",
    re.MULTILINE,
)


def plain(text: str) -> str:
    """The text where Markdown is read, so that it can draw no image, no hidden link and no sum.

    What stands in a message may come from an address or from somebody's bundle.
    """
    return _MARKUP.sub(_as_text, visible_text(text, lines=True))


def _as_text(found: re.Match[str]) -> str:
    if found["name"]:
        return "\\:\N{HAIR SPACE}"
    return f"\\{found[0]}" if found["sign"] else found[0]


def escape(text: str) -> str:
    """The text where HTML is read."""
    return html.escape(visible_text(text, lines=True))


use_language(session_language)
