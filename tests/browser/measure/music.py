"""How soon after opening the screen Music a tune that a model made can be heard.

    python -m tests.browser.measure.music [-n 7] [--against OTHER_CHECKOUT]

It serves the app with an empty library, then opens Music `n` times, each time in a browser that was
started for it and has nothing cached; and as often with a seed that the server does not know yet,
so that tunes are new. In the page, the first play button is pressed when it stands,
and the sound's clock awaited. Times are milliseconds from the navigation. The first visit of the
server, which pays for what is loaded, is listed apart. A second checkout is served beside the first
and opened in turn with it, so that other work on the machine falls on both. One JSON object.
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
const look = () => {
  const now = performance.now();
  if (document.querySelector('[data-testid="stMain"] h1')) window.stood.title ??= now;
  const button = document.querySelector(".melodies button.play");
  if (button && !window.stood.shown) {
    window.stood.shown = now;
    button.click();
  }
  const cards = [...document.querySelectorAll(".melodies .card")];
  if (cards.some((one) => one.card?.player?.time > 0.02)) window.stood.heard ??= now;
  if (!window.stood.heard) requestAnimationFrame(look);
};
look();
"""
PARTS = ("title", "shown", "heard")


def opened(playwright: Playwright, address: str) -> dict[str, float]:
    """When each part stood, in milliseconds since the navigation began."""
    silent = [*ARGUMENTS, "--autoplay-policy=no-user-gesture-required"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=silent)
    try:
        width, height = SIZES["desk"]
        page = browser.new_page(viewport={"width": width, "height": height})
        page.add_init_script(WATCH)
        page.goto(address, wait_until="commit")
        page.wait_for_function("() => window.stood.heard", timeout=PATIENCE)
        return dict(page.evaluate("() => window.stood"))
    finally:
        browser.close()


def measure(n: int, roots: list[Path]) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        servers: list[Server] = []
        first: list[dict[str, float]] = []
        warm: list[list[dict[str, float]]] = [[] for _ in roots]
        new: list[list[dict[str, float]]] = [[] for _ in roots]
        try:
            for index, root in enumerate(roots):
                home = Path(folder) / f"home{index}"
                servers.append(serve(home, Path(folder) / f"{index}.log", root=root))
                first.append(opened(playwright, f"{servers[-1].address}/music"))
            for number in range(n):
                for server, times in zip(servers, warm, strict=True):
                    times.append(opened(playwright, f"{server.address}/music"))
                for server, times in zip(servers, new, strict=True):
                    times.append(opened(playwright, f"{server.address}/music?seed={9 + number}"))
        finally:
            for server in servers:
                end(server)
    report: dict[str, object] = {"n": n}
    for index, name in enumerate(("here", "there")[: len(roots)]):
        visits = {
            "warm": warm[index], "new tunes": new[index],
            "first visit of the server": [first[index]],
        }  # fmt: skip
        for when, times in visits.items():
            whole = {part: round(statistics.median(at[part] for at in times)) for part in PARTS}
            report[f"{name}, {when}"] = whole | {"heard after title": whole["heard"] -
                                                 whole["title"]}  # fmt: skip
    return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How soon a tune can be heard on Music.")
    parser.add_argument("-n", type=int, default=7)
    parser.add_argument("--against", type=Path)
    given = parser.parse_args()
    checkouts = [ROOT, *([given.against] if given.against else [])]
    sys.stdout.write(json.dumps(measure(given.n, checkouts), indent=1) + "\n")
