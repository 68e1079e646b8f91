"""Algorithm 1, line by line, as a person walks through it."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from seqgan_core.training.trace.record import FOLDER
from seqgan_core.training.trace.trace_file import load
from tests.browser.conftest import SIZES, Server, Window, calm, fits, innocent

pytestmark = pytest.mark.browser

BASE = load(FOLDER / "base.json")
LINES = [step.line for step in BASE.steps]


def opened(server: Server, window: Window, address: str = "") -> Page:
    page = window.open(f"{server.address}/algorithm?{address}")
    expect(page.locator(".algo [aria-current=step]")).to_be_visible()
    return page


def current(page: Page) -> str:
    """The lit line and the step, as they are shown."""
    return f"{page.locator('.algo [aria-current=step] .nth').inner_text()} {at(page)}"


def at(page: Page) -> int:
    return int(page.locator(".algo input[type=range]").input_value())


def shows(page: Page, step: int) -> None:
    expect(page.locator(".algo input[type=range]")).to_have_value(str(step))
    expect(page.locator(".algo [aria-current=step] .nth")).to_have_text(str(LINES[step - 1]))
    expect(page.locator(".algo [aria-current=step]")).to_have_count(1)


def test_buttons_keys_and_slider_walk_both_ways(server: Server, window: Window) -> None:
    page = opened(server, window)
    shows(page, 1)
    page.get_by_role("button", name="Next ›").click()
    shows(page, 2)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    shows(page, 4)
    page.keyboard.press("ArrowLeft")
    shows(page, 3)
    page.get_by_role("button", name="Back").click()
    shows(page, 2)
    page.keyboard.press("End")
    shows(page, len(LINES))
    page.keyboard.press("ArrowRight")  # there is nothing after the last step
    shows(page, len(LINES))
    page.keyboard.press("Home")
    shows(page, 1)
    first = LINES.index(6) + 1
    page.get_by_role("button", name="Next round").click()
    shows(page, first)
    page.keyboard.press("n")
    shows(page, LINES.index(6, first) + 1)
    page.get_by_role("slider", name="Step").fill("22")
    shows(page, 22)
    page.keyboard.press("ArrowRight")  # the slider's own key, one step as well
    shows(page, 23)
    page.keyboard.press("PageDown")
    shows(page, LINES.index(6, 23) + 1)
    expect(page).to_have_url(re.compile(rf"at={LINES.index(6, 23) + 1}\b"))
    page.get_by_role("button", name=re.compile("^12")).click()  # a line is a way to its next run
    expect(page.locator(".algo [aria-current=step] .nth")).to_have_text("12")
    fits(page)
    innocent(window)


@pytest.mark.parametrize("size", SIZES)
def test_a_token_not_yet_written_takes_the_room_of_a_written_one(
    server: Server, desk: Window, size: str
) -> None:
    page = opened(server, desk.begin(size))
    cells = page.locator(".algo .panel").first.locator(".line.y .cell")
    boxes = """all => all.map((one) => one.getBoundingClientRect())
        .map((box) => [box.x, box.right, box.height])"""
    page.evaluate("document.fonts.ready")
    empty: list[list[float]] = []
    while (now := cells.evaluate_all(boxes)) != empty:  # until the page stands still
        empty = now
        page.wait_for_timeout(200)
    expect(cells.first).to_have_text("")
    written = next(at for at, step in enumerate(BASE.steps, 1) if step.variables.get("y"))
    page.get_by_role("slider", name="Step").fill(str(written))
    expect(cells.first).not_to_have_text("")
    assert cells.evaluate_all(boxes) == empty
    assert all(box[1] < next_box[0] for box, next_box in pairwise(empty))


def test_space_plays_and_pauses_at_the_chosen_speed(server: Server, desk: Window) -> None:
    page = opened(server, desk)
    page.get_by_label("Speed").select_option("4")
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press(" ")
    page.wait_for_function("document.querySelector('.algo input[type=range]').value >= 4")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert (
        page.locator(".algo .step-text").get_attribute("aria-live") == "off"
    )  # not shouted while on
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    stood = at(page)
    page.wait_for_timeout(900)
    assert at(page) == stood
    expect(page).to_have_url(re.compile(rf"at={stood}\b"))


def test_keys_act_inside_only_and_never_where_they_are_needed(server: Server, desk: Window) -> None:
    page = opened(server, desk, "at=5")
    page.keyboard.press("ArrowRight")  # the focus is on the page, not in the figure
    page.keyboard.press(" ")
    assert at(page) == 5
    page.get_by_label("Speed").focus()
    page.keyboard.press("ArrowRight")
    assert at(page) == 5
    page.get_by_role("tab", name="Explanation").focus()
    page.keyboard.press("ArrowRight")  # between tabs
    assert at(page) == 5
    expect(page.get_by_role("tab", name="Python code")).to_be_focused()
    page.locator(".algo .lines [aria-current=step]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert LINES[at(page) - 1] == LINES[4] + 1


def test_the_numbers_shown_are_the_traces(server: Server, phone: Window) -> None:
    ten = next(i for i, step in enumerate(BASE.steps) if step.line == 10 and step.t == 2)
    page = opened(server, phone, f"at={ten + 1}")
    step = BASE.steps[ten]
    scores, q = step.variables["completion_scores"][0], step.variables["q"][0][1]
    panel = page.locator(".algo .panel").first
    rows = panel.locator(".line.completion")
    expect(rows).to_have_count(3)
    for n, score in enumerate(scores):
        expect(rows.nth(n).locator(".end")).to_have_text(f"{score:.3f}")
        expect(rows.nth(n).locator(".cell.prefix")).to_have_count(2)
    sums = " + ".join(f"{score:.3f}" for score in scores)
    expect(panel.locator(".mean")).to_have_text(f"Q2 = ({sums}) / 3 = {q:.3f}")
    expect(page.locator(".algo .step-text")).to_contain_text(
        f"their mean {q:.3f} is the Q of token"
    )

    page.locator(".algo summary").click()
    table = page.get_by_role("region", name="All variables after this line")
    expect(table.get_by_role("row", name=re.compile("value of each token")).first).to_contain_text(
        f"{q:.3f}, –, –, –"
    )
    fits(page)


def test_tabs_say_what_belongs_to_the_line(server: Server, desk: Window) -> None:
    page = opened(server, desk, "at=16&tab=others")
    panel = page.get_by_role("tabpanel")
    expect(page.get_by_role("tab", selected=True)).to_have_text("Other implementations")
    expect(panel).to_contain_text("dropout")
    page.get_by_role("tab", name="Python code").click()
    expect(panel.locator(".row.lit").first).to_contain_text("q_values(")
    expect(page).to_have_url(re.compile("tab=python"))
    page.locator(".algo .after").click()
    page.keyboard.press("ArrowLeft")
    expect(panel.locator(".row.lit").first).to_contain_text("self.q_values(tokens, rng)")
    page.get_by_role("tab", name="Explanation").click()
    expect(panel).to_contain_text("each position t is taken in turn")


def test_a_link_opens_exactly_this_view(server: Server, phone: Window, elsewhere: Window) -> None:
    page = opened(server, phone, "at=30&trace=one_rollout")
    page.locator(".algo .after").click()
    page.keyboard.press("ArrowRight")
    page.get_by_role("tab", name="Other implementations").click()
    expect(page).to_have_url(re.compile(r"(?=.*at=31)(?=.*trace=one_rollout)(?=.*tab=others)"))
    again = elsewhere.open(page.url)
    expect(again.locator(".algo input[type=range]")).to_have_value("31")
    message = page.locator(".algo .step-text").inner_text()
    assert (current(again), again.locator(".algo .step-text").inner_text()) == (
        current(page),
        message,
    )
    expect(again.get_by_role("tab", selected=True)).to_have_text("Other implementations")
    innocent(phone, elsewhere)


def test_a_what_if_keeps_the_place_and_goes_to_where_they_part(
    server: Server, desk: Window
) -> None:
    page = opened(server, desk, "at=41")
    place = page.locator(".algo .after").inner_text()
    page.get_by_role("radio", name="What if N = 1?").click()
    expect(page.locator(".algo .differences")).to_contain_text("N = 1 instead of 3")
    expect(page.locator(".algo .after")).to_have_text(place)
    page.get_by_role("button", name=re.compile("^Go there: First difference from")).click()
    expect(page.locator(".algo .after")).to_have_text("After line 10 · round 1 · g-step 1 · t = 1")
    expect(page).to_have_url(re.compile(rf"at={at(page)}\b"))  # the page has heard of it

    page.get_by_role("radio", name="As in the paper").click()
    expect(page.locator(".algo .differences")).to_be_hidden()
    sixteen = LINES.index(16) + 1
    page.get_by_role("slider", name="Step").fill(str(sixteen))
    page.get_by_role("radio", name="What if D is not trained").click()
    # it has no line 16, so the last line before it is shown
    expect(page.locator(".algo .after")).to_have_text("After line 13 · round 1")
    page.get_by_role("button", name=re.compile("^Go there: First difference in θ")).click()
    expect(page.locator(".algo .after")).to_contain_text("After line 12 · round 2")


def test_less_motion_is_respected(server: Server, desk: Window) -> None:
    page = calm(desk, f"{server.address}/algorithm?at=15")
    expect(page.locator(".algo [aria-current=step]")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.locator(".algo .after").click()
    page.keyboard.press("ArrowRight")
    moving = page.evaluate(
        "document.getAnimations().filter((a) => a.effect.target?.closest('.algo')).length"
    )
    assert moving == 0
    assert at(page) == 16


def test_what_a_line_empties_is_not_marked_as_changed(server: Server, desk: Window) -> None:
    again = LINES.index(8, LINES.index(12)) + 1  # it empties the loss of the round before
    page = opened(server, desk, f"at={again}")
    facts = page.locator(".algo .who.writing .fact")
    assert [one.inner_text().split()[-1] for one in facts.all()] == ["–", "–"]
    assert page.locator(".algo .who.writing .fact.changed").count() == 0


def test_another_trace_right_after_a_jump_is_not_lost(server: Server, desk: Window) -> None:
    page = opened(server, desk, "trace=one_rollout")
    page.get_by_role("button", name=re.compile("^Go there: First difference from")).click()
    page.get_by_role("radio", name="What if every reward is 1?").click()
    expect(page.locator(".algo .differences")).to_contain_text("this run has no D")
    expect(page).to_have_url(re.compile("trace=constant_reward"))
    page.wait_for_timeout(1500)  # the step is reported a moment after the jump
    expect(page.locator(".algo .differences")).to_contain_text("this run has no D")
    expect(page).to_have_url(re.compile("trace=constant_reward"))


def test_the_controls_stay_in_sight_on_a_phone(server: Server, phone: Window) -> None:
    page = opened(server, phone, "at=16")
    expect(page.get_by_role("combobox", name="Speed")).to_be_visible()  # named, though unlabelled
    expect(page.get_by_role("button", name="Next ›")).to_be_in_viewport()
    tops = [page.locator(f".algo .{name}").bounding_box() for name in ("lines", "right", "tabs")]
    assert all(tops)
    heights = [box["y"] for box in tops if box]
    assert heights == sorted(heights)  # the algorithm first, then the variables
    page.locator(".algo .who.disc").scroll_into_view_if_needed()
    page.get_by_role("button", name="Next ›").click()
    assert at(page) == 17
    expect(page.get_by_role("button", name="Next ›")).to_be_in_viewport()
