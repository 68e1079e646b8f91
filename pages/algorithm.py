"""Algorithm 1, line by line: which line makes which number move."""

import streamlit as st

from pages.ui.algorithm.player import player
from pages.ui.algorithm.traces import NAMES, OWN, TraceView, divergences, own, recorded, title
from pages.ui.common import html, navigation, url_state
from pages.ui.common.errors import sentence, show_errors
from pages.ui.common.i18n import plain
from seqgan_core.messages import _
from seqgan_core.training.trace.trace_file import TraceError


def draw() -> None:
    st.title(_("Which line makes which number move"), anchor=False)
    html.lede(
        _(
            "The paper's Algorithm 1 on a problem small enough to hold in the head: 6 tokens, "
            "sequences of 5, 3 roll-outs, 2 sequences an update. Step on and back, and see what "
            "each line makes."
        )
    )
    walk()


@st.fragment
@show_errors()
def walk() -> None:
    """The choice of a trace, and the trace itself."""
    name = st.pills(
        _("What if …"),
        NAMES,
        default=url_state.one_of("trace", NAMES, NAMES[0]),
        required=True,
        key="trace",
        format_func=title,
        label_visibility="collapsed",
    )
    url_state.put(trace=name)
    if name != OWN:
        url_state.put(seed=None, n=None, rate=None)
    shown = open_trace(name)
    if shown is None:
        return
    player(shown, differences_from_base(name, shown))
    about(shown)


def open_trace(name: str) -> TraceView | None:
    """The trace of this name, or None after saying what keeps it."""
    try:
        return own() if name == OWN else recorded(name)
    except TraceError as error:
        st.error(plain(sentence(error)), icon=":material/error:")
        return None


def differences_from_base(name: str, shown: TraceView) -> list[dict[str, object]]:
    """Where the trace parts from the base, which may itself be out of order."""
    if name == NAMES[0]:
        return []
    try:
        return divergences(shown.trace, recorded(NAMES[0]).trace)
    except TraceError as error:
        st.warning(plain(sentence(error)), icon=":material/warning:")
        return []


def about(shown: TraceView) -> None:
    """How the trace came to be."""
    c = shown.trace.config
    with st.expander(_("How this was recorded"), icon=":material/info:"):
        st.markdown(
            _(
                "A run of the trainer that trains everything here, told line by line; telling "
                "changes none of its numbers. {n} real sequences, {epochs} MLE epochs, "
                "{rounds} rounds, g-steps {g}, d-steps {d}, k = {k}, N = {rollouts}, seed {seed}. "
                "The learning rates are far above the paper's, so that eight rounds show "
                "something: α = {alpha:g} for the policy gradient, {mle:g} for MLE and "
                "{d_rate:g} for D. The roll-out policy is the live one."
            ).format(
                n=c.n_train,
                epochs=c.pretrain_epochs,
                rounds=c.rounds,
                g=c.g_steps,
                d=c.d_steps,
                k=c.d_epochs,
                rollouts=c.n_rollouts,
                seed=c.seed,
                alpha=c.g_learning_rate,
                mle=c.pretrain_learning_rate,
                d_rate=c.d_learning_rate,
            )
        )


navigation.show(draw)
