"""The discriminator's screen in a real browser: by keyboard, by link, and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, SIZES, Server, Window, fits, innocent
from tests.browser.library import SMALL_RUN, run_named
from tests.browser.test_rollouts import NAMES

pytestmark = pytest.mark.browser


def opened(window: Window, server: Server, address: str = "") -> Page:
    page = window.open(f"{server.address}/discriminator?{address}")
    title = "Discriminator: a set of n-gram detectors"
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page


def run_of(server: Server) -> str:
    return run_named(server.home, SMALL_RUN)


def seen(page: Page) -> dict[str, object]:
    """What a viewer sees: the score, the brackets, the tokens, and the chosen phrase's sum."""
    expect(page.locator(".brackets .tok").first).to_be_visible()
    return {
        "score": page.locator(".verdict .big").inner_text(),
        "brackets": page.locator(".brackets .arc").evaluate_all(
            "all => all.map((one) => [one.ariaLabel, one.ariaPressed])"
        ),
        "tokens": page.locator(".brackets .tok").evaluate_all(
            "all => all.map((one) => [one.ariaLabel, one.ariaPressed])"
        ),
        "sums": page.locator(".worked").all_inner_texts(),
    }


def test_phrases_and_tokens_by_keyboard_and_by_link(
    server: Server, phone: Window, elsewhere: Window
) -> None:
    page = opened(phone, server, f"run={run_of(server)}&show=all")
    first = seen(page)
    arcs = page.locator(".brackets .arc")
    assert arcs.count() > 2
    assert len(page.locator(".brackets button[tabindex='0']").all()) == 2  # one stop a toolbar

    # Choose another phrase: from the chosen one with the arrow keys, then Enter.
    page.locator(".brackets .arc[aria-pressed='true']").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    label = page.evaluate("document.activeElement.ariaLabel")
    assert label == arcs.nth(1).get_attribute("aria-label")
    page.keyboard.press("Enter")
    expect(arcs.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"bracket=\d+\.\d+"))
    effect = re.search(r"[−+][\d.]+ points", label.replace("\u00a0", " "))
    assert effect
    expect(page.locator(".read + .worked + p")).to_contain_text(effect[0].removesuffix(" points"))
    assert page.locator(".brackets button").evaluate_all(NAMES) == 0

    # Down to the tokens, choose one, and put the best other token there.
    for _ in range(20):
        if page.evaluate("document.activeElement.classList.contains('tok')"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"at=6"))
    expect(
        page.get_by_text("Token at position 6", exact=True)
    ).to_be_in_viewport()  # the editor comes along
    buttons = page.locator("[data-testid='stButton'] button:visible").filter(
        has_text=re.compile("[▲▼●]")
    )
    expect(buttons.first).to_be_visible()
    buttons.first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("tokens="))
    expect(page.locator(".brackets .tok").nth(5)).to_contain_text("was")
    expect(page.locator(".verdict .big")).to_contain_text("→")
    expect(page.get_by_role("heading", name="Effect of the change")).to_be_visible()
    expect(buttons.first).to_be_focused()  # a keyboard goes on from where it was

    # The link opens the same view in another browser.
    edited = seen(page)
    assert edited["tokens"] != first["tokens"]
    again = elsewhere.open(page.url)
    expect(again.locator(".verdict .big")).to_contain_text("→")
    assert seen(again) == edited

    # The way back, and the same numbers as a table.
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Effect of the change")).to_have_count(0)
    assert seen(page)["score"] == first["score"]
    page.get_by_text("All phrases as a table").click()
    rows = page.locator("table.numbers:visible").last.locator("tbody tr")
    expect(rows.first).to_be_visible()
    assert rows.count() >= arcs.count()

    fits(page)
    innocent(phone, elsewhere)


def figure_words(page: Page, figures: int) -> list[str]:
    """What the figures say, once all are drawn and the page stands still."""
    read = """() => [...document.querySelectorAll('.live-chart .plot')]
        .filter((plot) => plot.querySelector('.main-svg')).map((plot) => plot.ariaLabel)"""
    page.wait_for_function(f"(n) => ({read})().length === n", arg=figures, timeout=PATIENCE)
    while True:
        before = page.evaluate(read)
        page.wait_for_timeout(700)
        words: list[str] = page.evaluate(read)
        if words == before and len(words) == figures:
            return words


def test_filters_and_training_have_words_and_tables(
    server: Server, desk: Window, elsewhere: Window
) -> None:
    page = opened(desk, server, f"run={run_of(server)}&n=200")
    for part, view, figures in (("Filters", "filters", 2), ("Through training", "training", 4)):
        page.get_by_role("tab", name=part).focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"view={view}"))
        words = figure_words(page, figures)
        assert all(len(text) > 60 for text in words)
        page.get_by_text("Numbers as a table").last.click()
        expect(page.locator("table.numbers:visible").last).to_be_visible()
        fits(page)
        if view == "training":  # its numbers are in sight on a phone as well
            table = page.get_by_role("region", name="Accuracy on sequences that D has seen")
            page.set_viewport_size({"width": SIZES["phone"][0], "height": SIZES["phone"][1]})
            assert table.evaluate("one => one.scrollWidth <= one.clientWidth")

        elsewhere.clear()
        again = elsewhere.open(page.url)
        assert figure_words(again, figures) == words
    innocent(desk, elsewhere)
