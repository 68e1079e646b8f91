"""Algorithm 1 with its current line highlighted and all variables after it."""

from typing import Any

from pages.ui.algorithm.pseudocode import lines
from pages.ui.algorithm.source_view import code
from pages.ui.algorithm.traces import TraceView
from pages.ui.common import url_state
from pages.ui.common.component import component
from seqgan_core.training.strategies import STRATEGIES, has_value_network

TABS = ["words", "python", "others"]

_mount = component("algorithm", before=["state.js", "tabs.js"])


def player(shown: TraceView, divergences: list[dict[str, object]]) -> None:
    """Draw the trace from the step in the address; the address follows the viewer."""
    steps = len(shown.trace.steps)
    data = {
        "trace": _trace(shown),
        "at": url_state.number("at", 1, 1, steps),
        "tab": url_state.one_of("tab", TABS, TABS[0]),
        "differences": divergences,
        "lines": [line._asdict() for line in lines()],
        "code": code(),
    }
    moved = {"at": lambda at: url_state.put(at=at), "tab": lambda tab: url_state.put(tab=tab)}
    _mount("algorithm", data, moved)


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
        "has_value_network": has_value_network(config),
    }  # fmt: skip
