"""Bytes that are a text, bytes that may be one, and bytes that are none."""

import codecs
import gzip
import io
import tarfile
import zipfile
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.text.decoding import (
    MAX_BYTES,
    PREVIEW,
    Decoded,
    DecodedName,
    NeedsConfirmation,
    decode,
    decode_name,
)

POEM = "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (POEM.encode("utf-8"), "UTF-8"),
        (POEM.encode("utf-8-sig"), "UTF-8"),
        (codecs.BOM_UTF16_LE + POEM.encode("utf-16-le"), "UTF-16"),
        (codecs.BOM_UTF16_BE + POEM.encode("utf-16-be"), "UTF-16"),
        (codecs.BOM_UTF32_LE + POEM.encode("utf-32-le"), "UTF-32"),
        (codecs.BOM_UTF32_BE + POEM.encode("utf-32-be"), "UTF-32"),
    ],
)
def test_utf_8_and_byte_order_marks_are_recognised(data: bytes, encoding: str) -> None:
    assert decode(data) == Decoded(POEM, encoding)


def test_a_name_is_not_guessed_to_be_what_it_cannot_be() -> None:
    name = decode_name("Zażółć gęślą jaźń".encode("cp1250"))  # GB18030 by half, with signs lost
    assert name == DecodedName(r"Za\xbf\xf3\xb3\xe6 g\xea\x9cl\xb9 ja\x9f\xf1")


def test_big5_is_not_taken_for_gb18030() -> None:
    with pytest.raises(CorpusError, match="name its encoding"):  # half of it would be private
        decode("花空月龍冬夏山川鳥雨夢\n".encode("big5") * 20)


def test_gb18030_needs_confirmation_and_is_never_guessed() -> None:
    data = b"Quiet night\n" + POEM.encode("gb18030")
    confirmation = decode(data)
    assert isinstance(confirmation, NeedsConfirmation)
    assert confirmation.encoding == "gb18030"
    assert confirmation.preview.splitlines() == ["Quiet night", *POEM.splitlines()]
    assert str(confirmation.why) == "byte 0xB4 is not UTF-8 (line 2, byte 1 of it)"
    assert decode(data, confirmation.encoding) == Decoded("Quiet night\n" + POEM, "GB18030")


def test_the_preview_shows_what_is_to_be_decided() -> None:
    data = b"plain English. " * 1000 + "月".encode("gb18030") + b"\x1b[31m" + b" more" * 1000
    confirmation = decode(data)
    assert isinstance(confirmation, NeedsConfirmation)
    assert "月<U+001B>[31m" in confirmation.preview
    assert len(confirmation.preview) < 2 * PREVIEW


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["quiet night", POEM, "Тихая ночь.\r\n", "a\tb\nc"])
def test_utf_16_without_its_mark_is_read_in_the_order_that_gives_text(
    text: str, order: str
) -> None:
    data = text.encode(order)
    said = decode(data, "UTF-16")
    if isinstance(said, NeedsConfirmation):  # "quiet night" is text in both orders
        assert said.encoding == order
        said = decode(data, said.encoding)
    assert said == Decoded(text, order.upper())
    assert decode(data, order) == said


def test_utf_16_in_either_order_is_a_question() -> None:
    confirmation = decode(
        "山月照花".encode("utf-16-be"), "utf-16"
    )  # one line: no sign of the order
    assert isinstance(confirmation, NeedsConfirmation)
    assert str(confirmation.why) == "it has no byte order mark"
    undeclared = decode("quiet night\n".encode("utf-16-be"))
    assert isinstance(undeclared, NeedsConfirmation)
    assert (undeclared.encoding, undeclared.preview) == ("utf-16-be", "quiet night")
    with pytest.raises(CorpusError, match=r"NUL byte \(line 1, byte 3 of it\).*byte order mark"):
        decode(b"ab\0cd")


@pytest.mark.parametrize(
    ("encoding", "name", "text"),
    [
        ("windows-1251", "CP1251", "Тихая ночь."),
        ("Shift_JIS", "SHIFT-JIS", "静かな夜"),
        ("big5", "BIG5", "靜夜思"),
        ("euc-kr", "EUC-KR", "조용한 밤"),
        ("iso-8859-1", "ISO8859-1", "une nuit d'été"),
        ("utf-32-be", "UTF-32-BE", "quiet night"),
    ],
)
def test_any_encoding_of_text_can_be_stated(encoding: str, name: str, text: str) -> None:
    assert decode(text.encode(encoding), encoding) == Decoded(text, name)


@pytest.mark.parametrize("encoding", ["latin-9000", "rot13", "zlib", "idna", "unicode_escape", ""])
def test_what_is_no_encoding_of_files_is_refused(encoding: str) -> None:
    with pytest.raises(CorpusError, match=r"there is no encoding .*such as windows-1251"):
        decode(b"abc", encoding)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"one\ntwo\nthr\xe9 e\n", r"0xE9 is not UTF-8 \(line 3, byte 4 of it\)"),
        (b"one\r\ntwo\rthr\xff", r"0xFF is not UTF-8 \(line 3, byte 4 of it\)"),
        (codecs.BOM_UTF8 + b"ok \xff", r"0xFF is not UTF-8 \(line 1, byte 7 of it\)"),
        (b"caf\xe9 \xe0 la", r"0xE9 is not UTF-8 \(line 1, byte 4 of it\)"),
        (b"a\nb\0c", r"NUL byte \(line 2, byte 2 of it\)"),
    ],
)
def test_the_place_of_a_wrong_byte_is_named(data: bytes, place: str) -> None:
    with pytest.raises(CorpusError, match=place):
        decode(data)


