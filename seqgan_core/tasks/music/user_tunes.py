"""Uploaded tunes: MIDI, MusicXML, ABC, or archives of them; what is used and why the rest is not.

Everything is checked before it is read: how large it is, what it claims, how large it unpacks.
Whatever the files hold, the result is a collection or a `CorpusError` of one sentence.
"""

import io
import re
import zipfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from seqgan_core.media.visible_text import SHORT, visible_text
from seqgan_core.messages import Message, _
from seqgan_core.tasks.corpus import CorpusError, Rejection, Report, clean_title
from seqgan_core.tasks.file_kinds import ARCHIVE_ERRORS, AS_TUNES, TUNES, kind_of, plain_start
from seqgan_core.tasks.music import midi_reader, musicxml_reader
from seqgan_core.tasks.music.abc_cleanup import title_of, tunes_in
from seqgan_core.tasks.music.abc_reader import read_abc_piece
from seqgan_core.tasks.music.collection import Collection, deduplicated
from seqgan_core.tasks.music.melody_part import HIGHEST_PART, Piece, melody_of, tune_of
from seqgan_core.tasks.music.tune import TICKS, Tune, TuneError
from seqgan_core.tasks.music.user_split import MIN_TEST, MIN_TRAIN, WINDOW, split
from seqgan_core.tasks.splitting import Side
from seqgan_core.tasks.text.decoding import decode_name

MAX_FILES = 1000
MAX_TUNES = 10_000  # a file in ABC may have many
MAX_BYTES = 10_000_000  # of all files together
MAX_UNPACKED = 40_000_000  # of all archives and compressed scores together
MAX_QUARTERS = 1_000_000  # notes and rests of all tunes: a thousand of eight minutes at 120


