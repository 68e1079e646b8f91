"""Charts that update in place: Plotly.react, with Plotly served by the app itself."""

import re
from collections.abc import Iterable

import streamlit as st

from pages.ui.common import html
from pages.ui.common.component import component, shown
from pages.ui.common.frame.first_page import plotly_address
from seqgan_core.figures.style import Figure
from seqgan_core.figures.table import table_of
from seqgan_core.messages import _

_WORDS, _WORDS_NARROW = 85, 120  # pixels: a figure's finding and caption, and the gap below

_TAG = re.compile("<(?!br>|extra></extra>$|/extra>$)")

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
    with st.container(key=f"charts-{key}"):
        _reserve(rows, f"charts-{key}")
        data = {
            "figures": [_drawn(figure) for row in rows for figure in row],
            "spans": [span for row in spans for span in row],
            "plotly": plotly_address(),
            "arrival": arrival,
        }
        _mount(key, data)


def _drawn(figure: Figure) -> Figure:
    """The figure for Plotly, which reads tags; figures use two of them, anything else is text.

    Its finding and its caption are set as text.
    """
    safe = shown(figure, lambda text: _TAG.sub("&lt;", text.replace("&", "&amp;")))
    return safe | {"layout": safe["layout"] | {n: figure["layout"][n] for n in ("title", "meta")}}


def _reserve(rows: list[list[Figure]], key: str) -> None:
    """Keep the charts' place until they are drawn, so that nothing below them moves."""
    heights = [[int(figure["layout"]["height"]) for figure in row] for row in rows]
    wide = sum(max(row) + _WORDS for row in heights)
    narrow = sum(height + _WORDS_NARROW for row in heights for height in row)
    name = re.sub(r"[^a-zA-Z0-9_-]", "-", f".st-key-{key}")[1:]  # as Streamlit names the class
    st.html(
        f"<style>.{name} {{ min-height: {wide}px }}"
        f"@media (max-width: 640px) {{ .{name} {{ min-height: {narrow}px }} }}</style>"
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


def charts_and_tables(rows: list[list[Figure]], key: str, *, even: bool = True) -> None:
    """Rows of figures, and their numbers as tables."""
    charts(rows, key, even=even)
    tables([figure for row in rows for figure in row], key)


def _spans(count: int, *, wide: bool) -> list[int]:
    """Widths in a grid of twelve columns."""
    return [7, 5] if wide and count == 2 else [12 // count] * count
