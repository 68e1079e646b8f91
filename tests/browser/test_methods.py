"""The methods screen in a real browser, at a desk and on a phone."""

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


def ready(page: Page, charts: int = 2) -> None:
    """Everything is measured and drawn."""
    expect(page.get_by_role("tab", name="Findings")).to_be_visible()
    layers = page.locator(".live-chart .main-svg")  # two of each chart
    expect(layers.nth(2 * charts - 1)).to_be_attached()


def shown(page: Page) -> list[str]:
    """What a screen reader reads of the findings, the figures and the notices."""
    figures = page.locator(".live-chart .plot").all()
    labels = [figure.get_attribute("aria-label") or "" for figure in figures]
    return labels + page.locator(".shows li, .notice-now").all_inner_texts()


def press(page: Page, role: str, name: str, key: str) -> None:
    target = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    target.focus()
    page.keyboard.press(key)


def test_tabs_and_choices_by_keyboard_and_the_link_shows_the_same(
    server: Server, phone: Window, elsewhere: Window
) -> None:
    page = phone.open(f"{server.address}/methods?{OWN}&seeds=2")
    ready(page)
    labels = shown(page)
    assert labels[0].startswith("Best mean NLL_oracle")
    assert labels[1].startswith("Best mean NLL_test")
    assert len(page.locator(".live-chart .plot").all()) == 2  # the rest is not drawn yet
    fits(page)

    press(page, "tab", "Tests", "Enter")
    ready(page, 3)
    press(page, "radio", "a sequence", "Space")
    tests = page.locator('.plot[aria-label*="one observation is a sequence"]')
    expect(tests).to_have_count(1)
    expect(page).to_have_url(re.compile(r"(?=.*\bpart=tests)(?=.*\bobs=sentence)"))

    press(page, "tab", "Numbers and command", "Enter")
    expect(page.get_by_text("compare --strategies")).to_be_visible()
    summary = page.locator("summary").filter(has_text="Every run and every test")
    summary.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table").filter(has_text="NLL_test: Welch's test, one observation is")
    expect(table.first).to_contain_text("2, 2")  # a p-value never without its n
    fits(page)

    press(page, "tab", "Temperature", "Enter")
    ready(page, 4)
    methods = page.get_by_role("toolbar", name="Also vary the temperature of")
    methods.get_by_role("button", name="SeqGAN").focus()
    page.keyboard.press("Enter")
    varied = page.get_by_text("SeqGAN, temperature varied")
    expect(varied).to_be_visible()
    expect(page).to_have_url(re.compile(r"(?=.*\bpart=temperature)(?=.*\bcurves=seqgan)"))
    fits(page)

    again = elsewhere.open(page.url)
    ready(again, 4)
    expect(again.get_by_text("SeqGAN, temperature varied")).to_be_visible()
    assert shown(again) == shown(page)
    innocent(phone, elsewhere)


# The last in this file, because what it queues goes on training.
def test_missing_runs_are_queued_and_train(server: Server, desk: Window) -> None:
    page = desk.open(f"{server.address}/methods?{OWN}&seeds=3")
    ready(page)
    page.get_by_role("button", name=re.compile(r"Queue 2 missing runs · about \d")).click()
    expect(page.locator(".facts p").filter(has_text="Training or queued")).to_contain_text("2")
    expect(page.locator(".now")).to_be_visible()  # the line that says what trains
    store = Store(server.home)
    queued = {(r.config.strategy, r.config.seed): r.preset for r in store.runs()
              if r.config.seed == 3}  # fmt: skip
    missing = [("mle", 3), ("seqgan", 3)]
    assert queued == dict.fromkeys(missing, "glance")
    ready(page)  # what was there is still compared
    innocent(desk)
