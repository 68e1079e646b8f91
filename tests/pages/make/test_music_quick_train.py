"""Half a minute on tunes: chosen, planned, trained, heard; the books with licences and counts."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages.ui.common import navigation, session
from pages.ui.make import quick_train
from pages.ui.make.corpora import download as corpus_download
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.book import Book
from seqgan_core.tasks.corpora.registry import CORPORA
from seqgan_core.tasks.corpus import Rejection, Report
from seqgan_core.tasks.music.collection import Collection
from seqgan_core.training.build import resolve_config
from seqgan_core.training.setup.quick_run import QuickRun
from tests.support.music_screen import tune_cards
from tests.support.text_screen import App, messages, opened, settled, wait_for_runs, words
from tests.support.tiny.tune_models import keep_tunes, music_config
from tests.support.tiny.tunes import walk


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A plan of a second; the list of requests."""
    requests: list[dict[str, Any]] = []

    def brief(corpus: Any, **more: Any) -> QuickRun:
        requests.append({"corpus": corpus.name} | more)
        return QuickRun(resolve_config(music_config(keep_tunes())), 29.6)

    monkeypatch.setattr(quick_train.quick_run, "quick_tune_run", brief)
    return requests


def test_nothing_is_planned_before_the_tab_is_open(
    app: App, tune_models: Path, tiny: list[dict[str, Any]]
) -> None:
    test = opened(app, navigation.MUSIC)
    assert not tiny
    assert "text" not in test.query_params


def test_half_a_minute_is_trained_heard_and_composes_above(
    app: App, store: Store, tune_models: Path, tiny: list[dict[str, Any]]
) -> None:
    name = keep_tunes().name
    test = opened(app, navigation.MUSIC, tab="train", text=name)
    assert tiny[-1] == {"corpus": name, "form": "eighths", "transpose": False,
                        "start_from": "music-seqgan"}  # fmt: skip
    start = test.selectbox(key="music-start-eighths")
    assert start.options == ["Small tunes, SeqGAN", "Small tunes, MLE", "scratch"]
    button = test.button(key="music-train")
    assert button.label == "Train for 30 seconds"
    button.click().run()
    run = test.query_params["run"]
    assert store.run(run).name == "Small tunes, half a minute"
    wait_for_runs()
    assert store.run(run).status == "finished"
    test.run()
    settled(test)
    heard = tune_cards(test, "music-follow-samples")
    assert len(heard) == 3
    assert heard[0]["title"].startswith("epoch ")
    step = max(point.step for point in store.checkpoints(run))
    test.button(key="music-follow-use").click().run()
    settled(test)
    assert test.query_params["who"] == f"{run}@{step}"
    assert session.lab().manager.state().active is None


def test_from_nothing_in_the_papers_form_and_a_link_opens_the_same(
    app: App, tune_models: Path, tiny: list[dict[str, Any]]
) -> None:
    name = keep_tunes().name
    test = opened(
        app, navigation.MUSIC, tab="train", text=name, form="keys", start="nothing", common=0
    )
    assert tiny[-1] == {"corpus": name, "form": "keys", "transpose": False, "start_from": None}
    assert test.query_params["start"] == "nothing"
    test.toggle(key="music-transpose-nothing").set_value(True).run()
    settled(test)
    assert tiny[-1]["transpose"] is True
    assert "common" not in test.query_params
    odd = opened(app, navigation.MUSIC, tab="train", text="gone", form="odd", start="gone")
    assert odd.selectbox(key="music-corpus").value == name


def test_a_model_that_ships_decides_the_key(
    app: App, tune_models: Path, tiny: list[dict[str, Any]]
) -> None:
    test = opened(app, navigation.MUSIC, tab="train", text=keep_tunes().name)
    common = test.toggle(key="music-transpose-music-seqgan")
    assert common.disabled
    assert common.value is False  # the small models learned each tune in its own key


