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
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from seqgan_core.runs.store import Store
from seqgan_core.training.setup import model_files
from tests.browser.library import make_library
from tests.support.once import made_once
from tests.support.paths import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
PATIENCE = 60_000  # milliseconds; generous, because the machine may be busy
expect.set_options(timeout=PATIENCE)


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


def serve(
    home: Path, log: Path, models: Path | None = None, root: Path = ROOT, script: str = ""
) -> Server:
    """Start the app of the checkout `root` on a free port and wait until it answers.

    `models` are those that ship; another `script` may stand in for the app.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = script or ("serve.py" if (root / "serve.py").is_file() else "app.py")  # once app.py
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)],
        cwd=root,
        env=os.environ
        | {"SEQGAN_HOME": str(home), "OMP_NUM_THREADS": "1"}
        | ({"SEQGAN_MODELS": str(models)} if models else {}),
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


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `home` and `models`; see `make_library`. Change nothing in it."""
    return made_once(tmp_path_factory, "browser-library", make_library)


@pytest.fixture(scope="session")
def server(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One app for all tests that only look."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copytree(library / "home", folder / "home")
    started = serve(folder / "home", folder / "server.log", library / "models")
    yield started
    end(started)


@dataclass
class Workshop:
    """Starts an app for the tests that change something, and keeps it while nothing is training."""

    library: Path
    factory: pytest.TempPathFactory
    server: Server | None = None

    def open(self) -> Server:
        if self.server is None:
            folder = self.factory.mktemp("workshop")
            shutil.copytree(self.library / "home", folder / "home")
            self.server = serve(folder / "home", folder / "server.log", self.library / "models")
        return self.server

    def tidy(self) -> None:
        """A run that goes on would disturb the next test: then that gets an app of its own."""
        moving = {"queued", "running", "paused"}
        if self.server and moving & {run.status for run in Store(self.server.home).runs()}:
            self.close()

    def close(self) -> None:
        if self.server:
            end(self.server)
        self.server = None


@pytest.fixture(scope="session")
def _workshop(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    made = Workshop(library, tmp_path_factory)
    yield made
    made.close()


@pytest.fixture
def workshop(_workshop: Workshop) -> Iterator[Server]:
    """An app for a test that trains, votes, uploads or deletes; others have done so before."""
    yield _workshop.open()
    _workshop.tidy()


@pytest.fixture
def shipped(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small models ship in this process too, and its library is that of the browser tests."""
    monkeypatch.setenv("SEQGAN_HOME", str(library / "home"))
    monkeypatch.setattr(model_files, "FOLDER", library / "models")
    model_files.load_shipped.cache_clear()


class Window:
    """A browser's window, with what it asked of other machines and what went wrong in it.

    It is kept for many tests, because a page that is loaded again in the same window costs a third
    of what it costs in a new one. Each test begins at an empty page without anything stored.
    """

    def __init__(self, browser: Browser) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.context: BrowserContext = browser.new_context()
        self.context.on("request", lambda request: self._note(request.url))
        self._first: Page | None = None
        self._unused = True
        self.size = SIZES["desk"]

    def _note(self, url: str) -> None:
        if not url.startswith(
            ("http://localhost:", "ws://localhost:", "data:", "blob:", "about:blank")
        ):
            self.outside.append(url)

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def open(self, address: str) -> Page:
        """The address in this window; where a test has opened one before, in another tab of it."""
        if self._first is None:
            self._first = self._new_page()
        page = self._first if self._unused else self._new_page()
        self._unused = False
        page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        page.goto(address)
        return page

    def begin(self, size: str) -> Window:
        self.size = SIZES[size]
        self.outside.clear()
        self.errors.clear()
        return self

    def clear(self) -> None:
        """Leave nothing for the next test."""
        for page in self.context.pages:
            if page is not self._first:
                page.close()
        if self._first is not None:
            if self._first.url.startswith("http"):
                self._first.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
            self._first.goto("about:blank")
            self._first.emulate_media(reduced_motion="null")
        self.context.clear_cookies()
        self._unused = True


def calm(window: Window, address: str) -> Page:
    """The address, as somebody sees it who wants less motion."""
    page = window.open("about:blank")
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    return page


def innocent(*windows: Window) -> None:
    """Nothing was asked of another machine, and nothing went wrong in the page."""
    for window in windows:
        assert not window.outside
        assert not window.errors


@pytest.fixture(scope="session")
def _window(browser: Browser) -> Iterator[Window]:
    opened = Window(browser)
    yield opened
    opened.context.close()


@pytest.fixture(scope="session")
def _elsewhere(browser: Browser) -> Iterator[Window]:
    opened = Window(browser)
    yield opened
    opened.context.close()


@pytest.fixture
def desk(_window: Window) -> Iterator[Window]:
    yield _window.begin("desk")
    _window.clear()


@pytest.fixture
def phone(_window: Window) -> Iterator[Window]:
    yield _window.begin("phone")
    _window.clear()


@pytest.fixture(params=["desk", "phone"])
def window(request: pytest.FixtureRequest) -> Window:
    """Both sizes, for what is operated differently on them."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def elsewhere(_elsewhere: Window, request: pytest.FixtureRequest) -> Iterator[Window]:
    """Another viewer's browser, of the same size: it shares nothing with the first but a link."""
    yield _elsewhere.begin("phone" if "phone" in request.fixturenames else "desk")
    _elsewhere.clear()


def sideways(page: Page) -> int:
    """Pixels that the page can be moved sideways; it should be none."""
    return int(page.evaluate(SIDEWAYS))


SIDEWAYS = "() => document.documentElement.scrollWidth - window.innerWidth"


def fits(page: Page) -> None:
    """The page, as it stands, cannot be moved sideways, on a phone as little as on a desk."""
    before = page.viewport_size
    assert before
    sizes = sorted(SIZES.values(), key=lambda size: size[0] != before["width"])
    for width, height in [*sizes, sizes[0]]:  # the one it has, the other one, and back
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"({SIDEWAYS})() <= 0", timeout=10_000)
