"""The roll-out explorer in a real browser: by keyboard, by link, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Window, fits, innocent
from tests.browser.library import SMALL_RUN, run_named

pytestmark = pytest.mark.browser

FOCUSED = "() => document.activeElement?.closest('.token-rows button.tok')?.ariaLabel ?? ''"
NAMES = """all => all.filter((one) => {
  const visible = one.innerText.replace(/\\s+/g, " ").trim();
  return !one.ariaLabel.replace(/\\s+/g, " ").startsWith(visible);
}).length"""  # buttons whose accessible name does not begin with their visible text


@pytest.fixture
def link(server: Server) -> str:
    return f"{server.address}/rollouts?run={run_named(server.home, SMALL_RUN)}"


def whole(page: Page) -> None:
    """Waits for the last part of the page, and for what the browser draws itself."""
    expect(page.locator(".token-rows .row")).to_have_count(8)
    expect(page.locator(".live-chart .main-svg").first).to_be_attached()


def place(page: Page) -> str:
    return page.get_by_role("heading", name=re.compile("^Token .* of sequence")).inner_text()


def scores(page: Page) -> list[float]:
    return [float(text) for text in page.locator(".rolled .score").all_inner_texts()]


def seen(page: Page) -> dict[str, object]:
    """What the view says, to be compared with the same view elsewhere."""
    return {
        "place": place(page),
        "buttons": page.locator(".token-rows .tok").all_inner_texts(),
        "completions": page.locator(".rolled li").all_inner_texts(),
        "findings": page.locator(".finding").all_inner_texts(),
    }


def tab_to_the_tokens(page: Page) -> str:
    """Presses Tab until a token has the focus; returns what a screen reader says of it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        label = str(page.evaluate(FOCUSED))
        if label:
            return label
    raise AssertionError("no token can be reached with the Tab key")


def test_a_token_is_chosen_by_keyboard_and_its_link_opens_the_same_view(
    link: str, phone: Window, elsewhere: Window
) -> None:
    page = phone.open(f"{link}&row=1&token=2&n=5")
    whole(page)
    assert "position 2 of sequence 1" in tab_to_the_tokens(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    focused = str(page.evaluate(FOCUSED))
    assert "position 3 of sequence 2" in focused
    assert page.locator(".token-rows .tok").evaluate_all(NAMES) == 0
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="position 3 of sequence 2")).to_be_visible()
    expect(page).to_have_url(re.compile("row=2.*token=3"))
    assert page.evaluate(FOCUSED) == focused  # the focus stays where the hand is
    expect(page.get_by_role("region", name="first 3 tokens")).to_be_visible()

    pressed = page.locator('.token-rows .tok[aria-pressed="true"]')
    expect(pressed).to_have_count(1)
    expect(pressed).to_have_attribute("aria-label", focused)
    token, place = pressed.locator(".word").inner_text(), focused.split(" · ", 1)[1]
    expect(page.locator(".said")).to_have_text(f"{token} · {place}")  # and is spoken
    assert page.locator(".said").get_attribute("aria-live") == "polite"
    shown = float(pressed.locator(".note").inner_text())
    assert len(scores(page)) == 5
    assert sum(scores(page)) / 5 == pytest.approx(shown, abs=0.0005 + 1e-5)
    expect(page.get_by_role("region", name=re.compile("^5 completions"))).to_be_visible()

    page.get_by_text("Numbers as a table").click()
    table = page.get_by_role("table", name=re.compile("^Q after 5 roll-outs"))
    expect(table).to_be_visible()
    first = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name="1", exact=True))
    assert float(first.get_by_role("cell").first.inner_text().split()[0]) == pytest.approx(
        scores(page)[0], abs=0.0005 + 1e-5
    )
    fits(page)

    same_address = elsewhere.open(page.url)
    whole(same_address)
    for _ in range(50):  # both may still be drawing their last parts
        if seen(same_address) == seen(page):
            break
        same_address.wait_for_timeout(200)
    assert seen(same_address) == seen(page)
    innocent(phone, elsewhere)


def test_more_rollouts_and_a_new_seed_by_keyboard(link: str, desk: Window) -> None:
    page = desk.open(f"{link}&row=1&token=1&n=16")
    whole(page)
    first = scores(page)
    slider = page.get_by_role("slider", name="Roll-outs N")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    expect(page.locator(".rolled li")).to_have_count(19)
    assert scores(page)[:16] == first
    assert len(set(first)) > 1  # else the next lines would show nothing
    expect(page).to_have_url(re.compile("n=19"))
    page.get_by_role("button", name="Resample").press("Enter")
    expect(page).to_have_url(re.compile("seed=2"))
    expect(page.get_by_text("Seed 2:")).to_be_visible()
    expect(page.locator(".rolled .score").first).not_to_have_text(f"{first[0]:.5f}")
    page.get_by_role("button", name="Reset seed").press("Enter")
    expect(page).not_to_have_url(re.compile("seed="))
    expect(page.locator(".rolled .score").first).to_have_text(f"{first[0]:.5f}")
    innocent(desk)


def test_a_section_is_drawn_when_it_is_opened_and_stands_in_the_address(
    link: str, desk: Window
) -> None:
    page = desk.open(link)
    whole(page)
    assert page.locator("table.heat").count() == 0
    page.get_by_role("tab", name="Q of all sequences").click()
    expect(page.locator("table.heat")).to_have_count(3)
    expect(page).to_have_url(re.compile("view=maps"))
    constant = page.get_by_role("radio", name="constant 1")
    assert constant.evaluate("one => one.scrollWidth <= one.clientWidth + 1")  # not clipped
    innocent(desk)


def test_a_link_shows_its_token_and_all_of_its_completions(link: str, desk: Window) -> None:
    page = desk.open(link)
    page.set_viewport_size({"width": 320, "height": 800})  # narrower than a row of six tokens
    page.goto(f"{link}&row=6&token=6&n=16")
    expect(page.get_by_text("The sequence is finished")).to_be_visible()
    chosen = page.locator('.token-rows .tok[aria-pressed="true"]')
    cells = chosen.locator("xpath=..")
    assert cells.evaluate("cells => cells.scrollWidth > cells.clientWidth")
    out = """button => button.getBoundingClientRect().right
      - button.parentElement.getBoundingClientRect().right"""
    assert chosen.evaluate(out) <= 1
    assert page.locator('[data-testid="stMain"]').evaluate("main => main.scrollTop") == 0
    page.goto(f"{link}&row=6&token=2&n=16")
    whole(page)
    expect(page.locator(".rolled li")).to_have_count(16)
    assert page.locator(".rolled").evaluate("box => box.scrollHeight - box.clientHeight") <= 0
    fits(page)
    innocent(desk)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_search_plays_and_steps_back(
    link: str, size: str, request: pytest.FixtureRequest
) -> None:
    window: Window = request.getfixturevalue(size)
    page = window.open(f"{link}&row=1&token=2&view=search&simulations=4")
    at = page.get_by_role("slider", name="After simulation")
    expect(at).to_have_value("4")
    expect(page.locator(".finding", has_text="The search chooses")).to_be_visible()
    page.get_by_role("button", name="Step back").press("Enter")
    expect(page.locator(".finding", has_text="Simulation 3 of 4")).to_be_visible()
    expect(page.locator(".live-chart .main-svg").first).to_be_attached()
    page.get_by_role("button", name="Play", exact=True).press("Enter")
    expect(at).to_have_value("4")
    expect(page.get_by_text("What each would write from here to the end")).to_be_attached()
    fits(page)
    innocent(window)
