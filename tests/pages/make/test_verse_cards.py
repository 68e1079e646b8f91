"""What the browser is given of a verse: plain data, whatever the text holds."""

import json
import math

import pytest

from pages.ui.common.component import shown
from pages.ui.make.text.verse_cards import Scale, card, data_of, signs
from seqgan_core.media.verse.layout import Verse

POEM = tuple("明月照空山清溪绕远村山僧听松声独坐到黄昏")
Q = Scale("q", 0, 1, "Q", "mean score")


def test_values_readings_and_copies_stand_by_their_tokens() -> None:
    values = [n / 20 for n in range(20)]
    lines = signs(Verse.of(POEM, (5,) * 4), values=values, copied=range(3, 7), pinyin=True)
    flat = [sign for line in lines for sign in line]
    assert [sign.value for sign in flat] == values
    assert [at for at, sign in enumerate(flat) if sign.copied] == [3, 4, 5, 6]
    assert [sign.ruby for sign in flat[:5]] == ["míng", "yuè", "zhào", "kōng", "shān"]
    assert [line[-1].mark for line in lines] == ["，", "。", "，", "。"]


def test_values_follow_their_tokens_where_a_line_break_is_one() -> None:
    lines = signs(Verse.of(("a", "\n", "b"), unit="words"), values=[1.0, 2.0, 3.0])
    assert [[sign.value for sign in line] for line in lines] == [[1.0], [3.0]]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_no_number_gives_no_colour(value: float) -> None:
    assert signs(Verse.of(("a",), unit="words"), values=[value])[0][0].value is None


def test_what_is_not_chinese_is_never_set_vertically() -> None:
    for tokens, direction in ((POEM, "vertical"), (("moon", "."), "horizontal")):
        assert card("1", "t", signs(Verse.of(tokens)), vertical=True)["direction"] == direction


def test_long_lines_make_wide_cards() -> None:
    short = card("1", "", signs(Verse.of(POEM, (5,) * 4)))
    long = card("2", "", signs(Verse.of(["word"] * 13, unit="words")))
    seven = Verse.of("春江花月夜山水" * 4, (7,) * 4)
    assert data_of([short], Q)["wide"] is False
    assert data_of([card("3", "", signs(seven))], Q)["wide"] is False
    assert data_of([card("4", "", signs(seven, pinyin=True))], Q)["wide"] is True
    assert data_of([short, long], Q)["wide"] is True


HOSTILE = ["<img src=x onerror=alert(1)>", "\u202eevil", "\x00\x1b[2J", "\ud800"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_plain_data_with_nothing_hidden(text: str) -> None:
    hostile = card("1", text, signs(Verse.of([text, "x"], unit="words")), [text], credit=text)
    data = data_of([hostile], Q)
    document = json.dumps(shown(data), ensure_ascii=False, allow_nan=False)
    assert document.isprintable()
    document.encode()  # nothing that UTF-8 cannot hold
