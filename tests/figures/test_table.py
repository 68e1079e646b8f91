"""The text alternative of every figure holds what a pointer reads in it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from seqgan_core.figures import style
from seqgan_core.figures.table import table_of
from tests.figures.test_every_figure import CASES, name_of

Figure = dict[str, Any]


def numbers_in(text: str) -> Iterator[float]:
    """The numbers of a text, and percentages as shares too."""
    for match in re.finditer(r"([−+]?\d[\d.]*(?:e[−+]\d+)?)( ?%)?", text):
        value = float(match[1].replace("−", "-").rstrip("."))
        yield from (value, value / 100) if match[2] else (value,)


def values_of(trace: dict[str, Any]) -> list[Any]:
    """What is read of each point of a trace: the first field of its hover text, but its place."""
    hover = str(trace.get("hovertemplate", ""))
    along = "y" if trace.get("orientation") == "h" else "x"
    for name in re.findall(r"%\{(\w+)", hover):
        values = trace.get(name)
        if name != along and isinstance(values, list) and not any(map(_is_list, values)):
            return values
    return list(trace["x"])


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


@pytest.mark.parametrize(
    "drawn",
    [pytest.param(drawn, id=f"{name_of(draw)}, {case}") for draw, case, drawn in CASES],
)
def test_every_figure_has_a_table_that_holds_its_data(drawn: Callable[[], Figure]) -> None:
    figure = drawn()
    head, rows, caption = table_of(figure, most=None)
    assert caption.startswith(figure["layout"]["title"]["text"])
    assert bool(rows) == bool(figure["data"])
    assert all(len(row) == len(head) for row in rows)
    assert len({tuple(row) for row in rows}) == len(rows)
    text = [cell for row in rows for cell in row]
    found = [value for cell in text for value in numbers_in(cell)]
    for trace in figure["data"]:
        if trace.get("hoverinfo") == "skip":
            continue
        if "%{" not in trace.get("hovertemplate", "%{"):  # a sentence, which is shown as it is
            assert trace["name"] in " ".join(text)
            continue
        last_of_place = dict(zip(map(str, trace["x"]), values_of(trace), strict=True))
        for value in last_of_place.values():
            if isinstance(value, str):
                assert value in text or any(value in cell for cell in text)
            elif value is not None:
                assert any(abs(value - number) <= 0.006 * max(abs(value), 1) for number in found)


def curves(**more: Any) -> Figure:
    return style.figure(
        [
            style.line(range(100), range(100), "dense", style.REAL, hover="%{y:.1f}"),
            style.line([0, 50, 99], [1, 2, 3], "measured", style.GENERATOR, marker="circle"),
        ],
        finding="It rises", seeing="", x_title="epoch", y_title="nats per token",
    ) | more  # fmt: skip


@pytest.mark.parametrize("name", ["%{nothing}", "%{x[9]:zz}", "%{y:zz}", "%{name[0]}", "%{mode}"])
def test_a_name_that_looks_like_a_field_is_shown_or_left_out_but_never_an_error(name: str) -> None:
    trace = style.line([1, 2], [0.25, 0.5], name, style.REAL, hover="%{y:.2f}")
    other = style.line([3, 4], [1, 2], name, style.REAL, hover="%{x:.2f} / %{y:.2f}")
    figure = style.figure([trace], finding="f", seeing="", x_title="x", y_title="y")
    assert "0.25" in table_of(figure).rows[0][1]
    figure["data"] += [other]
    figure["layout"]["hovermode"] = "closest"
    assert len(table_of(figure).rows) == 4


def test_long_curves_are_thinned_to_what_was_measured() -> None:
    table = table_of(curves(), most=10)
    assert table.head == ["epoch", "dense", "measured"]
    assert table.rows == [
        ["0", "0.0", "1.0000"], ["50", "50.0", "2.0000"], ["99", "99.0", "3.0000"],
    ]  # fmt: skip
    assert table.caption == "It rises; nats per token; 3 of 100 rows"


def test_a_curve_is_read_off_between_its_points_and_never_beyond() -> None:
    table = table_of(curves(), most=None)
    assert len(table.rows) == 100
    assert table.rows[25] == ["25", "25.0", "1.5000"]
    short = style.line([10, 20], [1, 2], "short", style.REAL)
    figure = curves()
    figure["data"].append(short)
    assert table_of(figure, most=None).rows[21][-1] == "–"


def test_a_ribbon_becomes_the_interval_of_its_line() -> None:
    band = style.ribbon([1, 2], [0.1, 0.2], [0.3, 0.4], "95%", style.REAL)
    line = style.line([1, 2], [0.2, 0.3], "mean", style.REAL, hover="%{y:.1f}")
    figure = style.figure([band, line], finding="f", seeing="", x_title="x", y_title="y")
    assert table_of(figure)[:2] == (
        ["x", "mean (95%)"], [["1", "0.2 (0.1 to 0.3)"], ["2", "0.3 (0.2 to 0.4)"]],
    )  # fmt: skip
