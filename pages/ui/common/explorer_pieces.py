"""Small things that the explorer's parts share."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

BESIDE = 12  # tokens: longer rows leave no room beside them


def finding(words: str) -> None:
    """What to notice now, as a figure's title says it."""
    st.html(f'<p class="finding">{escape(words)}</p>')


def two(length: int) -> Sequence[Any]:
    """Two places: beside each other where rows of `length` tokens allow it, else stacked."""
    if length <= BESIDE:
        return st.columns([1, 1], gap="large")
    return [st.container(), st.container()]
