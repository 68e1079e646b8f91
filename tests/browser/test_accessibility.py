"""axe (WCAG 2.1 A and AA) on every screen, at both sizes, light and dark."""

from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from pages.ui.common import navigation
from tests.browser.conftest import PATIENCE, SIZES, Server, Window, innocent

pytestmark = pytest.mark.browser

SCREENS = [Path(page).stem for page in navigation.TITLES]
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
OPTIONS: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    "resultTypes": ["violations"],
}
# Streamlit's own faults: rule, a piece of the element's HTML, why it is not the app's.
KNOWN = (
    ("list", 'data-testid="stSidebarNavItems"', "a phone's menu holds its sections in the list"),
    ("listitem", '<li class="st-emotion-cache-', "and a section's pages stand in no list there"),
)
DRAWN = """() => document.querySelector('h1')
  && !document.querySelector('[data-test-script-state="running"]')
  && !document.querySelector('[data-testid="stProgress"], [data-testid="stSkeleton"]')"""


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(server: Server, desk: Window, screen: str) -> None:
    page = desk.open("about:blank")
    page.goto(f"{server.address}/{'' if screen == 'overview' else screen}")
    found = {}
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.wait_for_function(DRAWN, timeout=PATIENCE)
            found |= {f"{size} {theme} {where}": what for where, what in lasting(page).items()}
    page.emulate_media(color_scheme="null")
    assert not found, "\n" + "\n".join(f"{where}\n    {what}" for where, what in found.items())
    innocent(desk)


def lasting(page: Page) -> dict[str, str]:
    """What axe still finds when colours no longer change and nothing is redrawn."""
    found: dict[str, str] = {}
    for _ in range(5):
        page.wait_for_timeout(300)
        found = violations(page)
        if not found:
            break
    return found


def violations(page: Page) -> dict[str, str]:
    """What axe finds that is not Streamlit's own: rule and selector, and what is wrong."""
    results = Axe().run(page, options=OPTIONS)
    return {
        f"{violation['id']} {node['target']}": f"{node['html'][:160]} {node['failureSummary']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
        if not any(
            rule == violation["id"] and piece in node["html"] for rule, piece, _reason in KNOWN
        )
    }
