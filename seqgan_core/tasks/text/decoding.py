"""From bytes to text, without guessing: an unclear encoding is confirmed by a person.

Only a name, which nothing is learnt from, is guessed, and said to be.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Literal

from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import N_, Message
from seqgan_core.tasks.corpus import CorpusError

MAX_BYTES = 5_000_000
ENCODINGS = ("utf-8", "utf-16", "gb18030")
PREVIEW = 200  # characters that a person sees to decide

# How files begin that are not text, whatever their name says.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", N_("a zip archive (or a .docx, .odt or .epub, which are zips)")),
    (b"PK\x05\x06", N_("an empty zip archive")),
    (b"\x1f\x8b", N_("a gzip archive")),
    (b"BZh", N_("a bzip2 archive")),
    (b"\xfd7zXZ\x00", N_("an xz archive")),
    (b"7z\xbc\xaf\x27\x1c", N_("a 7z archive")),
    (b"\x28\xb5\x2f\xfd", N_("a zstd archive")),
    (b"Rar!\x1a\x07", N_("a rar archive")),
    (b"%PDF-", N_("a PDF")),
    (b"{\\rtf", N_("an RTF document")),
    (b"\xd0\xcf\x11\xe0", N_("an old Word or Excel document")),
    (b"\x89PNG\r\n", N_("a PNG image")),
    (b"\xff\xd8\xff", N_("a JPEG image")),
    (b"GIF8", N_("a GIF image")),
    (b"\x7fELF", N_("a program")),
    (b"SQLite format 3\x00", N_("a database")),
)
_TAR = (257, b"ustar")
# What names are made of, by encoding: frequent characters, in bytes for what text does not tell.
_WIDE: tuple[tuple[str, str, re.Pattern[bytes]], ...] = (
    ("GB18030", "gb18030", re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")),
    ("Shift-JIS", "cp932", re.compile(rb"[\x81-\x83\x88-\x97][\x40-\xfc]")),
)
_ACCENTED = re.compile(  # alone, or two of them in a Latin word
    r"(?<![^\0-\x7f])([À-ÖØ-öø-ÿŒœŠšŽžŸ‘’“”–—…¡¿ßª°º©®]"
    r"|(?<=[A-Za-z])[À-ÿŒœŠšŽž’]{2}|[À-ÿŒœŠšŽž’]{2}(?=[A-Za-z]))(?![^\0-\x7f])"
)
_CYRILLIC = re.compile(r"(?<![A-Za-zЁА-яё])([ЁА-Я]?[а-яё]+|[ЁА-Я]{2,})(?![A-Za-zЁА-яё])")


@dataclass(frozen=True)
class Decoded:
    """A text and its encoding."""

    text: str
    encoding: str


@dataclass(frozen=True)
class NeedsConfirmation:
    """The bytes are not UTF-8, but could be `encoding`: a person must look.

    Attributes:
        encoding: for `decode`, once it is confirmed.
        preview: the beginning in that encoding.
        why: a clause on what is not UTF-8, and where.
    """

    encoding: str
    preview: str
    why: Message


def decode(data: bytes, encoding: str | None = None) -> Decoded | NeedsConfirmation:
    """The text of a file.

    UTF-8 with or without a byte order mark, and UTF-16 with one, are recognised. Anything else that
    could be GB18030 must be confirmed; nothing is guessed.

    Args:
        data: the whole file.
        encoding: what a person says it is, one of `ENCODINGS`.

    Raises:
        CorpusError: it is too large, empty, no text, or not in that encoding; says what and where.
    """
    if len(data) > MAX_BYTES:
        raise CorpusError(
            "text.too-large",
            "the file has {size:,} bytes; at most {most:,} are allowed; use a part of it",
            size=len(data), most=MAX_BYTES,
        )  # fmt: skip
    if not data.strip():
        raise CorpusError("text.empty", "the file is empty; it must have some lines of text")
    kind = kind_of(data)
    if kind is not None:
        raise CorpusError(
            "text.other-kind",
            "the file is {kind}, whatever its name says; save its text as plain text (UTF-8)",
            kind=Message(kind),
        )
    declared = encoding.lower() if encoding is not None else None
    if declared is not None and declared not in ENCODINGS:
        raise CorpusError(
            "text.encoding",
            "encoding is {encoding!r}; it must be one of {names}",
            encoding=encoding, names=", ".join(ENCODINGS),
        )  # fmt: skip
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise CorpusError("text.utf32", "the file is UTF-32; save it as UTF-8")
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if marked or declared == "utf-16":
        return Decoded(_without_nul(_strictly(data, "utf-16")), "UTF-16")
    if b"\0" in data:
        raise CorpusError(
            "text.nul",
            "the file is not text: it has a NUL byte ({place}); if it is UTF-16, save it with a "
            "byte order mark, or as UTF-8",
            place=_place(data, data.index(0)),
        )
    if declared == "gb18030":
        return Decoded(_strictly(data, "gb18030"), "GB18030")
    try:
        return Decoded(data.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError as error:
        start = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        byte, place = f"{data[start]:02X}", _place(data, start)
    if declared is None and not data.startswith(codecs.BOM_UTF8):
        preview = _as_gb18030(data)
        if preview is not None:
            why = Message("byte 0x{byte} is not UTF-8 ({place})", byte=byte, place=place)
            return NeedsConfirmation("gb18030", preview, why)
    raise CorpusError(
        "text.unknown-encoding",
        "byte 0x{byte} is not UTF-8 ({place}), and the file is in no other encoding that is "
        "supported; save it as UTF-8",
        byte=byte, place=place,
    )  # fmt: skip


@dataclass(frozen=True)
class DecodedName:
    """The name of a part or a file.

    Attributes:
        text: in Unicode; its control characters are still there.
        guess: the encoding for people ("Shift-JIS") if it is a guess, else "".
    """

    text: str
    guess: str = ""


def decode_name(data: bytes, western: Literal["cp1252", "cp437"] = "cp1252") -> DecodedName:
    r"""A name whose encoding is not stated: UTF-8, or the encoding that makes most sense of it.

    In GB18030 and Shift-JIS frequent characters in a row make sense; in a European code single
    letters with accents among others, or Cyrillic words. UTF-8 may be cut within its last
    character. Bytes that make sense in none are written as "\x9b".

    Args:
        data: the bytes of the name, perhaps with NUL at its end.
        western: the European code where it is from: Windows (MIDI) or DOS (zip).

    >>> decode_name("Flöte".encode("cp1252")), decode_name("ピアノ".encode("cp932"))
    (DecodedName(text='Flöte', guess='Windows-1252'), DecodedName(text='ピアノ', guess='Shift-JIS'))
    """
    data = data.rstrip(b"\0")
    try:
        return DecodedName(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        if error.reason == "unexpected end of data" and not before.isascii():
            return DecodedName(before)
    guesses = [(_share_of_wide(data, codec, usual), name, codec) for name, codec, usual in _WIDE]
    for name, codec, usual in (
        ("Windows-1252" if western == "cp1252" else "cp437", western, _ACCENTED),
        ("Windows-1251", "cp1251", _CYRILLIC),
    ):
        text = data.decode(codec, "replace")
        guesses.append((_share(text, sum(map(len, usual.findall(text)))), name, codec))
    share, name, codec = max(guesses, key=lambda guess: guess[0])  # of equals the first
    if share < 0.5:
        return DecodedName(data.decode("ascii", "backslashreplace"))
    return DecodedName(data.decode(codec, "replace"), name)


def _share_of_wide(data: bytes, codec: str, usual: re.Pattern[bytes]) -> float:
    """The share of frequent characters; one alone counts half, as it may be an accent."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return 0.0
    count = 0.0
    for run in re.findall(r"[^\0-\x7f]+", text):
        frequent = sum(bool(usual.fullmatch(sign.encode(codec))) for sign in run)
        count += frequent if len(run) > 1 else frequent / 2
    return _share(text, count)


