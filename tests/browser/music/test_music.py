"""Music in a real browser: pressed play it sounds and its line moves; kept, linked, revealed."""

import io
import json
import re
import wave
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from seqgan_core.insight.writing.sampler import sample_tokens, shipped_sampler
from seqgan_core.insight.writing.tunes import melody_of
from tests.browser.conftest import PATIENCE, Server, Window, fits, innocent
from tests.support.files.read_melodies import from_midi

pytestmark = pytest.mark.browser

SLOW = "bpm=40&n=2"  # 12 seconds a tune, so that a busy machine finds it still playing
NOW = """card => {
    const { player, card: shown } = card.card;
    return { time: player.time, playing: player.playing, source: shown.sound.slice(-2000),
             head: parseFloat(card.querySelector(".field > .head").style.left || "0") };
}"""


def composed(page: Page, n: int) -> Locator:
    """The cards of the new tunes, once they are compared with the training tunes."""
    cards = page.locator(".st-key-make-samples .card")
    expect(cards).to_have_count(n)
    expect(cards.first.locator(".choose")).to_be_visible()
    return cards


def now(card: Locator) -> dict[str, Any]:
    return dict(card.evaluate(NOW))


def wait_until(page: Page, condition: str) -> dict[str, Any]:
    """Waits until `NOW` holds for the first card, which may be redrawn meanwhile."""
    first = "document.querySelector('.st-key-make-samples .card')"
    script = f"() => {{ const at = ({NOW})({first}); return {condition}; }}"
    page.wait_for_function(script, timeout=PATIENCE)
    return now(page.locator(".st-key-make-samples .card").first)


def test_play_sounds_the_line_moves_and_another_instrument_goes_on(
    server: Server, phone: Window
) -> None:
    page = phone.open(f"{server.address}/music?{SLOW}")
    card = composed(page, 2).first
    at_first = now(card)  # nothing plays by itself
    assert (at_first["time"], at_first["playing"], at_first["head"]) == (0, False, 0)
    assert page.evaluate("() => window.melodyRoom.context") is None
    card.locator(".play").press("Enter")
    before = wait_until(page, "at.time > 0.3 && at.head > 0")
    after = wait_until(page, f"at.time > {before['time'] + 0.3}")
    assert after["head"] > before["head"]
    assert after["head"] == pytest.approx(100 * after["time"] / 12, abs=3)
    expect(card.locator(".stage .sounding")).to_have_count(1)

    page.get_by_text("Settings", exact=True).click()
    page.get_by_role("combobox", name="Instrument").click()
    page.get_by_role("option", name="flute").click()
    expect(page).to_have_url(re.compile("instrument=flute"))
    changed = wait_until(page, f"at.source !== '{after['source']}' && at.playing")
    assert changed["time"] > after["time"] - 0.1  # from where it was
    card.locator(".play").press("Enter")
    assert not wait_until(page, "!at.playing")["playing"]

    card.locator(".roll").press("Home")
    assert now(card)["time"] == pytest.approx(0, abs=0.01)
    card.locator(".roll").press("ArrowRight")
    assert now(card)["head"] > 0
    assert "Q 0." in str(card.locator(".roll").get_attribute("aria-valuetext"))
    fits(page)
    innocent(phone)


def test_motifs_stand_over_a_tune_that_plays_on(server: Server, phone: Window) -> None:
    page = phone.open(f"{server.address}/music?{SLOW}")
    card = composed(page, 2).first
    card.locator(".play").press("Enter")
    before = wait_until(page, "at.time > 0.3")
    page.get_by_text("Settings", exact=True).click()
    page.get_by_text("Motifs of D", exact=True).click()
    expect(page.locator(".st-key-make-samples .motifs .motif").first).to_be_visible()
    after = wait_until(page, "at.playing")
    assert after["source"] == before["source"]  # the same sound, not begun anew
    assert after["time"] > before["time"]
    words = card.locator("details.words")
    words.locator("summary").press("Enter")
    expect(words.locator("li").first).to_contain_text("P(real)")
    expect(page.get_by_text("has the largest effect on D")).to_be_visible()
    fits(page)
    innocent(phone)


