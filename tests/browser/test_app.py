"""The app as a person meets it: in a real browser, training for real."""

import re
import signal
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from pages.ui.overview.replay import SECONDS
from seqgan_core.runs.store import Store
from tests.browser.conftest import PATIENCE, SIZES, Server, Window, calm, end, fits, innocent, serve
from tests.browser.library import SMALL_RUN, run_named

pytestmark = pytest.mark.browser

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
    match = re.search(r"run=([\w-]+)", page.url)
    assert match
    return match[1]


# How much of the curves is drawn in the first chart; 0 while there is none.
POINTS = """() => (document.querySelector('.live-chart .plot')?.data ?? [])
  .reduce((sum, trace) => sum + trace.x.length, 0)"""


def points(page: Page) -> int:
    return int(page.evaluate(POINTS))


def wait_for_growth(page: Page, beyond: int) -> int:
    page.wait_for_function(f"(least) => ({POINTS})() > least", arg=beyond, timeout=PATIENCE)
    return points(page)


def stop(page: Page) -> None:
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".standing .status").first).to_contain_text("stopped")


def goes_on(store: Store, run_id: str, steps: int) -> None:
    """Waits until the run has come further by more than so many steps."""
    then = store.run(run_id).step
    for _ in range(600):
        if store.run(run_id).step > then + steps:
            break
        time.sleep(0.1)
    assert store.run(run_id).step > then + steps


def test_start_watch_pause_reload_second_tab_resume_stop(workshop: Server, window: Window) -> None:
    page = window.open(f"{workshop.address}/lab?{LONG}")
    run_id = start(page)
    expect(page.locator(".st-key-run-head")).to_be_in_viewport()  # although the form is far below
    grown = wait_for_growth(page, wait_for_growth(page, 0))
    assert grown > 2

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_enabled()
    expect(page.locator(".standing .status").first).to_contain_text("paused")
    standing = points(page)

    page.reload()
    expect(page.get_by_role("button", name="Resume")).to_be_enabled()
    assert wait_for_growth(page, standing - 1) == standing

    tab = window.open(f"{workshop.address}/lab?run={run_id}")
    expect(tab.get_by_role("button", name="Resume")).to_be_enabled()
    assert wait_for_growth(tab, standing - 1) == standing

    tab.get_by_role("button", name="Resume").click()
    expect(tab.get_by_role("button", name="Pause")).to_be_enabled()
    wait_for_growth(tab, standing)
    wait_for_growth(page, standing)  # the first tab follows by itself

    page.bring_to_front()  # chromium may leave a click on a hidden tab waiting
    stop(page)
    expect(tab.locator(".standing .status").first).to_contain_text("stopped")
    assert Store(workshop.home).run(run_id).status == "stopped"
    assert page.get_by_text("Traceback").count() == 0
    fits(page)
    innocent(window)


def test_twelve_live_updates_without_a_blank_or_a_jump(workshop: Server, desk: Window) -> None:
    page = desk.open(f"{workshop.address}/lab?{LONG}")
    start(page)
    wait_for_growth(page, 4)
    page.evaluate(SAMPLE)
    page.wait_for_function("window.seen.updates >= 12", timeout=2 * PATIENCE)
    seen = page.evaluate(
        "({...window.seen, heights: Object.values(window.seen.heights).map((s) => [...s])})"
    )
    stop(page)
    assert seen["blanks"] == 0
    assert seen["mounts"] == 0
    assert len(seen["heights"]) == 2
    assert all(len(heights) == 1 for heights in seen["heights"]), seen["heights"]
    innocent(desk)


def test_a_run_goes_on_without_a_browser(workshop: Server, desk: Window, elsewhere: Window) -> None:
    first = desk.open(f"{workshop.address}/lab?{LONG}")
    run_id = start(first)
    first.goto("about:blank")  # nobody looks any more
    goes_on(Store(workshop.home), run_id, 5)
    page = elsewhere.open(workshop.address)
    expect(page.locator(".now")).to_contain_text("training")
    page.get_by_role("link", name="Watch").click()
    expect(page).to_have_url(re.compile(f"lab.*run={run_id}"))
    stop(page)


def test_the_app_ends_cleanly_and_the_run_resumes(tmp_path: Path, desk: Window) -> None:
    """By Ctrl-C first, then by a kill; each of the two servers is fresh when its link is opened."""
    home, log = tmp_path / "home", tmp_path / "server.log"
    server = serve(home, log)
    run_id = start(desk.open(f"{server.address}/lab?{LONG}"))
    store = Store(home)
    assert end(server, signal.SIGINT) == 0, log.read_text()[-2000:]
    interrupted = store.run(run_id)
    assert interrupted.status == "interrupted"
    assert store.checkpoints(run_id)

    server = serve(home, log)
    page = desk.open(f"{server.address}/lab?run={run_id}")
    expect(page.locator(".standing .status").first).to_contain_text("interrupted")
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_enabled()
    goes_on(store, run_id, 0)
    assert store.run(run_id).step > interrupted.step
    assert end(server, signal.SIGTERM) == 0, log.read_text()[-2000:]
    again = store.run(run_id)
    assert (again.status, again.step > interrupted.step) == ("interrupted", True)
    assert store.checkpoints(run_id)[-1].step == again.step

    server = serve(home, log)
    page = desk.open(f"{server.address}/lab?run={run_id}")
    page.get_by_role("button", name="Resume").click()
    goes_on(store, run_id, 0)
    assert store.run(run_id).step > again.step
    assert end(server) == 0
    assert "Traceback" not in log.read_text()