def _share(text: str, count: float) -> float:
    return count / max(1, sum(not sign.isascii() for sign in text))


def kind_of(data: bytes) -> str | None:
    """What kind of file it is, by its first bytes (marked for translation); None if unknown."""
    at, tar = _TAR
    if data[at : at + len(tar)] == tar:
        return N_("a tar archive")
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="ignore")
        raise CorpusError(
            "text.not-in-encoding",
            "byte 0x{byte} is not {encoding} (line {line}, byte {at:,} of the file); the file is "
            "damaged, or in another encoding; save it as UTF-8",
            byte=f"{data[error.start]:02X}", encoding=encoding.upper(), line=_lines(before),
            at=error.start + 1,
        ) from None  # fmt: skip


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise CorpusError(
            "text.nul-character",
            "the file is not text: it has a NUL character (line {line})",
            line=_lines(text[: text.index("\0")]),
        )
    return text


def _as_gb18030(data: bytes) -> str | None:
    """The beginning as GB18030, if all of it could be GB18030 and has Chinese; else None."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    if not any("\u4e00" <= sign <= "\u9fff" for sign in text):
        return None
    first = next(at for at, sign in enumerate(text) if not sign.isascii())
    start = max(0, first - PREVIEW // 4)  # a preview in plain English would show nothing
    lines = text[start : start + PREVIEW].splitlines()
    return "\n".join(visible_text(line, PREVIEW) for line in lines)


def _lines(before: str) -> int:
    return len(before.splitlines()) + (not before or before[-1] in "\r\n")


def _place(data: bytes, at: int) -> Message:
    before = data[:at].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
    line, byte = before.count(10) + 1, at - start + 1
    return Message("line {line:,}, byte {byte:,} of it", line=line, byte=byte)
