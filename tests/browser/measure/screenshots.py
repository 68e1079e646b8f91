"""Take the README's picture: the recorded lesson in the training lab.

python -m tests.browser.measure.screenshots
"""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from seqgan_core.runs.store import Store
from tests.browser.conftest import ARGUMENTS, CHROMIUM, ROOT, end, serve

TARGET = ROOT / "assets" / "screenshots" / "lab.png"


def take() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = serve(Path(folder) / "home", Path(folder) / "server.log")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(f"{server.address}/lab")
        page.wait_for_selector("h1")  # the recorded runs have been imported
        runs = Store(server.home).runs()
        lesson = next(
            run for run in runs if run.config.strategy == "seqgan" and run.preset == "lesson"
        )
        page.goto(f"{server.address}/lab?run={lesson.id}")
        page.wait_for_selector(".live-chart .plot .scatterlayer path")
        page.wait_for_timeout(2000)  # the last element stands
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=TARGET)
        browser.close()
        end(server)


if __name__ == "__main__":
    take()
