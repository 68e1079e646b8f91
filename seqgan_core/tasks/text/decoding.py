"""From bytes to text, without guessing: what cannot be known is asked, what is no text is said."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass

from seqgan_core.tasks.corpus import CorpusError

MAX_BYTES = 5_000_000
ENCODINGS = ("utf-8", "utf-16", "gb18030")
PREVIEW = 200  # characters that a person is shown to decide by

# How files begin that are no text, whatever their name says.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip archive (or a .docx, .odt or .epub, which are zips)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"Rar!\x1a\x07", "a rar archive"),
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
_TAR = (257, b"ustar")


@dataclass(frozen=True)
class Decoded:
    """A text, and what its bytes were written in."""

    text: str
    encoding: str


@dataclass(frozen=True)
class NeedsConfirmation:
    """The bytes are not UTF-8, but could be `encoding`: a person must look.

    Attributes:
        encoding: to be given to `decode` once it is confirmed.
        preview: how the beginning reads then.
        why: a clause on what is not UTF-8, and where.
    """

    encoding: str
    preview: str
    why: str


def decode(data: bytes, encoding: str | None = None) -> Decoded | NeedsConfirmation:
    """The text of a file.

    UTF-8 with or without its mark, and UTF-16 with its mark, are recognised. Anything else that
    could be GB18030 is asked about; nothing is guessed.

    Args:
        data: the whole file.
        encoding: what a person says it is, one of `ENCODINGS`.

    Raises:
        CorpusError: it is too large, empty, no text, or not in that encoding; says what and where.
    """
    if len(data) > MAX_BYTES:
        raise CorpusError(
            f"the file has {len(data):,} bytes; at most {MAX_BYTES:,} are taken, give a part of it"
        )
    if not data.strip():
        raise CorpusError("the file is empty; it must hold at least some lines of text")
    kind = kind_of(data)
    if kind is not None:
        raise CorpusError(
            f"the file is {kind}, whatever its name says; save what it holds as plain text (UTF-8)"
        )
    declared = encoding.lower() if encoding is not None else None
    if declared is not None and declared not in ENCODINGS:
        raise CorpusError(f"encoding is {encoding!r}; it must be one of {', '.join(ENCODINGS)}")
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise CorpusError("the file is UTF-32, which hardly anyone writes; save it as UTF-8")
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if marked or declared == "utf-16":
        return Decoded(_without_nul(_strictly(data, "utf-16")), "UTF-16")
    if b"\0" in data:
        raise CorpusError(
            f"the file is not a text: it holds a NUL byte ({_place(data, data.index(0))}); if it "
            "is UTF-16, save it with a byte order mark, or as UTF-8"
        )
    if declared == "gb18030":
        return Decoded(_strictly(data, "gb18030"), "GB18030")
    try:
        return Decoded(data.decode("utf-8-sig"), "UTF-8")
    except UnicodeDecodeError as error:
        start = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        why = f"byte 0x{data[start]:02X} is not UTF-8 ({_place(data, start)})"
    if declared is None and not data.startswith(codecs.BOM_UTF8):
        preview = _as_gb18030(data)
        if preview is not None:
            return NeedsConfirmation("gb18030", preview, why)
    raise CorpusError(
        f"{why}, and the file is in no other encoding that is read here; save it as UTF-8"
    )


def escaped(text: str, most: int = 80) -> str:
    """A text cut short, where nothing acts: controls are written out as their number.

    >>> print(escaped("a" + chr(27) + "[31mb" + chr(0x202E) + "c"))
    a<U+001B>[31mb<U+202E>c
    """
    safe = "".join(
        sign if not _is_control(sign) else f"<U+{ord(sign):04X}>" for sign in text[:most]
    )
    return safe + ("…" if len(text) > most else "")


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp") and (
        sign not in "\u200c\u200d"  # these join letters and emoji
    )


def kind_of(data: bytes) -> str | None:
    """What a file is that is no text, by how it begins; None if that says nothing."""
    at, tar = _TAR
    if data[at : at + len(tar)] == tar:
        return "a tar archive"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="ignore")
        raise CorpusError(
            f"byte 0x{data[error.start]:02X} is not {encoding.upper()} "
            f"(line {_lines(before)}, byte {error.start + 1:,} of the file); "
            "the file is damaged, or in another encoding: save it as UTF-8"
        ) from None


def _without_nul(text: str) -> str:
    if "\0" in text:
        line = _lines(text[: text.index("\0")])
        raise CorpusError(f"the file is not a text: it holds a NUL character (line {line})")
    return text


def _as_gb18030(data: bytes) -> str | None:
    """How the beginning would read, if all of it could be GB18030 and holds Chinese."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    if not any("\u4e00" <= sign <= "\u9fff" for sign in text):
        return None
    first = next(at for at, sign in enumerate(text) if not sign.isascii())
    start = max(0, first - PREVIEW // 4)  # a preview in plain English would show nothing
    lines = text[start : start + PREVIEW].splitlines()
    return "\n".join(escaped(line, PREVIEW) for line in lines)


def _lines(before: str) -> int:
    return len(before.splitlines()) + (not before or before[-1] in "\r\n")


def _place(data: bytes, at: int) -> str:
    before = data[:at].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    start = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
    return f"line {before.count(10) + 1:,}, byte {at - start + 1:,} of it"
