"""The app as a person meets it: in a real browser, training for real."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from seqgan_core.runs.store import Store
from tests.browser.conftest import PATIENCE, SIZES, Server, Watched, end, serve, watched

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)

# Long enough to be paused and looked at, light enough for a busy machine.
SETTINGS = ("rounds=2000", "n_eval=256", "n_train=512", "d_samples=512", "device=cpu")
LONG = urlencode({"preset": "glance", "set": SETTINGS}, doseq=True)
SAMPLE = """() => {
  const seen = { updates: 0, blanks: 0, mounts: 0, heights: {}, tops: {} };
  window.seen = seen;
  const charts = () => [...document.querySelectorAll('.live-chart')];
  const plots = charts().map((chart) => chart.querySelector('.plot'));
  const line = () => plots[0].querySelector('.scatterlayer')?.innerHTML.length ?? 0;
  let last = line();
  const look = () => {
    const now = charts();
    if (now.length !== plots.length) seen.blanks++;
    now.forEach((chart, index) => {
      const plot = chart.querySelector('.plot');
      if (plot !== plots[index]) seen.mounts++;
      if (!plot.querySelector('.main-svg')) seen.blanks++;
      (seen.heights[index] ??= new Set()).add(Math.round(chart.getBoundingClientRect().height));
    });
    const length = line();
    if (length !== last) { seen.updates++; last = length; }
    requestAnimationFrame(look);
  };
  look();
}"""


def start(page: Page) -> str:
    """Press Start and wait for the run's first curve; returns the run's id."""
    page.get_by_role("button", name=re.compile("Start training|Add to the queue")).click()
    expect(page.get_by_role("button", name="Pause")).to_be_enabled()
    expect(page.locator(".live-chart .main-svg").first).to_be_attached()
    expect(page).to_have_url(re.compile(r"run=[\w-]+"))
    found = re.search(r"run=([\w-]+)", page.url)
    assert found
    return found[1]


# How much of the curves is drawn in the first chart; 0 while there is none.
POINTS = """() => (document.querySelector('.live-chart .plot')?.data ?? [])
  .reduce((sum, trace) => sum + trace.x.length, 0)"""


def points(page: Page) -> int:
    return int(page.evaluate(POINTS))


def wait_for_growth(page: Page, beyond: int) -> int:
    page.wait_for_function(f"(least) => ({POINTS})() > least", arg=beyond, timeout=PATIENCE)
    return points(page)


def test_start_watch_pause_reload_second_tab_resume_stop(server: Server, window: Watched) -> None:
    page = window.open(f"{server.address}/lab?{LONG}")
    run_id = start(page)
    expect(page.locator(".st-key-run-head")).to_be_in_viewport()  # also where the form is far below
    grown = wait_for_growth(page, wait_for_growth(page, 0))
    assert grown > 2

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_enabled()
    expect(page.locator(".standing .status").first).to_contain_text("paused")
    standing = points(page)

    page.reload()
    expect(page.get_by_role("button", name="Resume")).to_be_enabled()
    assert wait_for_growth(page, standing - 1) == standing

    tab = window.open(f"{server.address}/lab?run={run_id}")
    expect(tab.get_by_role("button", name="Resume")).to_be_enabled()
    assert wait_for_growth(tab, standing - 1) == standing

    tab.get_by_role("button", name="Resume").click()
    expect(tab.get_by_role("button", name="Pause")).to_be_enabled()
    wait_for_growth(tab, standing)
    wait_for_growth(page, standing)  # the first tab follows by itself

    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".standing .status").first).to_contain_text("stopped")
    expect(tab.locator(".standing .status").first).to_contain_text("stopped")
    assert Store(server.home).run(run_id).status == "stopped"
    assert not window.outside
    assert not window.errors
    assert page.get_by_text("Traceback").count() == 0


def test_twelve_live_updates_without_a_blank_or_a_jump(server: Server, desk: Watched) -> None:
    page = desk.open(f"{server.address}/lab?{LONG}")
    start(page)
    wait_for_growth(page, 4)
    page.evaluate(SAMPLE)
    page.wait_for_function("window.seen.updates >= 12", timeout=2 * PATIENCE)
    seen = page.evaluate(
        "({...window.seen, heights: Object.values(window.seen.heights).map((s) => [...s])})"
    )
    assert seen["blanks"] == 0
    assert seen["mounts"] == 0
    assert len(seen["heights"]) == 6
    assert all(len(heights) == 1 for heights in seen["heights"]), seen["heights"]


def test_a_run_goes_on_without_a_browser(server: Server, browser: Browser) -> None:
    first = watched(browser, SIZES["desk"])
    run_id = start(first.open(f"{server.address}/lab?{LONG}"))
    first.context.close()
    store = Store(server.home)
    then = store.run(run_id).step
    for _ in range(300):
        if store.run(run_id).step > then + 5:
            break
        time.sleep(0.2)
    assert store.run(run_id).step > then + 5
    again = watched(browser, SIZES["desk"])
    page = again.open(server.address)
    expect(page.locator(".now")).to_contain_text("training")
    page.get_by_role("link", name="Watch").click()
    expect(page).to_have_url(re.compile(f"lab.*run={run_id}"))
    again.context.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "kill"])
def test_the_app_ends_cleanly_and_the_run_resumes(
    home: Path, tmp_path: Path, desk: Watched, number: int
) -> None:
    server = serve(home, tmp_path / "server.log")
    run_id = start(desk.open(f"{server.address}/lab?{LONG}"))
    assert end(server, number) == 0, server.log.read_text()[-2000:]
    store = Store(home)
    ended = store.run(run_id)
    assert ended.status == "interrupted"
    assert store.checkpoints(run_id)

    server = serve(home, tmp_path / "server.log")
    page = desk.open(f"{server.address}/lab?run={run_id}")
    expect(page.locator(".standing .status").first).to_contain_text("interrupted")
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_enabled()
    for _ in range(300):
        if store.run(run_id).step > ended.step:
            break
        time.sleep(0.2)
    assert store.run(run_id).step > ended.step
    end(server)
    assert "Traceback" not in server.log.read_text()


def test_overview_moves_within_seconds_and_asks_nobody_else(
    server: Server, window: Watched
) -> None:
    page = window.open(server.address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wait_for_growth(page, 0)
    shown = page.locator(".flow").get_attribute("data-step")
    page.wait_for_function(
        "(was) => document.querySelector('.flow').dataset.step !== was", arg=shown
    )
    page.get_by_role("button", name=re.compile("^Step 9")).click()
    expect(page.locator(".flow .caption")).to_contain_text("Q")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".flow")).to_have_attribute("data-step", "10")
    assert not window.outside
    assert not window.errors


def test_less_motion_is_respected(server: Server, browser: Browser) -> None:
    calm = watched(browser, SIZES["desk"], reduced_motion="reduce")
    page = calm.open(server.address)
    expect(page.get_by_role("slider")).to_be_visible()  # the replay stands, to be walked through
    assert page.locator(".flow .play").inner_text().startswith("▶")
    moving = page.evaluate(
        "document.getAnimations().filter((a) => a.effect.target?.closest('.flow')).length"
    )
    assert moving == 0
    calm.context.close()


JUDGING = ["methods", "strategies"]
LOOKING = ["algorithm", "rollouts", "discriminator", "exposure"]


@pytest.mark.parametrize("path", ["", "lab", "runs", *LOOKING, *JUDGING])
def test_deep_links_open_on_a_fresh_server(server: Server, window: Watched, path: str) -> None:
    page = window.open(
        f"{server.address}/{path}?run=nowhere" if path == "runs" else f"{server.address}/{path}"
    )
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if path:
        assert path in page.url
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0  # nothing sticks out sideways
    assert not window.outside


def test_delete_and_undo(server: Server, desk: Watched) -> None:
    page = desk.open(f"{server.address}/runs")
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    box = table.bounding_box()
    assert box
    page.wait_for_timeout(1000)  # the table draws itself on a canvas
    page.mouse.click(box["x"] + 16, box["y"] + 54)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    (record,) = [r for r in Store(server.home).runs() if r.name == "recorded before"]
    assert not record.deleted


def test_a_link_can_plant_no_image(server: Server, desk: Watched) -> None:
    for path in ("rollouts", "lab", "exposure"):
        page = desk.open(f"{server.address}/{path}?run=![x](http://planted.example/p.png)")
        expect(page.get_by_test_id("stAlert").first).to_contain_text("planted.example")
        assert page.locator("[data-testid=stAlert] img").count() == 0
    assert not desk.outside
