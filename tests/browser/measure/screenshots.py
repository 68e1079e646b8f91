"""Take the README's picture: the training lab amid a lesson.

python -m tests.browser.measure.screenshots
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from seqgan_core.runs.store import Store
from tests.browser.conftest import ARGUMENTS, CHROMIUM, ROOT, end, serve

TARGET = ROOT / "assets" / "screenshots" / "lab.png"
SHARE = 0.75  # of the rounds that have passed when the picture is taken


def take() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = serve(Path(folder) / "home", Path(folder) / "server.log")
        store = Store(server.home)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(f"{server.address}/lab?preset=lesson")
        page.get_by_role("button", name="Start training").click()
        run_id = ""
        while not run_id:
            time.sleep(0.5)
            mine = [record.id for record in store.runs() if record.status != "recorded"]
            run_id = mine[0] if mine else ""
        config = store.run(run_id).config
        while store.run(run_id).epoch < config.pretrain_epochs + SHARE * config.rounds:
            time.sleep(0.5)
        time.sleep(2)  # the page refreshes once a second
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=TARGET)
        browser.close()
        end(server)


if __name__ == "__main__":
    take()
