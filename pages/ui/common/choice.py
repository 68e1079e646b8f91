"""Choices kept in the address: a link opens the same view, and a wrong value falls back.

Each function draws one widget, checks what the address says against the options or bounds, and
writes the choice back. A default leaves the address clean. Once drawn, the widget holds the choice;
a callback that changes it calls `change`.

    axis = one_of("x", _("Curves against"), {"seconds": _("seconds"), "epochs": _("epochs")},
                  key="strategies-axis")
    n = number("n", _("Roll-outs N"), 1, 64, 16, key="rollouts-n")
    near = toggle("near", _("Only near the curve"), key="methods-near")
    drawn = several("curves", _("Curves"), methods, key="methods-curves")
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

import streamlit as st

from pages.ui.common import url_state
from pages.ui.common.url_state import Number
from seqgan_core.media.visible_text import visible_text

T = TypeVar("T")
Widget = Literal["segmented", "pills", "select", "slider"]

_SEPARATOR = "."  # between several values: a comma would be written as %2C


def one_of(
    name: str,
    label: str,
    options: Mapping[T, str] | Sequence[T],
    *,
    key: str,
    default: T | None = None,
    widget: Widget = "segmented",
    place: Any = st,
    **look: Any,
) -> T:
    """One of `options`; the first one unless `default` or the address says otherwise.

    Args:
        name: in the address.
        label: over the widget.
        options: values, with their labels where they have any; `str` of a value stands in the
            address.
        key: of the widget.
        default: leaves the address clean.
        widget: buttons in a bar, buttons that wrap, a select box, or a slider over the options.
        place: where it is drawn, such as a column.
        look: `help`, `label_visibility` and the like, for the widget.
    """
    values = list(options)
    usual = default if default in values else values[0]
    linked = next((value for value in values if str(value) == url_state.text(name)), usual)
    labels = options if isinstance(options, Mapping) else {value: str(value) for value in values}
    look = {"format_func": lambda value: visible_text(labels[value]), "key": key} | look
    if widget == "select":
        chosen = place.selectbox(label, values, values.index(linked), **look)
    elif widget == "slider":
        chosen = place.select_slider(label, values, linked, **look)
    else:
        draw = place.pills if widget == "pills" else place.segmented_control
        chosen = draw(label, values, default=linked, required=True, **look)
    url_state.put(**{name: None if chosen == usual else chosen})
    return chosen  # type: ignore[no-any-return]


def several(
    name: str,
    label: str,
    options: Mapping[str, str] | Sequence[str],
    *,
    key: str,
    default: Sequence[str] = (),
    place: Any = st,
    **look: Any,
) -> list[str]:
    """Any of `options`, in their order; the rest as for `one_of`.

    The address holds them joined by dots, and may repeat `name` instead.
    """
    values = list(options)
    labels = options if isinstance(options, Mapping) else dict(zip(values, values, strict=True))
    usual = [value for value in values if value in default]
    parts = [part for text in url_state.all_of(name) for part in text.split(_SEPARATOR)]
    linked = [value for value in values if value in parts] or usual
    look = {"default": linked, "format_func": lambda value: visible_text(labels[value])} | look
    chosen = place.pills(label, values, selection_mode="multi", key=key, **look)
    chosen = [value for value in values if value in chosen]
    url_state.put(**{name: None if chosen == usual else _SEPARATOR.join(chosen)})
    return chosen


def number(
    name: str, label: str, low: Number, high: Number, default: Number, *, key: str,
    step: float = 1, slider: bool = False, place: Any = st, **look: Any,
) -> Number:  # fmt: skip
    """A number between `low` and `high`, both included; whole if `default` is.

    A number in the address beyond its bounds moves to the nearer one.
    """
    kind = type(default)
    draw = place.slider if slider else place.number_input
    bounds = {"min_value": kind(low), "max_value": kind(high), "step": kind(step)}
    linked = url_state.number(name, default, low, high)
    chosen = kind(draw(label, value=linked, key=key, **bounds, **look))
    url_state.put(**{name: None if chosen == default else f"{chosen:.10g}"})
    return chosen


def toggle(
    name: str, label: str, *, key: str, default: bool = False, place: Any = st, **look: Any
) -> bool:
    """Yes or no, as a switch."""
    linked = {"yes": True, "1": True, "no": False, "0": False}.get(url_state.text(name), default)
    chosen = bool(place.toggle(label, value=linked, key=key, **look))
    url_state.put(**{name: None if chosen == default else "yes" if chosen else "no"})
    return chosen


def change(name: str, key: str, value: Any) -> None:
    """Change a choice from a callback, such as a button's: in the widget and in the address."""
    st.session_state[key] = value
    url_state.put(**{name: value})
