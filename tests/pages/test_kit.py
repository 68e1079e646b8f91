"""What all screens are made of: tabs and choices in the address, recorded files, the language."""

import asyncio
import os
import re
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import html, i18n, session
from pages.ui.common.frame.first_page import _KINDS, FirstPage, addition
from pages.ui.common.recorded import recorded
from seqgan_core import messages
from seqgan_core.messages import Problem
from seqgan_core.runs.manager import ManagerState
from tests.support import screen


def _with_tabs() -> None:
    import streamlit as st

    from pages.ui.common.tabs import Tab, tabs

    count = st.session_state.setdefault("drawn", [])
    count.clear()
    words = st.session_state.get("words", ["First", "Second"])
    tabs(
        "part",
        [
            Tab("one", words[0], lambda: count.append("one")),
            Tab("two", words[1], lambda: count.append("two")),
        ],
        key="the-tabs",
    )


def _with_choices() -> None:
    import streamlit as st

    from pages.ui.common import choice

    st.session_state["chosen"] = (
        choice.one_of("x", "X", {"s": "seconds", "e": "epochs"}, key="x"),
        choice.one_of("size", "Size", [500, 1000], key="size", default=1000, widget="select"),
        choice.one_of("at", "At", [1, 2, 3], key="at", widget="slider"),
        choice.one_of("m", "Metric", ["a", "b"], key="m", widget="pills"),
        choice.several("curves", "Curves", ["mle", "seqgan", "pg_bleu"], key="curves"),
        choice.number("n", "N", 1, 64, 16, key="n"),
        choice.number("t", "Temperature", 0.3, 1.5, 1.0, key="t", step=0.05, slider=True),
        choice.toggle("near", "Near", key="near"),
        choice.toggle("all", "All", key="all", default=True),
    )
    st.button("More", key="more", on_click=choice.change, args=("n", "n", 20))


USUAL = ("s", 1000, 1, "a", [], 16, 1.0, False, True)


def opened(script: object, **address: str | list[str]) -> AppTest:
    test = AppTest.from_function(script)  # type: ignore[arg-type]
    for name, value in address.items():
        test.query_params[name] = value
    return screen.fine(test.run())


def drawn(test: AppTest) -> list[str]:
    return list(test.session_state["drawn"])


def chosen(test: AppTest) -> tuple[object, ...]:
    return tuple(test.session_state["chosen"])


# -- tabs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [{}, {"part": "one"}, {"part": "nonsense"}])
def test_the_first_tab_leaves_the_address_clean(address: dict[str, str]) -> None:
    test = opened(_with_tabs, **address)
    assert drawn(test) == ["one"]
    assert "part" not in test.query_params


def test_only_the_open_tab_is_drawn_and_stands_in_the_address() -> None:
    test = opened(_with_tabs, part="two")
    assert drawn(test) == ["two"]
    test.session_state["the-tabs"] = "First"
    test.run()
    assert drawn(test) == ["one"]
    assert "part" not in test.query_params
    test.session_state["the-tabs"] = "Second"
    test.run()
    assert drawn(test) == ["two"]
    assert screen.address(test) == {"part": "two"}


def test_a_tab_stays_open_when_its_label_changes() -> None:
    test = opened(_with_tabs, part="two")
    test.session_state["words"] = ["Premier", "Second (3)"]
    test.run()
    assert drawn(test) == ["two"]
    assert screen.address(test) == {"part": "two"}


# -- choices ---------------------------------------------------------------------------------------


def test_defaults_leave_the_address_clean() -> None:
    test = opened(_with_choices)
    assert chosen(test) == USUAL
    assert not screen.address(test)


def test_choices_come_from_the_address_and_stay_in_it() -> None:
    address = {
        "x": "e", "size": "500", "at": "3", "m": "b", "curves": "mle.pg_bleu", "n": "4",
        "t": "0.85", "near": "yes", "all": "no",
    }  # fmt: skip
    test = opened(_with_choices, **address)
    assert chosen(test) == ("e", 500, 3, "b", ["mle", "pg_bleu"], 4, 0.85, True, False)
    assert screen.address(test) == address


