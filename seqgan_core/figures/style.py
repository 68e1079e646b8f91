"""Colours mean the same on every page, and are never the only sign: shapes and names say it too.

The background stays transparent and the ink mid-tone, so that the page's light or dark theme shows
through; the page's chart component recolours text and grid to the theme.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from seqgan_core.messages import _

GENERATOR = "#8658e8"
DISCRIMINATOR = "#2b7de0"
REAL = "#16966a"
REWARD = "#c77e00"
NEUTRAL = "#7b7883"
COMPARED = ("#7b7883", "#a4508b", "#4f7f8c", "#8a6d3b", "#5d6bb2", "#6f8f3a")
DASHES = ("dot", "dash", "dashdot", "longdash", "longdashdot", "solid")

Figure = dict[str, Any]
Trace = dict[str, Any]

MAX_POINTS = 800


def fade(colour: str, alpha: float) -> str:
    """A hex colour with transparency.

    >>> fade("#8658e8", 0.2)
    'rgba(134, 88, 232, 0.2)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {alpha:g})"


def numbers(values: Iterable[Any]) -> list[Any]:
    """Plain JSON-ready numbers, and names; what is missing or not finite becomes a gap."""

    def plain(value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return round(float(value), 5) if math.isfinite(value) else None

    return list(map(plain, values))


def signed(value: float, digits: int = 3) -> str:
    """A number with its sign; the minus is as wide as the plus, and zero is never negative.

    >>> signed(-0.0784), signed(1.5, 1), signed(-0.0001)
    ('−0.078', '+1.5', '+0.000')
    """
    return f"{value:+z.{digits}f}".replace("-", "−")


def thinned(count: int, most: int = MAX_POINTS) -> slice:
    """Every k-th of `count` points, so that no more than `most` are drawn.

    >>> thinned(100).step, thinned(2000).step
    (1, 3)
    """
    return slice(None, None, max(1, math.ceil(count / most)))


def line(
    x: Sequence[Any], y: Sequence[Any], name: str, colour: str, *, dash: str = "solid",
    width: float = 2.2, shape: str = "linear", marker: str | None = None, hover: str = "%{y:.4f}",
    **more: Any,
) -> Trace:  # fmt: skip
    """One named line; `marker` is a plotly symbol, so that colour is not the only sign."""
    keep = thinned(len(x))
    trace: Trace = {
        "type": "scatter",
        "mode": "lines",
        "x": numbers(x)[keep],
        "y": numbers(y)[keep],
        "name": name,
        "line": {"color": colour, "width": width, "dash": dash, "shape": shape},
        "hovertemplate": f"{name} {hover}<extra></extra>",
    }
    if marker or len(trace["y"]) == 1:  # a single point has no line to be seen by
        trace["mode"] = "lines+markers"
        trace["marker"] = {"symbol": marker or "circle", "size": 6, "color": colour}
    return trace | more


def marks(
    x: Iterable[Any], y: Iterable[Any], name: str, colour: str, symbol: str, *, size: float = 10,
    hover: str = "", edge: dict[str, Any] | None = None, **more: Any,
) -> Trace:  # fmt: skip
    """Points with `edge` as their outline; without `hover` a pointer does not read them."""
    marker = {"symbol": symbol, "size": size, "color": colour}
    return {
        "type": "scatter", "mode": "markers", "x": numbers(x), "y": numbers(y), "name": name,
        "marker": marker | {"line": edge} if edge else marker,
        **({"hovertemplate": f"{hover}<extra></extra>"} if hover else {"hoverinfo": "skip"}),
    } | more  # fmt: skip


def bars(
    x: Iterable[Any], y: Iterable[Any], name: str, colour: str, shape: str, *, hover: str,
    **more: Any,
) -> Trace:  # fmt: skip
    """Bars; `shape` is a plotly pattern, so that colour is not the only sign."""
    return {
        "type": "bar", "x": numbers(x), "y": numbers(y), "name": name,
        "hovertemplate": f"{hover}<extra></extra>",
        "marker": {
            "color": colour,
            "pattern": {"shape": shape, "fillmode": "overlay", "fgcolor": "white", "size": 5},
        },
    } | more  # fmt: skip


def ribbon(
    x: Sequence[Any], low: Sequence[Any], high: Sequence[Any], name: str, colour: str
) -> Trace:
    """A filled band between two curves, drawn as one closed outline."""
    keep = thinned(len(x))
    xs, lows, highs = numbers(x)[keep], numbers(low)[keep], numbers(high)[keep]
    return {
        "type": "scatter", "mode": "lines", "x": xs + xs[::-1], "y": highs + lows[::-1],
        "name": name, "fill": "toself", "fillcolor": fade(colour, 0.16), "line": {"width": 0},
        "hoverinfo": "skip",
    }  # fmt: skip


def around(values: Iterable[float]) -> tuple[float, float]:
    """A range with some space around the values."""
    low, high = min(held := list(values)), max(held)
    pad = 0.06 * (high - low) + 0.01
    return low - pad, high + pad


def figure(
    data: list[Trace], *, finding: str, seeing: str, x_title: str, y_title: str, height: int = 260,
    shapes: list[dict[str, Any]] | None = None, notes: list[dict[str, Any]] | None = None,
    x_range: Sequence[float] | None = None, y_range: Sequence[float] | None = None,
    x_axis: dict[str, Any] | None = None, y_axis: dict[str, Any] | None = None, **layout: Any,
) -> Figure:  # fmt: skip
    """Traces in the frame that all figures share.

    `x_axis`, `y_axis` and `layout` are what one of them has of its own. `finding` is the title and
    `seeing` the caption; it travels in `layout.meta`, so that a page can set it as text that wraps.
    """
    grid = {"gridcolor": fade(NEUTRAL, 0.18), "zeroline": False, "automargin": True}
    x = grid | {"title": {"text": x_title}, "showgrid": False, "ticks": "outside"}
    y: dict[str, Any] = grid | {"title": {"text": y_title}}
    for axis, ends in ((x, x_range), (y, y_range)):
        if ends is not None:
            axis["range"] = [float(end) for end in ends]
    frame = {
        "title": {"text": finding, "x": 0, "xanchor": "left", "font": {"size": 15}},
        "meta": {"seeing": seeing},
        "height": height,
        "margin": {"l": 56, "r": 14, "t": 34, "b": 44},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 12.5, "color": NEUTRAL},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemwidth": 30},
        "hovermode": "x unified",
        "uirevision": "kept",  # a viewer's zoom survives the next refresh
        "xaxis": x | (x_axis or {}),
        "yaxis": y | (y_axis or {}),
        "shapes": shapes or [],
        "annotations": notes or [],
    }
    return {"data": data, "layout": frame | layout}