@dataclass(frozen=True)
class UploadedFile:
    """A file: its name, which decides nothing, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class PartReport:
    """A part of a file: what the file calls it, its notes, and whether they are drums.

    `guess` is the encoding of the name if that is a guess, else "".
    """

    name: str
    notes: int
    drums: bool
    guess: str = ""


@dataclass(frozen=True)
class FileReport:
    """Which part of a file is used."""

    name: str  # the file's
    # all its parts; `taken` is the number of the one that is used, from 1
    parts: tuple[PartReport, ...]
    taken: int
    # slowest, fastest: tempi in quarter notes a minute
    slowest: float
    fastest: float
    seconds: float  # how long the tune lasts
    covered: int  # notes of the part that begin under a higher one, so that the tune lacks them


@dataclass(frozen=True)
class ReadFiles:
    """The tunes of some files, and a report on each file."""

    collection: Collection
    files: tuple[FileReport, ...]


def read_user_tunes(
    uploads: Sequence[UploadedFile], title: str = "", melody: str | int = HIGHEST_PART
) -> Generator[float, None, ReadFiles]:
    """The tunes of some files, read file by file: yields the share that is done.

    Args:
        uploads: MIDI, MusicXML (.musicxml, .xml, .mxl), ABC, or zip archives of these.
        title: for people; by default the first file's name.
        melody: which part is used, see `melody_of`.

    Raises:
        CorpusError: none can be used, or they are too small or too large together.
    """
    total = sum(len(upload.data) for upload in uploads)
    if not uploads:
        raise CorpusError("tunes.no-file")
    if total > MAX_BYTES or len(uploads) > MAX_FILES:
        raise CorpusError(
            "tunes.too-large",
            "the upload has {size:,} bytes in one file; at most {most:,} files with {bytes:,} "
            "bytes are allowed",
            "the upload has {size:,} bytes in {n:,} files; at most {most:,} files with {bytes:,} "
            "bytes are allowed",
            n=len(uploads), size=total, most=MAX_FILES, bytes=MAX_BYTES,
        )  # fmt: skip
    files = _files(uploads)
    tunes: list[Tune] = []
    reports: list[FileReport] = []
    rejections: list[Rejection] = []
    quarters = 0.0
    for number, (file, trouble) in enumerate(files):
        try:
            if trouble is not None:
                raise trouble
            piece = read_piece(file)
            taken = melody_of(piece, melody)
            tunes.append(tune_of(piece, taken))
            reports.append(_file_report(file, piece, taken, tunes[-1]))
            quarters += tunes[-1].length / TICKS
            if piece.lost is not None:
                rejections.append(piece.lost.rejection(file.name))
        except TuneError as error:
            rejections.append(error.rejection(file.name))
        if quarters > MAX_QUARTERS:
            raise CorpusError("tunes.too-long", most=MAX_QUARTERS)
        yield 0.9 * (number + 1) / len(files)  # then they are split
    if not tunes:
        raise _none_usable(rejections)
    report = Report(len(files), len(tunes), tuple(rejections))
    sides: list[Side] = ["train" for _tune in tunes]  # until they are split
    distinct = deduplicated(Collection(tuple(tunes), tuple(sides), report))
    whole, counts = split(distinct.tunes, distinct.report)
    if counts["train"] < MIN_TRAIN or counts["test"] < MIN_TEST:
        raise CorpusError(
            "tunes.too-short",
            train=counts["train"], test=counts["test"], window=WINDOW, min_train=MIN_TRAIN,
            min_test=MIN_TEST,
        )  # fmt: skip
    title = clean_title(title) or clean_title(uploads[0].name.rpartition("/")[2])
    return ReadFiles(replace(whole, title=title or _("Untitled tunes")), tuple(reports))


def read_piece(file: UploadedFile) -> Piece:
    """One file with its parts, by what it holds, not by its name; of ABC one tune.

    Raises:
        TuneError: it is no file of tunes, or cannot be read; says what it is.
    """
    data, kind = file.data, kind_of(file.data)
    title = visible_text(file.name.rpartition("/")[2].rpartition(".")[0] or file.name, SHORT)
    if kind is not None:
        if kind.family not in TUNES:
            raise TuneError("tune.other-kind", AS_TUNES[kind.family], kind=Message(kind.name))
        if kind.family == "midi":
            return midi_reader.read_midi(data, title)
        if kind.family == "abc":
            return read_abc_piece(decode_name(data).text, title)
        if data.startswith(b"PK"):
            return musicxml_reader.read_mxl(data, title)
    if plain_start(data).startswith(b"<"):
        return musicxml_reader.read_xml(data, title)
    if not data:
        raise TuneError("tune.empty", "it is empty")
    if _is_text(data):
        raise TuneError("tune.is-text", "it is text, not a tune; upload it under Poems or Speeches")
    raise TuneError("tune.unknown", "it is neither MIDI, MusicXML nor ABC, whatever its name says")


def _is_text(data: bytes) -> bool:
    try:
        return all(sign.isprintable() or sign.isspace() for sign in set(data.decode("utf-8")))
    except UnicodeDecodeError:
        return False


def _files(uploads: Sequence[UploadedFile]) -> list[tuple[UploadedFile, TuneError | None]]:
    """All files, with why one cannot be opened, or None."""
    files: list[tuple[UploadedFile, TuneError | None]] = []
    size = 0
    unpacked = 0
    for upload in uploads:
        for file, trouble in _unpacked(upload, single=len(uploads) == 1):
            unpacked += 1
            size += len(file.data) if trouble else musicxml_reader.claimed_size(file.data)
            if size > MAX_UNPACKED or unpacked > MAX_FILES:
                raise CorpusError("tunes.archives-too-large", most=MAX_FILES, bytes=MAX_UNPACKED)
            tunes = islice(_tunes_of(file), MAX_TUNES + 1)  # a file may claim a million
            files += ((tune, trouble) for tune in tunes)
            if len(files) > MAX_TUNES:
                raise CorpusError("tunes.too-many", most=MAX_TUNES)
    return files


def _tunes_of(file: UploadedFile) -> Iterator[UploadedFile]:
    """The file itself, or the tunes of a file in ABC, by title."""
    kind = kind_of(file.data)
    if kind is None or kind.family != "abc":
        yield file
        return
    lines = decode_name(file.data).text.splitlines()
    text = "\n".join(re.sub(r"\s+", " ", line) for line in lines)  # patterns are slow over spaces
    for number, tune in enumerate(tunes_in(text), start=1):
        title = title_of(tune) or str(number)
        yield UploadedFile(f"{file.name}: {title}", tune.encode("utf-8"))


def _unpacked(
    upload: UploadedFile, single: bool
) -> Iterator[tuple[UploadedFile, TuneError | None]]:
    """The file itself, or those of an archive; with why it cannot be opened, or None."""
    kind = kind_of(upload.data)
    if kind is None or kind.family != "zip":
        yield upload, None  # a compressed score among them
        return
    try:
        with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
            names = list(musicxml_reader.scores_in(archive))
            if len(names) > MAX_FILES:
                raise TuneError(
                    "tune.many-files",
                    "it holds {n:,} files; at most {most:,} are allowed",
                    n=len(names), most=MAX_FILES,
                )  # fmt: skip
            if sum(archive.getinfo(name).file_size for name in names) > MAX_UNPACKED:
                raise TuneError(
                    "tune.unpacks-large",
                    "it unpacks to more than {most:,} bytes",
                    most=MAX_UNPACKED,
                )
            for name in names:
                data = musicxml_reader.unpack(archive, name, musicxml_reader.MAX_BYTES)
                kind = kind_of(data)
                nested = kind is not None and kind.family == "zip"
                inner = TuneError(
                    "tune.nested", "it is an archive within an archive; unpack it first"
                )
                member = musicxml_reader.member_name(archive.getinfo(name))
                yield UploadedFile(member, data), inner if nested else None
    except TuneError as error:
        if single:
            raise CorpusError(
                "tunes.file", file=visible_text(upload.name, SHORT), reason=error
            ) from None
        yield upload, error
    except ARCHIVE_ERRORS:
        yield upload, TuneError("tune.archive", "its archive is damaged, or locked")


def _file_report(file: UploadedFile, piece: Piece, taken: int, tune: Tune) -> FileReport:
    rates = [bpm for _, bpm in tune.tempi]
    notes = piece.parts[taken].notes
    begin = min(start for _, start, end in notes if end > start)  # where the tune does
    begun = {(pitch, start + begin) for pitch, start, _ in tune.notes}
    covered = sum((pitch, start) not in begun for pitch, start, _ in notes)
    return FileReport(
        visible_text(file.name, SHORT),
        tuple(
            PartReport(visible_text(part.name, SHORT), len(part.notes), part.drums, part.guess)
            for part in piece.parts
        ),
        taken + 1, min(rates), max(rates), tune.melody.seconds,
        covered,
    )  # fmt: skip


def _none_usable(rejections: list[Rejection]) -> CorpusError:
    if not rejections:
        return CorpusError("tunes.empty-archive")
    first = rejections[0]
    if len(rejections) == 1:
        return CorpusError("tunes.file", file=first.example, reason=first)
    return CorpusError("tunes.none-usable", n=len(rejections), file=first.example, reason=first)