def read_book(name: str) -> None:
    """A book of eight tunes where the program looks for it."""
    tunes = tuple(walk(number) for number in range(8))
    (path,) = CORPORA[name].paths()
    path.parent.mkdir(parents=True)
    left = (Rejection("no end", 1, "One"), Rejection("two voices", 1, "Two"),
            Rejection("two voices", 1, "Three"))  # fmt: skip
    sides = ("train",) * 6 + ("test",) * 2
    Collection(tunes, sides, Report(11, 8, left)).save(path)


def test_a_book_tells_its_licence_and_what_is_left_out(app: App, empty_shelf: Path) -> None:
    read_book("airds-airs")
    test = opened(app, navigation.MUSIC, tab="train", book="airds-airs")
    shown = words(test)
    assert "1 of 6 have been read" in shown
    assert "the books of 1778 to 1801 are in the public domain" in shown
    assert "Tunes in the book 11 Used 8 Training 6 Validation 0 Held-out 2" in shown
    assert "two voices 2 Two no end 1 One" in shown  # the frequent reason first, an example each
    assert test.query_params["book"] == "airds-airs"


def test_two_books_can_be_open_at_once(app: App, empty_shelf: Path) -> None:
    read_book("airds-airs")
    read_book("ryans-mammoth")
    test = opened(app, navigation.MUSIC, tab="train", book="airds-airs")
    test.session_state["book.ryans-mammoth"] = True
    settled(test.run())
    assert not test.error
    assert words(test).count("two voices 2 Two no end 1 One") == 2


def test_essens_licence_and_that_nothing_of_it_ships(app: App, empty_shelf: Path) -> None:
    shown = words(opened(app, navigation.MUSIC, tab="train", book="essen"))
    assert "permission for non-commercial distribution and use" in shown
    assert "no model that ships was trained on it" in shown
    assert "no model that ships" not in words(
        opened(app, navigation.MUSIC, tab="train", book="ryans-mammoth")
    )


def test_a_damaged_book_is_reported(app: App, empty_shelf: Path) -> None:
    (path,) = CORPORA["airds-airs"].paths()
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no tunes")
    test = opened(app, navigation.MUSIC, tab="train", book="airds-airs")
    assert "corpus get airds-airs` reads it again" in messages(test)


IN_BACKGROUND = corpus_download._in_background


def test_a_book_is_read_not_fetched_and_tells_how_many_tunes(
    app: App, empty_shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def reads(book: Book, progress: Any) -> None:
        progress(200, 1059)
        begun.set()
        assert may_end.wait(600)
        read_book(book.name)

    def in_background(work: Callable[[], None]) -> None:
        IN_BACKGROUND(lambda: (work(), ended.set())[0])

    monkeypatch.setattr(corpus_download, "_in_background", in_background)
    monkeypatch.setattr(Book, "fetch", reads)
    test = opened(app, navigation.MUSIC, tab="train", book="ryans-mammoth")
    assert "Nothing is downloaded" in words(test)
    button = test.button(key="fetch.button.books.ryans-mammoth")
    assert button.label == "Read the tunes"
    button.click().run()
    assert begun.wait(600)
    test.run()
    assert [bar.proto.text for bar in test.get("progress")] == ["200 of 1,059 tunes read"]
    may_end.set()
    assert ended.wait(600)
    test.run()
    assert "Tunes in the book 11" in words(test)
    titles = test.selectbox(key="music-corpus").options
    assert CORPORA["ryans-mammoth"].title in titles  # it can be learned from at once


def test_nottingham_is_fetched_by_the_registry_or_a_mirror(app: App, empty_shelf: Path) -> None:
    test = opened(app, navigation.MUSIC, tab="train", book="nottingham")
    assert test.button(key="fetch.button.books.nottingham").label == "Download"
    assert "SEQGAN_CORPUS_MIRROR=FOLDER" in words(test)
    assert "none stated" in words(test)
