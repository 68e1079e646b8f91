"""Uploaded tunes in a real browser: read, described, trained on, heard; a picture is refused."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from seqgan_core.insight.models import steps_of
from seqgan_core.runs.store import Store
from tests.browser.conftest import PATIENCE, Server, Window, fits, innocent
from tests.support.files.hand_made_scores import midi, named, note_events, song, tempo, zipped

pytestmark = pytest.mark.browser


def give(page: Page, *files: Path) -> None:
    expect(page.get_by_role("heading", name="Upload", exact=True)).to_be_visible()
    page.locator('input[type="file"]').set_input_files(files)


def plays(page: Page, place: str) -> None:
    """Press play on the first card there, by keyboard: its time goes on."""
    card = page.locator(place).locator(".card").first
    button = card.get_by_role("button", name=re.compile("^Play"))
    button.focus()
    button.press("Enter")
    heard = "() => window.melodyRoom.player?.time > 0.2"
    page.wait_for_function(heard, timeout=PATIENCE)
    card.get_by_role("button", name=re.compile("^Pause")).press("Enter")


def last_epoch(server: Server) -> str:
    """The title of what the finished run's newest model generates."""
    store = Store(server.home)
    record = next(run for run in store.runs() if run.name == "my band, half a minute")
    steps = steps_of(store, record.id)
    return f"epoch {steps[max(steps)]:g} · "


def test_an_uploaded_tune_file_is_trained_on_and_heard(
    workshop: Server, desk: Window, tmp_path: Path
) -> None:
    high = [70 + (n * n) % 9 for n in range(600)]
    low = [40 + n % 7 for n in range(600)]
    band = midi(
        tempo(500_000), named("Bass") + note_events(low), named("Flute") + note_events(high),
        named("Kit") + note_events([38] * 600, channel=9),
    )  # fmt: skip
    path = tmp_path / "my band.mid"
    path.write_bytes(band)
    page = desk.open(f"{workshop.address}/music?n=1&colour=none&tab=train")
    give(page, path)
    row = page.get_by_role("row", name=re.compile("my band.mid"))
    expect(row).to_contain_text("part 2 (Flute)")
    expect(row).to_contain_text("part 3 (Kit): drums")
    plays(page, ".st-key-upload-music-cards, .st-key-upload\\.music\\.cards")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Choose it above")).to_be_visible()
    expect(page).to_have_url(re.compile("text=own-"))

    page.get_by_role("button", name=re.compile(r"Train for \d+ seconds")).click()
    follow = page.locator(".st-key-music-follow")
    expect(follow.locator(".card").first).to_be_visible(timeout=4 * PATIENCE)
    expect(follow.get_by_text("finished")).to_be_visible(timeout=4 * PATIENCE)
    # The cards of the last epoch replace those of the one before once they are ready.
    expect(follow.locator(".card .title").first).to_contain_text(last_epoch(workshop))
    plays(page, ".st-key-music-follow")
    page.get_by_role("button", name="Use this model").click()
    expect(page).to_have_url(re.compile("who=seqgan-"))
    innocent(desk)


def test_wrong_files_are_one_sentence_and_the_page_goes_on(
    server: Server, phone: Window, tmp_path: Path
) -> None:
    picture, bomb, good = tmp_path / "a.mid", tmp_path / "b.zip", tmp_path / "c.mid"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 500)
    bomb.write_bytes(zipped({f"{n}.mid": b"\0" * 9_000_000 for n in range(6)}))
    good.write_bytes(song())
    page = phone.open(f"{server.address}/music?n=1&colour=none&tab=train")
    give(page, picture)
    expect(page.get_by_text(re.compile("a.mid: it is .*, whatever its name says"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Remove a.mid|Delete")).first.click()
    give(page, bomb)
    expect(page.get_by_text("it unpacks to more than 40,000,000 bytes")).to_be_visible()
    give(page, good)  # together with the bomb: the good file is used
    expect(page.get_by_role("row", name=re.compile("c.mid"))).to_be_visible()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    fits(page)
    innocent(phone)


def test_what_tunes_are_made_of_is_measured(server: Server, phone: Window) -> None:
    page = phone.open(f"{server.address}/music?measure=1")  # as an older link says
    expect(page.get_by_text(re.compile("^Notes: the distance"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^best of 500: MSE \d"))).to_be_visible()
    page.get_by_role("radio", name="BLEU-4").press("Enter")
    expect(page.get_by_text(re.compile(r"^best of 500: BLEU-4 \d"))).to_be_visible()
    expect(page).to_have_url(re.compile("by=bleu_4"))
    fits(page)
    innocent(phone)
