"""Buttons with an icon: what changes the page before it is drawn, and what acts at its place."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from pages.ui.common.errors import show_errors

Act = Callable[..., object]


def button(
    label: str, icon: str, key: str, act: Act | None = None, *args: Any, **look: Any
) -> bool:
    """Draw it; whether it was pressed. `act(*args)` is then called before the page is drawn."""
    icon = f":material/{icon}:"
    return st.button(label, icon=icon, key=key, on_click=act, args=args, **look)


def action(
    label: str, icon: str, key: str, act: Act, *args: Any,
    scope: Literal["app", "fragment"] = "app", **look: Any,
) -> None:  # fmt: skip
    """Draw it; once pressed, `act(*args)`, and draw anew what `scope` says, or show the error."""
    if button(label, icon, key, **look):
        with show_errors():
            act(*args)
            st.rerun(scope=scope)
