"""Rhyme and tone against pypinyin's own finals, over the whole basic block of characters."""

import pytest
from pypinyin import Style, pinyin

from seqgan_core.media.verse.pinyin import ruby
from seqgan_core.tasks.practice.rhyme import rhyme_of, syllables_rhyme, tone_of

# pypinyin's strict finals, in which glides and the two sounds of u are written out.
FINALS = {
    "a": "a", "ia": "a", "ua": "a", "o": "o", "uo": "o", "e": "e", "ie": "ie", "ve": "ie",
    "ai": "ai", "uai": "ai", "ei": "ei", "uei": "ei", "ao": "ao", "iao": "ao", "ou": "ou",
    "iou": "ou", "an": "an", "ian": "an", "uan": "an", "van": "an", "en": "en", "in": "en",
    "uen": "en", "vn": "en", "ang": "ang", "iang": "ang", "uang": "ang", "eng": "eng",
    "ing": "eng", "ueng": "eng", "ong": "ong", "iong": "ong", "u": "u", "v": "v", "er": "er",
}  # fmt: skip


def reading(character: str) -> str:
    """The most frequent reading of one character, its tone as a number; "" if it has none."""
    readings = pinyin(
        character, style=Style.TONE3, errors="ignore", neutral_tone_with_five=True, v_to_u=False
    )
    return readings[0][0] if readings else ""


def test_rhymes_are_pypinyins_finals_without_the_glide() -> None:
    seen = set()
    for code in range(0x4E00, 0x9FA6):
        character = chr(code)
        final = pinyin(character, style=Style.FINALS, strict=True)[0][0]
        own = reading(character)
        if not own or not final:
            continue
        expected = {"i": ("i", "-i")}.get(final, (FINALS.get(final),))
        assert rhyme_of(own) in expected, (character, own, final)
        tones = pinyin(character, style=Style.TONE3, neutral_tone_with_five=True)[0][0][-1]
        assert tone_of(own) == {"1": "level", "2": "level", "5": None}.get(tones, "oblique")
        seen.add(final)
    assert seen == {*FINALS, "i"}


@pytest.mark.parametrize(
    ("first", "second", "do"),
    [("天", "山", True), ("飞", "归", True), ("枝", "西", False), ("风", "松", False),
     ("心", "星", False), ("月", "雪", True), ("雨", "路", False), ("云", "门", True)],
)  # fmt: skip
def test_characters_that_rhyme(first: str, second: str, do: bool) -> None:
    assert syllables_rhyme(reading(first), reading(second)) is do
    assert syllables_rhyme(reading(second), reading(first)) is do


@pytest.mark.parametrize("syllable", ["", "4", "xyz1", "m2", "TIAN1"])
def test_what_is_no_syllable_rhymes_with_nothing(syllable: str) -> None:
    assert rhyme_of(syllable) is None
    assert not syllables_rhyme(syllable, syllable)


def test_readings_depend_on_the_words_around() -> None:
    assert ruby(list("银行")) == ["yín", "háng"]
    assert ruby(list("行人")) == ["xíng", "rén"]


def test_readings_keep_their_places() -> None:
    tokens = ["春", "，", "abc", "山\u0301", "🏴‍☠️", "月", "", "\ud800", "明月"]
    assert ruby(tokens) == ["chūn", None, None, None, None, "yuè", None, None, "míng yuè"]
    assert ruby([]) == []
