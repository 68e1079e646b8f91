"""Algorithm 1 with its current line highlighted and all variables after it."""

from typing import Any

import streamlit as st

from pages.ui.algorithm.pseudocode import SOURCES, listing
from pages.ui.algorithm.source_view import code
from pages.ui.algorithm.traces import TraceView, variable_names
from pages.ui.common import url_state
from pages.ui.common.component import component
from seqgan_core.messages import _
from seqgan_core.training.strategies import STRATEGIES

KEY = "algorithm"
TABS = ["words", "python", "others"]

_mount = component("algorithm", before=["state.js", "tabs.js"])


def player(shown: TraceView, divergences: list[dict[str, object]]) -> None:
    """Draw the trace from the step in the address; the address follows the viewer."""
    steps = len(shown.trace.steps)
    _mount(
        key=KEY,
        data={
            "trace": _trace(shown),
            "at": url_state.number("at", 1, 1, steps),
            "tab": url_state.one_of("tab", TABS, TABS[0]),
            "differences": divergences,
            "lines": listing(),
            "code": code(),
            "sources": {name: _(text) for name, text in SOURCES.items()},
            "names": variable_names(),
            "words": _words(),
        },
        on_at_change=_moved,
        on_tab_change=_moved,
    )


def _moved() -> None:
    state = st.session_state.get(KEY) or {}
    for name in ("at", "tab"):
        if state.get(name) is not None:
            url_state.put(**{name: state[name]})


def _trace(shown: TraceView) -> dict[str, Any]:
    config = shown.trace.config
    return {
        "id": shown.id,
        "texts": shown.texts,
        "steps": [
            {"line": step.line, "round": step.round, "g_step": step.g_step, "d_step": step.d_step,
             "t": step.t, "variables": step.variables}
            for step in shown.trace.steps
        ],
        "sizes": {
            "V": config.vocab_size, "T": config.sequence_length, "B": config.g_batch_size,
            "N": config.n_rollouts,
        },
        "has_discriminator": STRATEGIES[config.strategy].trains_discriminator,
    }  # fmt: skip


def _words() -> dict[str, Any]:
    return {
        "group": _("Algorithm 1, step by step"),
        "lines": _("The lines of Algorithm 1"),
        "line": _("line"),
        "round": _("round"),
        "g_step": _("g-step"),
        "d_step": _("d-step"),
        "step": _("Step"),
        "after": _("After"),
        "back": _("Back"),
        "next": _("Next"),
        "next_round": _("Next round"),
        "play": _("Play"),
        "pause": _("Pause"),
        "speed": _("Speed"),
        "keys": _("Keyboard, after a click here: ← → step, Space plays, N next round, Home and "
                  "End."),
        "go_to_line": _("Go to the next time this line runs"),
        "never_runs": _("This line does not run in this trace"),
        "go_there": _("Go there"),
        "tabs_label": _("About this line"),
        "tabs": {
            "words": _("Explanation"),
            "python": _("Python code"),
            "others": _("Other implementations"),
        },
        "calls": _("calls"),
        "no_differences": _("No known differences at this line."),
        "table": _("All variables after this line, as a table"),
        "head": [_("Variable"), _("Value"), _("This line")],
        "changed": _("changed"),
        "sequences": _("Y: samples of G, and the Q of each token"),
        "generator": _("G, with weights θ"),
        "discriminator": _("D, with weights φ"),
        "first": _("G's probability of each first token"),
        "real": _("Real sequences: P(real) now, | before"),
        "fake": _("Samples: P(real) now, | before"),
        "legend": _("Grey: prefix. Dashed: rolled out. Amber: Q, 0 to 1. ●: changed by this line."),
        "same": _("β is θ"),
        "no_completions": _("Completions appear here at line 10, the update at line 12."),
        "no_rollouts": _("The reward is constant, so there are no roll-outs."),
        "yes": _("yes"),
        "no": _("no"),
    }  # fmt: skip
