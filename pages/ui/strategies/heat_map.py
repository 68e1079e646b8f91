"""The heat maps of the grid as tables of real buttons; the one chosen is told to Python."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from pages.ui.common.component import component
from seqgan_core.figures.strategies.grid import HeatMap

_mount = component(
    "heat_map", html='<div class="heat-maps"></div><p class="said quiet" aria-live="polite"></p>'
)


def heat_maps(
    maps: Sequence[HeatMap], key: str, chosen: str, on_choose: Callable[[str], None]
) -> None:
    """Draw the maps beside each other; arrow keys move, Enter or Space or a click chooses."""
    said = next(
        (cell.label for row in maps[0].cells for cell in row if cell and cell.id == chosen), ""
    )
    data = {"maps": list(map(asdict, maps)), "chosen": chosen, "said": said}
    _mount(key, data, {"chosen": lambda cell: on_choose(str(cell))})
