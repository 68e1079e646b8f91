"""The text alternative of a figure: a table that is derived from what the figure draws.

What a pointer reads in the figure stands in the table, with the same digits: cells are the traces'
hover texts, filled in point by point.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from seqgan_core.figures.style import Figure, Trace
from seqgan_core.messages import _

MOST_ROWS = 24
_FIELD = re.compile(r"%\{(\w+)(?:\[(\d+)\])?(?::([^}]*))?\}")
_MISSING = "–"


class Table(NamedTuple):
    """Rows of text under a head; `caption` says what they are."""

    head: list[str]
    rows: list[list[str]]
    caption: str


def table_of(figure: Figure, most: int | None = MOST_ROWS) -> Table:
    """The numbers of a figure.

    Curves over one axis become a row a place with a column a curve; other marks a row each.

    Args:
        figure: as `style.figure` makes it.
        most: rows that are shown of curves, the last among them; None for all.
    """
    layout = figure["layout"]
    upright = not any(trace.get("orientation") == "h" for trace in figure["data"])
    upright = upright and layout["yaxis"].get("type") != "category"
    series = list(_series(figure["data"], "x" if upright else "y", layout))
    if not series:
        return Table([], [], layout["title"]["text"])
    if _is_by_key(series, layout):
        head, rows = _by_key(series, layout, "x" if upright else "y", most)
    else:
        head, rows = _by_point(series, layout)
    shown, total = len(rows), len({key for each in series for key in each.keys})
    caption = [layout["title"]["text"], *(_paper_notes(layout)), *_units(layout, head)]
    if shown < total:
        caption.append(_("{shown} of {total} rows").format(shown=shown, total=total))
    return Table(head, rows, "; ".join(caption))


@dataclass(frozen=True)
class _Series:
    """A trace that a pointer can read, along the axis `along`."""

    trace: Trace
    along: str
    ticks: Mapping[str, Mapping[Any, str]]  # names of places, by axis
    band: str = ""  # what the ribbon around it is called
    # low, high: its ends by place
    low: Mapping[Any, float] = field(default_factory=dict)
    high: Mapping[Any, float] = field(default_factory=dict)

    @property
    def keys(self) -> list[Any]:
        return list(self.trace[self.along])

    @property
    def hover(self) -> str:
        return str(self.trace.get("hovertemplate", "")).removesuffix("<extra></extra>")

    @property
    def is_line(self) -> bool:
        return "lines" in self.trace.get("mode", "")

    @property
    def is_marked(self) -> bool:
        """Whether its points are measurements of their own, as those of evaluations."""
        return self.trace.get("mode") == "lines+markers"

    @property
    def title(self) -> str:
        return f"{self.trace['name']} ({self.band})" if self.band else str(self.trace["name"])

    def filled(self, text: str, at: int) -> str:
        """A part of the hover text with the numbers of point `at`."""
        return _FIELD.sub(lambda match: self._field(match, at), text).strip(" :,/")

    def label(self, at: int) -> str:
        """What the hover text calls a point before its numbers; else the trace's name."""
        before = re.split(r"%\{[xy]\b", self.hover)[0]
        return self.filled(before, at) if "%{" in before else str(self.trace["name"])

    def cell(self, at: int) -> str:
        """The numbers of a point along its axis: the hover text from its first value on."""
        for match in _FIELD.finditer(self.hover):
            if match[1] != self.along:
                return self.filled(self.hover[match.start() :], at) + self._interval(at)
        return self.coordinate("y" if self.along == "x" else "x", at)

    def coordinate(self, axis: str, at: int) -> str:
        """One of a point's two numbers, with its error."""
        other = "y" if axis == "x" else "x"
        found = re.search(rf"%\{{{axis}\b.*?(?=[ /:,]*%\{{{other}\b|$)", self.hover)
        value = self.trace[axis][at]
        ticks = self.ticks[axis].get(value)
        text = ticks or (self.filled(found[0], at) if found else _number(value))
        return text + self._error(axis, at)

    def read_off(self, key: float) -> str:
        """The height of the line between two of its points, if it is a line."""
        if not self.is_line:
            return _MISSING
        known = [
            (x, y)
            for x, y in zip(self.trace["x"], self.trace["y"], strict=True)
            if x is not None and y is not None
        ]
        if not known or not known[0][0] <= key <= known[-1][0]:
            return _MISSING
        x, y = np.array(known).T
        return self._formatted("y", float(np.interp(key, x, y)))

    def _formatted(self, axis: str, value: Any) -> str:
        match = next((match for match in _FIELD.finditer(self.hover) if match[1] == axis), None)
        return _number(value, match[3] if match else None)

    def _interval(self, at: int) -> str:
        key = self.keys[at]
        if key in self.low:
            low, high = (self._formatted("y", ends[key]) for ends in (self.low, self.high))
            return _(" ({low} to {high})").format(low=low, high=high)
        return "" if "customdata" in self.trace else self._error("y", at) or self._error("x", at)

    def _error(self, axis: str, at: int) -> str:
        error = self.trace.get(f"error_{axis}")
        size = error and error["array"][at]
        if not error or size is None:
            return ""
        if "arrayminus" not in error:
            return f" ± {self._formatted(axis, size)}".replace("+", "")
        value = self.trace[axis][at]
        ends = value - error["arrayminus"][at], value + size
        return " [{}, {}]".format(*(self._formatted(axis, end) for end in ends))

    def _field(self, match: re.Match[str], at: int) -> str:
        try:
            value = self.trace[match[1]]
            if not isinstance(value, str):
                value = value[at]
            return _number(value if match[2] is None else value[int(match[2])], match[3])
        except (LookupError, TypeError, ValueError):  # a run's name that looks like a field
            return match[0]


