"""The lab's form asks for what a text needs, and hides what the text decides."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation
from pages.ui.lab import setting_widgets
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.upload import add_upload
from seqgan_core.tasks.text.user_text import Options, UserText
from seqgan_core.training.setup import model_files
from seqgan_core.training.setup.presets import PRESETS
from tests.pages.conftest import TINY
from tests.support.screen import address_values, all_text, button, until

App = Callable[..., AppTest]

_LINES = itertools.product("春江花月", "山水风雨", "日夜", "明光", "天地")
POEMS = "\n".join(map("".join, _LINES))
SMALL = [word for word in TINY if not word.startswith(("vocab", "sequence", "n_train", "n_test"))]


@pytest.fixture
def verse(store: Store) -> str:
    """The name of a text uploaded to this library."""
    return add_upload(UserText(POEMS, "My [verse]", Options("characters", 5))).name


def labels(test: AppTest) -> str:
    """The labels of all inputs."""
    kinds = (test.selectbox, test.number_input, test.text_input, test.toggle)
    return " | ".join(node.label for kind in kinds for node in kind)


def test_all_presets_are_offered(app: App) -> None:
    test = app(navigation.LAB)
    assert list(test.pills(key="preset").options) == list(PRESETS)
    assert len(PRESETS) >= 6


def test_the_task_brings_its_text_and_hides_the_rest(app: App, verse: str) -> None:
    test = app(navigation.LAB, preset="glance", set=[f"corpus={verse}"])
    assert "Corpus" not in labels(test)  # the oracle's task has no use for one
    test.session_state["all-settings"] = True
    test.run()
    test.pills(key="group").set_value("data").run()
    assert "Oracle seed" in labels(test)
    assert "Vocabulary (V)" in labels(test)
    test.selectbox(key="glance.task.0").set_value("poems").run()
    assert "Corpus" in labels(test)
    assert "Start from" in labels(test)
    assert "Punctuation" in labels(test)
    for gone in ("Oracle seed", "Vocabulary", "Length", "Training sequences"):
        assert gone not in labels(test)
    corpus = test.selectbox(key="glance.corpus.0.poems")
    assert "My [verse] (upload)" in corpus.options
    assert any("(download" in option for option in corpus.options)


def test_speech_is_asked_for_its_length(app: App) -> None:
    test = app(navigation.LAB, preset="speech")
    test.session_state["all-settings"] = True
    test.run()
    test.pills(key="group").set_value("data").run()
    assert "Length" in labels(test)
    assert "Punctuation" not in labels(test)


def test_what_the_text_decides_is_no_difference(app: App, verse: str) -> None:
    changed = ["task=poems", f"corpus={verse}", "seed=3", "batch_size=16", "d_samples=null"]
    test = app(navigation.LAB, preset="glance", set=changed)
    assert not test.error
    assert set(address_values(test, "set")) == set(changed)
    (command,) = [code.value for code in test.code]
    assert f"--task poems --seed 3 --set corpus={verse}" in command
    assert "vocab_size" not in command
    assert "of 5 tokens" in all_text(test)
    assert "vocabulary 15" in all_text(test)  # fourteen characters and the start


def test_a_text_that_is_not_here_is_named_and_nothing_starts(app: App) -> None:
    test = app(navigation.LAB, preset="poems")
    assert "tang-quatrains" in test.info[0].value
    assert "corpus get tang-quatrains" in test.info[0].value
    assert button(test, "Start training").disabled
    assert [link.proto.page for link in test.get("page_link") if "Open" in link.proto.label] == [
        "poems"
    ]
    assert address_values(test, "preset") == ["poems"]
    assert not test.error


def test_a_run_on_an_uploaded_text_is_trained(app: App, store: Store, verse: str) -> None:
    address = ["task=poems", f"corpus={verse}", *SMALL]
    test = app(navigation.LAB, preset="glance", set=address)
    button(test, "Start training").click()
    test.run()
    (record,) = [record for record in store.runs() if record.status != "recorded"]
    until(test, lambda: store.run(record.id).status in ("finished", "failed"))
    record = store.run(record.id)
    assert record.status == "finished", record.reason
    assert "bleu_2" in record.metrics
    assert (record.config.vocab_size, record.config.sequence_length) == (15, 5)
    assert not test.exception
    assert not test.error


def test_a_run_may_start_from_a_model_that_ships(
    app: App, monkeypatch: pytest.MonkeyPatch, verse: str
) -> None:
    monkeypatch.setattr(setting_widgets, "_models", lambda task: {"a-model": "A model"})
    changed = ["task=poems", f"corpus={verse}", "start_from=a-model"]
    test = app(navigation.LAB, preset="glance", set=changed)
    choice = test.selectbox(key="glance.start_from.0.poems")
    assert list(choice.options) == ["random weights", "A model"]
    assert "there is no model 'a-model'" in all_text(test).lower()  # it is not really here
    assert button(test, "Start training").disabled


def test_no_model_ships_and_none_is_offered(
    app: App, monkeypatch: pytest.MonkeyPatch, verse: str, tmp_path: Path
) -> None:
    monkeypatch.setattr(model_files, "FOLDER", tmp_path)
    address = ["task=poems", f"corpus={verse}", *SMALL]
    test = app(navigation.LAB, preset="glance", set=address)
    choice = test.selectbox(key="glance.start_from.0.poems")
    assert list(choice.options) == ["random weights"]
    assert not test.error
