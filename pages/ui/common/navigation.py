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

# What each screen is called, wherever it is named.
TITLES = {
    OVERVIEW: N_("Overview"),
    LAB: N_("Training lab"),
    ALGORITHM: N_("Algorithm 1"),
    ROLLOUTS: N_("Roll-outs"),
    DISCRIMINATOR: N_("Discriminator"),
    EXPOSURE: N_("Exposure bias"),
    METHODS: N_("Methods"),
    STRATEGIES: N_("Strategies"),
    POEMS: N_("Poems"),
    SPEECHES: N_("Speeches"),
    MUSIC: N_("Music"),
    RUNS: N_("Runs"),
    GLOSSARY: N_("Glossary"),
}


# Old addresses, which links may still have. Each has a page script: a fresh server knows no other
# pages before the app has run.
MOVED = {"pages/training_lab.py": LAB}


def pages() -> dict[str, list[Any]]:
    """Every page under its heading; `url_path` is the file's stem, which deep links rely on."""
    return {
        "": [
            _page(OVERVIEW, ":material/home:", default=True),
            _page(LAB, ":material/science:", title=_("Train")),
            *(st.Page(old, title=_("Train"), visibility="hidden") for old in MOVED),
        ],
        _("Understand"): [
            _page(ALGORITHM, ":material/format_list_numbered:"),
            _page(ROLLOUTS, ":material/account_tree:"),
            _page(DISCRIMINATOR, ":material/policy:"),
            _page(EXPOSURE, ":material/healing:"),
        ],
        _("Compare"): [
            _page(METHODS, ":material/leaderboard:"),
            _page(STRATEGIES, ":material/balance:"),
        ],
        _("Create"): [
            _page(POEMS, ":material/brush:"),
            _page(SPEECHES, ":material/record_voice_over:"),
            _page(MUSIC, ":material/music_note:"),
        ],
        _("Library"): [
            _page(RUNS, ":material/list_alt:"),
            _page(GLOSSARY, ":material/dictionary:"),
        ],
    }


def _page(path: str, icon: str, title: str = "", default: bool = False) -> Any:
    url_path = None if default else Path(path).stem
    title = title or _(TITLES[path])
    return st.Page(path, title=title, icon=icon, url_path=url_path, default=default)


def redirect(old: str) -> Callable[[], None]:
    """What the page script at an old address draws: it redirects and keeps the query."""

    def draw() -> None:
        query = {name: st.query_params.get_all(name) for name in st.query_params}
        st.switch_page(MOVED[old], query_params=query)  # a copy: it clears what it is about to fill

    return draw


def app_has_run() -> None:
    """Called by app.py: records that this session has its pages."""
    st.session_state["app_has_run"] = True


def show(draw: Callable[[], None]) -> None:
    """Draw a page; an error on it is shown as a sentence.

    The first deep link on a fresh server runs the page without app.py; it then starts app.py.
    """
    if not st.session_state.get("app_has_run"):
        st.set_page_config(page_icon=ICON)  # without one the page's icon is fetched from the web
        st.navigation(pages(), position="top")
        st.rerun()
    with show_errors():
        draw()
