from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from seqgan_core.runs.store import Store
from seqgan_core.training import model_files
from seqgan_core.training.setup.presets import PRESETS
from tests.support.made_up_run import made_up_events
from tests.support.paths import ROOT
from tests.support.tune_models import ship_all_tunes

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
PATIENCE = 60_000  # milliseconds; generous, because the machine may be busy


@dataclass
class Server:
    """A running app with a library of its own."""

    process: subprocess.Popen[bytes]
    address: str
    home: Path
    log: Path


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield launched
    launched.close()


def serve(home: Path, log: Path) -> Server:
    """Start the app on a free port and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT,
        env=os.environ | {"SEQGAN_HOME": str(home), "OMP_NUM_THREADS": "1"},
        stdout=log.open("ab"),
        stderr=subprocess.STDOUT,
    )
    address = f"http://localhost:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            return Server(process, address, home, log)
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise RuntimeError(f"the app did not start: {log.read_text()[-2000:]}")


def end(server: Server, number: int = signal.SIGTERM) -> int:
    """End the app as a terminal does, and wait for it; returns its exit status."""
    if server.process.poll() is None:
        server.process.send_signal(number)
    return server.process.wait(timeout=90)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A library with one recorded run of made-up events."""
    store = Store(tmp_path / "home")
    run_id = store.create_run(
        PRESETS["glance"], preset="glance", name="recorded before", status="recorded"
    )
    store.append(run_id, made_up_events(), 12.0)
    return tmp_path / "home"


@pytest.fixture
def server(home: Path, tmp_path: Path) -> Iterator[Server]:
    started = serve(home, tmp_path / "server.log")
    yield started
    end(started)


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return SIZES[request.param]


@dataclass
class Watched:
    """A browser's window, with what it asked of other machines and what went wrong in it."""

    context: BrowserContext
    outside: list[str]
    errors: list[str]

    def open(self, address: str) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(address)
        return page


def watched(browser: Browser, size: tuple[int, int], **options: str) -> Watched:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    window = Watched(context, [], [])

    def note(url: str) -> None:
        if not url.startswith(("http://localhost:", "ws://localhost:", "data:", "blob:")):
            window.outside.append(url)

    context.on("request", lambda request: note(request.url))
    return window


@pytest.fixture
def window(browser: Browser, size: tuple[int, int]) -> Iterator[Watched]:
    opened = watched(browser, size)
    yield opened
    opened.context.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Watched]:
    opened = watched(browser, SIZES["desk"])
    yield opened
    opened.context.close()


def sideways(page: Page) -> int:
    """Pixels that the page can be moved sideways; it should be none."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture(scope="session")
def tune_library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A library with small tunes, and a folder of models of them; change nothing in either."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("models")
    ship_all_tunes(home, folder)
    return home, folder


@pytest.fixture
def tune_home(
    tune_library: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A library of this test's own with these tunes; their models ship, here and in the server."""
    monkeypatch.setenv("SEQGAN_MODELS", str(tune_library[1]))
    monkeypatch.setattr(model_files, "FOLDER", tune_library[1])
    shutil.copytree(tune_library[0], tmp_path / "home")
    return tmp_path / "home"
