"""Rows of values with their intervals, and a dot for each seed: the frame of three figures."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from seqgan_core.figures.methods.names import FAR, broken_name, look_of, method_name
from seqgan_core.figures.style import (
    NEUTRAL,
    REAL,
    Figure,
    Trace,
    fade,
    figure,
    marks,
    note,
    numbers,
    upright,
)
from seqgan_core.judge.report import Summary
from seqgan_core.messages import _

_WIDTH = 0.5  # of the strip that a row's seeds are spread over, in rows


@dataclass(frozen=True)
class ForestRow:
    """A method, or what methods are compared with: its value, interval and seeds."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    seeds: Mapping[int, float] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, summary: Summary, seeds: Mapping[int, float]) -> Self:
        """A mean over seeds."""
        return cls(name, summary.mean, summary.low, summary.high, seeds)

    @property
    def ends(self) -> list[float]:
        """Of the interval, where there is one."""
        return [end for end in (self.low, self.high) if end is not None and math.isfinite(end)]


def forest(
    rows: Sequence[ForestRow],
    *,
    finding: str,
    seeing: str,
    x_title: str,
    digits: int = 3,
    signed: bool = False,
    zero: bool = False,
    real: float | None = None,
    scale: Sequence[ForestRow] = (),
    row_height: int = 40,
) -> Figure:
    """A row of the figure for each of `rows`; values off the scale are written at its edge.

    The scale contains 0, with a line, if `zero`; it is decided by the rows of `scale`, else by
    those drawn. `real` is a green line at real data, `row_height` in pixels.
    """
    bounds = _bounds(scale or rows, [0.0] if zero else [])
    data: list[Trace] = []
    notes = []
    form = f"{'+' if signed else ''}.{digits}f"
    for place, row in enumerate(rows):
        if bounds[0] <= row.value <= bounds[1]:
            data += [_dots(row, place, form)] if row.seeds else []
            data.append(_point(row, place, form))
            if not row.seeds and row.low is None:  # a single value: there is room for the number
                left = row.value > bounds[0] + 0.75 * (bounds[1] - bounds[0])
                data[-1] |= {
                    "mode": "markers+text",
                    "text": [f" {row.value:{form}} "],
                    "textposition": "middle left" if left else "middle right",
                }
        elif math.isfinite(row.value):
            notes.append(_off_scale(row.value, bounds, place, form))
    lines = [(0.0, NEUTRAL)] if zero else []
    lines += [] if real is None else [(real, REAL)]
    return figure(
        data,
        finding=finding,
        seeing=seeing,
        x_title=x_title,
        y_title="",
        height=row_height * len(rows) + 92,
        shapes=[upright(x, colour, "dash") for x, colour in lines],
        notes=notes,
        x_range=bounds,
        y_range=(len(rows) - 0.5, -0.5),
        x_axis={"showgrid": True, "nticks": 6},
        y_axis={
            "tickvals": list(range(len(rows))),
            "ticktext": [broken_name(row.name) for row in rows],
            "showgrid": True,
        },
        hovermode="closest",
        showlegend=False,
    )


def span(
    values: Sequence[float], far: Sequence[float] = (), room: float = 0.25
) -> tuple[float, float]:
    """A range with some space around `values`, and around those of `far` that do not stretch it.

    What lies further off than `room` times the width of the values is left out, such as the
    interval of two seeds that is many times as wide as all measured values.
    """
    values = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(values), max(values)
    width = max(high - low, 1e-3) * room
    near = [value for value in far if low - width <= value <= high + width]
    low, high = min([low, *near]), max([high, *near])
    pad = 0.08 * max(high - low, 1e-3)
    return low - pad, high + pad


def offsets(seeds: Sequence[int]) -> list[float]:
    """Where each seed's dot stands across its row: by its place among them, never at random.

    >>> offsets([1, 2, 3])
    [-0.25, 0.0, 0.25]
    """
    if len(seeds) < 2:
        return [0.0] * len(seeds)
    order = sorted(seeds)
    return [_WIDTH * (order.index(seed) / (len(seeds) - 1) - 0.5) for seed in seeds]


def _bounds(rows: Sequence[ForestRow], anchors: Sequence[float]) -> tuple[float, float]:
    """A scale for all values but those of `FAR`; intervals and the rest where they fit."""
    deciding = [row for row in rows if row.name not in FAR] or rows
    held = [*anchors, *(value for r in deciding for value in (r.value, *r.seeds.values()))]
    far = [row.value for row in rows if row.name in FAR]
    inner = span(held, far)
    ends = [end for row in deciding for end in row.ends]
    return span([*held, *(v for v in far if inner[0] <= v <= inner[1])], ends, room=1.0)


def _dots(row: ForestRow, place: int, form: str) -> Trace:
    """Every seed's value as a small open mark."""
    look, title = look_of(row.name), method_name(row.name)
    return marks(
        row.seeds.values(),
        [place + offset for offset in offsets(list(row.seeds))],
        _("{method}, each seed").format(method=title), look.colour, f"{look.symbol}-open", size=7,
        customdata=list(row.seeds),
        hover=_("{method}, seed {seed}: {value}").format(
            method=title, seed="%{customdata}", value=f"%{{x:{form}}}"
        ),
    )  # fmt: skip


def _point(row: ForestRow, place: int, form: str) -> Trace:
    """A value with its interval."""
    look, title = look_of(row.name), method_name(row.name)
    trace = marks(
        [row.value], [place], title, look.colour, look.symbol, size=12,
        edge={"color": look.colour, "width": 2}, hover=f"{title} %{{x:{form}}}",
    )  # fmt: skip
    if row.low is not None and row.high is not None:
        trace["error_x"] = {
            "array": numbers([row.high - row.value]),
            "arrayminus": numbers([row.value - row.low]),
            "symmetric": False,
            "color": fade(look.colour, 0.75),
            "thickness": 2.5,
            "width": 6,
        }
    return trace


def _off_scale(value: float, bounds: tuple[float, float], place: int, form: str) -> dict[str, Any]:
    right = value > bounds[1]
    text = f"{value:{form}} →" if right else f"← {value:{form}}"
    edge = bounds[1] if right else bounds[0]
    return note(text, edge, place, xanchor="right" if right else "left")