def test_a_wrong_address_is_mended() -> None:
    wrong = dict.fromkeys(("x", "size", "at", "m", "curves", "t", "near", "all"), "<nonsense>")
    test = opened(_with_choices, **wrong, n="999")
    assert chosen(test) == (*USUAL[:5], 64, *USUAL[6:])
    assert screen.address(test) == {"n": "64"}


@pytest.mark.parametrize("value", ["", "nan", "inf", "1e999", "0x10", "9" * 40, "1.5"])
def test_what_is_no_whole_number_falls_back(value: str) -> None:
    assert chosen(opened(_with_choices, n=value))[5] == 16


def test_several_values_may_repeat_the_name() -> None:
    assert chosen(opened(_with_choices, curves=["seqgan", "mle"]))[4] == ["mle", "seqgan"]


def test_the_widget_changes_the_address_and_back_to_the_default_cleans_it() -> None:
    test = opened(_with_choices)
    test.selectbox(key="size").select(500).run()
    test.number_input(key="n").set_value(3).run()
    assert screen.address(test) == {"size": "500", "n": "3"}
    test.selectbox(key="size").select(1000).run()
    test.button(key="more").click().run()
    assert screen.address(test) == {"n": "20"}
    assert test.number_input(key="n").value == 20


# -- recorded files --------------------------------------------------------------------------------

READ: list[Path] = []


def _lines(path: Path) -> list[str]:
    READ.append(path)
    if not path.is_file():
        raise Problem("lines.missing", "{name} is missing", name=path.name)
    return path.read_text(encoding="ascii").splitlines()


def test_a_recorded_file_is_read_again_only_when_it_changes(tmp_path: Path) -> None:
    path, before = tmp_path / "kept.txt", len(READ)
    path.write_text("one")
    assert recorded(path, _lines) == recorded(path, _lines) == ["one"]
    assert len(READ) == before + 1
    path.write_text("two")
    os.utime(path, ns=(1, 1))
    assert recorded(path, _lines) == ["two"]


def test_what_is_wrong_with_a_recorded_file_is_said_again(tmp_path: Path) -> None:
    for _turn in range(2):
        with pytest.raises(Problem, match=r"gone\.txt is missing"):
            recorded(tmp_path / "gone.txt", _lines)
    (tmp_path / "bytes.txt").write_bytes(b"\xff")
    with pytest.raises(Problem, match=r"bytes\.txt is damaged") as failure:
        recorded(tmp_path / "bytes.txt", _lines)
    assert failure.value.code == "recorded.damaged"


# -- the language ----------------------------------------------------------------------------------


def _with_language() -> None:
    import streamlit as st

    from pages.ui.common.i18n import choose_language, session_language

    choose_language()
    st.session_state["seen"] = session_language()
    st.fragment(lambda: st.button("again", key="again"))()


@pytest.fixture
def korean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    catalogue = tmp_path / "ko" / "LC_MESSAGES" / "seqgan.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    monkeypatch.setattr(i18n, "LOCALE", tmp_path)
    i18n.languages.cache_clear()


@pytest.fixture(autouse=True)
def _forget_languages() -> object:
    yield
    i18n.languages.cache_clear()


@pytest.mark.usefixtures("korean")
@pytest.mark.parametrize(
    ("asked", "seen"), [("ko", "ko"), ("ko-KR", "ko"), ("xx", "en"), ("../../etc", "en")]
)
def test_the_address_chooses_among_the_languages_that_have_a_catalogue(
    asked: str, seen: str
) -> None:
    test = opened(_with_language, lang=asked)
    assert test.session_state["seen"] == seen
    del test.query_params["lang"]
    assert test.run().session_state["seen"] == seen  # the session remembers


def test_without_a_catalogue_every_session_is_english() -> None:
    assert opened(_with_language, lang="ko").session_state["seen"] == "en"


