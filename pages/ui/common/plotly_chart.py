"""Charts that update in place: Plotly.react on the page's own copy of Plotly."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import plotly
import streamlit as st

from pages.ui.common import html
from pages.ui.common.component import component
from pages.ui.common.i18n import ASSETS
from seqgan_core.figures.style import Figure
from seqgan_core.figures.table import table_of
from seqgan_core.messages import _
from seqgan_core.tasks.atomic_write import atomic_write

_STATIC = ASSETS.parent / "static"


@cache
def _plotly_address() -> str:
    """Copy Plotly's script from the installed package into static/, and say where it is served.

    A copy, because the server refuses links that lead out of static/.
    """
    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    target = _STATIC / f"plotly-{plotly.__version__}.min.js"
    if not target.is_file() or target.stat().st_size != source.stat().st_size:
        _STATIC.mkdir(exist_ok=True)
        with atomic_write(target) as file:
            file.write(source.read_bytes())
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"{'/' + base if base else ''}/app/static/{target.name}"


_mount = component("plotly_chart", html='<div class="live-charts"></div>')


def charts(
    rows: list[list[Figure]], key: str, *, even: bool = False, arrival: str | None = None
) -> None:
    """Draw rows of figures, or move those of this key to their new data.

    All of a screen's figures are one component: each message to the browser has a price, and it
    is paid by the training. The first figure of two in the first row is the wider one, unless
    they shall be `even`.
    The page scrolls to the run's head once for each new `arrival`: the button that started it may
    stand far below.
    """
    spans = [_spans(len(row), wide=not even and index == 0) for index, row in enumerate(rows)]
    _mount(
        key=key,
        data={
            "figures": [figure for row in rows for figure in row],
            "spans": [span for row in spans for span in row],
            "plotly": _plotly_address(),
            "arrival": arrival,
        },
    )


def tables(figures: Iterable[Figure], key: str) -> None:
    """The numbers of figures as tables, their text alternative; drawn when it is opened."""
    place = st.expander(_("Numbers as a table"), key=f"{key}-numbers", on_change="rerun")
    if place.open:
        with place:
            for figure in figures:
                table = table_of(figure)
                if table.rows:
                    html.table(*table)


def _spans(count: int, *, wide: bool) -> list[int]:
    """Widths in a grid of twelve columns."""
    return [7, 5] if wide and count == 2 else [12 // count] * count
