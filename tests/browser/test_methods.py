"""The methods screen in a real browser, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from seqgan_core.runs.store import Store
from seqgan_core.training.setup.devices import prepare_cpu
from tests.browser.conftest import Server, Window, end, fits, innocent, serve
from tests.pages.test_methods import untrained

pytestmark = pytest.mark.browser
OWN = "source=own&preset=glance&samples=2000&methods=mle.seqgan"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app with two runs of MLE and one of SeqGAN; another one ships with the app."""
    folder = tmp_path_factory.mktemp("methods")
    prepare_cpu()
    store = Store(folder / "home")
    for strategy, seed in [("mle", 1), ("mle", 2), ("seqgan", 2)]:
        untrained(store, strategy, seed)
    started = serve(folder / "home", folder / "server.log")
    yield started
    end(started)


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
    server: Server, phone: Window, elsewhere: Window
) -> None:
    page = phone.open(f"{server.address}/methods?{OWN}&seeds=2")
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
    fits(page)

    again = elsewhere.open(page.url)
    ready(again)
    expect(again.get_by_text("SeqGAN, temperature turned")).to_be_visible()
    assert shown(again) == shown(page)
    innocent(phone, elsewhere)


# The last in this file, because what it queues goes on training.
def test_what_is_missing_is_queued_and_trains(server: Server, desk: Window) -> None:
    page = desk.open(f"{server.address}/methods?{OWN}&seeds=3")
    ready(page)
    page.get_by_role("button", name=re.compile(r"Queue what is missing: 2 runs, about \d")).click()
    expect(page.locator(".facts p").filter(has_text="Training or queued")).to_contain_text("2")
    expect(page.locator(".now")).to_be_visible()  # the line that says what trains
    store = Store(server.home)
    queued = {(r.config.strategy, r.config.seed): r.preset for r in store.runs()
              if r.status in ("queued", "running")}  # fmt: skip
    assert queued == {("mle", 3): "glance", ("seqgan", 3): "glance"}
    ready(page)  # what was there is still compared
    innocent(desk)
