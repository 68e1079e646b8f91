"""The one list of pages, and the guard that lets a deep link open on a fresh server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.common.errors import show_errors
from pages.ui.common.i18n import ASSETS
from seqgan_core.messages import N_, _

ICON = ASSETS / "icon.png"
OVERVIEW = "pages/overview.py"
LAB = "pages/lab.py"
ROLLOUTS = "pages/rollouts.py"
ALGORITHM = "pages/algorithm.py"
DISCRIMINATOR = "pages/discriminator.py"
EXPOSURE = "pages/exposure.py"
METHODS = "pages/methods.py"
STRATEGIES = "pages/strategies.py"
POEMS = "pages/poems.py"
SPEECHES = "pages/speeches.py"
MUSIC = "pages/music.py"
RUNS = "pages/runs.py"
GLOSSARY = "pages/glossary.py"

# Every page under its heading: what it is called wherever it is named, and its icon.
_PAGES = {
    "": [(OVERVIEW, N_("Overview"), "home"), (LAB, N_("Training lab"), "science")],
    N_("Understand"): [
        (ALGORITHM, N_("Algorithm 1"), "format_list_numbered"),
        (ROLLOUTS, N_("Roll-outs"), "account_tree"),
        (DISCRIMINATOR, N_("Discriminator"), "policy"),
        (EXPOSURE, N_("Exposure bias"), "healing"),
    ],
    N_("Compare"): [
        (METHODS, N_("Methods"), "leaderboard"),
        (STRATEGIES, N_("Strategies"), "balance"),
    ],
    N_("Create"): [
        (POEMS, N_("Poems"), "brush"),
        (SPEECHES, N_("Speeches"), "record_voice_over"),
        (MUSIC, N_("Music"), "music_note"),
    ],
    N_("Library"): [(RUNS, N_("Runs"), "list_alt"), (GLOSSARY, N_("Glossary"), "dictionary")],
}
TITLES = {page: title for rows in _PAGES.values() for page, title, _icon in rows}
_ICONS = {page: icon for rows in _PAGES.values() for page, _title, icon in rows}

# Old addresses, which links may still have. Each has a page script: a fresh server knows no other
# pages before the app has run.
MOVED = {"pages/training_lab.py": LAB}


def pages() -> dict[str, list[Any]]:
    """Every page under its heading; `url_path` is the file's stem, which deep links rely on."""
    known = {_(heading): [_page(*row) for row in rows] for heading, rows in _PAGES.items()}
    known[""] += [st.Page(old, title=_("Train"), visibility="hidden") for old in MOVED]
    return known


def _page(path: str, title: str, icon: str) -> Any:
    home, title = path == OVERVIEW, _("Train") if path == LAB else _(title)
    address = None if home else Path(path).stem
    return st.Page(path, title=title, icon=f":material/{icon}:", url_path=address, default=home)


def link(page: str, label: str = "", icon: str = "", **query: str) -> None:
    """A link to a page, by default with its title and icon; `query` is written into the address."""
    label, icon = label or _(TITLES[page]), f":material/{icon or _ICONS[page]}:"
    st.page_link(page, label=label, icon=icon, query_params=query or None)


def redirect(old: str) -> Callable[[], None]:
    """What the page script at an old address draws: it redirects and keeps the query."""

    def draw() -> None:
        query = {name: st.query_params.get_all(name) for name in st.query_params}
        st.switch_page(MOVED[old], query_params=query)  # a copy: it clears what it is about to fill

    return draw


def app_has_run() -> None:
    """Called by app.py: records that this session has its pages."""
    st.session_state["app_has_run"] = True


def show(draw: Callable[..., None], *args: object) -> None:
    """Draw a page with `draw(*args)`; an error on it is shown as a sentence.

    The first deep link on a fresh server runs the page without app.py; it then starts app.py.
    """
    if not st.session_state.get("app_has_run"):
        st.set_page_config(page_icon=ICON)  # without one the page's icon is fetched from the web
        st.navigation(pages(), position="top")
        st.rerun()
    with show_errors():
        draw(*args)
