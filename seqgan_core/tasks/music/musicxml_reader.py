"""MusicXML: the parts of a score, read without entities and without opening other files."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException, ElementTree  # type: ignore[import-untyped]

from seqgan_core.tasks.file_kinds import ARCHIVE_ERRORS, CONTAINER
from seqgan_core.tasks.music.melody_part import Part, Piece, check_length
from seqgan_core.tasks.music.midi_reader import MAX_NOTES
from seqgan_core.tasks.music.musicxml_part import PartReader
from seqgan_core.tasks.music.tune import BPM, TuneError
from seqgan_core.tasks.text.decoding import decode_name

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_BYTES = 8_000_000  # of a score, unpacked


def read_xml(data: bytes, title: str = "") -> Piece:
    """A MusicXML score by parts, repeats played once.

    Raises:
        TuneError: it cannot be read, or is beyond the limits; a clause that says why.
    """
    if len(data) > MAX_BYTES:
        raise TuneError(
            "xml.too-large",
            "{size:,} bytes; a score may have at most {most:,}",
            size=len(data), most=MAX_BYTES,
        )  # fmt: skip
    root = _root(data)
    if root.tag not in ("score-partwise", "score-timewise"):
        raise TuneError("xml.other-kind", "it is XML, but not MusicXML")
    names = {part.get("id", ""): part.findtext("part-name", "") for part in root.iter("score-part")}
    ids, measures = _measures(root)
    parts = [PartReader() for _ in ids]
    start = 0.0
    for row in measures:
        read = [parts[number].measure(element, start) for number, element in row]
        start += _length(read) or parts[row[0][0]].bar
    notes = [tuple(part.notes()) for part in parts]
    if sum(map(len, notes)) > MAX_NOTES:
        raise TuneError("tune.too-many-notes", "it has more than {most:,} notes", most=MAX_NOTES)
    tempi = {0: BPM}
    for marks in [part.printed for part in parts] + [part.tempi for part in parts]:
        tempi |= marks
    piece = Piece(
        title,
        tuple(
            Part(names.get(name) or "", own, part.drums and not own)
            for name, part, own in zip(ids, parts, notes, strict=True)
        ),
        tuple(sorted(tempi.items())),
    )
    check_length(piece)
    return piece


def _measures(root: Element) -> tuple[list[str], list[list[tuple[int, Element]]]]:
    """The ids of the parts, and for each measure the parts that have it, by number."""
    if root.tag == "score-timewise":
        rows = [[(part.get("id", ""), part) for part in row.findall("part")]
                for row in root.findall("measure")]  # fmt: skip
        numbers = {
            name: n for n, name in enumerate(dict.fromkeys(x for row in rows for x, _ in row))
        }
        return [*numbers], [[(numbers[name], part) for name, part in row] for row in rows if row]
    by_measure: dict[int, list[tuple[int, Element]]] = defaultdict(list)
    parts = root.findall("part")
    for number, part in enumerate(parts):
        for at, measure in enumerate(part.findall("measure")):
            by_measure[at].append((number, measure))
    return [part.get("id", "") for part in parts], [*by_measure.values()]


def _length(read: list[tuple[float, bool]]) -> float:
    """How long a measure lasts, by how far each part goes in it, and whether it has notes.

    All parts begin the next measure together. Rests do not count beside notes, since a rest of a
    whole measure often has another length.
    """
    sounding = [reached for reached, sounds in read if sounds]
    return max(sounding or [reached for reached, _ in read])


def read_mxl(data: bytes, title: str = "") -> Piece:
    """A compressed MusicXML file.

    Raises:
        TuneError: it cannot be read, or is beyond the limits.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return read_xml(unpack(archive, _score(archive), MAX_BYTES), title)
    except TuneError:
        raise
    except ARCHIVE_ERRORS:
        raise TuneError("tune.archive", "its archive is damaged, or locked") from None


def _score(archive: zipfile.ZipFile) -> str:
    """The score of an archive: the file that its container names, else the only one."""
    files = [name for name in scores_in(archive) if not name.startswith("META-INF/")]
    named = []
    if CONTAINER in archive.namelist():
        container = _root(unpack(archive, CONTAINER, 100_000))
        named = [file.get("full-path") or "" for file in container.iter("rootfile")]
    for path in named[:1]:
        for same in (str, _plain):  # as it is written, then as it is meant
            for name in files:
                if same(path) == same(member_name(archive.getinfo(name))):
                    return name
    scores = [name for name in files if name.lower().endswith((".xml", ".musicxml"))]
    if len(scores) == 1:
        return scores[0]
    if not named:
        raise TuneError("mxl.no-score", "its container names no score")
    raise TuneError("mxl.score-missing", "its container names a score that it does not have")


def _plain(path: str) -> str:
    """A path without what programs write differently: case, composed accents, a leading "./"."""
    return unicodedata.normalize("NFKC", path).casefold().replace("\\", "/").lstrip("./")


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a file in an archive; many programs write UTF-8 and do not say so."""
    if info.flag_bits & 0x800:
        return info.filename
    return decode_name(info.filename.encode("cp437"), "cp437").text


def claimed_size(data: bytes) -> int:
    """The size of a file, or of what an archive claims to contain, which is not read."""
    if data[:2] != b"PK":
        return len(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(info.file_size for info in archive.infolist())
    except ARCHIVE_ERRORS:
        return len(data)


def unpack(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One file of an archive; no more than `most` bytes are ever unpacked.

    Raises:
        TuneError: it is larger, whatever the archive says, or packed in a rare way.
        KeyError: there is none of that name.
    """
    if archive.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise TuneError("tune.compression", "its compression is not supported; use plain zip")
    with archive.open(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise TuneError("tune.unpacks-large", "it unpacks to more than {most:,} bytes", most=most)
    return data


def _root(data: bytes) -> Element:
    try:
        # A score may name its DTD, which is not looked at; entities and all else are refused.
        root: Element = ElementTree.fromstring(data, forbid_dtd=False)
    except DefusedXmlException:
        raise TuneError("xml.entities", "it defines entities, which no score needs") from None
    except ParseError as error:
        line, column = error.position
        raise TuneError(
            "xml.damaged",
            "it is damaged or cut off: not well-formed XML (line {line:,}, column {column:,})",
            line=line, column=column + 1,
        ) from None  # fmt: skip
    except (ValueError, LookupError, RecursionError):  # Python's parser has few encodings
        raise TuneError(
            "xml.encoding", "its XML is in an encoding that cannot be read; save it as UTF-8"
        ) from None
    return root


def scores_in(archive: zipfile.ZipFile) -> Iterator[str]:
    """The files of an archive, without folders and the extra files of operating systems."""
    for info in archive.infolist():
        name = info.filename.rpartition("/")[2]
        if not info.is_dir() and not name.startswith(".") and "__MACOSX" not in info.filename:
            yield info.filename