def by_name(data: list[Trace], names: Iterable[str], **words: Any) -> Figure:
    """A row for each of `names`, from the top down; a pointer reads one mark and not a column."""
    rows = {
        "type": "category", "autorange": "reversed", "categoryorder": "array",
        "categoryarray": list(names), "showgrid": False,
    }  # fmt: skip
    across = {"showgrid": True, "rangemode": "tozero"} | words.pop("x_axis", {})
    return figure(data, x_axis=across, y_axis=rows, hovermode="closest", bargap=0.3, **words)


def empty(finding: str, seeing: str, *, height: int = 260) -> Figure:
    """An empty figure with its title and caption: what will be here, and when."""
    hidden = {"visible": False, "range": [0, 1]}
    return figure(
        [], finding=finding, seeing=seeing, x_title="", y_title="", height=height,
        notes=[note(_("nothing to draw yet"), 0.5, 0.5)], xaxis=hidden, yaxis=hidden,
        plot_bgcolor=fade(NEUTRAL, 0.06),
    )  # fmt: skip


def band(x0: float, x1: float, colour: str, alpha: float) -> dict[str, Any]:
    """A vertical band behind the curves."""
    return {
        "type": "rect", "xref": "x", "yref": "paper", "x0": x0, "x1": x1, "y0": 0, "y1": 1,
        "fillcolor": fade(colour, alpha), "line": {"width": 0}, "layer": "below",
    }  # fmt: skip


def zone(y0: float, y1: float, colour: str, alpha: float) -> dict[str, Any]:
    """A horizontal zone behind the curves."""
    return {
        "type": "rect", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": y0, "y1": y1,
        "fillcolor": fade(colour, alpha), "line": {"width": 0}, "layer": "below",
    }  # fmt: skip


def level(
    y: float, colour: str, *, x0: float | None = None, x1: float | None = None
) -> dict[str, Any]:
    """A dashed horizontal level, over the whole width or from `x0` to `x1`."""
    spans = x0 is not None and x1 is not None
    return {
        "type": "line", "xref": "x" if spans else "paper", "yref": "y",
        "x0": x0 if spans else 0, "x1": x1 if spans else 1, "y0": y, "y1": y,
        "line": {"color": colour, "width": 1.4, "dash": "dash"},
    }  # fmt: skip


def upright(x: float, colour: str, dash: str = "dot") -> dict[str, Any]:
    """A line from top to bottom behind the curves."""
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1,
        "line": {"color": colour, "width": 1.4, "dash": dash}, "layer": "below",
    }  # fmt: skip


def note(text: str, x: float, y: float, *, colour: str = NEUTRAL, **more: Any) -> dict[str, Any]:
    """Text inside the chart; positions are in data unless `xref` or `yref` say "paper"."""
    return {
        "text": text, "x": x, "y": y, "showarrow": False, "font": {"size": 11.5, "color": colour},
    } | more  # fmt: skip
