"""Algorithm 1, line by line: which line changes which number."""

import streamlit as st

from pages.ui.algorithm.player import player
from pages.ui.algorithm.traces import BASE, OWN, TITLES, TraceView, divergences, own, recorded
from pages.ui.common import choice, glossary, html, navigation, url_state
from pages.ui.common.errors import sentence, show_errors
from pages.ui.common.i18n import plain
from seqgan_core.messages import _, remark
from seqgan_core.training.trace.trace_file import TraceError


def draw() -> None:
    st.title(_("Algorithm 1: which line changes which number"), anchor=False)
    html.lede(remark("algorithm.lede"))
    glossary.terms("g-steps", "d-steps", "k", "roll-out-policy", "policy-gradient")
    walk()


@st.fragment
@show_errors()
def walk() -> None:
    """The choice of a trace, and the trace itself."""
    name = choice.one_of(
        "trace", _("What if …"), {name: _(title) for name, title in TITLES.items()},
        key="algorithm-trace", widget="pills", label_visibility="collapsed",
    )  # fmt: skip
    if name != OWN:
        url_state.put(seed=None, n=None, rate=None)
    shown = open_trace(name)
    if shown is None:
        return
    player(shown, differences_from_base(name, shown))
    about(shown)


def open_trace(name: str) -> TraceView | None:
    """The trace of this name, or None after saying why there is none."""
    try:
        return own() if name == OWN else recorded(name)
    except TraceError as error:
        st.error(plain(sentence(error)), icon=":material/error:")
        return None


def differences_from_base(name: str, shown: TraceView) -> list[dict[str, object]]:
    """Where the trace differs from the base, which may itself be damaged."""
    if name == BASE:
        return []
    try:
        return divergences(shown.trace, recorded(BASE).trace)
    except TraceError as error:
        st.warning(plain(sentence(error)), icon=":material/warning:")
        return []


def about(shown: TraceView) -> None:
    """How the trace came to be."""
    with st.expander(_("How this was recorded"), icon=":material/info:"):
        st.markdown(remark("algorithm.recording", **shown.trace.config.model_dump()))


navigation.show(draw)
