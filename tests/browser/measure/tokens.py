"""How long choosing a token takes in the roll-out explorer while another run trains.

    OMP_NUM_THREADS=1 python -m tests.browser.measure.tokens [--choices 100]

It serves the app, trains the lesson preset in it, opens the explorer on the recorded lesson
(N = 16) in the real browser and clicks one token after another. Timed is from the click until the
completions of that token stand on the page, and until nothing on it is being redrawn any more.
One JSON object, milliseconds.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from seqgan_core.runs.store import Store
from tests.browser.conftest import ARGUMENTS, CHROMIUM, SIZES, Server, end, serve
from tests.browser.measure.viewers import Viewer, summary

# The heading over the completions names the place, and so does the sentence under the rows.
CHOSEN = """(place) => [...document.querySelectorAll('h3, h2, .said')]
  .filter((node) => node.innerText.includes(place)).length >= 2"""
QUIET = "() => !document.querySelector('[data-test-script-state=\"running\"]')"


def measure(choices: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        server = serve(Path(folder) / "home", Path(folder) / "server.log")
        try:
            return _measure(server, choices)
        finally:
            end(server)


def _measure(server: Server, choices: int) -> dict[str, object]:
    store = Store(server.home)
    starter = Viewer(server, "lab", preset="lesson", set="rounds=5000")
    starter.run(press=starter.buttons["Start training"])
    starter.close()
    training = next(record.id for record in store.runs() if record.status != "recorded")
    lesson = next(
        record.id
        for record in store.runs()
        if record.preset == "lesson" and record.config.strategy == "seqgan"
        and record.status == "recorded"
    )  # fmt: skip
    while store.run(training).epoch < store.run(training).config.pretrain_epochs + 1:
        time.sleep(0.5)
    answered, whole = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        width, height = SIZES["desk"]
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"{server.address}/rollouts?run={lesson}&n=16")
        page.wait_for_selector(".token-rows button.tok", timeout=120_000)
        page.wait_for_timeout(5000)
        buttons = page.locator(".token-rows button.tok")
        count = buttons.count()
        length = count // page.locator(".token-rows .row").count()
        for index in range(choices):
            row, column = divmod((index * 29 + 11) % count, length)
            began = time.perf_counter()
            buttons.nth(row * length + column).click()
            place = f"position {column + 1} of sequence {row + 1}"
            page.wait_for_function(CHOSEN, arg=place, timeout=60_000)
            answered.append(time.perf_counter() - began)
            page.wait_for_function(QUIET, timeout=60_000)
            whole.append(time.perf_counter() - began)
            page.wait_for_timeout(300)
        browser.close()
    return {
        "run": lesson,
        "n_rollouts": 16,
        "training_at_epoch": store.run(training).epoch,
        "milliseconds": {"answered": summary(answered), "all_drawn": summary(whole)},
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--choices", type=int, default=100)
    given = parser.parse_args()
    sys.stdout.write(json.dumps(measure(given.choices), indent=1) + "\n")
