"""Traditional and simplified characters: a display of the same places."""

from seqgan_core.media.verse.layout import Verse
from seqgan_core.media.verse.script import in_script, other_script, verse_in_script
from seqgan_core.tasks.corpora.registry import load

POEM = Verse.of(tuple("后来看白云皇后在万里出发不知归头发白如雪"), (5, 5, 5, 5))


def test_the_characters_around_decide_between_several() -> None:
    turned = str(verse_in_script(POEM, "traditional"))
    assert turned == "後來看白雲，\n皇后在萬里。\n出發不知歸，\n頭髮白如雪。"


def test_only_the_signs_change() -> None:
    turned = verse_in_script(POEM, "traditional")
    for before, after in zip(POEM.lines, turned.lines, strict=True):
        assert [(glyph.place, glyph.gap, glyph.mark) for glyph in before] == [
            (glyph.place, glyph.gap, glyph.mark) for glyph in after
        ]
    assert verse_in_script(POEM, "") == POEM
    assert verse_in_script(turned, "simplified") == POEM


def test_a_token_of_several_signs_keeps_them() -> None:
    verse = Verse.of(("明月", "<U+202E>", "见", "moon"), unit="words")
    turned = verse_in_script(verse, "traditional")
    assert [glyph.text for glyph in turned.lines[0]] == ["明月", "<U+202E>", "見", "moon"]


def test_english_stays() -> None:
    text = "Longest copy: 2 characters, “见”, in 'a'…"
    assert in_script(text, "traditional") == text.replace("见", "見")


def test_the_practice_poems_are_simplified() -> None:
    words = {token for poem in load("practice").train for token in poem}
    assert other_script(words) == "traditional"
    assert other_script({in_script(word, "traditional") for word in words}) == "simplified"
    assert other_script("山水") == ""
