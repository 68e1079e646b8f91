"""What a file is, by its content, so that it can be named before it is read or refused."""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal

from seqgan_core.messages import N_

Family = Literal[
    "midi", "musicxml", "abc", "zip", "notation", "audio", "document", "archive", "other"
]
ARCHIVE_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, NotImplementedError,
    RuntimeError, ValueError, LookupError, OverflowError,
)  # fmt: skip
"""What Python's zipfile raises for a damaged or locked archive."""
CONTAINER = "META-INF/container.xml"  # of a compressed score, and of an e-book


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its name with an article, marked for translation, and what is alike."""

    name: str
    family: Family


_TUNE: tuple[Family, ...] = ("midi", "musicxml", "abc")
_NO_NOTES = N_("it is {kind}, whatever its name says; only MIDI, MusicXML and ABC have notes")
TUNES: tuple[Family, ...] = (*_TUNE, "zip")  # what tunes are read from
AS_TEXT: dict[Family, str] = {
    **dict.fromkeys(_TUNE, N_(
        "the file is {kind}, not a text; upload it under Music, or add it with `python -m "
        "seqgan_core corpus add FILE`"
    )),
    "notation": N_(
        "the file is {kind}, not a text; for its tunes, export it as MusicXML or MIDI and upload "
        "that under Music"
    ),
    **dict.fromkeys(("zip", "archive"), N_(
        "the file is {kind}, whatever its name says; unpack it, and use the plain text (UTF-8) in "
        "it"
    )),
    "document": N_(
        "the file is {kind}, whatever its name says; save its text as plain text (UTF-8)"
    ),
    **dict.fromkeys(("audio", "other"), N_(
        "the file is {kind}, whatever its name says; only plain text (UTF-8) can be used"
    )),
}  # fmt: skip
"""Why a file of a family is not read as text, and what to do; marked for translation."""
AS_TUNES: dict[Family, str] = {
    "notation": N_("it is {kind}; export it as MusicXML or MIDI, and add that"),
    "audio": N_("it is {kind}, which has sound and no notes; add MIDI, MusicXML or ABC"),
    "archive": N_("it is {kind}, whatever its name says; unpack it, or use a zip archive"),
    "document": _NO_NOTES,
    "other": _NO_NOTES,
}
"""The same for tunes, as clauses; what is read as tunes is not among them."""

_HEAD = 4000  # bytes that are looked at; XML names its root within them
# The file begins with this (XML: after its declarations).
_BEGINNINGS: tuple[tuple[bytes, str, Family], ...] = (
    (rb"MThd|RIFF....RMID", N_("a MIDI file"), "midi"),
    (rb"RIFF....WAVE", N_("a WAV recording"), "audio"),
    (rb"ID3[\x02-\x04]|\xff[\xf2\xf3\xfa\xfb]", N_("an MP3 recording"), "audio"),
    (rb"OggS\0", N_("an Ogg recording"), "audio"),
    (rb"fLaC", N_("a FLAC recording"), "audio"),
    (rb"FORM....AIF[FC]", N_("an AIFF recording"), "audio"),
    (rb"....ftyp", N_("an MP4 or M4A recording"), "audio"),
    (rb"(?:!![^\r\n]*[\r\n]+)*\*\*kern\b", N_("a Humdrum **kern score"), "notation"),
    (rb"\x0fSIBELIUS", N_("a Sibelius score"), "notation"),
    (rb".FICHIER GUITAR PRO|BCF[SZ]", N_("a Guitar Pro score"), "notation"),
    (rb"ENIGMA BINARY FILE", N_("a Finale score"), "notation"),
    (rb"\[NoteWorthy|\[NWZ\]|!NoteWorthy", N_("a NoteWorthy score"), "notation"),
    (rb'(?:%[^\n]*\n|\s)*+\\version\s*"', N_("a LilyPond score"), "notation"),
    (rb"\x1f\x8b", N_("a gzip archive"), "archive"),
    (rb"BZh[1-9]", N_("a bzip2 archive"), "archive"),
    (rb"\xfd7zXZ\0", N_("an xz archive"), "archive"),
    (rb"7z\xbc\xaf\x27\x1c", N_("a 7z archive"), "archive"),
    (rb"\x28\xb5\x2f\xfd", N_("a zstd archive"), "archive"),
    (rb"Rar!\x1a\x07", N_("a rar archive"), "archive"),
    (rb".{257}ustar", N_("a tar archive"), "archive"),
    (rb"PK\x05\x06", N_("an empty zip archive"), "zip"),
    (rb"%PDF-", N_("a PDF"), "document"),
    (rb"\{\\rtf", N_("an RTF document"), "document"),
    (rb"\xd0\xcf\x11\xe0", N_("an old Word or Excel document"), "document"),
    (rb"\x89PNG\r\n", N_("a PNG image"), "other"),
    (rb"\xff\xd8\xff", N_("a JPEG image"), "other"),
    (rb"GIF8[79]a", N_("a GIF image"), "other"),
    (rb"RIFF....WEBP", N_("a WebP image"), "other"),
    (rb"II\*\0|MM\0\*", N_("a TIFF image"), "other"),
    (rb"\x7fELF", N_("a program"), "other"),
    (rb"SQLite format 3\0", N_("a database"), "other"),
    (rb".{0,1016}MThd\0\0\0\x06", N_("a MIDI file"), "midi"),  # behind the header of a Macintosh
)
_ROOTS: tuple[tuple[bytes, str, Family], ...] = (
    (rb"<score-(?:part|time)wise\b", N_("a MusicXML score"), "musicxml"),
    (rb"<museScore\b", N_("a MuseScore score"), "notation"),
    (rb"<(?:\w+:)?mei\b", N_("an MEI score"), "notation"),
    (rb"<(?:!doctype\s+)?html\b", N_("a web page"), "document"),
)
# A zip archive holds files of all these names.
_MEMBERS: tuple[tuple[tuple[str, ...], str, Family], ...] = (
    ((CONTAINER, r"[^/]+\.mscx"), N_("a MuseScore score"), "notation"),
    (("Content/score.gpif",), N_("a Guitar Pro score"), "notation"),
    (("NotationMetadata.xml",), N_("a Finale score"), "notation"),
    (("word/document.xml",), N_("a Word document (.docx)"), "document"),
    (("xl/workbook.xml",), N_("an Excel document"), "document"),
    (("ppt/presentation.xml",), N_("a PowerPoint document"), "document"),
    (
        ("mimetype", r"content\.xml|.*\.opf"),  # a score may have a mimetype, too
        N_("an OpenDocument text or an e-book"),
        "document",
    ),
    ((CONTAINER,), N_("a compressed MusicXML score"), "musicxml"),
)
# The fields above a tune: they begin with X: and a number, and end with K:.
_ABC = re.compile(
    rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?X:[ \t]*\d[^\r\n]*[\r\n]+"
    rb"(?:(?:[A-JL-WYZa-z]:|%)[^\r\n]*[\r\n]+)*+K:",
    re.MULTILINE,
)


def kind_of(data: bytes) -> FileKind | None:
    """What a file is; None for plain text, and for what has no mark of its own."""
    if data.startswith(b"PK\3\4"):
        return _zip_kind(data)
    for beginning, name, family in _BEGINNINGS:
        if re.match(beginning, data[:_HEAD], re.DOTALL):
            return FileKind(name, family)
    head = plain_start(data)
    if head.startswith(b"<"):
        for root, name, family in _ROOTS:
            if re.search(root, head, re.IGNORECASE):
                return FileKind(name, family)
    elif _ABC.search(data.replace(b"\0", b"")):  # of UTF-16, too
        return FileKind(N_("music in ABC notation"), "abc")
    return None


def plain_start(data: bytes) -> bytes:
    """The beginning without byte order marks, spaces and the zeros of UTF-16."""
    start = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    return start.lstrip(b"\xfe\xff \t\r\n")


def _zip_kind(data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except ARCHIVE_ERRORS:
        names = []
    for members, name, family in _MEMBERS:
        if all(any(re.fullmatch(member, each) for each in names) for member in members):
            return FileKind(name, family)
    return FileKind(N_("a zip archive"), "zip")
