"""The Strategies screen in a real browser: by keyboard, by link, on a desk and on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from seqgan_core.runs.store import Store
from tests.browser.conftest import Server, Window, end, fits, innocent, serve
from tests.pages.test_strategies import balance

pytestmark = pytest.mark.browser

FOCUSED = "() => document.activeElement?.closest('.heat-map button.cell')?.ariaLabel ?? ''"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app with made-up runs of the plan: seeds 11 and 12 of five of its settings."""
    folder = tmp_path_factory.mktemp("strategies")
    balance(Store(folder / "home"), seeds=(11, 12))
    started = serve(folder / "home", folder / "server.log")
    yield started
    end(started)


def view(server: Server, **address: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in address.items())
    return f"{server.address}/strategies?study=library&{query}"


def ready(page: Page, charts: int) -> None:
    expect(page.locator(".live-chart")).to_have_count(charts)
    expect(page.locator(".live-chart .main-svg").nth(2 * charts - 1)).to_be_attached()
    expect(page.locator(".notice-now")).to_be_visible()


def seen(page: Page) -> list[str]:
    """What the view says, to be compared with the same view elsewhere."""
    labels = [plot.get_attribute("aria-label") or "" for plot in page.locator(".plot").all()]
    cells = page.locator(".heat-map button.cell")
    pressed = page.locator('.heat-map button[aria-pressed="true"]')
    return [
        *labels,
        *page.locator(".notice-now, .finding").all_inner_texts(),
        *(cell.get_attribute("aria-label") or "" for cell in cells.all()),
        *(cell.get_attribute("aria-label") or "" for cell in pressed.all()),
    ]


def tab_to_the_cells(page: Page) -> str:
    for _ in range(60):
        page.keyboard.press("Tab")
        label = str(page.evaluate(FOCUSED))
        if label:
            return label
    raise AssertionError("no cell can be reached with the Tab key")


def test_a_cell_is_chosen_by_keyboard_and_its_link_opens_the_same_view(
    server: Server, phone: Window, elsewhere: Window
) -> None:
    page = phone.open(view(server, panel="grid"))
    ready(page, 1)
    maps = page.get_by_role("table").filter(has=page.locator("button.cell"))
    expect(maps).to_have_count(3)
    expect(maps.locator("caption")).to_have_text(
        [re.compile("NLL_oracle"), re.compile("NLL_test"), re.compile("D's accuracy")]
    )
    assert tab_to_the_cells(page).startswith("g-steps 4, D's epochs 1:")  # the chosen one
    page.keyboard.press("ArrowUp")
    assert str(page.evaluate(FOCUSED)).startswith("g-steps 1, D's epochs 1:")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")  # nothing is tried there: the focus stays
    focused = str(page.evaluate(FOCUSED))
    assert focused.startswith(
        "g-steps 1, D's epochs 15 (5 × 3), one of the paper's settings: undecided, not enough seeds"
    )
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("cell=1-5-3"))
    expect(page.locator(".finding")).to_have_text(re.compile(r"^\(1, 5, 3\) \? undecided"))
    assert page.evaluate(FOCUSED) == focused
    expect(page.locator('.heat-map button[aria-pressed="true"]')).to_have_count(3)
    expect(page.locator(".said")).to_have_text(focused)  # and is spoken
    assert page.locator(".said").get_attribute("aria-live") == "polite"

    page.get_by_text("Numbers as a table").first.click()
    table = page.get_by_role("table", name="(1, 5, 3) ? undecided")
    expect(table).to_be_visible()
    assert table.get_by_role("row").last.locator("th, td").first.inner_text() == "30"
    fits(page)

    same_address = elsewhere.open(page.url)
    ready(same_address, 1)
    expect(same_address.locator(".finding")).to_have_text(re.compile(r"^\(1, 5, 3\)"))
    assert seen(same_address) == seen(page)
    same_address.get_by_role("link", name="Seed 12 in the lab").click()
    run_id = next(
        record.id
        for record in Store(server.home).runs()
        if record.config.seed == 12 and record.config.d_steps == 5
    )
    expect(same_address).to_have_url(re.compile(f"lab.*run={run_id}"))
    innocent(phone, elsewhere)


def test_the_paper_s_four_against_another_axis(server: Server, desk: Window) -> None:
    page = desk.open(view(server, panel="paper"))
    ready(page, 4)
    labels = [plot.get_attribute("aria-label") or "" for plot in page.locator(".plot").all()]
    for label, name in zip(
        labels, ("(100, 1, 10) ✕", "(30, 1, 30) ?", "(1, 1, 10) ?", "(1, 5, 3) ?"), strict=True
    ):
        assert label.startswith(name)
        assert "n = 2 seeds" in label
    updates = page.get_by_role("radio", name="generator updates")
    updates.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("x=updates"))
    expect(page.locator(".live-chart").last).to_contain_text("generator updates since MLE ended")
    table = page.locator("summary").filter(has_text="All settings as a table")
    table.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Changes since MLE ended")).to_be_visible()
    fits(page)
    innocent(desk)


# The last in this file, because what it queues goes on training.
def test_a_missing_seed_is_trained_from_its_cell(server: Server, desk: Window) -> None:
    page = desk.open(view(server, panel="grid", cell="1-5-3"))
    ready(page, 1)
    page.get_by_role("button", name=re.compile("Train seed 13 · about")).click()
    expect(page.get_by_role("link", name=re.compile(r"Seed 13 in the lab · (◔|●)"))).to_be_visible()
    expect(page.locator(".now")).to_contain_text("strategies: g_steps 1, d_steps 5")
    expect(page.get_by_role("button", name=re.compile("Train seed 13"))).to_have_count(0)
    innocent(desk)
