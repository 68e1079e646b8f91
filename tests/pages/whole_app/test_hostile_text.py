"""No name or text of any file acts on a page: every screen, every section, in a hostile library."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import streamlit as st
from google.protobuf.message import Message as Proto
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation, plotly_chart
from pages.ui.common.i18n import escape, plain
from pages.ui.make import recorded_comparison
from pages.ui.methods import comparison_source
from seqgan_core.media.visible_text import visible_text
from seqgan_core.runs.store import Store
from seqgan_core.training.setup import model_files
from tests.support.hostile import HOSTILE, MARKUP, Place, effects, flat
from tests.support.paths import ROOT
from tests.support.screen import settled
from tests.support.text_screen import forget_models

App = Callable[..., AppTest]

# Fields whose text is shown as it is; any other field is read as Markdown or HTML.
AS_TEXT = {"options", "value", "raw_value", "raw_values", "default", "placeholder", "code_text"}
# What the address says; nobody writes all of this into one, but a page reads what it knows.
ADDRESS = (
    "run", "who", "beside", "book", "seq", "tokens", "was", "first", "acrostic", "lang", "term",
    "set", "preset", "with", "source", "study", "methods", "curves", "tab", "part", "text",
    "rhyme",
)  # fmt: skip


class Section:
    """A tab or an expander of a test, which says whether it is open."""

    def __init__(self, place: Any, is_open: bool) -> None:
        self.open, self._place = is_open, place

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place, name)

    def __enter__(self) -> Any:
        return self._place.__enter__()

    def __exit__(self, *error: Any) -> Any:
        return self._place.__exit__(*error)


class Sections:
    """Opens every expander, and of the tabs of a page one after the other.

    Attributes:
        turn: the place of the tab that is open; tabs: how many there are at most.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.turn, self.tabs = 0, 1
        self._tabs, self._expander = st.tabs, st.expander
        monkeypatch.setattr(st, "tabs", self._one_open)
        monkeypatch.setattr(st, "expander", lambda *a, **k: Section(self._expander(*a, **k), True))

    def _one_open(self, *given: Any, **more: Any) -> list[Section]:
        drawn = self._tabs(*given, **more)
        self.tabs = max(self.tabs, len(drawn))
        at = min(self.turn, len(drawn) - 1)
        return [Section(place, number == at) for number, place in enumerate(drawn)]

    def each(self) -> Iterator[int]:
        """Open one tab after the other."""
        self.turn = 0
        while self.turn < self.tabs:
            yield self.turn
            self.turn += 1


@pytest.fixture
def place(
    hostile_place: Place, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    """A hostile library with models and comparisons of the same kind."""
    shutil.rmtree(store.home)  # it is empty yet
    place = hostile_place.copy(tmp_path / "made")
    place.home.rename(store.home)
    monkeypatch.setattr(model_files, "FOLDER", place.folder / "models")
    for module in (recorded_comparison, comparison_source):
        monkeypatch.setattr(module, "FOLDER", place.folder / "comparisons")
    forget_models()
    yield place
    forget_models()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Proto]:
    """All that goes to the browser."""
    messages: list[Proto] = []
    enqueue = ForwardMsgQueue.enqueue

    def keep(queue: ForwardMsgQueue, message: Any) -> Any:
        messages.append(message)
        return enqueue(queue, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", keep)
    return messages


@pytest.fixture
def sections(monkeypatch: pytest.MonkeyPatch) -> Sections:
    return Sections(monkeypatch)


@pytest.mark.parametrize("screen", list(navigation.TITLES))
def test_no_screen_shows_what_a_text_hides(
    app: App, place: Place, sent: list[Proto], sections: Sections, screen: str
) -> None:
    make = screen in (navigation.POEMS, navigation.SPEECHES, navigation.MUSIC)
    for _turn in sections.each():
        drawn(app(screen, run=place.names["text run" if make else "run"]))
    drawn(app(screen, **dict.fromkeys(ADDRESS, HOSTILE)))
    nothing_acts(sent)
    named = {navigation.OVERVIEW, navigation.ALGORITHM, navigation.STRATEGIES, navigation.GLOSSARY}
    if screen not in named:
        assert any("U+001B" in str(message) for message in sent)  # else this test sees nothing


def drawn(test: AppTest) -> None:
    """The whole page is there."""
    settled(test)
    assert not [error.value for error in test.error if "part of the page failed" in error.value]


def nothing_acts(sent: list[Proto]) -> None:
    wrong = {(where, text[:300]) for message in sent for where, text in bad(message)}
    assert not wrong, "\n".join(f"{where}: {text!r}" for where, text in sorted(wrong))


@pytest.mark.parametrize(
    ("screen", "key", "ends"),
    [
        (navigation.MUSIC, "upload.music.files", ("mid", "musicxml", "zip")),
        (navigation.SPEECHES, "upload.speech.file", ("txt",)),
        (navigation.MUSIC, "upload.music.files", ("txt",)),
    ],
)
def test_no_report_on_an_upload_shows_what_a_file_hides(
    app: App, place: Place, sent: list[Proto], screen: str, key: str, ends: tuple[str, ...]
) -> None:
    test = settled(app(screen, tab="train"))
    files = [(place.file(end).name, place.file(end).read_bytes(), "any/kind") for end in ends]
    sent.clear()
    uploader = test.file_uploader(key=key)
    uploader.set_value(files if len(files) > 1 or "music" in key else files[0]).run()
    settled(test)
    nothing_acts(sent)
    assert any("U+001B" in str(message) for message in sent)


def test_no_comparison_of_runs_shows_what_a_name_hides(place: Place, sent: list[Proto]) -> None:
    def page() -> None:
        from pages.ui.common import session
        from pages.ui.runs.compare_runs import compared

        compared(session.lab().store.runs())

    test = AppTest.from_function(page, default_timeout=60).run()
    assert not test.exception
    nothing_acts(sent)
    assert plain(visible_text(MARKUP + "\x1b")) in str(test.table[0].value.columns[0])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("[a](http://b) ![c](d)", r"\[a\](http://b) !\[c\](d)"),
        ("<b>&lt;$x$ **y** ~z~ _w_", r"\<b>\&lt;\$x\$ \*\*y\*\* \~z\~ \_w\_"),
        (":red[x] :material/menu:", "\\:red\\[x\\] \\:\u200amaterial/menu:"),
        (":+1: :smile:", "\\:\u200a+1: \\:\u200asmile:"),
        ("# a", r"\# a"),
        ("1. a", r"1\. a"),
        ("n_rollouts is 0.5; a_b, 10:30", "n_rollouts is 0.5; a_b, 10:30"),
        ("run `make [x] <y>`", "run `make [x] <y>`"),  # a command in a sentence stays one
        ("`[a](b)``", r"`\[a\](b)``"),  # no code: the signs do not match
        ("a\x1b", r"a\<U+001B>"),
    ],
)
def test_markdown_is_text(text: str, read: str) -> None:
    assert plain(text) == read


