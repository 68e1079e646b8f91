"""Where a sentence ends, what its words are, and how they are set again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.tasks.text.tokenize import (
    READER,
    detokenize,
    sentences,
    without_first_capitals,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four.", ["One.", "Two!", "Three?", "Four."]),
        ("Mr. Lee and Dr. Wu met Sen. Kay. They spoke.", None),
        ("We love the U.S. Senate of the U.S. We do.", None),
        ("It cost $2.5 million. 9/11 changed that.", None),
        ("John F. Kennedy said so. He did.", None),
        ("So did I. You know that.", None),
        ("King Jr. spoke. They listened.", None),
        ('He said, "Go." Then he went.', ['He said, "Go."', "Then he went."]),
        ("They left... And so did we.", ["They left...", "And so did we."]),
        ("It stops -- but not here. -- Now it does.", None),
        ("No. 5 is alive. No. That is all.", ["No. 5 is alive.", "No.", "That is all."]),
        ("山高。水长！云去？", ["山高。", "水长！", "云去？"]),
        ("a line of verse without an end", ["a line of verse without an end"]),
        ("  ", []),
        ("राम आया। सीता गई॥", ["राम आया।", "सीता गई॥"]),
        ("هل جئت؟ نعم. لا، شكرا!", ["هل جئت؟", "نعم.", "لا، شكرا!"]),
        ("یہ اچھا ہے۔ وہ گیا۔", ["یہ اچھا ہے۔", "وہ گیا۔"]),
        ("ሰላም። ደህና ነህ፧ አዎ፡፡ ጥሩ።", ["ሰላም።", "ደህና ነህ፧", "አዎ፡፡", "ጥሩ።"]),
        ("ខ្ញុំទៅ។ គាត់មក៕", ["ខ្ញុំទៅ។", "គាត់មក៕"]),
        ("Ես գնացի։ Նա եկավ։", ["Ես գնացի։", "Նա եկավ։"]),
        ("བཀྲ་ཤིས། བདེ་ལེགས།།", ["བཀྲ་ཤིས།", "བདེ་ལེགས།།"]),
        ("မြန်မာ။ ပြည်။", ["မြန်မာ။", "ပြည်။"]),
        ("他说：“好。”我走！Ａ３．５倍．", ["他说：“好。”", "我走！", "Ａ３．５倍．"]),
        ("მოვიდა. წავიდა! კარგი.", ["მოვიდა.", "წავიდა!", "კარგი."]),
        ("היא באה. הוא הלך?", ["היא באה.", "הוא הלך?"]),
        ("Πού πας; Σπίτι; όχι.", ["Πού πας;", "Σπίτι; όχι."]),
        ("Adiós. ¿Qué tal? ¡Bien! vale.", ["Adiós.", "¿Qué tal?", "¡Bien! vale."]),
        (
            "Er ging. „Geh!“ Dann kam er. »Nein.« So.",
            ["Er ging.", "„Geh!“", "Dann kam er.", "»Nein.«", "So."],
        ),
        ("Il est là. « Va ! » Il part !", ["Il est là.", "« Va ! »", "Il part !"]),
        ("To jest kot. I ryba.", ["To jest kot.", "I ryba."]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str] | None) -> None:
    result = sentences(text)
    if expected is None:
        assert len(result) == 2
    else:
        assert result == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We don't know.", ["We", "don't", "know", "."]),
        ("the 60,000-plus in well-kept homes", ["the", "60,000-plus", "in", "well-kept", "homes"]),
        ("$2.5 million, 50%, 9/11", ["$2.5", "million", ",", "50%", ",", "9/11"]),
        ("the U.S. at 5 p.m. with Mr. Wu", ["the", "U.S.", "at", "5", "p.m.", "with", "Mr.", "Wu"]),
        ("yes -- no...", ["yes", "--", "no", "..."]),
        ("'Tis th' end", ["'Tis", "th'", "end"]),
        ("cafe\u0301 हिन्दी", ["cafe\u0301", "हिन्दी"]),
        ("go 👩\u200d🚀👍🏽 1\ufe0f\u20e3!", ["go", "👩\u200d🚀", "👍🏽", "1\ufe0f\u20e3", "!"]),
        ("<b>x</b>", ["<", "b", ">", "x", "<", "/", "b", ">"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


@given(st.text())
def test_words_are_the_whole_text_without_its_spaces(text: str) -> None:
    assert "".join("".join(words(text)).split()) == "".join(text.split())


@given(st.text() | st.text("।॥؟۔።．。.?!;«»“”\"' \u0301aA3अ", max_size=30))
def test_sentences_are_the_whole_text(text: str) -> None:
    for reader in (1, READER):
        assert "".join("".join(sentences(text, reader)).split()) == "".join(text.split())


@given(st.text("aAbB.,;:?!'\"()-3 \n", max_size=60))
def test_plain_english_has_the_sentences_that_it_always_had(text: str) -> None:
    assert sentences(text) == sentences(text, 1)


def test_a_name_keeps_its_capital_at_the_beginning() -> None:
    texts = [
        ("America", "is", "here"),
        ("We", "love", "America"),
        ('"', "The", "sea"),
        ("at", "the", "sea"),
        ("NASA", "flies"),
        ("...",),
    ]
    assert without_first_capitals(texts) == [
        ("America", "is", "here"),
        ("we", "love", "America"),
        ('"', "the", "sea"),
        ("at", "the", "sea"),
        ("NASA", "flies"),
        ("...",),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'Well, we said, "yes," and left (early); didn\'t we?',
        'It was "here" -- and "there"...',
        "No. 5: $2.5 million!",
        "राम आया, सीता गई॥",
        "هل جئت؟",
        "ደህና፣ ነህ፧",
        "¿Qué tal?",
    ],
)
def test_detokenising_restores_the_text(text: str) -> None:
    assert detokenize(words(text)) == text
