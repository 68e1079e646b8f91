"""User texts: what is kept, what is left out and why, and that nothing breaks the reader."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from seqgan_core.tasks.corpora.registry import load, source_of
from seqgan_core.tasks.corpora.upload import add_upload, is_upload, upload_of, uploads
from seqgan_core.tasks.corpus import CorpusError, CorpusMissing, Rejections, TextCorpus
from seqgan_core.tasks.text import user_text
from seqgan_core.tasks.text.cleaning import (
    MAX_LINE,
    clean_lines,
    graphemes,
    is_punctuation,
)
from seqgan_core.tasks.text.decoding import MAX_BYTES
from seqgan_core.tasks.text.tokenize import READER
from seqgan_core.tasks.text.user_text import (
    MIN_SEQUENCES,
    Options,
    UserText,
    looks_hard_wrapped,
)
from tests.support.files.small_disk import fill, small_disk

CHARACTERS = "天地人山水日月星风云春夏秋冬年花草木石泉一二三四五六七八九十东西南北中上下左右前"


def poems(count: int = 120, lines: int = 4, size: int = 5) -> Iterator[str]:
    """Different poems of lines of characters."""
    for n in range(count):
        signs = [CHARACTERS[(n * 7 + k * (n % 11 + 1)) % 39] for k in range(lines * size - 2)]
        signs += [CHARACTERS[n % 39], CHARACTERS[n // 39]]
        yield "".join(signs)


def marked(poem: str, size: int = 5) -> str:
    lines = [poem[start : start + size] for start in range(0, len(poem), size)]
    return "".join(f"{line}{mark}" for line, mark in zip(lines, "，。，。", strict=True))


def prose(count: int = 120) -> str:
    return "\n".join(
        f"We walked {n} miles, and then we slept. Day {n} was good!" for n in range(count)
    )


def made(text: str, **options: object) -> TextCorpus:
    return UserText(text, "A text", Options(**options)).corpus()  # type: ignore[arg-type]


def everything(corpus: TextCorpus) -> set[tuple[str, ...]]:
    return {*corpus.train, *corpus.valid, *corpus.test}


def reasons(corpus: TextCorpus) -> dict[str, int]:
    return {str(rejection): rejection.count for rejection in corpus.report.rejections}


TWENTY = list(poems())


def test_the_poems_of_these_tests_differ() -> None:
    assert len(set(TWENTY)) == 120
    assert {len(poem) for poem in TWENTY} == {20}


# Forms


def test_a_poem_a_line_with_marks() -> None:
    corpus = made("\n".join(map(marked, TWENTY)))
    assert (corpus.unit, corpus.lines) == ("characters", (5, 5, 5, 5))
    assert everything(corpus) == {tuple(poem) for poem in TWENTY}
    assert (corpus.report.read, corpus.report.kept, corpus.report.rejections) == (120, 120, ())
    assert (len(corpus.train), len(corpus.valid), len(corpus.test)) == (96, 12, 12)


def test_marks_as_tokens() -> None:
    corpus = made("\n".join(map(marked, TWENTY)), length=24, punctuation=True)
    assert corpus.lines == (6, 6, 6, 6)
    assert everything(corpus) == {tuple(marked(poem)) for poem in TWENTY}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_any_line_ends(end: str) -> None:
    assert everything(made(end.join(map(marked, TWENTY)))) == {tuple(p) for p in TWENTY}


def test_poems_over_several_lines_between_blank_ones() -> None:
    blocks = []
    for n, poem in enumerate(TWENTY):
        title = f"第{CHARACTERS[n % 39]}首\n某人\n" if n % 2 else ""
        blocks.append(title + marked(poem).replace("。", "。\n").replace("，", "，\n"))
    corpus = made("\n\n".join(blocks))
    assert corpus.lines == (5, 5, 5, 5)
    assert everything(corpus) == {tuple(poem) for poem in TWENTY}
    assert reasons(corpus) == {"titles above poems": 120}


def test_poems_one_after_the_other_without_a_blank_line() -> None:
    couplets = "\n".join(marked(poem)[:12] + "\n" + marked(poem)[12:] for poem in TWENTY)
    assert everything(made(couplets)) == {tuple(poem) for poem in TWENTY}


def test_lines_of_different_lengths_are_no_verse_form() -> None:
    uneven = [f"{p[:7]}，{p[7:]}" if n % 2 else f"{p[:9]}，{p[9:]}" for n, p in enumerate(TWENTY)]
    corpus = made("\n".join(uneven))
    assert corpus.lines == (20,)
    assert everything(corpus) == {tuple(poem) for poem in TWENTY}


def test_a_few_in_another_form_are_left_out() -> None:
    few = [f"{poem[:7]}，{poem[7:]}" for poem in TWENTY[:10]]
    corpus = made("\n".join([*few, *map(marked, TWENTY[10:])]))
    assert corpus.lines == (5, 5, 5, 5)
    assert reasons(corpus) == {"line lengths unlike those of most poems (5, 5, 5, 5)": 10}
    assert corpus.report.kept == 110


def test_words_in_sentences() -> None:
    corpus = made(prose(), unit="words", length=12, punctuation=True)
    assert ("We", "walked", "7", "miles", ",", "and", "then", "we", "slept", ".") in everything(
        corpus
    )
    assert ("Day", "7", "was", "good", "!") in everything(corpus)
    assert corpus.report.kept == 240
    without = made(prose(), unit="words", length=12)
    assert ("Day", "7", "was", "good") in everything(without)


def test_paragraphs_that_run_over_lines() -> None:
    text = "\n\n".join(f"We walked {n} miles\nand then we\nslept." for n in range(120))
    assert looks_hard_wrapped(text)
    assert not looks_hard_wrapped(prose())
    corpus = made(text, unit="words", join_lines=True)
    assert ("We", "walked", "7", "miles", "and", "then", "we", "slept") in everything(corpus)
    assert len(everything(made(text, unit="words"))) == 121  # "and then we" is the same each time


# What is left out


def test_too_short_too_long_and_again() -> None:
    text = "\n".join([*TWENTY, TWENTY[3], TWENTY[0][:7], "\n" + TWENTY[0] + "天", "天" * 3])
    corpus = made(text)
    assert reasons(corpus) == {
        "an exact repeat": 1,
        "shorter than 20 characters": 2,
        "longer than 20 characters": 1,
    }
    assert corpus.report.read == 124
    assert corpus.report.kept == 120
    sentences = f"{prose()}\nNo.\nI do.\n{'word ' * 21}\nDay 1 was good!"
    assert reasons(made(sentences, unit="words")) == {
        "an exact repeat": 1,
        "shorter than 3 words": 2,
        "longer than 20 words": 1,
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a\x07bell rings here", "a control character"),
        ("an \x1b[31mescape is here", "a control character"),
        ("a \x00 nul is here", "a control character"),
        ("a \u202eturned word here", "a control character that changes the direction of writing"),
        ("a \u2066held word here", "a control character that changes the direction of writing"),
        (
            "a lost \ufffd sign here",
            "a mark in place of a lost character (�, or half of a surrogate pair)",
        ),
        (
            "a lost \ud83d half here",
            "a mark in place of a lost character (�, or half of a surrogate pair)",
        ),
        ("a reserved □ mark here", "the mark □, which stands for unknown tokens"),
        ("a tag \U000e0041 without flag", "a control character"),
        ("a noncharacter \uffff is here", "characters that Unicode has not assigned"),
        ("an unassigned \u0378 is here", "characters that Unicode has not assigned"),
        (
            "a private \ue000 is here",
            "private-use characters, which only the font of their author draws",
        ),
        ("w" * 61 + " is a word", "a word or sign of more than 60 code points"),
        ("e" + "\u0301" * 80 + " is a sign", "a word or sign of more than 60 code points"),
        ("word " * 2_001, "a line of more than 10,000 characters"),
    ],
)
def test_lines_that_hold_what_is_no_text(line: str, reason: str) -> None:
    corpus = made(f"{prose()}\n{line}\n", unit="words")
    assert reasons(corpus)[reason] == 1
    rejection = next(
        rejection for rejection in corpus.report.rejections if str(rejection) == reason
    )
    assert rejection.line == 121
    kinds = {unicodedata.category(sign) for sign in rejection.example}
    assert not kinds & {"Cc", "Cf", "Cs", "Cn"}  # it can be shown
    assert len(rejection.example) < 500
    assert not any("is" in text and "here" in text for text in everything(corpus))


def test_invisible_signs_are_taken_out_of_lines_that_stay() -> None:
    corpus = made(f"{prose()}\nhid\u200bden\u00ad words \ufeffare here\u200f", unit="words")
    assert ("hidden", "words", "are", "here") in everything(corpus)
    assert reasons(corpus)["invisible characters (removed; the line is kept)"] == 1


def test_characters_as_people_count_them() -> None:
    line = "👨\u200d👩\u200d👧🇰🇷👍🏽1\ufe0f\u20e3e\u0301 हिं\u200d 🏴\U000e0067\U000e007f"
    assert graphemes(line) == (
        "👨\u200d👩\u200d👧", "🇰🇷", "👍🏽", "1\ufe0f\u20e3", "e\u0301", "हिं\u200d",
        "🏴\U000e0067\U000e007f",
    )  # fmt: skip
    assert is_punctuation("。")
    assert not is_punctuation("#\ufe0f\u20e3")
    faces = ["👩\u200d🚀" + "".join(poem[:19]) for poem in TWENTY]
    corpus = made("\n".join(faces))
    assert all(len(poem) == 20 and poem[0] == "👩\u200d🚀" for poem in everything(corpus))


def test_one_letter_in_two_forms_is_one() -> None:
    both = made(f"{prose()}\nthe cafe\u0301 is open\nthe caf\u00e9 is shut", unit="words")
    tokens = {token for text in everything(both) for token in text}
    assert "caf\u00e9" in tokens
    assert "cafe\u0301" not in tokens


def test_script_is_text() -> None:
    lines = [f"<script>alert({n})</script> <img src=x onerror=alert(1)>" for n in range(120)]
    corpus = made("\n".join(lines), unit="words", length=40, punctuation=True)
    assert {"".join(text) for text in everything(corpus)} == {
        line.replace(" ", "") for line in lines
    }


def test_rare_words_are_reported() -> None:
    corpus = made(prose(), unit="words", min_count=3)
    reason = "different words with a count below 3 (read as □)"
    assert reasons(corpus)[reason] == 120  # the numbers of miles and days
    assert corpus.report.kept == 240


# What is none


def test_two_lines_and_one_repeated_line() -> None:
    with pytest.raises(CorpusError, match=r"it has 2, .*lines read: 2\)"):
        made("\n".join(TWENTY[:2]))
    again = "\n".join([TWENTY[0]] * 500)
    with pytest.raises(CorpusError, match=r"it has 1, .*lines read: 500; rejected.*repeat.*: 499"):
        made(again)
    with pytest.raises(CorpusError, match=r"it has 0, .*lines read: 0\)"):
        made("")


def test_exactly_enough() -> None:
    assert made("\n".join(TWENTY[:MIN_SEQUENCES])).report.kept == MIN_SEQUENCES
    with pytest.raises(CorpusError, match="it has 99, and at least 100"):
        made("\n".join(TWENTY[: MIN_SEQUENCES - 1]))


def test_a_vocabulary_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_text, "MIN_SEQUENCES", 10)  # a hundred lengths of one word are no text
    only = "\n".join(" ".join(["ha"] * n) for n in range(3, 20))
    with pytest.raises(
        CorpusError, match="different words with a count of 1 or more: 1; at least 2"
    ):
        made(only, unit="words")
    with pytest.raises(CorpusError, match="different characters with a count of 1000 or more: 0"):
        made("\n".join(TWENTY), min_count=1000)


def test_too_much_is_refused_before_any_work() -> None:
    with pytest.raises(CorpusError, match="has 5,000,001 bytes; at most 5,000,000"):
        made("a" * (MAX_BYTES + 1))
    with pytest.raises(CorpusError, match="has 200,001 lines; at most 200,000"):
        made("a\n" * 200_001)
    with pytest.raises(CorpusError, match=r"0 different .*more than 10,000 characters.*: 1"):
        made("天" * (MAX_BYTES // 3))  # one line of 5 MB
    names = "\n".join(f"word{n} other{n} third{n}" for n in range(7_000))
    with pytest.raises(CorpusError, match="has 21,000 different words; at most 20,000"):
        made(names, unit="words")


def test_chinese_is_not_read_in_words() -> None:
    with pytest.raises(CorpusError, match="mostly Chinese or Japanese"):
        made("\n".join(map(marked, TWENTY)), unit="words")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unit": "letters"}, "unit is 'letters'"),
        ({"length": 2}, "length is 2; it must be from 3 to 64"),
        ({"length": 65}, "length is 65"),
        ({"min_count": 0}, "min_count is 0"),
    ],
)
def test_options_out_of_bounds(options: dict[str, object], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        made(prose(), **options)


@pytest.mark.parametrize(
    "line", ["." * 9_999, "a. " * 3_333, "A" * 9_999, "'" * 9_999, "- " * 4_999, "e\u0301" * 4_999,
             "a-" * 4_999, '."' * 4_999, "1." * 4_999, ". " * 4_999, "\u0301" * 9_999],
)  # fmt: skip
def test_no_line_is_too_much(line: str) -> None:  # a pattern that backtracks would take hours
    for unit in ("characters", "words"):
        with pytest.raises(CorpusError, match="at least 100 different ones are needed"):
            made("\n".join([line] * 5), unit=unit)


# Properties


STRANGE = "天地人，。！「」 ab.'-\"<$1\u0301\u200d👩🚀🏴\U000e0067é\u200b\u3000"
STRANGER = "\x00\x1b\t\u202e\u2067\ufffd□\ud800\uffff\ue000\U000e0041\r\x85\u2028"


@settings(max_examples=300)
@given(
    st.lists(
        st.text(STRANGE, min_size=3, max_size=9)
        | st.text(STRANGE + STRANGER, max_size=30)
        | st.text(max_size=60),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from(["characters", "words"]),
    st.integers(3, 6),
    st.booleans(),
    st.booleans(),
)
def test_nothing_breaks_it(
    lines: list[str], unit: str, length: int, punctuation: bool, join_lines: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(user_text, "MIN_SEQUENCES", 1)
        try:
            corpus = made(
                "\n".join(lines),
                unit=unit,
                length=length,
                punctuation=punctuation,
                join_lines=join_lines,
            )
        except CorpusError:
            event("refused")
            return
    event("kept")
    sequences = everything(corpus)
    assert (
        len(sequences)
        == corpus.report.kept
        == sum(map(len, (corpus.train, corpus.valid, corpus.test)))
    )
    cleaned = "".join(line for _, line in clean_lines("\n".join(lines), Rejections()))
    plain = "".join(sign for sign in cleaned if not sign.isspace() and sign not in "\u200c\u200d")
    for sequence in sequences:
        assert all(sequence)
        assert len(sequence) <= length if unit == "words" else len(sequence) == length
        written = "".join(sequence).replace("\u200c", "").replace("\u200d", "")
        if punctuation:  # what is kept stands in the text, to the letter
            assert written in plain
        assert set(written) <= set(plain)
    if corpus.lines:
        assert sum(corpus.lines) == length


@settings(max_examples=50)
@given(st.lists(st.sampled_from(TWENTY), min_size=100, max_size=300))
def test_the_split_is_the_texts_own(lines: list[str]) -> None:
    if len(set(lines)) < MIN_SEQUENCES:
        lines = TWENTY + lines
    corpus, mixed = made("\n".join(lines)), made("\n".join(reversed(lines)))
    assert set(corpus.test) == set(mixed.test)
    assert set(corpus.valid) == set(mixed.valid)
    assert min(len(corpus.valid), len(corpus.test)) >= 10


# Kept on this machine


def test_kept_listed_loaded_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQGAN_HOME", str(tmp_path))
    assert uploads() == []
    options = Options("words", 12, 2, True)
    corpus = add_upload(UserText(prose(), "Walks\n\x1b[31m", options))
    assert is_upload(corpus.name)
    assert corpus.title == "Walks <U+001B>[31m"
    (listed,) = uploads()
    assert (listed.name, listed.title, listed.options) == (corpus.name, corpus.title, options)
    assert (
        add_upload(UserText(prose(), "Walks", options)).name
        == corpus.name
        == f"own-{UserText(prose(), '', options).digest}"
    )
    assert add_upload(UserText(prose(), "Walks", Options("words"))).name != corpus.name
    assert len(uploads()) == 2
    assert not [path for path in (tmp_path / "corpora" / "own").iterdir() if path.suffix != ".json"]

    again = load(corpus.name)
    assert load(corpus.name) is again
    assert (again.train, again.valid, again.test) == (corpus.train, corpus.valid, corpus.test)
    assert again.report == corpus.report
    assert source_of(corpus.name).have()
    source_of(corpus.name).remove()
    source_of(corpus.name).remove()
    assert not source_of(corpus.name).have()
    with pytest.raises(CorpusMissing):
        load(corpus.name)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{}",
        b"[1]",
        b'{"format": 1, "title": "x", "options": {"unit": 3}, "text": "a"}',
        b"\xff",
    ],
)
def test_a_damaged_file(tmp_path: Path, damage: bytes) -> None:
    corpus = add_upload(UserText(prose(), "Walks", Options("words")), tmp_path)
    path = upload_of(corpus.name, tmp_path).stored
    path.write_bytes(damage)
    with pytest.raises(CorpusError, match=f"is damaged.*corpus remove {corpus.name}"):
        load(corpus.name, home=tmp_path)
    (listed,) = uploads(tmp_path)
    assert (listed.label, listed.options, listed.damaged) == ("a damaged file", None, True)
    source_of(corpus.name, tmp_path).remove()
    assert uploads(tmp_path) == []


def test_a_changed_or_later_file(tmp_path: Path) -> None:
    corpus = add_upload(UserText(prose(), "Walks", Options("words")), tmp_path)
    path = upload_of(corpus.name, tmp_path).stored
    stored = json.loads(path.read_text())
    path.write_text(json.dumps(stored | {"text": stored["text"] + " More."}))
    with pytest.raises(CorpusError, match="is damaged"):
        load(corpus.name, home=tmp_path)
    path.write_text(json.dumps(stored | {"format": READER + 1}))
    with pytest.raises(CorpusError, match="another version"):
        load(corpus.name, home=tmp_path)


HINDI = " ".join(f"{n} घर अच्छा है। {n} घर बड़ा है।" for n in range(60))


def test_a_paragraph_with_the_stops_of_its_script_has_sentences() -> None:
    corpus = made(HINDI, unit="words", punctuation=True)
    assert corpus.report.kept == 120
    assert ("7", "घर", "बड़ा", "है", "।") in everything(corpus)


def test_a_text_of_before_keeps_its_sentences_and_says_so(tmp_path: Path) -> None:
    """A run on it learnt these; added again it is another text, with a name of its own."""
    text = "\n".join(f"Adiós {n}. ¿Qué tal? Bien." for n in range(120))
    old = UserText(text, "Saludos", Options("words", punctuation=True), reader=1)
    name = add_upload(old, tmp_path).name
    assert name == "own-96997a40161b"  # as version 0.1 called it
    before = load(name, home=tmp_path)
    assert ("Adiós", "7", ".", "¿", "Qué", "tal", "?") in everything(before)
    assert upload_of(name, tmp_path).outdated
    new = add_upload(UserText(text, "Saludos", Options("words", punctuation=True)), tmp_path)
    assert new.name != name
    assert ("¿", "Qué", "tal", "?") in everything(new)
    assert not upload_of(new.name, tmp_path).outdated
    assert everything(load(name, home=tmp_path)) == everything(before)
    assert len(uploads(tmp_path)) == 2


def test_a_text_whose_sentences_are_the_same_keeps_its_name() -> None:
    for options in (Options("words"), Options("words", join_lines=True), Options()):
        text = UserText(prose(), "Walks", options)
        assert (text.reader, text.outdated) == (1, False)
        assert text.digest == UserText(prose(), "Walks", options, reader=1).digest


def test_a_full_disk_leaves_nothing_half(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        (disk / "corpora" / "own").mkdir(parents=True)
        filler = fill(disk)
        with pytest.raises(CorpusError, match="is full"):
            add_upload(UserText(prose(), "Walks", Options("words")), disk)
        assert list((disk / "corpora" / "own").iterdir()) == []
        filler.unlink()
        assert load(
            add_upload(UserText(prose(), "Walks", Options("words")), disk).name, home=disk
        ).train


def test_the_longest_line_that_is_taken() -> None:
    line = "word " * (MAX_LINE // 5 - 1)
    assert reasons(made(f"{prose()}\n{line}", unit="words")) == {"longer than 20 words": 1}
