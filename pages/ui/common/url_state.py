"""View state in the URL, so that a link opens the same view in another browser."""

import math
from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from seqgan_core.media.visible_text import visible_text
from seqgan_core.runs.store import RunRecord, Store, StoreError


def text(name: str, default: str = "") -> str:
    """The value of `name` in the URL, which may end in a widget."""
    return visible_text(str(st.query_params.get(name, default)))


def all_of(name: str) -> list[str]:
    """Every value of `name` in the URL, which may repeat it."""
    return st.query_params.get_all(name)


Number = TypeVar("Number", int, float)


def number(name: str, default: Number, low: Number, high: Number) -> Number:
    """A number from the URL, clamped to its bounds; whole if `default` is.

    The default where it is no such number, or negative where that makes no sense.
    """
    given, kind = text(name), type(default)
    try:
        value = kind(given)
    except ValueError:
        return default
    if not math.isfinite(value) or len(given) > 15 or value < 0 <= low:
        return default
    return min(high, max(low, value))


def numbers(name: str, digits: int = 10) -> list[int]:
    """Whole numbers joined by dots in the URL; what has more digits or is none is left out."""
    parts = text(name).split(".")
    return [int(part) for part in parts if part.isdecimal() and len(part) <= digits]


def one_of(name: str, options: Sequence[str], default: str) -> str:
    """A word from the URL; the default where it is not one of `options`."""
    value = text(name)
    return next((option for option in options if option == value), default)


def put(**values: object) -> None:
    """Write values into the URL; None removes a name."""
    before = {name: st.query_params.get_all(name) for name in st.query_params}
    after = before | {name: [str(value)] for name, value in values.items() if value is not None}
    for name, value in values.items():
        if value is None:
            after.pop(name, None)
    if after != before:  # all at once: each change is a step of the browser's history
        st.query_params.from_dict(after)


def runs_compared(store: Store) -> list[RunRecord]:
    """The runs that the URL compares with the one shown; deleted runs are left out."""
    records = []
    for run_id in st.query_params.get_all("with"):
        try:
            records.append(store.run(run_id))
        except StoreError:
            continue
    return records


def step_shown() -> int | None:
    """The step in the URL, or None for the newest."""
    step = number("step", -1, 0, 10**15)
    return None if step < 0 else step
