"""A text that is not on this machine: the screens say what it is, fetch it, and say what failed."""

import json
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open
from safetensors.torch import save_file

from pages.ui.common import navigation
from pages.ui.make.corpora import download as corpus_download
from seqgan_core.tasks.corpora.files import Files
from seqgan_core.tasks.download import FetchError
from seqgan_core.training.setup import model_files
from tests.support.text_screen import App, cards, messages, opened, words

VERSES = "poems-samples"


@pytest.fixture
def tang(empty_shelf: Path, shelf: Path) -> str:
    """A model that says it learned from the paper's poems, which are not here."""
    source = shelf / "poems-seqgan.safetensors"
    with safe_open(source, framework="pt") as file:
        card = json.loads(file.metadata()["card"])
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    card["name"], card["config"]["corpus"] = "poems-tang", "tang-quatrains"
    save_file(tensors, empty_shelf / "poems-tang.safetensors", {"card": json.dumps(card)})
    model_files.load_shipped.cache_clear()
    return "poems-tang"


def test_a_text_that_is_not_here_can_be_fetched(
    app: App, tang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def fails(source: Files, progress: Any) -> None:
        tries.append(source.name)
        progress(100, 1000)
        raise FetchError("test", "the network is *down*")

    monkeypatch.setattr(Files, "fetch", fails)
    test = opened(app, navigation.POEMS)
    assert len(cards(test, VERSES)) == 4  # writing needs no text
    assert not cards(test, VERSES)[0]["notes"]
    shown = words(test)
    assert "Tang quatrains" in shown
    assert "Size: 1.6 MB. Licence: MIT for the collection" in shown
    assert "SEQGAN_CORPUS_MIRROR=FOLDER" in shown
    test.button(key="fetch.button.copies.tang-quatrains").click().run()
    assert tries == ["tang-quatrains"]
    assert "The network is \\*down\\*." in messages(test)
    assert "Try again" in [button.label for button in test.button]


def test_a_text_that_has_come_is_used_at_once(
    app: App, tang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    present: set[str] = set()
    monkeypatch.setattr(Files, "have", lambda source: source.name in present)
    monkeypatch.setattr(Files, "fetch", lambda source, progress: present.add(source.name))
    test = opened(app, navigation.POEMS)
    test.button(key="fetch.button.copies.tang-quatrains").click().run()
    assert corpus_download.is_here("tang-quatrains")
    assert "fetch.button.copies.tang-quatrains" not in {button.key for button in test.button}


def test_more_texts_can_be_fetched_to_train_on(app: App, empty_shelf: Path) -> None:
    test = opened(app, navigation.SPEECHES, tab="train")
    keys = {button.key for button in test.button}
    assert "fetch.button.train.obama-speeches" in keys
    assert "fetch.button.train.obama-paper" in keys
    assert "public domain" in words(test)
    verse = opened(app, navigation.POEMS, tab="train")
    assert "fetch.button.train.english-verse" in {button.key for button in verse.button}
    assert verse.selectbox(key="poems-corpus").value == "practice"  # built in
