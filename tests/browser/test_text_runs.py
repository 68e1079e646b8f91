"""Runs on text in a real browser: words everywhere, by keyboard too, at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from seqgan_core.training.setup.presets import PRESETS
from tests.browser.conftest import Server, Window, fits, innocent
from tests.browser.library import POEMS, SPEECH, run_named

pytestmark = pytest.mark.browser


def test_the_lab_shows_verse_and_its_charts(server: Server, phone: Window) -> None:
    run = f"{server.address}/lab?run={run_named(server.home, POEMS)}"
    page = phone.open(f"{run}&part=samples")
    lines = page.locator(".followed.characters .line")
    expect(lines).to_have_count(16)  # two lines of eight poems
    expect(lines.first.locator(".tok")).to_have_count(3)
    fits(page)
    page.goto(run)
    findings = page.locator(".live-chart .finding")
    expect(findings.nth(2)).to_contain_text("BLEU-2")
    assert "oracle" not in " ".join(page.locator(".live-chart").all_inner_texts())
    presets = page.get_by_role("radiogroup", name="Preset")
    expect(presets.get_by_role("radio")).to_have_count(len(PRESETS))
    fits(page)
    innocent(phone)


def test_a_word_is_chosen_and_changed_by_keyboard(server: Server, phone: Window) -> None:
    run_id = run_named(server.home, SPEECH)
    page = phone.open(f"{server.address}/rollouts?run={run_id}&row=1&token=1")
    tokens = page.locator(".token-rows .row").first.locator("button.tok")
    expect(tokens).to_have_count(6)
    tokens.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    word = tokens.nth(1).locator(".word").inner_text()
    expect(page.get_by_role("heading", name=f"Token {word}, position 2")).to_be_visible()
    fits(page)
    page.goto(f"{server.address}/discriminator?run={run_id}&at=1")
    expect(page.locator(".brackets .tok")).to_have_count(6)
    before = page.locator(".brackets .tok .word").first.inner_text()
    replacement = "responsibilities" if before != "responsibilities" else "work"
    choice = page.get_by_role("combobox", name="Token at position 1")
    choice.click()
    choice.fill(replacement)
    page.keyboard.press("Enter")
    expect(page.locator(".brackets .tok .word").first).to_have_text(replacement)
    word_box = page.locator(".brackets .tok .word").first.evaluate(
        "word => [word.scrollWidth, word.clientWidth]"
    )
    assert word_box[0] <= word_box[1]  # a long word is seen whole
    fits(page)
    innocent(phone)


def test_the_library_is_filtered_by_task(server: Server, desk: Window) -> None:
    page = desk.open(f"{server.address}/runs?task=speech")
    chosen = page.get_by_role("radio", name="speech · 1")
    expect(chosen).to_be_checked()
    page.get_by_role("radio", name="poems · 1").click()
    expect(page).to_have_url(re.compile("task=poems"))
    fits(page)
    innocent(desk)
