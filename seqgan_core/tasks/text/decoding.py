"""From bytes to text, without guessing: an unclear encoding is confirmed by a person.

Only a name, which nothing is learnt from, is guessed, and said to be.
"""

import codecs
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import Message
from seqgan_core.tasks.corpus import CorpusError
from seqgan_core.tasks.file_kinds import AS_TEXT, kind_of

MAX_BYTES = 5_000_000
PREVIEW = 200  # characters that a person sees to decide

_BYTE_ORDERS = ("utf-16-le", "utf-16-be")
_MARKS = (  # the longer ones first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
# These are not how files are written: the same bytes would be read as an escape or a domain name.
_NO_FILES = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7")

# What names look like in the encodings that are guessed: CJK characters, of which one alone counts
# half, as it may be an accent; Cyrillic words; accents alone, or two in a word.
_WIDE = re.compile(r"[ぁ-ヿ一-鿿、-】！-～]+")
_CYRILLIC = re.compile(r"(?<![A-Za-zЁА-яё])[ЁА-Я]?[а-яё]{2,}(?![A-Za-zЁА-яё])")
_ACCENTED = re.compile(
    r"(?<![^\0-\x7f])(?:[À-ÖØ-öø-ÿŒœŠšŽžŸ‘’“”–—…¡¿ßª°º©®]"
    r"|(?<=[A-Za-z])[À-ÿŒœŠšŽž’]{2}|[À-ÿŒœŠšŽž’]{2}(?=[A-Za-z]))(?![^\0-\x7f])"
)
_GUESSES = (
    ("Shift-JIS", "cp932", _WIDE, 0.5), ("Windows-1251", "cp1251", _CYRILLIC, 1.0),
    ("GB18030", "gb18030", _WIDE, 0.5), ("Windows-1252", "cp1252", _ACCENTED, 1.0),
    ("cp437", "cp437", _ACCENTED, 1.0),
)  # fmt: skip


@dataclass(frozen=True)
class Decoded:
    text: str
    encoding: str


@dataclass(frozen=True)
class NeedsConfirmation:
    """The bytes are not UTF-8, but could be `encoding`: a person must look."""

    encoding: str  # for `decode`, once it is confirmed
    preview: str  # the beginning in that encoding
    why: Message  # a clause on what is not UTF-8, and where


def decode(data: bytes, encoding: str | None = None) -> Decoded | NeedsConfirmation:
    """The text of a file.

    UTF-8 with or without a byte order mark, and UTF-16 and UTF-32 with one, are recognised. What
    could be UTF-16 without one, or GB18030, must be confirmed; nothing is guessed.

    `encoding` is what a person says it is, by any name that Python has for it. "utf-16" without a
    byte order mark is the order that gives text; if both do, it must be confirmed.

    Raises:
        CorpusError: it is too large, empty, no text, or not in that encoding; says what and where.
    """
    if len(data) > MAX_BYTES:
        raise CorpusError("text.file-too-large", size=len(data), most=MAX_BYTES)
    if not data.strip():
        raise CorpusError("text.empty", "the file is empty; it must have some lines of text")
    kind = kind_of(data)
    if kind is not None:
        raise CorpusError("text.other-kind", AS_TEXT[kind.family], kind=Message(kind.name))
    declared = None if encoding is None else _codec(encoding)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_without_nul(_strictly(data, name)), name.upper())
    if declared == "utf-16":
        either = _either_order(data, stated=True)
        return either or Decoded(_strictly(data, "utf-16"), "UTF-16")  # or raises the error
    if declared not in (None, "utf-8"):
        return Decoded(_without_nul(_strictly(data, declared)), declared.upper())
    if b"\0" in data:
        if declared is None and (either := _either_order(data, stated=False)):
            return either
        raise CorpusError("text.nul", place=_place(data, data.index(0)))
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
    raise CorpusError("text.unknown-encoding", byte=byte, place=place)


