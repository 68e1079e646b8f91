"""Verse on the page: lines, marks, spaces, capitals; and files; whatever the text holds."""

import json
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.media.verse.layout import Verse
from seqgan_core.media.verse.verse_files import Provenance, Sheet, as_json, as_text
from seqgan_core.media.visible_text import _SEEN

POEM = tuple("明月照空山清溪绕远村山僧听松声独坐到黄昏")


def words(text: str) -> str:
    return str(Verse.of(text.split(), unit="words"))


def test_a_quatrain_gets_its_marks() -> None:
    verse = Verse.of(POEM, (5, 5, 5, 5))
    assert str(verse) == "明月照空山，\n清溪绕远村。\n山僧听松声，\n独坐到黄昏。"
    assert [glyph.mark for glyph in verse.lines[0]] == ["", "", "", "", "，"]
    assert [glyph.place for line in verse.lines for glyph in line] == list(range(20))


def test_marks_that_are_tokens_stand_alone() -> None:
    tokens = tuple("明月照空山，清溪绕远村。")
    assert str(Verse.of(tokens, (6, 6))) == "明月照空山，\n清溪绕远村。"
    assert all(not g.mark for line in Verse.of(tokens, (6, 6)).lines for g in line)


@pytest.mark.parametrize(
    ("tokens", "lines", "expected"),
    [
        (POEM[:7], (5, 5, 5, 5), "明月照空山，\n清溪"),
        (POEM[:12], (5, 5), "明月照空山，\n清溪绕远村。\n山僧"),
        ((), (5, 5), ""),
        (POEM[:15], (5, 5, 5), "明月照空山，\n清溪绕远村。\n山僧听松声。"),
        (tuple("abcdefghij"), (5, 5), "abcde\nfghij"),
        (tuple("一二三四五"), (5,), "一二三四五"),
        (("明", "\n", "月", "\n", "\n", "照"), (), "明\n月\n照"),
        (tuple("春来。“花开！”人归"), (), "春来。\n“花开！”\n人归"),
    ],
)
def test_ragged_verse(tokens: tuple[str, ...], lines: tuple[int, ...], expected: str) -> None:
    assert str(Verse.of(tokens, lines)) == expected


def test_an_unknown_character_is_set_like_any_other() -> None:
    assert str(Verse.of(("□", *POEM[1:10]), (5, 5))) == "□月照空山，\n清溪绕远村。"


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ("we don ' t know , do we ?", "We don't know, do we?"),
        ("i think i ' m here . it is late .", "I think I'm here. It is late."),
        ('he said , " go home ! " and left .', 'He said, "go home!" and left.'),
        ('he said , " go home ," and left .', 'He said, "go home," and left.'),
        ("$ 1 , 000 or 3 . 5 % at 10 : 30", "$1,000 or 3.5% at 10:30"),
        ("one , 2 , 34 , 567", "One, 2, 34,567"),
        ("the U . S . army ( and navy ) rose .", "The U.S. army (and navy) rose."),
        ("well - known -- and / or , done ...", "Well-known -- and/or, done..."),
        ("the workers ' rights , the people ' s will", "The workers' rights, the people's will"),
        ("th ' eternal , o ' er , ' tis , o ' clock", "Th'eternal, o'er, 'tis, o'clock"),
        ("said : ' go now ' and left", "Said: 'go now' and left"),
        ("“ yes ” , she said . “ no ”", "“Yes”, she said. “No”"),
        ("'tis true . mr. Lee left", "'Tis true. Mr. Lee left"),
        ("we 're here , do n't", "We're here, don't"),
        ("- no - one", "- No-one"),
        ("明月 照 空山 and moon", "明月照空山 and moon"),
        ("राम आया । हाँ ॥", "राम आया। हाँ॥"),
        ("نعم ، هل جئت ؟", "نعم، هل جئت؟"),
    ],
)
def test_english_is_set_as_people_set_it(tokens: str, expected: str) -> None:
    assert words(tokens) == expected