def test_the_log_of_the_server_shows_what_a_text_hides() -> None:
    code = (
        "import logging, serve\n"
        "try: raise ValueError('a\\x1b\\n\\x9bb')\n"
        "except ValueError: logging.getLogger('seqgan.pages').exception('%s', '\\u202e')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not effects(done.stderr)
    assert done.stderr.startswith("<U+202E>\nTraceback")
    assert done.stderr.endswith("ValueError: a<U+001B>\n<U+009B>b\n")


def test_html_is_text() -> None:
    assert escape("<i>\x1b\u202e&") == "&lt;i&gt;&lt;U+001B&gt;&lt;U+202E&gt;&amp;"


def test_plotly_reads_the_tags_of_figures_alone() -> None:
    trace = {
        "name": "<a href='x'>&lt;",
        "hovertemplate": "<b>x %{y}<extra></extra>",
        "x": [1.0],
    }
    layout = {
        "title": {"text": "<b> & b"},
        "meta": {"seeing": "<"},
        "xaxis": {"ticks": "a<br>b"},
    }
    drawn = plotly_chart._drawn({"data": [trace], "layout": layout})
    assert drawn["data"] == [
        {
            "name": "&lt;a href='x'>&amp;lt;",
            "hovertemplate": "&lt;b>x %{y}<extra></extra>",
            "x": [1.0],
        }
    ]
    assert drawn["layout"]["title"] == layout["title"]  # these are set as text
    assert drawn["layout"]["meta"] == layout["meta"]
    assert drawn["layout"]["xaxis"] == {"ticks": "a<br>b"}


def bad(proto: Proto, where: str = "") -> Iterator[tuple[str, str]]:
    """The texts in a message that have an effect, each with the fields that lead to it."""
    for field, value in proto.ListFields():
        place = f"{where}.{field.name}".removeprefix(".")
        values = list(value) if field.is_repeated else [value]
        if field.message_type and field.message_type.GetOptions().map_entry:
            continue
        for part in values:
            if isinstance(part, Proto):
                yield from bad(part, place)
            elif isinstance(part, bytes) and field.name == "data":
                yield from (
                    (place, text) for text in cells(part) if acts(text, "table" not in place)
                )
            elif isinstance(part, str) and field.name == "json":
                yield from ((place, text) for text in flat(json.loads(part)) if acts(text, True))
            elif isinstance(part, str) and acts(part, field.name in AS_TEXT):
                yield place, part


def acts(text: str, as_text: bool) -> bool:
    return bool(effects(text)) or (not as_text and MARKUP in text)


def cells(data: bytes) -> Iterator[str]:
    """The texts of a table as the browser gets it."""
    if data:
        table = pa.ipc.open_stream(io.BytesIO(data)).read_all()
        yield from map(str, table.column_names)
        yield from (str(value) for column in table.columns for value in column.to_pylist())
