"""Charts that update in place: Plotly.react on the page's own copy of Plotly."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import plotly
import streamlit as st

from pages.ui.text import ASSETS
from seqgan_core.figures.style import Figure

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
        part = target.with_suffix(".part")
        shutil.copyfile(source, part)
        part.replace(target)
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"{'/' + base if base else ''}/app/static/{target.name}"


_mount = st.components.v2.component(
    "live_chart",
    html="""<figure class="live-chart">
  <figcaption class="finding"></figcaption>
  <div class="plot"></div>
  <p class="seeing"></p>
</figure>""",
    js=(ASSETS / "live_chart.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def chart(figure: Figure, key: str, *, arrival: str | None = None) -> None:
    """Draw a figure, or move the one with this key to its new data.

    On a phone the page scrolls to the run's head once for each new `arrival`: there the form from
    which it was started stands far below.
    """
    _mount(data={"figure": figure, "plotly": _plotly_address(), "arrival": arrival}, key=key)
