"""Where a sentence ends, what its words are, and how they are set again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.tasks.text.tokenize import detokenize, sentences, without_first_capitals, words


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


@given(st.text())
def test_sentences_are_the_whole_text(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


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
    ],
)
def test_detokenising_restores_the_text(text: str) -> None:
    assert detokenize(words(text)) == text
