"""The rhyme book: its size, its forms; what it says of poems whose rhyme and tones are known."""

import pytest

from seqgan_core.media.verse.prosody import prosody
from seqgan_core.media.verse.rhyme_book import find_rhyme, rhyme_book, rhymes_of, tone

# Quatrains that every handbook of metrics quotes, by Wang Zhihuan, Li Duan, Liu Zongyuan, Meng
# Haoran and Li Bai: their rhyme, the lines that have it, and the violations of the pattern.
KNOWN = [
    ("白日依山尽 黄河入海流 欲穷千里目 更上一层楼", "尤", (2, 4), 0),
    ("鸣筝金粟柱 素手玉房前 欲得周郎顾 时时误拂弦", "先", (2, 4), 0),
    ("千山鸟飞绝 万径人踪灭 孤舟蓑笠翁 独钓寒江雪", "屑", (1, 2, 4), 2),
    ("移舟泊烟渚 日暮客愁新 野旷天低树 江清月近人", "真", (2, 4), 1),
    ("床前明月光 疑是地上霜 举头望明月 低头思故乡", "陽", (1, 2, 4), 4),
]


def test_there_are_106_rhymes_in_four_tones() -> None:
    tones = [rhyme.tone for rhyme in rhyme_book().values()]
    counts = {tone: tones.count(tone) for tone in dict.fromkeys(tones)}
    assert counts == {"level": 30, "rising": 29, "departing": 30, "entering": 17}
    for rhyme in rhyme_book().values():
        assert rhyme.name in rhyme.characters
        assert len(rhyme.characters) >= 9
        assert all(len(character) == 1 and character > "\u2fff" for character in rhyme.characters)
    assert list(rhyme_book())[:3] == ["東", "冬", "江"]
    assert list(rhyme_book())[-1] == "洽"


@pytest.mark.parametrize("pair", ["東东", "陽阳", "溪谿", "扫掃", "懒嬾", "沉沈", "风風", "着著"])
def test_simplified_and_variant_forms_are_found(pair: str) -> None:
    one, other = pair
    assert {rhyme.name for rhyme in rhymes_of(one)} == {rhyme.name for rhyme in rhymes_of(other)}
    assert rhymes_of(one)


@pytest.mark.parametrize(
    ("character", "names", "expected"),
    [
        ("山", ["刪"], "level"),
        ("白", ["陌"], "oblique"),  # entering; level in modern Mandarin
        ("十", ["緝"], "oblique"),
        ("看", ["寒", "翰"], "either"),
        ("中", ["東", "送"], "either"),
        ("忘", ["陽", "漾"], "either"),
        ("x", [], "unknown"),
        ("，", [], "unknown"),
        ("", [], "unknown"),
    ],
)
def test_characters_have_the_rhymes_of_their_readings(
    character: str, names: list[str], expected: str
) -> None:
    assert [rhyme.name for rhyme in rhymes_of(character)] == names
    assert tone(character) == expected


def test_a_rhyme_is_found_by_its_name_or_by_a_character_that_has_no_other() -> None:
    for name, rhyme in rhyme_book().items():
        assert find_rhyme(name) is rhyme
    assert find_rhyme("东") is find_rhyme("風") is rhyme_book()["東"]
    assert [find_rhyme(name) for name in ("看", "x", "", "東冬")] == [None] * 4


@pytest.mark.parametrize(("text", "name", "lines", "violations"), KNOWN)
def test_poems_that_are_known(
    text: str, name: str, lines: tuple[int, ...], violations: int
) -> None:
    poem = prosody(text.split())
    assert poem.rhyme is rhyme_book()[name]
    assert poem.rhyming == lines
    assert poem.violations == violations


def test_each_kind_of_violation_counts() -> None:
    # Even places of a line, 山 level and 月 oblique, line by line; the odd places are free.
    def counted(*evens: str) -> int:
        return prosody([f"山{even[0]}山{even[1]}山" for even in evens]).violations

    assert counted("山月", "月山", "月山", "山月") == 0
    assert counted("山山", "月月", "月月", "山山") == 4  # no alternation in any line
    assert counted("山月", "山月", "山月", "月山") == 1  # no opposition in the first couplet
    assert counted("山月", "月山", "山月", "月山") == 1  # the second couplet does not adhere
    # 看 may be either, and the book has no x: neither is held against a poem.
    assert counted("看看", "看x", "xx", "x看") == 0
    assert prosody(["山月", "看x"]).tones == ("平仄", "中？")


def test_a_word_does_not_rhyme_with_itself_and_a_couplet_has_no_rhyme() -> None:
    assert prosody(["天山", "清风", "明月", "清风"]).rhyme is None
    assert prosody(["天山", "清风", "明月", "天空"]).rhyme is rhyme_book()["東"]
    assert prosody(["清风", "天空"]).rhyme is None
    assert prosody(["清风", "天空"]).rhyming == ()


def test_of_several_shared_rhymes_the_first_lines_counts() -> None:
    # 望 and 忘 share 陽 (level) and 漾 (departing).
    assert prosody(["月", "望", "山", "忘"]).rhyme is rhyme_book()["陽"]
    assert prosody(["帐", "望", "山", "忘"]).rhyme is rhyme_book()["漾"]
    assert prosody(["帐", "望", "山", "忘"]).rhyming == (1, 2, 4)
