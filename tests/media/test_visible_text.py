"""What is written as its number, and what stays: no script may suffer for another one's tricks."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.media.visible_text import visible_json, visible_text
from seqgan_core.messages import Message, Problem


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb\x9b0c\x7f", "a<U+001B>[31mb<U+009B>0c<U+007F>"),
        ("a\tb\r\nc\u2028", "a<U+0009>b<U+000D><U+000A>c<U+2028>"),
        ("\u202egnp.exe\u2066x\u200f", "<U+202E>gnp.exe<U+2066>x<U+200F>"),
        ("\ufeffa\u200bb\u2060\u00ad", "<U+FEFF>a<U+200B>b<U+2060><U+00AD>"),
        ("\ud800\uffff\ue000", "<U+D800><U+FFFF><U+E000>"),
        ("hi\U000e0068\U000e0069", "hi<U+E0068><U+E0069>"),  # a text hidden in tags
        ("\u200d\u200ca \u200cb\u200d\u200c", "<U+200D><U+200C>a <U+200C>b\u200d<U+200C>"),
        ("\u0301", "\u25cc\u0301"),
    ],
)
def test_what_cannot_be_seen_is_written_as_its_number(text: str, shown: str) -> None:
    assert visible_text(text) == shown
    assert visible_text(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "春眠不覺曉　葛\U000e0100城",  # the ideographic space; a variant of a character
        "نَص عَرَبِي ۝١٢",
        "שָׁלוֹם",
        "می‌خواهم",
        "क्‍ष র‍্য ශ්‍රී",
        "👩‍👩‍👧 ❤️‍🔥 1️⃣ 👍🏽",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "e\u0301 Ångström 10\u00a0km",
    ],
)  # fmt: skip
def test_text_of_every_script_stays_as_it_is(text: str) -> None:
    assert visible_text(text) == text
    assert visible_json(json.dumps(text, ensure_ascii=False)) == f'"{text}"'


def test_a_text_of_several_lines_keeps_them() -> None:
    assert visible_text("a\n\tb\r\x1b", lines=True) == "a\n\tb<U+000D><U+001B>"


def test_a_long_text_is_cut() -> None:
    assert visible_text("x" * 100, 80) == "x" * 80 + "…"
    assert visible_text("x" * 80, 80) == "x" * 80


@given(st.text())
def test_nothing_hidden_is_left_and_twice_is_once(text: str) -> None:
    shown = visible_text(text)
    assert visible_text(shown) == shown
    kept = {"\u200c", "\u200d", *map(chr, range(0xE0020, 0xE0080))}
    hidden = {sign for sign in shown if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")}
    formats = {sign for sign in shown if unicodedata.category(sign) == "Cf"} - kept
    assert not hidden
    assert all("\u0600" <= sign <= "\u08e2" for sign in formats)


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_loses_nothing(value: object) -> None:
    for indent in (None, 2):
        text = visible_json(json.dumps(value, ensure_ascii=False, indent=indent))
        assert json.loads(text) == value
        assert visible_text(text, lines=True) == text


def test_messages_show_what_their_fields_hide() -> None:
    assert str(Message("{name} is new", name="a\x1bb")) == "a<U+001B>b is new"
    nested = Message("{why}.", why=Message("{name} is new", name="\u202ea"))
    assert str(nested) == "<U+202E>a is new."
    problem = Problem("test.code", "{path!r}: {error}", path="\x1b", error=OSError("\x9b"))
    assert str(problem) == "'<U+001B>': <U+009B>"
    assert problem.fields["path"] == "\x1b"  # for programs