def test_overview_moves_within_seconds_and_asks_nobody_else(server: Server, phone: Window) -> None:
    page = phone.open(f"{server.address}/?part=run")
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
    fits(page)
    innocent(phone)


def test_less_motion_is_respected(server: Server, desk: Window) -> None:
    page = calm(desk, f"{server.address}/?part=run")
    # The replay stands, to be walked through; else there is a slider only when it has played.
    began = time.monotonic()
    expect(page.get_by_role("slider")).to_be_visible()
    assert time.monotonic() - began < SECONDS / 2
    expect(page.get_by_role("button", name="Replay")).to_be_visible()
    assert page.locator(".flow .play").inner_text().startswith("▶")
    moving = page.evaluate(
        "document.getAnimations().filter((a) => a.effect.target?.closest('.flow')).length"
    )
    assert moving == 0


def test_a_tab_opens_by_a_click_and_stays_in_the_address(server: Server, window: Window) -> None:
    run_id = run_named(server.home, SMALL_RUN)
    page = window.open(f"{server.address}/lab?run={run_id}")
    expect(page.locator(".live-chart .main-svg").first).to_be_attached()
    page.get_by_role("tab", name="Generator").click()
    expect(page.locator(".live-chart .finding", has_text="entropy")).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]part=g(&|$)"))
    page.get_by_role("tab", name="Quality").click()
    expect(page).not_to_have_url(re.compile(r"[?&]part="))
    page.goto(f"{server.address}/lab?run={run_id}&part=samples")
    expect(page.locator(".followed")).to_be_visible()
    fits(page)
    innocent(window)


def test_the_tour_is_followed_by_links(server: Server, window: Window) -> None:
    page = window.open(server.address)
    page.get_by_role("link", name="Start here").click()
    for stop, path in enumerate(["algorithm", "lab", "rollouts"], start=1):
        expect(page).to_have_url(re.compile(rf"/{path}\?(.*&)?tour={stop}(&|$)"))
        expect(page.locator(".tour")).to_contain_text(f"Tour, {stop} of 5")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.get_by_role("link", name=re.compile("^Next:")).click()
    page.get_by_role("button", name="Leave the tour").click()
    expect(page.locator(".tour")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("tour="))
    innocent(window)


def test_start_is_above_the_fold_and_the_menu_is_labelled(server: Server, desk: Window) -> None:
    page = desk.open(f"{server.address}/lab")
    start = page.get_by_role("button", name="Start training")
    expect(start).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    names = page.get_by_role("combobox").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
    assert not [name for name in names if name and set(name) & set("*:[]")]

    page.set_viewport_size({"width": SIZES["phone"][0], "height": SIZES["phone"][1]})
    menu = page.get_by_test_id("stExpandSidebarButton")
    expect(menu).to_be_visible()
    word = menu.evaluate("(button) => getComputedStyle(button, '::after').content")
    assert word == '"Menu"'


JUDGING = ["methods", "strategies"]
LOOKING = ["algorithm", "rollouts", "discriminator", "exposure"]


@pytest.mark.parametrize("path", ["", "lab", "runs?run=nowhere", *LOOKING, *JUDGING])
def test_every_page_opens_by_its_link(server: Server, desk: Window, path: str) -> None:
    page = desk.open(f"{server.address}/{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.startswith(f"{server.address}/{path}")
    fits(page)
    innocent(desk)


def test_links_of_today_and_of_before_open_on_a_fresh_server(tmp_path: Path, phone: Window) -> None:
    for path, leads_to in (("rollouts", "rollouts"), ("training_lab?preset=lesson", "lab")):
        server = serve(tmp_path / "home", tmp_path / "server.log")
        page = phone.open(f"{server.address}/{path}")
        expect(page).to_have_url(re.compile(rf"^{server.address}/{leads_to}(\?|$)"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)  # of a page that is not found
        fits(page)
        innocent(phone)
        assert end(server) == 0
        assert "Traceback" not in server.log.read_text()


def test_a_deep_link_asks_for_nothing_that_is_not_there(server: Server, desk: Window) -> None:
    missing: list[str] = []
    page = desk.open("about:blank")
    page.on("response", lambda answer: missing.append(answer.url) if answer.status > 399 else None)
    page.goto(f"{server.address}/lab")
    expect(page.locator(".live-chart .main-svg").first).to_be_attached()
    assert not missing


def test_an_old_address_opens_the_lab_with_its_query(server: Server, desk: Window) -> None:
    run_id = run_named(server.home, SMALL_RUN)
    page = desk.open(f"{server.address}/training_lab?run={run_id}")
    expect(page).to_have_url(re.compile(rf"^{server.address}/lab\?.*\brun={run_id}(&|$)"))
    expect(page.locator(f'a[href*="rollouts?run={run_id}"]')).to_be_visible()  # it is that run's
    innocent(desk)


def test_delete_and_undo(workshop: Server, desk: Window) -> None:
    store = Store(workshop.home)
    page = desk.open(f"{workshop.address}/runs")
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    box = table.bounding_box()
    assert box
    page.wait_for_timeout(1000)  # the table draws itself on a canvas
    page.mouse.click(box["x"] + 16, box["y"] + 54)
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert sum(run.deleted for run in store.runs(include_deleted=True)) == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    assert not any(run.deleted for run in store.runs(include_deleted=True))


def test_a_link_can_plant_no_image(server: Server, desk: Window) -> None:
    page = desk.open("about:blank")
    for path in ("rollouts", "lab", "exposure"):
        page.goto(f"{server.address}/{path}?run=![x](http://planted.example/p.png)")
        expect(page.get_by_test_id("stAlert").first).to_contain_text("planted.example")
        assert page.locator("[data-testid=stAlert] img").count() == 0
    innocent(desk)
