"""Runs on text in a real browser: words everywhere, by keyboard too, at a desk and on a phone."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.user_corpora import add_user_text
from seqgan_core.tasks.text.user_text import Options
from seqgan_core.training.build import resolve_config
from seqgan_core.training.config import make_config
from seqgan_core.training.devices import prepare_cpu
from seqgan_core.training.setup.presets import PRESETS
from tests.browser.conftest import PATIENCE, Server, Watched
from tests.support.trained_run import SMALL

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)

_LINES = itertools.product("春江花月", "山水风雨", "日夜", "明光", "天地")
POEMS = "\n".join(f"{a}{b}{c}，{d}{e}{a}。" for a, b, c, d, e in _LINES)
_SAID = itertools.permutations(["we", "will", "work", "for", "responsibilities"])
SPEECH = "\n".join(" ".join(words[: 3 + index % 3]) + "." for index, words in enumerate(_SAID))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with a run on verse and one on sentences of one's own, really trained."""
    prepare_cpu()
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path / "home"))
    store = Store(tmp_path / "home")
    texts = {
        "poems": add_user_text(POEMS, "Small verse", Options("characters", 6)),
        "speech": add_user_text(SPEECH, "Small talk", Options("words", 6)),
    }
    for task, corpus in texts.items():
        config = resolve_config(
            make_config(PRESETS["glance"], **SMALL | {"task": task, "corpus": corpus.name})
        )
        drive(store, store.create_run(config, preset="glance", name=task))
    return tmp_path / "home"


def run_named(home: Path, name: str) -> str:
    return next(record.id for record in Store(home).runs() if record.name == name)


def fits(page: Page) -> None:
    """Nothing makes the document wider than the window."""
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]


def test_the_lab_shows_verse_and_its_charts(server: Server, window: Watched) -> None:
    page = window.open(f"{server.address}/lab?run={run_named(server.home, 'poems')}")
    lines = page.locator(".followed.characters .line")
    expect(lines).to_have_count(16)  # two lines of eight poems
    expect(lines.first.locator(".tok")).to_have_count(3)
    findings = page.locator(".live-chart .finding")
    expect(findings.nth(2)).to_contain_text("BLEU-2")
    assert "oracle" not in " ".join(page.locator(".live-chart").all_inner_texts())
    presets = page.get_by_role("radiogroup", name="Preset")
    expect(presets.get_by_role("radio")).to_have_count(len(PRESETS))
    fits(page)
    assert not window.outside
    assert not window.errors


def test_a_word_is_chosen_and_changed_by_keyboard(server: Server, window: Watched) -> None:
    run_id = run_named(server.home, "speech")
    page = window.open(f"{server.address}/rollouts?run={run_id}&row=1&token=1")
    tokens = page.locator(".token-rows .row").first.locator("button.tok")
    expect(tokens).to_have_count(6)
    tokens.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    word = tokens.nth(1).locator(".word").inner_text()
    expect(page.get_by_role("heading", name=f"Token {word}, position 2")).to_be_visible()
    fits(page)
    page.goto(f"{server.address}/discriminator?run={run_id}&at=1")
    expect(page.locator(".brackets .tok")).to_have_count(6)
    before = page.locator(".brackets .tok .word").first.inner_text()
    other = "responsibilities" if before != "responsibilities" else "work"
    choice = page.get_by_role("combobox", name="Token 1 is")
    choice.click()
    choice.fill(other)
    page.keyboard.press("Enter")
    expect(page.locator(".brackets .tok .word").first).to_have_text(other)
    word_box = page.locator(".brackets .tok .word").first.evaluate(
        "word => [word.scrollWidth, word.clientWidth]"
    )
    assert word_box[0] <= word_box[1]  # a long word is seen whole
    fits(page)
    assert not window.outside
    assert not window.errors


def test_the_library_is_filtered_by_task(server: Server, window: Watched) -> None:
    page = window.open(f"{server.address}/runs?task=speech")
    chosen = page.get_by_role("radio", name="speech · 1")
    expect(chosen).to_be_checked()
    page.get_by_role("radio", name="poems · 1").click()
    expect(page).to_have_url(re.compile("task=poems"))
    fits(page)
    assert not window.errors
