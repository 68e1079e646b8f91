"""The methods screen in a real browser, at a desk and on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from seqgan_core.runs.store import Store
from seqgan_core.training.devices import prepare_cpu
from tests.browser.conftest import PATIENCE, Server, Watched, watched
from tests.pages.test_methods import untrained

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)
OWN = "source=own&preset=glance&samples=2000&methods=mle.seqgan"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A library with two runs of MLE and one of SeqGAN; another one ships with the app."""
    prepare_cpu()
    store = Store(tmp_path / "home")
    for strategy, seed in [("mle", 1), ("mle", 2), ("seqgan", 2)]:
        untrained(store, strategy, seed)
    return tmp_path / "home"


def ready(page: Page) -> None:
    """Everything is measured and drawn: eleven figures and the command."""
    expect(page.get_by_text("compare --strategies")).to_be_visible()
    expect(page.locator(".live-chart .main-svg").nth(21)).to_be_attached()  # two layers each


def shown(page: Page) -> list[str]:
    """What a screen reader reads of the findings, the figures and the notices."""
    figures = page.locator(".live-chart .plot").all()
    labels = [figure.get_attribute("aria-label") or "" for figure in figures]
    return labels + page.locator(".shows li, .notice-now").all_inner_texts()


def test_the_switch_by_keyboard_and_the_link_shows_the_same(
    server: Server, window: Watched, browser: Browser, size: tuple[int, int]
) -> None:
    page = window.open(f"{server.address}/methods?{OWN}&seeds=2")
    ready(page)
    labels = shown(page)
    assert any("NLL_oracle, one observation is a run" in label for label in labels)
    assert labels[0].startswith("NLL_oracle:")
    assert labels[1].startswith("NLL_test:")
    sentence = page.get_by_role("radio", name="a sentence")
    sentence.focus()
    page.keyboard.press("Space")
    tests = page.locator('.plot[aria-label*="one observation is a sentence"]')
    expect(tests).to_have_count(1)
    curves = page.get_by_role("toolbar", name="Turn the temperature of these as well")
    curve = curves.get_by_role("button", name="SeqGAN")
    curve.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("SeqGAN, temperature turned")).to_be_visible()
    expect(page).to_have_url(re.compile(r"(?=.*\bobs=sentence)(?=.*\bcurves=seqgan)"))

    summary = page.locator("summary").filter(has_text="All tests as tables")
    summary.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table").filter(has_text="NLL_test, one observation is a run")
    expect(table).to_be_visible()
    expect(table).to_contain_text("2, 2")  # a p-value never without its n
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0

    elsewhere = watched(browser, size)
    again = elsewhere.open(page.url)
    ready(again)
    expect(again.get_by_text("SeqGAN, temperature turned")).to_be_visible()
    assert shown(again) == shown(page)
    for one in (window, elsewhere):
        assert not one.outside
        assert not one.errors
    elsewhere.context.close()


def test_what_is_missing_is_queued_and_trains(server: Server, window: Watched) -> None:
    page = window.open(f"{server.address}/methods?{OWN}&seeds=3")
    ready(page)
    page.get_by_role("button", name=re.compile(r"Queue what is missing: 2 runs, about \d")).click()
    expect(page.locator(".facts p").filter(has_text="Training or queued")).to_contain_text("2")
    expect(page.locator(".now")).to_be_visible()  # the line that says what trains
    store = Store(server.home)
    queued = {(r.config.strategy, r.config.seed): r.preset for r in store.runs()
              if r.status in ("queued", "running")}  # fmt: skip
    assert queued == {("mle", 3): "glance", ("seqgan", 3): "glance"}
    ready(page)  # what was there is still compared
    assert not window.errors
