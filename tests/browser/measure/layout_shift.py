"""How much a screen moves while it loads: the cumulative layout shift (good: below 0.1).

    OMP_NUM_THREADS=1 python -m tests.browser.measure.layout_shift [--visits 3] [--sources] [PAGE …]

It serves the app with an empty library, opens every page (or those that are named: lab, music …) in
a new browser context at both sizes, and adds the shifts up as browsers do: the largest sum within a
window of 5 s whose shifts are at most 1 s apart, without those that follow a click or a key. It
watches from the opening until nothing has moved for two seconds. The first visit of a page at the
server is thrown away. One JSON object: n, the median and all values of each page and size; with
`--sources` also what moved most, from which rectangle to which (x, y, width, height).
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from pages.ui.common import navigation
from tests.browser.conftest import ARGUMENTS, CHROMIUM, SIZES, Server, end, serve

PAGES = [Path(page).stem for page in navigation.TITLES]
GOOD = 0.1
OBSERVE = """() => {
  const name = (node) => {
    const element = node && (node.nodeType === 1 ? node : node.parentElement);
    if (!element) return '(gone)';
    const key = element.closest('[class*="st-key-"]')?.className.match(/st-key-[\\w-]+/)?.[0] ?? '';
    const id = element.getAttribute('data-testid') ?? '';
    return [element.tagName.toLowerCase(), id, element.className.toString().slice(0, 40), key,
            element.textContent.slice(0, 40)].filter(Boolean).join(' | ');
  };
  const box = (r) => [r.x, r.y, r.width, r.height].map(Math.round);
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      const moved = (s) => [name(s.node), box(s.previousRect), box(s.currentRect)];
      window.shifts.push({ time: entry.startTime, value: entry.value,
        sources: entry.sources.map(moved) });
    }
  }).observe({ type: 'layout-shift', buffered: true });
}"""
READY = """() => document.querySelector('h1')
  && !document.querySelector('[data-test-script-state="running"]')
  && !document.querySelector('[data-testid="stProgress"]')"""
STILL = """() => performance.now() - Math.max(window.settled ??= performance.now(),
  ...window.shifts.map((shift) => shift.time)) > 2000"""


def visit(browser: Browser, server: Server, page_name: str, size: str) -> list[dict[str, Any]]:
    """The layout shifts of one load of a page in a new browser context."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(f"({OBSERVE})()")
    path = "" if page_name == "overview" else page_name
    page.goto(f"{server.address}/{path}")
    page.wait_for_function(READY, timeout=120_000)
    page.wait_for_function(STILL, timeout=60_000)
    shifts: list[dict[str, Any]] = page.evaluate("window.shifts")
    context.close()
    return shifts


def cumulative(shifts: list[dict[str, Any]]) -> float:
    """The largest sum of shifts within a session window, as web vitals define it."""
    best = total = first = last = 0.0
    for shift in shifts:
        time, value = shift["time"], shift["value"]
        if time - last > 1000 or time - first > 5000:
            total, first = 0.0, time
        total, last = total + value, time
        best = max(best, total)
    return best


def measure(pages: list[str], visits: int, sources: bool) -> dict[str, Any]:
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = serve(Path(folder) / "home", Path(folder) / "server.log")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            for page in pages:
                visit(browser, server, page, "desk")
                for size in SIZES:
                    loads = [visit(browser, server, page, size) for _ in range(visits)]
                    result[f"{page} {size}"] = _summary(loads, sources)
                    sys.stderr.write(f"{page} {size}: {result[f'{page} {size}']['median']}\n")
        finally:
            browser.close()
            end(server)
    worst = max(result, key=lambda name: result[name]["median"])
    return {"good": GOOD, "worst": worst, "pages": result}


def _summary(loads: list[list[dict[str, Any]]], sources: bool) -> dict[str, Any]:
    values = [cumulative(shifts) for shifts in loads]
    summary: dict[str, Any] = {
        "n": len(values),
        "median": round(statistics.median(values), 3),
        "values": [round(value, 3) for value in values],
    }
    if sources:
        largest = sorted(loads[-1], key=lambda shift: -shift["value"])[:4]
        summary["largest"] = [
            {"value": round(shift["value"], 3), "ms": round(shift["time"])}
            | {"sources": shift["sources"]}
            for shift in largest
        ]
    return summary


def main() -> None:
    parser = argparse.ArgumentParser(description="How much each screen moves while it loads.")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"of {', '.join(PAGES)}")
    parser.add_argument("--visits", type=int, default=3)
    parser.add_argument("--sources", action="store_true", help="also what moved most")
    options = parser.parse_args()
    if options.visits < 1:
        parser.error(f"--visits is {options.visits}; it must be 1 or more")
    if unknown := set(options.pages) - set(PAGES):
        parser.error(f"there is no page {', '.join(unknown)}; the pages are {', '.join(PAGES)}")
    measured = measure(options.pages or PAGES, options.visits, options.sources)
    sys.stdout.write(json.dumps(measured, indent=1) + "\n")


if __name__ == "__main__":
    main()
