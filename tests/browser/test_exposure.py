"""The exposure bias screen in a real browser, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from seqgan_core.runs.store import Store
from tests.browser.conftest import Server, Window, fits, innocent
from tests.browser.library import DAMAGED, FIRST, run_named

pytestmark = pytest.mark.browser


def ready(page: Page) -> None:
    """The perturbation is drawn, with its two figures."""
    expect(page.locator("table.perturbed")).to_have_count(3)
    expect(page.locator(".live-chart .main-svg").nth(3)).to_be_attached()  # two layers each
    expect(page.locator(".notice-now")).to_have_count(1)


def shown(page: Page) -> list[str]:
    """What a screen reader reads of the figures, the notices and the examples."""
    figures = page.locator(".live-chart .plot").all()
    labels = [figure.get_attribute("aria-label") or "" for figure in figures]
    return labels + page.locator(".notice-now, table.perturbed").all_inner_texts()


def test_k_by_keyboard_and_the_link_shows_the_same(
    server: Server, phone: Window, elsewhere: Window
) -> None:
    page = phone.open(f"{server.address}/exposure?run={run_named(server.home, FIRST)}")
    other_way = page.get_by_role("radio", name="KL(G ‖ oracle)")
    other_way.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"kl=reverse"))
    page.get_by_role("tab", name="Perturbation").click()
    ready(page)
    assert all("MLE" in label for label in shown(page)[:2])  # the finding, in words
    slider = page.get_by_role("slider", name=re.compile("Perturbed position"))
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("table.perturbed caption").first).to_contain_text("perturbed at position 2")
    expect(slider).to_be_focused()  # so that the next press goes on
    page.keyboard.press("ArrowRight")
    expect(page.locator("table.perturbed caption").first).to_contain_text("perturbed at position 3")
    expect(page).to_have_url(re.compile(r"(?=.*\bk=3)(?=.*\bkl=reverse)"))
    ready(page)

    table = page.locator("summary").filter(has_text="Numbers as a table")
    table.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").filter(has_text="excess minus the oracle's")).to_be_visible()
    fits(page)

    again = elsewhere.open(page.url)
    ready(again)
    expect(again.locator("table.perturbed caption").first).to_contain_text(
        "perturbed at position 3"
    )
    assert shown(again) == shown(page)
    innocent(phone, elsewhere)


def test_a_damaged_checkpoint_of_a_compared_run(server: Server, desk: Window) -> None:
    first, damaged = (run_named(server.home, name) for name in (FIRST, DAMAGED))
    last = Store(server.home).checkpoints(damaged)[-1].step
    page = desk.open(f"{server.address}/exposure?run={first}&with={damaged}&view=perturbation")
    ready(page)
    alert = page.get_by_role("alert").filter(has_text="damaged")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text(str(last))
    assert any("SeqGAN (round 2)" in label for label in shown(page))
    assert page.get_by_text("Traceback").count() == 0
    innocent(desk)
