"""Buttons with an icon of Material Symbols."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from pages.ui.common.errors import show_errors

Act = Callable[..., object]


def button(
    label: str, icon: str, key: str, act: Act | None = None, *args: Any, **look: Any
) -> bool:
    """Draw it; returns whether it was pressed. `act(*args)` runs before the page is drawn again."""
    icon = f":material/{icon}:"
    return st.button(label, icon=icon, key=key, on_click=act, args=args, **look)


def action(
    label: str, icon: str, key: str, act: Act, *args: Any,
    scope: Literal["app", "fragment"] = "app", **look: Any,
) -> None:  # fmt: skip
    """Draw it. Once pressed, run `act(*args)` and redraw `scope`; an error is shown here."""
    if button(label, icon, key, **look):
        with show_errors():
            act(*args)
            st.rerun(scope=scope)