def test_a_wrong_encoding_is_refused() -> None:
    with pytest.raises(CorpusError, match=r"is not GB18030 \(line 2, byte 5 of the file\)"):
        decode(b"abc\n\xff\xff", "gb18030")
    with pytest.raises(
        CorpusError, match=r"not UTF-8 .*; save the file as UTF-8, or name its encoding"
    ):
        decode(POEM.encode("gb18030"), "utf-8")
    with pytest.raises(CorpusError, match="not UTF-16"):
        decode(codecs.BOM_UTF16_LE + b"abc")
    with pytest.raises(CorpusError, match=r"NUL character \(line 2\)"):
        decode("a\nb\0".encode("utf-16"))


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("poems.txt", POEM)
    return file.getvalue()


def _tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("poems.txt"))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (_zip(), "zip archive"),
        (gzip.compress(POEM.encode(), mtime=0), "gzip archive"),
        (_tar(), "tar archive"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "PNG image"),
        (b"\xff\xd8\xff\xe0....", "JPEG image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Word or Excel"),
        (b"{\\rtf1\\ansi Quiet}", "RTF"),
        (b"\x7fELF\x02", "program"),
    ],
)
def test_binary_files_are_refused(data: bytes, kind: str) -> None:
    with pytest.raises(CorpusError, match=f"{kind}.*plain text"):
        decode(data)
    with pytest.raises(CorpusError, match=kind):
        decode(data, "gb18030")


def test_too_much_and_nothing() -> None:
    with pytest.raises(CorpusError, match="has 5,000,001 bytes; at most 5,000,000 are allowed"):
        decode(b"a" * (MAX_BYTES + 1))
    assert isinstance(decode(b"a" * MAX_BYTES), Decoded)
    for nothing in (b"", b" \r\n\t"):
        with pytest.raises(CorpusError, match="empty"):
            decode(nothing)


@given(st.binary(max_size=400) | st.text().map(lambda text: text.encode("utf-16")))
def test_whatever_the_bytes(data: bytes) -> None:
    for encoding in (None, "utf-8", "utf-16", "gb18030"):
        try:
            decoded = decode(data, encoding)
        except CorpusError:
            continue
        if isinstance(decoded, Decoded):
            assert "\0" not in decoded.text
        else:
            assert encoding in (None, "utf-16")
            assert isinstance(decode(data, decoded.encoding), Decoded)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_utf_8_comes_back(text: str) -> None:
    if text.strip() and not text.startswith(("\ufeff", "{\\rtf", "PK", "GIF8", "%PDF", "BZh")):
        assert decode(text.encode()) == Decoded(text, "UTF-8")


# Names: guessed, and said to be


@pytest.mark.parametrize(
    ("encoding", "guess", "names"),
    [
        ("utf-8", "", "主旋律 メロディ|Flöte|Мелодия|Devil’s Dream|Piano"),
        ("gb18030", "GB18030", "主旋律|钢琴|二胡|古筝|唢呐|鼓|月亮代表我的心|长笛 1|主唱：邓丽君"),
        ("cp932", "Shift-JIS", "主旋律|ピアノ|メロディ|楽器|Aメロ|サビB|Piano右手|Piano 右"),
        ("cp1252", "Windows-1252", "Flöte|Größe|ÉTUDE|château|Škoda|L’été|Coração|Devil’s|Café"),
        ("cp437", "cp437", "Flöte|Größe|ÉTUDE|château|crème brûlée|Müller|piña"),
        ("cp1251", "Windows-1251", "Мелодия|Гитара|Бас|Пианино 1|Ударные"),
    ],
)  # fmt: skip
def test_names_are_read_in_any_encoding(encoding: str, guess: str, names: str) -> None:
    for name in names.split("|"):
        western: Literal["cp1252", "cp437"] = "cp437" if encoding == "cp437" else "cp1252"
        assert decode_name(name.encode(encoding), western) == DecodedName(name, guess)


def test_wide_names_are_told_from_dos_ones() -> None:
    assert decode_name("ピアノ".encode("cp932"), "cp437") == DecodedName("ピアノ", "Shift-JIS")
    assert decode_name("钢琴".encode("gb18030"), "cp437") == DecodedName("钢琴", "GB18030")


def test_names_that_are_cut_filled_or_make_no_sense() -> None:
    assert decode_name("主旋律".encode()[:-1]) == DecodedName("主旋")
    assert decode_name("Flöte".encode() + bytes(9)) == DecodedName("Flöte")
    assert decode_name(codecs.BOM_UTF8 + b"Flute") == DecodedName("Flute")
    assert decode_name(b"") == DecodedName("")
    for codec in ("utf-16-le", "utf-16-be"):
        assert decode_name("\ufeff主旋律\0".encode(codec)) == DecodedName("主旋律")
    assert decode_name(b"\xff\xfe\x00").guess  # half of a character
    assert decode_name(b"text \x9b7m") == DecodedName("text \\x9b7m")


@given(st.binary(), st.sampled_from(["cp1252", "cp437"]))
def test_any_name_is_read(data: bytes, western: Literal["cp1252", "cp437"]) -> None:
    name = decode_name(data, western)
    name.text.encode()  # no half of a pair
    if not name.guess and "\\x" not in name.text:
        marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        encoded = data.decode("utf-16").encode() if marked else data.removeprefix(codecs.BOM_UTF8)
        assert encoded.startswith(name.text.encode())