def test_capitals_can_be_left_alone() -> None:
    assert str(Verse.of(["we", "go", "."], unit="words", capital=False)) == "we go."


def test_words_of_verse_break_into_lines_without_a_leading_space() -> None:
    verse = Verse.of(["the", "sea", ",", "the", "sea"], (3, 2), unit="words")
    assert str(verse) == "The sea,\nthe sea"


def test_a_line_that_holds_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="1 token or more"):
        Verse.of(POEM, (5, 0, 5))


def test_hebrew_is_read_from_right_to_left() -> None:
    assert Verse.of(["שלום", "עולם"], unit="words").rtl
    assert not Verse.of(["1", "x", "שלום"], unit="words").rtl


HOSTILE = ["<script>alert(1)</script>", "\u202eevil", "\x1b[2J", "\x00", "\r", "\u2028", "\ud800"]


@pytest.mark.parametrize("token", HOSTILE)
@pytest.mark.parametrize("unit", ["characters", "words"])
def test_hostile_text_is_shown_and_does_nothing(
    token: str, unit: Literal["characters", "words"]
) -> None:
    verse = Verse.of([token, "x"], unit=unit)
    text = str(verse)
    assert len(verse.lines) == 1
    assert all(c.isprintable() for c in text)
    if token.startswith("<"):
        assert token in text.replace("<Script", "<script")  # nothing is dropped or made HTML


@given(st.lists(st.text(max_size=6), max_size=30), st.lists(st.integers(1, 9), max_size=4))
def test_any_text_can_be_set(tokens: list[str], lines: list[int]) -> None:
    for unit in ("characters", "words"):
        verse = Verse.of(tokens, lines, unit)
        places = [place for place, token in enumerate(tokens) if token != "\n"]
        assert [glyph.place for line in verse.lines for glyph in line] == places
        assert all(line for line in verse.lines)
        sheet = Sheet(verse, tokens, notes=tokens[:1])
        hidden = {
            unicodedata.category(c)
            for c in as_text([sheet], Provenance("m", "today"))
            if c not in "\n\u200c\u200d" + _SEEN and not 0xE0020 <= ord(c) < 0xE0080
        }
        assert not hidden & {"Cc", "Cf", "Cs", "Zl", "Zp"}
        assert (
            json.loads(as_json([sheet], Provenance("m", "today")))["verses"][0]["tokens"] == tokens
        )


MADE = Provenance(
    "SeqGAN on practice", "2026-11-21", seed=3, temperature=0.8, remark="for practice"
)


def test_a_file_of_text() -> None:
    sheet = Sheet(Verse.of(POEM[:10], (5, 5)), POEM[:10], "A", ("nearest: 明月\x1b",))
    assert as_text([sheet, sheet], MADE) == (
        "A\n明月照空山，\n清溪绕远村。\n(nearest: 明月<U+001B>)\n\n" * 2
        + "Made by SeqGAN on practice, seed 3, temperature 0.8, 2026-11-21\nfor practice\n"
    )
    real = as_text([sheet], Provenance("people", "2026"))
    assert real.endswith("Made by people, 2026\n")


def test_a_file_of_json() -> None:
    sheet = Sheet(Verse.of(POEM[:10], (5, 5)), POEM[:10], "A\u202e", ("n",))
    text = as_json([sheet], MADE)
    assert "\u202e" not in text
    assert "明月照空山" in text  # readable, not escaped
    content = json.loads(text)
    assert content["made"] == {
        "model": "SeqGAN on practice",
        "date": "2026-11-21",
        "seed": 3,
        "temperature": 0.8,
        "remark": "for practice",
    }
    assert content["verses"] == [
        {
            "title": "A\u202e",
            "lines": ["明月照空山，", "清溪绕远村。"],
            "tokens": list(POEM[:10]),
            "notes": ["n"],
        }
    ]
