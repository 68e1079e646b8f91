"""How soon a screen's title and its first chart stand in a new browser.

    python -m tests.browser.measure.first_chart [--page lab] [-n 7] [--against OTHER_CHECKOUT]

It serves the app, opens the page once to fill the server's own caches, then opens it `n` times,
each time in a browser that was started for it and has nothing cached. Times are milliseconds from
the navigation, read in the page. A second checkout is served beside the first and opened in turn
with it, so that other work on the machine falls on both. One JSON object.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE, SIZES, Server, end, serve
from tests.support.paths import ROOT

WATCH = """
window.stood = {};
const wanted = {
  title: '[data-testid="stMain"] h1',
  words: '.live-chart .finding:not(:empty)',
  script: () => window.Plotly,
  chart: '.live-chart .plot .scatterlayer path, .live-chart .plot .barlayer path',
};
const look = () => {
  for (const [name, what] of Object.entries(wanted)) {
    const seen = (node) => node?.checkVisibility({ visibilityProperty: true });
    const there = typeof what === "string" ? seen(document.querySelector(what)) : what();
    if (there) window.stood[name] ??= performance.now();
  }
  if (!window.stood.chart) requestAnimationFrame(look);
};
look();
"""
PARTS = ("title", "words", "script", "chart")


def opened(playwright: Playwright, address: str) -> dict[str, float]:
    """When each part stood, in milliseconds since the navigation began."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    try:
        width, height = SIZES["desk"]
        page = browser.new_page(viewport={"width": width, "height": height})
        page.add_init_script(WATCH)
        page.goto(address, wait_until="commit")
        page.wait_for_function("() => window.stood.chart", timeout=PATIENCE)
        return dict(page.evaluate("() => window.stood"))
    finally:
        browser.close()


def measure(page: str, n: int, roots: list[Path]) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        servers: list[Server] = []
        try:
            for index, root in enumerate(roots):
                home = Path(folder) / f"home{index}"
                servers.append(serve(home, Path(folder) / f"{index}.log", root=root))
            times = _times(playwright, [f"{server.address}/{page}" for server in servers], n)
        finally:
            for server in servers:
                end(server)
    medians = [
        {part: round(statistics.median(one[part] for one in each)) for part in PARTS}
        for each in times
    ]
    report: dict[str, object] = {"page": page, "n": n, "here": medians[0]}
    if len(medians) > 1:
        report["there"] = medians[1]
        report["here_over_there"] = {
            part: round(medians[0][part] / medians[1][part], 2) for part in PARTS
        }
    return report | {"chart_after_title": [round(at["chart"] - at["title"]) for at in medians]}


def _times(playwright: Playwright, addresses: list[str], n: int) -> list[list[dict[str, float]]]:
    for address in addresses:
        opened(playwright, address)
    rounds = [[opened(playwright, address) for address in addresses] for _ in range(n)]
    return [list(column) for column in zip(*rounds, strict=True)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", default="lab")
    parser.add_argument("-n", type=int, default=7)
    parser.add_argument("--against", type=Path)
    given = parser.parse_args()
    checkouts = [ROOT, *([given.against] if given.against else [])]
    sys.stdout.write(json.dumps(measure(given.page, given.n, checkouts), indent=1) + "\n")
