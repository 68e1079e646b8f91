"""Tunes of one's own: MIDI, MusicXML, or archives of them; what of them is used, and why not all.

Everything is looked at before it is read: how large it is, what it claims, how large it unpacks.
Whatever it holds, the answer is a corpus or a `CorpusError` of one sentence.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from seqgan_core.tasks.corpus import CorpusError, Rejection, Report
from seqgan_core.tasks.music import midi_reader, musicxml_reader
from seqgan_core.tasks.music.cache import deduplicated
from seqgan_core.tasks.music.melody_part import HIGHEST_PART, Piece, melody_of, tune_of
from seqgan_core.tasks.music.tune import TICKS, Collection, Step, Tune, TuneError
from seqgan_core.tasks.music.user_split import MIN_TEST, MIN_TRAIN, WINDOW, split
from seqgan_core.tasks.splitting import Side
from seqgan_core.tasks.text.decoding import escaped, kind_of

MAX_FILES = 1000
MAX_BYTES = 10_000_000  # uploaded together
MAX_UNPACKED = 40_000_000  # out of all archives and compressed scores together
MAX_QUARTERS = 1_000_000  # notes and rests of all tunes: a thousand of eight minutes at 120
LICENCE = "your own files; they stay on this machine"


@dataclass(frozen=True)
class Upload:
    """A file as it was given: its name, which nothing is decided by, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class PartReport:
    """A part of a file: what the file calls it, its notes, and whether they are drums."""

    name: str
    notes: int
    drums: bool


@dataclass(frozen=True)
class FileReport:
    """What of a file is used.

    Attributes:
        name: the file's.
        parts: all that it holds; `taken` is the number of the one that is used, from 1.
        slowest, fastest: quarter notes a minute, of all the tempi that are honoured.
        seconds: how long the tune lasts.
        covered: notes of the part that begin under a higher one, and are not begun by the tune.
    """

    name: str
    parts: tuple[PartReport, ...]
    taken: int
    slowest: float
    fastest: float
    seconds: float
    covered: int


@dataclass(frozen=True)
class ReadFiles:
    """What was made of some files: the tunes, and what of each file they are."""

    collection: Collection
    files: tuple[FileReport, ...]


def read_user_tunes(
    uploads: Sequence[Upload],
    title: str = "",
    melody: str | int = HIGHEST_PART,
    progress: Step | None = None,
) -> Collection:
    """The tunes of some files.

    Args:
        uploads: MIDI, MusicXML (.musicxml, .xml, .mxl), or zip archives of these.
        title: for people; by default the first file's name.
        melody: the part that is taken, as `melody_of` has it.
        progress: told after each file.

    Raises:
        CorpusError: not one can be used, or they are too small or too large together.
    """
    steps = read_stepwise(uploads, melody)
    while True:
        try:
            done, total = next(steps)
        except StopIteration as end:
            files: ReadFiles = end.value
            return with_title(files.collection, title)
        if progress is not None:
            progress(done, total)


def read_stepwise(
    uploads: Sequence[Upload], melody: str | int = HIGHEST_PART
) -> Generator[tuple[int, int], None, ReadFiles]:
    """As `read_user_tunes`, file by file: yields how many are read, and how many there are.

    Raises:
        CorpusError: as `read_user_tunes`.
    """
    total = sum(len(upload.data) for upload in uploads)
    if not uploads:
        raise CorpusError("there is no file; give one or more of MIDI or MusicXML")
    if total > MAX_BYTES or len(uploads) > MAX_FILES:
        raise CorpusError(
            f"{len(uploads):,} files with {total:,} bytes are too many; at most {MAX_FILES:,} "
            f"with {MAX_BYTES:,} bytes are taken"
        )
    files = _files(uploads)
    tunes: list[Tune] = []
    reports: list[FileReport] = []
    rejections: list[Rejection] = []
    quarters = 0.0
    for number, (file, trouble) in enumerate(files):
        try:
            if trouble:
                raise TuneError(trouble)
            piece = read_piece(file)
            taken = melody_of(piece, melody)
            tunes.append(tune_of(piece, taken))
            reports.append(_file_report(file, piece, taken, tunes[-1]))
            quarters += tunes[-1].length / TICKS
        except TuneError as error:
            rejections.append(Rejection(str(error), 1, escaped(file.name)))
        if quarters > MAX_QUARTERS:
            raise CorpusError(
                f"the tunes are too long together; at most {MAX_QUARTERS:,} quarter notes are "
                "taken, so give fewer"
            )
        yield number + 1, len(files)
    if not tunes:
        raise CorpusError(_none_usable(rejections))
    report = Report(len(files), len(tunes), tuple(rejections))
    sides: list[Side] = ["train" for _ in tunes]  # until they are split
    distinct = deduplicated(Collection(tuple(tunes), tuple(sides), report))
    whole, counts = split(distinct.tunes, distinct.report)
    if counts["train"] < MIN_TRAIN or counts["test"] < MIN_TEST:
        raise CorpusError(
            f"the tunes are too short: {counts['train']} stretches of {WINDOW} eighth notes to "
            f"learn from and {counts['test']} to be judged by; at least {MIN_TRAIN} and "
            f"{MIN_TEST} are needed, so give more or longer ones"
        )
    return ReadFiles(with_title(whole, uploads[0].name.rpartition("/")[2]), tuple(reports))