def _series(data: Sequence[Trace], along: str, layout: Mapping[str, Any]) -> Iterator[_Series]:
    """The traces with something to read, each with the ribbon that is drawn before it."""
    ticks = {axis: _ticks(layout[f"{axis}axis"]) for axis in ("x", "y")}
    for before, trace in pairwise([{}, *data]):
        if trace.get("hoverinfo") == "skip" or not len(trace["x"]):
            continue
        if "fill" not in before or "customdata" in trace or "error_y" in trace:
            yield _Series(trace, along, ticks)
            continue
        half = len(before["x"]) // 2
        x, high, low = before["x"][:half], before["y"][:half], before["y"][half:][::-1]
        band = "" if before["name"] == trace["name"] else before["name"]
        yield _Series(
            trace, along, ticks, band,
            dict(zip(x, low, strict=True)), dict(zip(x, high, strict=True)),
        )  # fmt: skip


def _is_by_key(series: Sequence[_Series], layout: Mapping[str, Any]) -> bool:
    """Whether the traces are curves or bars over one axis, rather than marks in a plane."""
    if not any(_axis_titles(layout).values()):
        return False
    if layout["hovermode"] == "x unified" or len(series) < 2:
        return True
    if any(len(re.findall(r"%{[xy]\b", each.hover)) > 1 for each in series):
        return False
    every = [key for each in series for key in each.keys]
    if any(len(set(each.keys)) < len(each.keys) for each in series):
        return False
    if any(isinstance(key, str) for key in every):
        return len(set(every)) < len(every)
    rising = all(each.keys == sorted(each.keys) for each in series)
    return rising and any(each.is_line for each in series) and len(set(every)) < len(every)


def _by_key(
    series: Sequence[_Series], layout: Mapping[str, Any], along: str, most: int | None
) -> tuple[list[str], list[list[str]]]:
    places = [{key: at for at, key in enumerate(each.keys)} for each in series]
    every = list(dict.fromkeys(key for each in series for key in each.keys))
    if not any(isinstance(key, str) for key in every):
        every.sort()
    if most is not None and len(every) > most and any(each.is_line for each in series):
        measured = {key for each in series if each.is_marked for key in each.keys}
        every = [key for key in every if key in measured] or every
        every = [
            every[at] for at in np.linspace(0, len(every) - 1, min(most, len(every)), dtype=int)
        ]
    rows = [
        [
            series[0].ticks[along].get(key) or _number(key),
            *(
                each.cell(place[key]) if key in place
                else _MISSING if isinstance(key, str) else each.read_off(key)
                for each, place in zip(series, places, strict=True)
            ),
        ]
        for key in every
    ]  # fmt: skip
    return [layout[f"{along}axis"]["title"]["text"], *(each.title for each in series)], rows


def _by_point(
    series: Sequence[_Series], layout: Mapping[str, Any]
) -> tuple[list[str], list[list[str]]]:
    titles = _axis_titles(layout)
    axes = [axis for axis in ("x", "y") if titles[axis]]
    if layout["yaxis"].get("type") == "category":
        axes = ["y", "x"]
    if not axes:  # places without a scale: the hover text says it all
        return ["", ""], [[str(each.trace["name"]), each.hover] for each in series]
    rows = [
        [each.label(at), *(each.coordinate(axis, at) for axis in axes)]
        for each in series
        for at in range(len(each.keys))
    ]
    names = _ticks(layout["yaxis"])
    for note in layout["annotations"]:  # a value off the scale, written in its row
        if note["y"] in names and "yref" not in note and axes == ["x"]:
            rows.append([names[note["y"]], note["text"]])
    return ["", *(titles[axis] for axis in axes)], rows


def _axis_titles(layout: Mapping[str, Any]) -> dict[str, str]:
    return {axis: layout[f"{axis}axis"].get("title", {}).get("text", "") for axis in ("x", "y")}


def _paper_notes(layout: Mapping[str, Any]) -> list[str]:
    """Numbers that are written at a level or an edge."""
    return [
        note["text"]
        for note in layout["annotations"]
        if re.search(r"\d", note["text"]) and "paper" in (note.get("xref"), note.get("yref"))
    ]


def _units(layout: Mapping[str, Any], head: Sequence[str]) -> list[str]:
    """Titles of the axes that the head does not name."""
    return [title for title in _axis_titles(layout).values() if title and title not in head]


def _ticks(axis: Mapping[str, Any]) -> dict[Any, str]:
    names = [name.replace("<br>", " ") for name in axis.get("ticktext", [])]
    return dict(zip(axis.get("tickvals", []), names, strict=False))


def _number(value: Any, spec: str | None = None) -> str:
    if value is None:
        return _MISSING
    if isinstance(value, str):
        return value
    if spec is None:
        spec = ".4g" if abs(value) < 1000 else ".0f"
    return f"{value:{spec}}".replace("-", "−")