def test_a_thread_of_no_session_speaks_english() -> None:
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.append(messages._language()))
    thread.start()
    thread.join()
    assert seen == ["en"]
    assert messages._language is i18n.session_language


# -- the page that the server delivers before the app has run -----------------------------------

ROOT = b'<div id="root">'
PAGE = b"<html><body>" + ROOT + b"</div></body></html>"


def delivered(
    body: list[bytes], kind: bytes, *, accept: bytes = b"text/html,*/*", method: str = "GET"
) -> tuple[dict[bytes, bytes], bytes, set[bytes]]:
    """The headers and the body of an answer, and the names of the request's headers."""
    asked: set[bytes] = set()
    messages: list[Any] = []

    async def streamlit(scope: Any, receive: Any, send: Any) -> None:
        asked.update(name for name, _value in scope["headers"])
        length = str(sum(map(len, body))).encode()
        headers = [(b"content-type", kind), (b"content-length", length), (b"x-kept", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for index, part in enumerate(body, start=1):
            more = index < len(body)
            await send({"type": "http.response.body", "body": part, "more_body": more})

    async def send(message: Any) -> None:
        messages.append(message)

    request = [(b"accept", accept), (b"accept-encoding", b"gzip"), (b"if-none-match", b"x")]
    scope = {"type": "http", "method": method, "headers": request}
    answer = FirstPage(streamlit)(scope, None, send)  # type: ignore[arg-type]
    thread = threading.Thread(target=asyncio.run, args=(answer,))
    thread.start()  # in this thread a browser test may have left an event loop
    thread.join()
    whole = b"".join(message.get("body", b"") for message in messages)
    return dict(messages[0]["headers"]), whole, asked


@pytest.mark.parametrize("cut", [0, 20])
def test_a_page_gets_its_style_and_its_scripts_before_the_app(cut: int) -> None:
    parts = [PAGE[:cut], PAGE[cut:]] if cut else [PAGE]
    headers, body, asked = delivered(parts, b"text/html; charset=utf-8")
    assert body == PAGE.replace(ROOT, addition() + ROOT)
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"x-kept"] == b"1"
    assert asked == {b"accept"}  # neither compressed nor left out as known
    for part in (b".lede {", b"plotly-", b"BACKEND_BASE_URL", b'as="font"'):
        assert part in body


@pytest.mark.parametrize(
    ("kind", "accept", "method"),
    [
        (b"application/json", b"text/html", "GET"),
        (b"text/html", b"*/*", "GET"),
        (b"text/html", b"text/html", "POST"),
    ],
)
def test_everything_else_is_delivered_as_it_is(kind: bytes, accept: bytes, method: str) -> None:
    headers, body, _asked = delivered([PAGE], kind, accept=accept, method=method)
    assert body == PAGE
    assert headers[b"content-length"] == str(len(PAGE)).encode()


def test_the_script_of_every_kind_of_element_is_fetched_with_the_page() -> None:
    scripts = re.findall(rb'import\("/static/js/([\w-]+)\.[\w-]+\.js"\)', addition())
    assert sorted(name.decode() for name in scripts) == sorted(_KINDS)


# -- the line of what is training ------------------------------------------------------------------


def _with_the_line_of_training() -> None:
    from pages.ui.common.frame.training_status import training_status

    training_status()


def test_a_queue_that_waits_for_a_restart_is_shown_on_every_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    why = "the GPU failed: restart the program, then resume this run"
    waiting = ManagerState(None, "idle", ("second",), why)
    manager = SimpleNamespace(state=lambda: waiting)
    monkeypatch.setattr(session, "lab", lambda: SimpleNamespace(manager=manager))
    shown = AppTest.from_function(_with_the_line_of_training).run()
    assert not shown.exception
    assert [error.value for error in shown.error] == [why]


@pytest.mark.parametrize("row", [["MLE", "9.1", "extra"], ["MLE"]])
def test_a_table_whose_row_does_not_fit_its_head_is_an_error(row: list[str]) -> None:
    with pytest.raises(ValueError, match="zip"):
        html.table(["method", "NLL"], [row], "nothing is dropped silently")
