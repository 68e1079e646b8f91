"""What every figure of the house must have."""

import json
import re
from collections.abc import Iterator
from typing import Any

import plotly.graph_objects as go

from seqgan_core.figures import style

LONGEST = 126  # letters of a title that three lines of a phone hold
TYPES = {"scatter", "bar"}  # what the basic bundle of plotly.js draws here
COLOURS = {
    style.GENERATOR, style.DISCRIMINATOR, style.REAL, style.REWARD, style.NEUTRAL, *style.COMPARED,
    "#ffffff", "white",
}  # fmt: skip


def sound(figure: dict[str, Any]) -> dict[str, Any]:
    """The figure, after the checks; an empty one must say what would be there."""
    go.Figure(figure)  # plotly's own validation
    assert {trace["type"] for trace in figure["data"]} <= TYPES
    json.dumps(figure, allow_nan=False)
    layout = figure["layout"]
    assert 10 < len(layout["title"]["text"]) <= LONGEST
    assert len(layout["meta"]["seeing"]) > 30
    assert layout["height"] > 100
    assert not set(_colours(figure)) - COLOURS
    if not figure["data"]:
        assert any(note["text"].startswith("nothing to draw") for note in layout["annotations"])
        return figure
    for name, axis in layout.items():
        if re.fullmatch(r"[xy]axis\d*", name) and axis.get("visible", True):
            assert axis["title"]["text"] or axis.get("ticktext") or axis.get("type") == "category"
    assert all(trace.get("name") for trace in figure["data"])
    return figure


def _colours(value: Any, key: str = "") -> Iterator[str]:
    """All colours in a figure, as hex."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _colours(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _colours(part, key)
    elif isinstance(value, str) and "color" in key:
        numbers = re.fullmatch(r"rgba\((\d+), (\d+), (\d+), [\d.]+\)", value)
        if value != "rgba(0,0,0,0)":
            yield "#" + "".join(f"{int(n):02x}" for n in numbers.groups()) if numbers else value
