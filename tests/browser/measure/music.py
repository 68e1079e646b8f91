"""How soon after opening the screen Music a tune that a model made can be heard.

    python -m tests.browser.measure.music [--visits 10]

It serves the app with an empty library and no tunes read, opens Music in a new browser context
each time, waits for the first play button, presses it, and waits until the sound's clock runs. The
first visit of the server pays for what is loaded. One JSON object, milliseconds from the opening.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, SIZES, Server, end, serve
from tests.browser.measure.viewers import summary

SOUNDS = "[...document.querySelectorAll('.melodies audio')].some((one) => one.currentTime > 0.02)"


def measure(visits: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        server = serve(Path(folder) / "home", Path(folder) / "server.log")
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                times = [_visit(browser, server) for _ in range(visits + 1)]
                browser.close()
        finally:
            end(server)
    shown, heard = zip(*times[1:], strict=True)
    return {
        "visits": visits,
        "first of the server": {
            "shown": round(1000 * times[0][0]),
            "heard": round(1000 * times[0][1]),
        },
        "shown": summary(list(shown)),
        "heard": summary(list(heard)),
    }


def _visit(browser: Browser, server: Server) -> tuple[float, float]:
    width, height = SIZES["desk"]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(f"{server.address}/music")
    button = page.locator(".melodies button.play").first
    button.wait_for(timeout=60_000)
    shown = time.perf_counter()
    button.click()
    page.wait_for_function(SOUNDS, timeout=60_000)
    heard = time.perf_counter()
    context.close()
    return shown - start, heard - start


def main() -> None:
    parser = argparse.ArgumentParser(description="How soon a tune can be heard on Music.")
    parser.add_argument("--visits", type=int, default=10)
    visits = parser.parse_args().visits
    if visits < 2:
        parser.error(f"--visits is {visits}; it must be 2 or more")
    sys.stdout.write(json.dumps(measure(visits), indent=2) + "\n")


if __name__ == "__main__":
    main()
