"""The exposure bias screen in a real browser, at a desk and on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from seqgan_core.runs.store import Store
from seqgan_core.training.config import make_config
from seqgan_core.training.devices import prepare_cpu
from tests.browser.conftest import PATIENCE, Server, Watched, watched
from tests.pages.test_exposure import CONFIG, trained

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A library with two small runs of the same oracle, really trained."""
    prepare_cpu()
    store = Store(tmp_path / "home")
    trained(store, CONFIG, "first")
    trained(store, make_config(CONFIG, seed=2, rounds=1), "second")
    return tmp_path / "home"


def run_named(home: Path, name: str) -> str:
    return next(record.id for record in Store(home).runs() if record.name == name)


def ready(page: Page) -> None:
    """All three parts are drawn, each with its two figures."""
    expect(page.locator("table.wounds")).to_have_count(3)
    expect(page.locator(".live-chart .main-svg").nth(11)).to_be_attached()  # two layers each
    expect(page.locator(".notice-now")).to_have_count(3)


def shown(page: Page) -> list[str]:
    """What a screen reader reads of the figures, the notices and the examples."""
    figures = page.locator(".live-chart .plot").all()
    labels = [figure.get_attribute("aria-label") or "" for figure in figures]
    return labels + page.locator(".notice-now, table.wounds").all_inner_texts()


def test_k_by_keyboard_and_the_link_shows_the_same(
    server: Server, window: Watched, browser: Browser, size: tuple[int, int]
) -> None:
    page = window.open(f"{server.address}/exposure?run={run_named(server.home, 'first')}")
    ready(page)
    assert all("MLE" in label for label in shown(page)[:6])  # the finding, in words
    slider = page.get_by_role("slider", name=re.compile("Wounded position"))
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("table.wounds caption").first).to_contain_text("wounded at position 2")
    expect(slider).to_be_focused()  # so that the next press goes on
    page.keyboard.press("ArrowRight")
    expect(page.locator("table.wounds caption").first).to_contain_text("wounded at position 3")
    other_way = page.get_by_role("radio", name="KL(G ‖ oracle)")
    other_way.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"(?=.*\bk=3)(?=.*\bkl=reverse)"))
    ready(page)

    table = page.locator("summary").filter(has_text="The numbers as a table").last
    table.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").filter(has_text="Beyond the oracle's excess")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0

    elsewhere = watched(browser, size)
    again = elsewhere.open(page.url)
    ready(again)
    expect(again.locator("table.wounds caption").first).to_contain_text("wounded at position 3")
    assert shown(again) == shown(page)
    assert not window.outside
    assert not elsewhere.outside
    assert not window.errors
    assert not elsewhere.errors
    elsewhere.context.close()


def test_a_damaged_checkpoint_of_a_compared_run(server: Server, window: Watched) -> None:
    first, second = (run_named(server.home, name) for name in ("first", "second"))
    store = Store(server.home)
    last = store.checkpoints(second)[-1].step
    (file,) = store.checkpoint_folder(second).glob(f"*{last}.safetensors")
    file.write_bytes(file.read_bytes()[:200])
    page = window.open(f"{server.address}/exposure?run={first}&with={second}")
    ready(page)
    alert = page.get_by_role("alert").filter(has_text="damaged")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text(str(last))
    assert any("SeqGAN (round 2)" in label for label in shown(page))
    assert page.get_by_text("Traceback").count() == 0
    assert not window.errors
