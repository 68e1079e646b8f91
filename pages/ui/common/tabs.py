"""Sections of a screen as tabs: drawn only while open, and kept in the address."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import streamlit as st

from pages.ui.common import url_state


class Tab(NamedTuple):
    """A section: its word in the address, its label on screen, and what draws it."""

    slug: str
    label: str
    draw: Callable[[], None]


def tabs(name: str, sections: Sequence[Tab], *, key: str, default: str = "") -> None:
    """Draw the open section of `sections`; the others cost nothing.

        tabs("part", [Tab("tests", _("Tests"), lambda: tests(source)), ...], key="methods-part")

    Args:
        name: in the address. The default section leaves the address clean; an unknown word opens
            it.
        sections: labels and slugs differ from each other. A single one is drawn without a tab.
        key: of the widget; its state is the label of the open section.
        default: slug of the default section; "" for the first.
    """
    if len(sections) == 1:
        sections[0].draw()
        return
    by_label = {tab.label: tab for tab in sections}
    usual = next((tab for tab in sections if tab.slug == default), sections[0])
    linked = next((tab for tab in sections if tab.slug == url_state.text(name)), usual)
    opened = by_label.get(st.session_state.get(key, ""), linked)
    if st.session_state.get(key) != opened.label:  # first drawing, or labels in another language
        st.session_state[key] = opened.label
    url_state.put(**{name: None if opened is usual else opened.slug})
    for tab, place in zip(
        sections, st.tabs(list(by_label), key=key, on_change="rerun"), strict=True
    ):
        if place.open:
            with place:
                tab.draw()
