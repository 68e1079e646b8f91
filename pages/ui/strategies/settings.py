"""What the Strategies screen shows: its part, the horizontal axis, the cell; all in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from pages.ui.common import url_state
from pages.ui.strategies.study_source import StudyName
from seqgan_core.figures.strategies.study import AXES, Axis
from seqgan_core.messages import _

Panel = Literal["paper", "grid", "knobs"]

_PANELS: dict[Panel, str] = {
    "paper": _("the paper's four"),
    "grid": _("the grid"),
    "knobs": _("one knob"),
}
_AXES: dict[Axis, str] = {
    "seconds": _("seconds"),
    "rounds": _("rounds"),
    "updates": _("generator updates"),
}


def choose_panel() -> Panel:
    """Which part of the screen."""
    options = list(_PANELS)
    linked = url_state.one_of("panel", options, "paper")
    chosen = st.segmented_control(
        _("Show"),
        options,
        default=next(name for name in options if name == linked),
        format_func=lambda name: _PANELS[name],
        required=True,
        key="strategies.panel",
    )
    url_state.put(panel=chosen)
    return chosen


def study_of(panel: Panel) -> StudyName:
    """The study that a part is drawn from."""
    return "one_at_a_time" if panel == "knobs" else "strategies"


def choose_axis() -> Axis:
    """What the curves are drawn against."""
    linked = url_state.one_of("x", AXES, "seconds")
    chosen = st.segmented_control(
        _("Curves against"),
        AXES,
        default=next(name for name in AXES if name == linked),
        format_func=lambda name: _AXES[name],
        required=True,
        key="strategies.x",
    )
    url_state.put(x=chosen)
    return chosen


def chosen_cell(options: Sequence[str], default: str) -> str:
    """The cell of the address, which it is written into; the default where there is none such."""
    chosen = url_state.one_of("cell", options, default)
    url_state.put(cell=chosen)
    return chosen