def with_title(collection: Collection, title: str) -> Collection:
    """The same tunes under a title for people; the one that they have, where none is given."""
    name = escaped(" ".join(title.split()))
    return replace(collection, title=name or collection.title or "Tunes of your own")


def read_piece(file: Upload) -> Piece:
    """One file with its parts, by what it holds, not by its name.

    Raises:
        TuneError: it is neither MIDI nor MusicXML, or cannot be read.
    """
    data = file.data
    title = escaped(file.name.rpartition("/")[2].rpartition(".")[0] or file.name)
    if data[:4] == b"MThd":
        return midi_reader.read_midi(data, title)
    if data[:2] == b"PK":
        return musicxml_reader.read_mxl(data, title)
    start = data[:200].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").lstrip(b"\xfe\xff \t\r\n")
    if start.startswith(b"<"):
        return musicxml_reader.read_xml(data, title)
    if not data:
        raise TuneError("it is empty")
    kind = kind_of(data)
    raise TuneError(f"it is {kind or 'neither MIDI nor MusicXML'}, whatever its name says")


def tunes_digest(collection: Collection) -> str:
    """Twelve digits for these tunes: of the same notes the same."""
    content = [[t.title, t.notes, t.length, t.tempi] for t in collection.tunes]
    digest = hashlib.sha256(json.dumps([content, collection.sides]).encode("ascii"))
    return digest.hexdigest()[:12]


def _files(uploads: Sequence[Upload]) -> list[tuple[Upload, str]]:
    """All files, with why one cannot be opened, or ""."""
    files: list[tuple[Upload, str]] = []
    size = 0
    for upload in uploads:
        for file, trouble in _unpacked(upload, single=len(uploads) == 1):
            files.append((file, trouble))
            size += len(file.data) if trouble else musicxml_reader.claimed_size(file.data)
            if size > MAX_UNPACKED or len(files) > MAX_FILES:
                raise CorpusError(
                    f"the archives hold too much together; at most {MAX_FILES:,} files with "
                    f"{MAX_UNPACKED:,} bytes are read"
                )
    return files


def _unpacked(upload: Upload, single: bool) -> Iterator[tuple[Upload, str]]:
    """The file itself, or those of an archive; with why it cannot be opened, or ""."""
    if upload.data[:2] != b"PK":
        yield upload, ""
        return
    try:
        with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
            names = list(musicxml_reader.scores_in(archive))
            if musicxml_reader.CONTAINER in archive.namelist():
                yield upload, ""  # a compressed score
                return
            if len(names) > MAX_FILES:
                raise TuneError(f"it holds {len(names):,} files, at most {MAX_FILES:,} are read")
            if sum(archive.getinfo(name).file_size for name in names) > MAX_UNPACKED:
                raise TuneError(f"it unpacks to more than {MAX_UNPACKED:,} bytes")
            for name in names:
                data = musicxml_reader.unpack(archive, name, musicxml_reader.MAX_BYTES)
                nested = data[:2] == b"PK" and not name.lower().endswith(".mxl")
                yield Upload(name, data), "an archive within an archive" if nested else ""
    except TuneError as error:
        if single:
            raise CorpusError(f"{escaped(upload.name)}: {error}") from None
        yield upload, str(error)
    except musicxml_reader.ARCHIVE_ERRORS:
        yield upload, "its archive is damaged, or locked"


def _file_report(file: Upload, piece: Piece, taken: int, tune: Tune) -> FileReport:
    rates = [bpm for _, bpm in tune.tempi]
    notes = piece.parts[taken].notes
    begin = min(start for _, start, end in notes if end > start)  # where the tune does
    begun = {(pitch, start + begin) for pitch, start, _ in tune.notes}
    covered = sum((pitch, start) not in begun for pitch, start, _ in notes)
    return FileReport(
        escaped(file.name),
        tuple(PartReport(escaped(part.name), len(part.notes), part.drums) for part in piece.parts),
        taken + 1, min(rates), max(rates), tune.melody.seconds,
        covered,
    )  # fmt: skip


def _none_usable(rejections: list[Rejection]) -> str:
    if not rejections:
        return "the archive holds no file; give one or more of MIDI or MusicXML"
    first = rejections[0]
    reason = f"{first.example}: {first.reason}"
    if len(rejections) == 1:
        return reason
    return f"not one of {len(rejections):,} files can be used; the first, {reason}"