def test_a_card_keeps_its_height_while_a_note_is_described(server: Server, phone: Window) -> None:
    page = phone.open(f"{server.address}/music?{SLOW}&motifs=yes")
    card = composed(page, 2).first
    expect(card.locator(".motif").first).to_be_visible()
    roll, heights = card.locator(".roll"), set()
    roll.press("Home")
    for _ in range(int(card.locator(".stage .note").count())):
        heights.add((card.bounding_box() or {})["height"])
        expect(card.locator(".readout")).not_to_be_empty()
        roll.press("ArrowRight")
    assert len(heights) == 1
    innocent(phone)


def test_a_link_opens_the_same_tunes_and_their_neighbours(
    server: Server, phone: Window, elsewhere: Window
) -> None:
    page = phone.open(f"{server.address}/music?n=2&seed=5&instrument=guitar&bpm=90")
    card = composed(page, 2).last
    card.locator(".choose").press("Enter")
    near = page.locator(".st-key-music-near .card")
    expect(near.first.locator(".play")).to_be_in_viewport()  # it was out of sight
    expect(page).to_have_url(re.compile(r"near=5\.0\.1"))
    same_address = elsewhere.open(page.url)
    composed(same_address, 2)
    expect(same_address.locator(".st-key-music-near .card")).to_have_count(near.count())
    spoken = ".st-key-make-samples details.words p"
    assert (
        same_address.locator(spoken).all_text_contents() == page.locator(spoken).all_text_contents()
    )
    same_address.get_by_text("Settings", exact=True).click()
    expect(same_address.get_by_role("combobox", name="Instrument")).to_have_value("guitar")
    page.get_by_role("button", name="Resample").press("Enter")
    expect(page).to_have_url(re.compile("seed=6"))
    expect(page.locator(".st-key-music-near")).to_have_count(0)
    fits(same_address)
    innocent(phone, elsewhere)


@pytest.mark.usefixtures("shipped")
def test_tunes_are_downloaded_as_files(server: Server, desk: Window) -> None:
    page = desk.open(f"{server.address}/music?n=2&seed=4&bpm=100&instrument=fiddle")
    composed(page, 2)
    sampler = shipped_sampler("music-seqgan")
    rows = sample_tokens(sampler, 2, 4).tolist()
    tunes = [melody_of(sampler, row, 100.0) for row in rows]
    midi = from_midi(downloaded(page, "MIDI", "tune-4-1.mid"))
    assert (midi.notes, midi.bpm) == (tunes[0].notes, 100.0)
    assert b"score-partwise" in downloaded(page, "MusicXML", "tune-4-1.musicxml")
    with wave.open(io.BytesIO(downloaded(page, "WAV", "tune-4-1.wav"))) as sound:
        assert sound.getnframes() / sound.getframerate() > tunes[0].seconds
    document = json.loads(downloaded(page, "JSON", "music-4.json"))
    assert [tune["tokens"] for tune in document["tunes"]] == rows
    assert (document["made"]["seed"], document["made"]["model"]) == (4, "Small tunes, SeqGAN")
    with zipfile.ZipFile(io.BytesIO(downloaded(page, "All (zip)", "music-4.zip"))) as packed:
        assert from_midi(packed.read("tune-4-2.mid")).notes == tunes[1].notes
        assert len(packed.namelist()) == 9
    innocent(desk)


def downloaded(page: Page, button: str, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(".st-key-make-export").get_by_role("button", name=button).click()
    assert waiting.value.suggested_filename == name
    return Path(waiting.value.path()).read_bytes()


def test_two_models_without_names_until_they_are_revealed(server: Server, phone: Window) -> None:
    page = phone.open(f"{server.address}/music?n=1&who=music-seqgan&beside=music-mle")
    expect(page.locator("h3.writer")).to_have_text(["A", "B"])
    assert "Small tunes" not in page.locator(".st-key-make-samples .melodies").first.inner_text()
    page.get_by_role("button", name="Reveal the names").press("Enter")
    expect(page.locator("h3.writer").first).to_contain_text("A · Small tunes, ")
    expect(page).to_have_url(re.compile("revealed=1"))
    fits(page)
    innocent(phone)