@dataclass(frozen=True)
class DecodedName:
    """A name, controls included, and its encoding for people if that is a guess, else ""."""

    text: str
    guess: str = ""


def decode_name(data: bytes, western: Literal["cp1252", "cp437"] = "cp1252") -> DecodedName:
    r"""A name whose encoding is not stated: UTF-8, or the encoding that makes most sense of it.

    UTF-8 may be cut within its last character. Bytes that make no sense are written as "\x9b".
    `western` is the code of accents where the name is from: Windows (MIDI) or DOS (zip).

    >>> decode_name("Flöte".encode("cp1252")), decode_name("ピアノ".encode("cp932"))
    (DecodedName(text='Flöte', guess='Windows-1252'), DecodedName(text='ピアノ', guess='Shift-JIS'))
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with suppress(UnicodeDecodeError):
            return DecodedName(data.decode("utf-16").rstrip("\0"))
    data = data.rstrip(b"\0")
    try:
        return DecodedName(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        if error.reason == "unexpected end of data" and not before.isascii():
            return DecodedName(before)
    best, result = 0.4, DecodedName(data.decode("ascii", "backslashreplace"))
    for name, codec, usual, single in _GUESSES:
        text = data.decode(codec, "replace")
        if "\ufffd" in text[:-1]:  # the last one may be cut
            continue
        count = sum(len(run) if len(run) > 1 else single for run in usual.findall(text))
        share = count / max(1, sum(not sign.isascii() for sign in text))
        if share > best and codec not in {"cp1252", "cp437"} - {western}:
            best, result = share, DecodedName(text, name)
    return result


def _codec(encoding: str) -> str:
    """Python's name of an encoding.

    Raises:
        CorpusError: it has none of that name.
    """
    try:
        "".encode(encoding)  # refuses codecs that are not of text
        name = codecs.lookup(encoding).name.replace("_", "-")
    except (LookupError, ValueError):
        name = ""
    if not name or name in _NO_FILES:
        raise CorpusError("text.encoding", encoding=encoding)
    return name


def _either_order(data: bytes, *, stated: bool) -> Decoded | NeedsConfirmation | None:
    """UTF-16 without a byte order mark, in the order with fewer wrong characters.

    They are controls, private, or not assigned by Unicode. If there are as many in both, a person
    decides; the order whose characters are from fewer blocks of 256 is shown. Unless a person has
    stated that it is UTF-16, None if it cannot be plain text.
    """
    orders: list[tuple[int, int, str, str]] = []
    for name in _BYTE_ORDERS:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        signs = "".join(text.split())
        wrong = sum(unicodedata.category(sign) in ("Cc", "Cn", "Co") for sign in signs)
        orders.append((wrong, len({ord(sign) >> 8 for sign in text}), name, text))
    orders = [order for order in sorted(orders) if order[0] == min(orders)[0]]
    if not orders or not (stated or (orders[0][0] == 0 and set(" \r\n") & set(orders[0][3]))):
        return None
    _, _, name, text = orders[0]
    if stated and len(orders) == 1:
        return Decoded(_without_nul(text), name.upper())
    return NeedsConfirmation(name, _preview(text), Message("it has no byte order mark"))


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="ignore")
        byte, at, line = f"{data[error.start]:02X}", error.start + 1, _lines(before)
        raise CorpusError(
            "text.not-in-encoding", byte=byte, encoding=encoding.upper(), line=line, at=at
        ) from None


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise CorpusError("text.nul-character", line=_lines(text[: text.index("\0")]))
    return text


def _as_gb18030(data: bytes) -> str | None:
    """The beginning as GB18030, if all of it could be GB18030 and is Chinese; else None."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    chinese = sum("\u4e00" <= sign <= "\u9fff" for sign in text)
    private = sum(unicodedata.category(sign) == "Co" for sign in text)
    if chinese <= 10 * private:  # as of Big5
        return None
    return _preview(text)


def _preview(text: str) -> str:
    first = next((at for at, sign in enumerate(text) if not sign.isascii()), 0)
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
