import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages.ui.common import session
from pages.ui.make.corpora import download as corpus_download
from seqgan_core.runs.bundle import export_bundle
from seqgan_core.runs.store import Store
from seqgan_core.training.setup import estimate
from seqgan_core.training.setup.estimate import UnitCosts
from seqgan_core.training.setup.presets import PRESETS
from tests.support.inline_jobs import InlineJobs
from tests.support.made_up.run import made_up_events
from tests.support.once import made_once
from tests.support.paths import ROOT
from tests.support.tiny.trained_run import trained

COSTS = UnitCosts(  # of any machine
    *[0.005] * 4, sample=1e-4, score=1e-5, judge=1e-4, value_update=0.005, node=1e-4,
    bleu=1e-4, nll=1e-5,
)  # fmt: skip
PATIENCE = 600.0  # seconds until a page that never ends fails its test, however busy the machine


# A run of a second or two: the glance preset, made small through the address as a link would.
TINY = [
    "vocab_size=20", "sequence_length=5", "n_train=64", "n_test=64", "g_embedding_size=4",
    "g_hidden_size=4", "d_embedding_size=4", "d_widths=[1,2]", "d_filters=[4,4]", "batch_size=16",
    "pretrain_epochs=2", "d_pretrain_steps=1", "rounds=2", "g_steps=1", "g_batch_size=8",
    "n_rollouts=2", "n_eval=64", "checkpoint_every=1", "report_every=2", "device=cpu",
    "d_samples=null",
]  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def _one_search_for_components() -> Iterator[None]:
    """Every page of a test looks through all installed packages for components: once will do."""
    with pytest.MonkeyPatch.context() as patch:
        known = manifest_scanner.scan_component_manifests()
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda *_, **__: known)
        yield


@pytest.fixture
def recorded_runs() -> None:
    """Asked for by a test whose library holds the runs that ship; importing them takes a second."""


@pytest.fixture
def background_jobs() -> None:
    """Asked for by a test of pages that wait: jobs and downloads run in threads, not at once."""


@pytest.fixture
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """The library that the app under test opens too.

    It is empty, and every job is worked out while the page is drawn: nothing waits for a clock,
    nor measures this machine.
    """
    if "recorded_runs" not in request.fixturenames:
        monkeypatch.setattr(session, "RECORDED", tmp_path / "nothing recorded")
    if "background_jobs" not in request.fixturenames:
        monkeypatch.setattr(session, "Jobs", InlineJobs)
        monkeypatch.setattr(corpus_download, "_in_background", lambda work: work())
    monkeypatch.setattr(estimate, "unit_costs", lambda _sizes, _device: COSTS)
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(ROOT)
    st.cache_resource.clear()
    yield Store()
    if os.environ.get("SEQGAN_HOME") == str(tmp_path / "home"):
        session.lab().manager.close()
        session.lab().jobs.close()
    st.cache_resource.clear()


@pytest.fixture
def made_up(store: Store) -> Callable[..., str]:
    """Puts a run with made-up events into the library; returns its id."""

    def put(name: str = "a made-up run", status: str = "finished", **changes: float) -> str:
        run_id = store.create_run(PRESETS["glance"], preset="glance", name=name, status=status)
        store.append(run_id, made_up_events(**changes), 12.0)
        return run_id

    return put


@pytest.fixture(scope="session")
def small_runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Bundles of a small run with a discriminator and one without, trained once."""
    strategies = ("seqgan", "mle")

    def make(folder: Path) -> None:
        for strategy in strategies:
            store, run_id = trained(folder / "home", f"by {strategy}", strategy=strategy)
            export_bundle(store, run_id, folder / f"{strategy}.zip")

    folder = made_once(tmp_path_factory, "small-runs", make)
    return {strategy: folder / f"{strategy}.zip" for strategy in strategies}


@pytest.fixture
def app(store: Store) -> Callable[..., AppTest]:
    """Opens the app at a page, with an address, as a browser would.

    The page is the first that is drawn: its address is the stem of its file, so `switch_page` knows
    it before the app has run.
    """

    def opened(page: str = "pages/overview.py", **address: str | list[str]) -> AppTest:
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
        test.switch_page(page)
        for name, value in address.items():
            test.query_params[name] = value
        return test.run()

    return opened
