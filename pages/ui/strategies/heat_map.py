"""The heat maps of the grid as tables of real buttons; the one chosen is told to Python."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

import streamlit as st

from pages.ui.common.component import component
from seqgan_core.figures.strategies.grid import HeatMap
from seqgan_core.messages import _

_mount = component(
    "heat_map",
    html='<div class="heat-maps"></div><p class="said quiet" aria-live="polite"></p>',
)


def heat_maps(
    maps: Sequence[HeatMap], key: str, chosen: str, on_choose: Callable[[str], None]
) -> None:
    """Draw the maps beside each other; arrow keys move, Enter or Space or a click chooses."""

    def chose() -> None:
        cell = (st.session_state.get(key) or {}).get("chosen")
        if cell is not None:
            on_choose(str(cell))

    said = next(
        (cell.label for row in maps[0].cells for cell in row if cell and cell.id == chosen), ""
    )
    _mount(
        key=key,
        data={
            "maps": [asdict(heat_map) for heat_map in maps],
            "chosen": chosen,
            "said": said,
            "words": {
                "corner": _("G's updates"),
                "columns": _("D's epochs per round"),
                "none": _("not tried"),
            },
        },
        on_chosen_change=chose,
    )
