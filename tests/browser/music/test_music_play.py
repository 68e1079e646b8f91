"""Music in a real browser: notes are drawn and continued, and one of two tunes is chosen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from seqgan_core.runs.store import Store
from seqgan_core.runs.votes import VoteRecord, votes
from tests.browser.conftest import Server, Window, fits, innocent
from tests.support.files.read_melodies import from_midi

pytestmark = pytest.mark.browser


def melodies(page: Page, place: str) -> Locator:
    """The cards of one part of the page, by its key."""
    return page.locator(f'[class*="st-key-{place}"] .melodies .card')


def ways(page: Page) -> Locator:
    return melodies(page, "music-ways")


def quiz(page: Page) -> Locator:
    return melodies(page, "music-quiz")


def remarks_of(cards: Locator) -> list[str]:
    """All notes of the cards, in words."""
    return [card.locator("details.words p").text_content() or "" for card in cards.all()]


def music_votes(server: Server) -> list[VoteRecord]:
    return votes(Store(server.home), quiz="music")


def plays(card: Locator) -> None:
    """Its sound is started by keyboard, and its time goes on; then it is stopped."""
    card.locator("button.play").press("Enter")
    expect(card).to_have_class(re.compile("playing"))
    card.page.wait_for_function("card => card.card.player.time > 0.2", arg=card.element_handle())
    card.locator("button.play").press("Enter")
    expect(card).not_to_have_class(re.compile("playing"))


def test_four_notes_by_keyboard_are_continued(
    server: Server, phone: Window, elsewhere: Window
) -> None:
    page = phone.open(f"{server.address}/music?who=music-seqgan&tab=continue")
    go = page.get_by_role("button", name="Continue", exact=True)
    expect(go).to_be_disabled()
    piano = page.get_by_role("toolbar", name=re.compile("^Keyboard"))
    piano.locator("button").first.focus()
    for _ in range(4):  # C4, D4, E4 and F♯4: each two keys higher
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"drawn=40\.42\.44\.46(&|$)"))
    expect(page.locator(".draw .drawn")).to_have_count(4)
    expect(ways(page)).to_have_count(0)
    expect(go).to_be_enabled()
    go.press("Enter")
    expect(ways(page)).to_have_count(4)
    expect(ways(page).first.locator(".title")).to_contain_text("1 of 8 · P(real) 0.")
    expect(ways(page).first.locator(".roll .note.given")).to_have_count(4)
    for words in remarks_of(ways(page)):
        assert re.match("C4 eighth, D4 eighth, E4 eighth, [FG][♯♭]4 ", words)
    page.get_by_role("button", name="Show the other 4").press("Enter")
    expect(ways(page)).to_have_count(8)
    plays(ways(page).first)
    fits(page)

    same_address = elsewhere.open(page.url)
    expect(ways(same_address)).to_have_count(8)
    assert remarks_of(ways(same_address)) == remarks_of(ways(page))
    expect(same_address.locator(".draw .drawn")).to_have_count(4)
    innocent(phone, elsewhere)


def test_notes_drawn_by_mouse_and_an_opening(server: Server, window: Window) -> None:
    page = window.open(f"{server.address}/music?who=music-seqgan&tab=continue&ways=2")
    sheet = page.locator(".draw .sheet")
    expect(sheet).to_be_visible()
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box is not None
    for step in range(4):  # C4 is the lowest of 25 rows, every step one of 15
        height = box["height"] * (1 - (2 * step + 0.5) / 25)
        page.locator(".draw .sheet").click(
            position={"x": box["width"] * (step + 0.5) / 15, "y": height}
        )
    expect(page).to_have_url(re.compile(r"drawn=40\.42\.44\.46(&|$)"))
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(ways(page)).to_have_count(2)
    before = remarks_of(ways(page))

    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page).to_have_url(re.compile("ways_seed=2"))
    expect(ways(page).first.locator("details.words p")).not_to_have_text(before[0])

    page.get_by_role("button", name="Question").click()
    expect(page.locator(".draw .drawn")).to_have_count(5)
    expect(ways(page).first.locator("details.words p")).to_contain_text(
        re.compile("^E5 eighth, D5")
    )
    expect(ways(page).first.locator(".roll .note.given")).to_have_count(5)

    page.get_by_role("button", name="Clear").click()
    expect(ways(page)).to_have_count(0)
    expect(page).not_to_have_url(re.compile("drawn="))
    fits(page)
    innocent(window)


def test_the_best_continuation_is_downloaded_as_files(server: Server, desk: Window) -> None:
    page = desk.open(f"{server.address}/music?who=music-seqgan&drawn=40.42.44.89&go=yes&ways=2")
    expect(ways(page)).to_have_count(2)
    keep = page.locator('[class*="st-key-music-ways-keep"]')
    files = {}
    for name in ("ABC", "MIDI", "MusicXML", "WAV"):
        with page.expect_download() as waiting:
            keep.get_by_role("button", name=name, exact=True).click()
        files[waiting.value.suggested_filename] = Path(waiting.value.path()).read_bytes()
    assert list(files) == [
        "continued-1.abc", "continued-1.mid", "continued-1.musicxml", "continued-1.wav"
    ]  # fmt: skip
    abc, midi, xml, sound = files.values()
    assert abc.startswith(b"%abc-2.1\n")
    made = from_midi(midi)
    assert [note.pitch for note in made.notes[:3]] == [60, 62, 64]
    assert len(made.notes) == ways(page).first.locator(".roll .note").count()
    assert b"score-partwise" in xml
    assert sound[:4] == b"RIFF"
    innocent(desk)


def test_a_vote_is_shown_and_survives_a_reload(workshop: Server, phone: Window) -> None:
    page = phone.open(f"{workshop.address}/music?who=music-seqgan&tab=quiz")
    expect(quiz(page)).to_have_count(2)
    plays(quiz(page).nth(1))
    page.get_by_role("button", name="This one is real: Second").press("Enter")
    expect(page.locator(".answer")).to_be_visible()
    expect(quiz(page).nth(1).locator(".title")).to_contain_text("your choice")
    (record,) = music_votes(workshop)
    real = quiz(page).nth(record.vote.human)
    expect(real.locator(".title")).to_contain_text("real: “walk ")
    expect(real.locator(".remarks")).to_contain_text("From Small tunes")
    assert record.vote.quiz == "music"
    assert record.vote.chose == 1
    right = "Right" if record.vote.human == 1 else "Wrong"
    expect(page.locator(".answer")).to_contain_text(right)

    page.reload()
    expect(page.locator(".facts", has_text="Real one found")).to_contain_text("Votes1")
    expect(page.get_by_role("button", name="This one is real: First")).to_be_visible()
    assert len(music_votes(workshop)) == 1
    page.get_by_role("button", name="This one is real: First").press("Enter")
    page.get_by_role("button", name="Next pair").press("Enter")
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator(".facts", has_text="Real one found")).to_contain_text("Votes2")
    page.get_by_role("button", name="Delete my votes (1)").click()
    expect(page.locator(".facts", has_text="Real one found")).to_contain_text("Votes1")
    fits(page)
    innocent(phone)
