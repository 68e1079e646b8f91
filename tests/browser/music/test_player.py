"""The player of whole tunes in a real browser: repeats, loops, chords, count-in, the next tune."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PATIENCE, Server, Window, end, fits, innocent, serve

pytestmark = pytest.mark.browser

# What is heard of a card in an offline context: the sound of `seconds` from `from`, 22,050 samples
# a second.
RENDERED = """async (article, { from, loop, seconds }) => {
    const context = new OfflineAudioContext(1, Math.round(seconds * 22050), 22050);
    article.card.player.wire(context, from, loop, 0);
    return [...(await context.startRendering()).getChannelData(0)];
}"""


@pytest.fixture(scope="module")
def tunes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("player")
    script = str(Path(__file__).with_name("page.py"))
    started = serve(folder / "home", folder / "server.log", script=script)
    yield started
    end(started)


def cards(page: Page) -> Locator:
    return page.locator(".melodies .card")


def opened(server: Server, window: Window) -> tuple[Page, Locator, Locator]:
    """The page with its reel and its jig, both engraved."""
    page = window.open(server.address)
    expect(cards(page)).to_have_count(2)
    expect(cards(page).last.locator(".score > svg")).to_be_visible()
    return page, cards(page).first, cards(page).last


def at(card: Locator) -> dict[str, Any]:
    script = "card => ({ time: card.card.player.time, playing: card.card.player.playing })"
    return dict(card.evaluate(script))


def wait_for(card: Locator, condition: str) -> None:
    handle = card.element_handle()
    card.page.wait_for_function(
        f"card => {{ const player = card.card.player; return {condition}; }}", arg=handle,
        timeout=PATIENCE, polling=50,
    )  # fmt: skip


def place(card: Locator, seconds: float) -> tuple[str, str, str]:
    """At that time: the bar in words, the written note that sounds, the play-head in the score."""
    card.evaluate("(card, time) => card.card.player.seek(time)", seconds)
    sounding = card.locator(".score [data-note].sounding").first
    return (
        str(card.locator(".where").text_content()),
        str(sounding.get_attribute("data-note")),
        str(card.locator(".score > .head").evaluate("head => head.style.transform")),
    )


def test_the_play_head_goes_back_at_a_repeat(tunes: Server, window: Window) -> None:
    """Bars of the reel last a second: A in bars 0 to 7 and 8 to 15, B in 16 to 23 and 24 to 31."""
    page, reel, jig = opened(tunes, window)
    for bar, name in ((2, "A, bar 3 of 8"), (7, "A, bar 8 of 8"), (16, "B, bar 1 of 8")):
        first, again = place(reel, bar + 0.3), place(reel, bar + 8.3)
        assert (first[0], again[0]) == (f"{name}, first time", f"{name}, second time")
        assert first[1:] == again[1:]
    for bar, note in ((0, 2), (3, 24), (8, 2), (16, 52)):  # bars 4 and 8 are one note each
        assert place(reel, bar + 0.3)[1] == str(note)
    assert place(jig, 12.2)[0] == "A, bar 5 of 8, second time"
    reel.evaluate("card => card.card.player.seek(31.4)")
    reel.locator(".play").press("Enter")
    wait_for(reel, "!player.playing && player.time === 32")
    expect(reel.locator(".where")).to_have_text("B, bar 8 of 8, second time")
    fits(page)
    innocent(window)


def test_two_bars_are_looped_by_keyboard(tunes: Server, window: Window) -> None:
    page, reel, _jig = opened(tunes, window)
    reel.evaluate("card => card.card.player.seek(2.5)")
    roll = reel.locator(".roll")
    roll.press("[")
    expect(reel.locator(".looped")).to_have_text("bars A3 to B8 (second time)")
    reel.evaluate("card => card.card.player.seek(3.2)")
    roll.press("]")
    expect(reel.locator(".looped")).to_have_text("bars A3 to A4")
    expect(reel.locator(".turn")).to_have_attribute("aria-pressed", "true")
    expect(reel.locator(".field > .loop")).to_be_visible()
    expect(reel.locator(".score > .loop").first).to_be_visible()
    roll.press(" ")
    wait_for(reel, "player.playing && player.time > 3.5")
    wait_for(reel, "player.time < 3")  # it went back, and goes on
    assert at(reel)["playing"]
    roll.press("l")
    wait_for(reel, "player.time > 4.2")
    roll.press("L")
    wait_for(reel, "player.time < 4")
    roll.press("Escape")
    expect(reel.locator(".looped")).to_be_empty()
    expect(reel.locator(".loop:visible")).to_have_count(0)
    roll.press(" ")
    assert not at(reel)["playing"]
    reel.locator(".turn").press("Enter")
    expect(reel.locator(".looped")).to_have_text("bars A3 to A4")
    fits(page)
    innocent(window)


def test_bars_are_looped_by_dragging(tunes: Server, window: Window) -> None:
    page, reel, _jig = opened(tunes, window)
    stage = reel.locator(".stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 17.5 / 32, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 16.5 / 32, middle, steps=4)
    page.mouse.up()
    expect(reel.locator(".looped")).to_have_text("bars B1 to B2")
    assert at(reel)["time"] == 0  # a drag is no press
    page.mouse.click(box["x"] + box["width"] * 10 / 32, middle)
    assert at(reel)["time"] == pytest.approx(10, abs=0.2)
    innocent(window)


def test_a_loop_has_no_gap_and_no_jump(tunes: Server, desk: Window) -> None:
    """Three rounds of two bars are the same sound at a distance of exactly two bars."""
    _page, reel, _jig = opened(tunes, desk)
    heard = reel.evaluate(RENDERED, {"from": 2, "loop": [2, 4], "seconds": 6})
    plain = reel.evaluate(RENDERED, {"from": 2, "loop": None, "seconds": 3})
    turn = 2 * 22_050
    assert heard[: turn - 200] == pytest.approx(plain[: turn - 200], abs=1e-6)
    for round_of in (1, 2):
        assert heard[round_of * turn : round_of * turn + turn // 2] == pytest.approx(
            heard[: turn // 2], abs=1e-6
        )
    steps = [abs(after - before) for before, after in pairwise(heard)]
    joint = max(steps[turn - 200 : turn + 5])
    assert 0 < joint <= max(steps[: turn // 2])


def test_chords_sound_in_step_at_their_level(tunes: Server, window: Window) -> None:
    page, reel, jig = opened(tunes, window)
    slider = page.locator(".melody-tools .level")
    expect(page.locator(".melody-tools output")).to_have_text("40%")
    begin = {"from": 4.5, "loop": None, "seconds": 1}
    level = "value => { window.melodyRoom.level = value; }"
    page.evaluate(level, 0)
    alone = jig.evaluate(RENDERED, begin)
    page.evaluate(level, 1)
    both = jig.evaluate(RENDERED, begin)
    chords = jig.evaluate(
        """(card, { from }) => {
            const { wave, rate } = card.card.player.samples(card.card.card.chords);
            return [...wave.slice(from * rate, (from + 1) * rate)];
        }""", begin,
    )  # fmt: skip
    expected = [(melody + chord) / 2 for melody, chord in zip(alone, chords, strict=True)]
    assert max(map(abs, chords)) > 0.1
    assert both == pytest.approx(expected, abs=1e-5)
    page.evaluate(level, 0.4)
    slider.focus()
    for _ in range(8):
        slider.press("ArrowLeft")
    expect(page.locator(".melody-tools output")).to_have_text("0%")
    assert page.evaluate("() => window.melodyRoom.level") == 0
    assert reel.evaluate("card => card.card.card.chords") == ""
    fits(page)
    innocent(window)


def test_a_bar_is_counted_in(tunes: Server, desk: Window) -> None:
    page, _reel, jig = opened(tunes, desk)
    page.get_by_label("Count in one bar").check()
    parts, waits, time = jig.evaluate(
        """card => {
            card.querySelector(".play").click();
            const { player } = card.card;
            const { parts, begins } = player.sounding;
            return [parts.length, begins - window.melodyRoom.context.currentTime, player.time];
        }"""
    )
    assert parts == 4  # melody, chords and the two beats of a bar of 6/8
    assert waits == pytest.approx(1.05, abs=0.04)  # a bar lasts a second
    assert time == 0
    wait_for(jig, "player.time > 0.1")
    jig.locator(".play").press("Enter")
    innocent(desk)


def test_tunes_play_on_out_of_sight(tunes: Server, phone: Window) -> None:
    """As in a tab that is not shown, nothing is drawn: no frame is ever asked for."""
    page, reel, jig = opened(tunes, phone)
    page.get_by_label("Play on with the next tune").check()
    page.evaluate("() => { window.requestAnimationFrame = () => 0; }")
    reel.evaluate("card => card.card.player.seek(31.6)")
    reel.locator(".play").press("Enter")
    wait_for(jig, "player.playing")
    jig.evaluate("card => card.card.player.seek(31.6)")
    title = "() => window.melodyRoom.player?.card.title === 'Reel 2'"
    page.wait_for_function(title, timeout=PATIENCE, polling=50)
    heard = "() => window.melodyRoom.player.time > 0.2"
    page.wait_for_function(heard, timeout=PATIENCE, polling=50)
    innocent(phone)


def test_a_tune_is_kept_and_compared_at_the_same_place(tunes: Server, window: Window) -> None:
    page, reel, _jig = opened(tunes, window)
    reel.locator(".keep").press("Enter")
    expect(cards(page)).to_have_count(3)
    before = page.locator(".melodies .card.pinned")
    expect(before.locator(".title")).to_have_text("Before: 1")
    page.evaluate("() => { window.melodyRoom.playOn = true; }")
    after = cards(page).nth(1)
    last = cards(page).nth(2)
    last.evaluate("card => card.card.player.seek(31.8)")
    last.locator(".play").press("Enter")
    expect(after.locator(".title")).to_have_text("Reel 2")  # another seed; the first one stays
    expect(before.locator(".title")).to_have_text("Before: 1")
    wait_for(after, "player.playing && player.time > 0.1")
    after.evaluate("card => card.card.player.seek(9)")
    before.locator(".play").press("Enter")
    wait_for(before, "player.playing && player.time > 9")
    begun = before.evaluate("card => card.card.player.sounding.from")
    assert begun == pytest.approx(at(after)["time"], abs=0.01)
    assert begun >= 9
    assert not at(after)["playing"]
    after.locator(".play").press("Enter")
    wait_for(after, "player.playing && player.time > 9")
    after.locator(".play").press("Enter")
    before.get_by_role("button", name=re.compile("^Stop comparing")).press("Enter")
    expect(cards(page)).to_have_count(2)
    fits(page)
    innocent(window)
