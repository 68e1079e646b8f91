"""Holds the lab's readers of music against independent ones, file by file.

    python -m tests.support.read_against FOLDER [--kind xml] [--json]

FOLDER is a folder, or the word `music21` for the corpus that comes with music21. MusicXML and ABC
are read by music21 as well, MIDI by pretty_midi and music21. What they read is kept in a cache, so
that a second run is quick.

What is compared: the notes of a part, as a set of (pitch, start, end); of MIDI all notes without
drums. Repeats are played once; grace notes and unpitched notes are left out; pitches are those that
sound. music21 leaves tied notes apart, so they are joined here: a note that begins a tie, and the
note of the same pitch that begins where it ends, in the same part. Nor does it begin a measure of
all parts together where some of them fill it and others do not, so it is done here, too. Of ABC,
which our reader makes one voice of, the highest of simultaneous notes counts.

What counts as a difference, beyond TOLERANCE ticks of 1/960 quarter note:

    bars     a note whose measure begins elsewhere in music21, as that of other parts does not
    onsets   a note that only one of them has; the larger number of the two
    pitches  a note with the same start and another pitch
    ends     a note with the same pitch and start, and another end
"""

import argparse
import gzip
import hashlib
import io
import json
import sys
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from seqgan_core.tasks.music.abc_cleanup import tunes_in
from seqgan_core.tasks.music.abc_reader import read_abc
from seqgan_core.tasks.music.tune import TICKS, TuneError, one_voice
from seqgan_core.tasks.music.user_tunes import UploadedFile, read_piece

TOLERANCE = 2  # ticks; MIDI's seconds are turned back into ticks, triplets are rounded
KINDS = ("bars", "onsets", "pitches", "ends")
XML, MIDI, ABC = (".musicxml", ".xml", ".mxl"), (".mid", ".midi", ".rmi"), (".abc",)
CACHE = Path(tempfile.gettempdir()) / "read_against"

Note = tuple[int, int, int]  # pitch, start, end in ticks
Parts = list[tuple[str, list[Note], int]]  # name, notes, and how many of them are moved


@dataclass(frozen=True)
class Difference:
    """How two readings of a file, or of one tune of it, differ.

    Attributes:
        file, reader: which file, and which reader ours is held against.
        ours, theirs: notes.
        bars, onsets, pitches, ends: differing notes.
        parts: the parts with differences, as theirs calls them.
        first: the first difference, for people.
        error: why one of them does not read it; then nothing is counted.
    """

    file: str
    reader: str
    ours: int = 0
    theirs: int = 0
    bars: int = 0
    onsets: int = 0
    pitches: int = 0
    ends: int = 0
    parts: tuple[str, ...] = ()
    first: str = ""
    error: str = ""


def compare(path: Path, name: str) -> list[Difference]:
    """Our reading of a file against the others'."""
    kind = path.suffix.lower()
    data = path.read_bytes()
    if kind in ABC:
        return list(_compare_abc(data, name))
    readers = ("pretty_midi", "music21") if kind in MIDI else ("music21",)
    try:
        parts = read_piece(UploadedFile(name, data)).parts
    except TuneError as error:
        return [Difference(name, reader, error=f"ours: {error}") for reader in readers]
    ours = [[*part.notes] for part in parts if kind not in MIDI or not part.drums]
    return [_compared(name, reader, ours, _theirs(reader, data, kind), kind) for reader in readers]


def _compare_abc(data: bytes, name: str) -> Iterator[Difference]:
    for number, text in enumerate(tunes_in(data.decode("utf-8", errors="replace"))):
        label = f"{name}#{number + 1}"
        try:
            ours = [(p, start, start + length) for p, start, length in read_abc(text).notes]
        except TuneError as error:
            yield Difference(label, "music21", error=f"ours: {error}")
            continue
        theirs = _theirs("music21", text.encode(), ".abc")
        if isinstance(theirs, list):
            voice = one_voice(note for _, notes, _ in theirs for note in notes)
            whole = [(p, start, start + length) for p, start, length in voice]
            theirs = [("", whole, 0)]
        yield _compared(label, "music21", [ours], theirs, ".abc")


def _compared(
    name: str, reader: str, ours: list[list[Note]], theirs: Parts | str, kind: str
) -> Difference:
    if isinstance(theirs, str):
        return Difference(name, reader, error=f"{reader}: {theirs}")
    if kind in MIDI or len(ours) != len(theirs):
        ours = [[note for notes in ours for note in notes]]
        every = [note for _, notes, _ in theirs for note in notes]
        theirs = [("all parts", every, sum(moved for _, _, moved in theirs))]
    counts, parts, first = [0, 0, 0, 0], [], ""
    for mine, (part, notes, moved) in zip(ours, theirs, strict=True):
        found, difference = differences(mine, notes)
        counts = [a + b for a, b in zip(counts, (moved, *found), strict=True)]
        if difference or moved:
            parts.append(part)
            first = first or f"{part}: {difference or 'a measure begins elsewhere'}"
    sizes = sum(map(len, ours)), sum(len(notes) for _, notes, _ in theirs)
    return Difference(name, reader, *sizes, *counts, tuple(parts), first)


def differences(ours: list[Note], theirs: list[Note]) -> tuple[tuple[int, int, int], str]:
    """Differing onsets, pitches and ends of two readings, and the first of them for people.

    >>> differences([(60, 0, 960), (62, 960, 1920)], [(60, 0, 480), (64, 960, 1920)])[0]
    (0, 1, 1)
    """
    left_ours, left_theirs, ends = [], [], []
    for pitch in {note[0] for note in ours + theirs}:
        mine, others, pairs = _paired(
            sorted(n for n in ours if n[0] == pitch), sorted(n for n in theirs if n[0] == pitch)
        )
        left_ours += mine
        left_theirs += others
        ends += [(a, b) for a, b in pairs if abs(a[2] - b[2]) > TOLERANCE]
    by_start = sorted(left_ours, key=_start), sorted(left_theirs, key=_start)
    left_ours, left_theirs, pitches = _paired(*by_start)
    counts = max(len(left_ours), len(left_theirs)), len(pitches), len(ends)
    lines = [(n[1], f"only ours {_text(n)}") for n in left_ours]
    lines += [(n[1], f"only theirs {_text(n)}") for n in left_theirs]
    lines += [(a[1], f"ours {_text(a)}, theirs {_text(b)}") for a, b in ends + pitches]
    return counts, min(lines)[1] if lines else ""


def _paired(
    ours: list[Note], theirs: list[Note]
) -> tuple[list[Note], list[Note], list[tuple[Note, Note]]]:
    """list[Note] with the same start, both sorted by it: those left of each, and the pairs."""
    left, others, pairs = [], list(theirs), []
    at = 0
    for note in ours:
        while at < len(others) and others[at][1] < note[1] - TOLERANCE:
            at += 1
        if at < len(others) and others[at][1] <= note[1] + TOLERANCE:
            pairs.append((note, others.pop(at)))
        else:
            left.append(note)
    return left, others, pairs


def _start(note: Note) -> tuple[int, int]:
    return note[1], note[0]


def _text(note: Note) -> str:
    pitch, start, end = note
    return f"{pitch} from {start / TICKS:g} to {end / TICKS:g}"


# The other readers


def _theirs(reader: str, data: bytes, kind: str) -> Parts | str:
    """What another reader reads, out of the cache if it is there; or why it does not."""
    digest = hashlib.sha256(data).hexdigest()[:24]
    stored = CACHE / f"{reader}-{version(reader)}" / f"{digest}{kind}.json.gz"
    if stored.exists():
        content: Any = json.loads(gzip.decompress(stored.read_bytes()))
    else:
        try:
            read = _pretty_midi if reader == "pretty_midi" else _music21
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                content = read(data, kind)
        except Exception as error:  # noqa: BLE001  whatever they stumble over
            content = f"{type(error).__name__}: {str(error)[:100]}"
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_bytes(gzip.compress(json.dumps(content).encode()))
    if isinstance(content, str):
        return content
    return _aligned(content, kind in XML)


def _pretty_midi(data: bytes, kind: str) -> list[Any]:
    import pretty_midi

    file = pretty_midi.PrettyMIDI(io.BytesIO(data))
    quarters = [
        [
            (n.pitch, 0, *(file.time_to_tick(t) / file.resolution for t in (n.start, n.end)), "")
            for n in part.notes
        ]
        for part in file.instruments
        if not part.is_drum
    ]
    return [(f"{n + 1}", [(0, 0)], notes) for n, notes in enumerate(quarters)]


def _music21(data: bytes, kind: str) -> list[Any]:
    """Parts: name; where each measure begins and how long its content is; and its notes.

    The times of a note are quarter notes from the beginning of its measure.
    """
    from music21 import converter, harmony, note, stream

    with tempfile.NamedTemporaryFile(suffix=kind) as file:
        file.write(data)
        file.flush()
        options = {"quantizePost": False} if kind in MIDI else {}
        score = converter.parse(file.name, forceSource=True, storePickle=False, **options)
    if not isinstance(score, stream.Score):
        raise TypeError(f"it is read as {type(score).__name__}")
    score.toSoundingPitch(inPlace=True)
    parts = []
    for part in score.parts:
        bars, notes = [], []
        for number, bar in enumerate(part.getElementsByClass(stream.Measure)):
            content = bar.flatten().notesAndRests
            usual = bar.barDuration.quarterLength  # it makes quarter rests of gaps without length
            shown = [n for n in content if not n.style.hideObjectOnPrint or not n.isRest]
            last = max((n.offset + n.quarterLength for n in shown), default=0.0)
            filled = max(last, min(content.highestTime or usual, usual))
            bars.append((float(bar.offset), float(filled)))
            for element in content.notes:
                if isinstance(element, harmony.Harmony) or element.duration.isGrace:
                    continue
                start, end = float(element.offset), float(element.offset + element.quarterLength)
                for member in getattr(element, "notes", (element,)):
                    if isinstance(member, note.Note):
                        tie = member.tie.type if member.tie is not None else ""
                        notes.append((member.pitch.midi, number, start, end, tie))
        staff = isinstance(part, stream.PartStaff)  # two staves of a part are two parts there
        name = part.id.rpartition("-Staff")[0] if staff else f"{part.id} ({len(parts) + 1})"
        parts.append((name, bars, notes))
    return parts


def _aligned(parts: list[Any], together: bool) -> Parts:
    """Parts with their ties joined, each measure where all of them can begin it if `together`."""
    sounding = [{note[1] for note in notes} for _, _, notes in parts]
    starts, at = [], 0.0
    for number in range(max((len(bars) for _, bars, _ in parts), default=0)):
        having = [
            (bars[number][1], number in sounds)
            for (_, bars, _), sounds in zip(parts, sounding, strict=True)
            if number < len(bars)
        ]
        starts.append(at)
        at += max([length for length, sounds in having if sounds] or [x for x, _ in having])
    by_name: dict[str, list[Any]] = defaultdict(list)
    moved: dict[str, int] = defaultdict(int)
    for name, bars, notes in parts:
        by_name[name] += []
        for pitch, bar, start, end, tie in notes:
            begins = starts[bar] if together else bars[bar][0]
            moved[name] += abs(bars[bar][0] - begins) * TICKS > TOLERANCE
            times = (round((begins + time) * TICKS) for time in (start, end))
            by_name[name].append((pitch, *times, tie))
    return [(name, _joined(notes), moved[name]) for name, notes in by_name.items()]


def _joined(notes: Iterable[tuple[int, int, int, str]]) -> list[Note]:
    """Notes with their ties joined."""
    joined: list[list[int]] = []
    waiting: dict[tuple[int, int], list[list[int]]] = defaultdict(list)
    for pitch, start, end, tie in sorted(notes, key=lambda n: (n[1], n[3] in ("", "start"))):
        if end == start:
            continue
        if waiting[pitch, start]:
            note = waiting[pitch, start].pop()
            note[2] = end
        else:
            note = [pitch, start, end]
            joined.append(note)
        if tie in ("start", "continue"):
            waiting[pitch, end].append(note)
    return [(pitch, start, end) for pitch, start, end in joined]


# The command


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        "python -m tests.support.read_against", description=__doc__.splitlines()[0],
    )  # fmt: skip
    parser.add_argument("folder", help="a folder, or the word music21 for its own corpus")
    parser.add_argument("--kind", choices=("xml", "midi", "abc"), help="only files of this kind")
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--json", action="store_true", help="one line a file, then the totals")
    wish = parser.parse_args(arguments)
    folder = Path(wish.folder)
    if wish.folder == "music21":
        from music21.common import getCorpusFilePath

        folder = Path(getCorpusFilePath())
    kinds = {"xml": XML, "midi": MIDI, "abc": ABC}.get(wish.kind, XML + MIDI + ABC)
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in kinds)
    if not paths:
        parser.error(f"{folder} has no file that ends with {' '.join(kinds)}")
    results: list[Difference] = []
    with ProcessPoolExecutor(wish.workers) as pool:
        names = [str(path.relative_to(folder)) for path in paths]
        for number, found in enumerate(pool.map(compare, paths, names), 1):
            results += found
            for result in found:
                if wish.json:
                    _print(json.dumps(asdict(result), ensure_ascii=False))
                elif result.error or result.first:
                    _print(_line(result))
            if number % 50 == 0 or number == len(paths):
                sys.stderr.write(f"{number:,} of {len(paths):,} files\n")
    totals = {reader: _total(results, reader) for reader in sorted({r.reader for r in results})}
    _print(json.dumps(totals) if wish.json else "\n".join(map(_sentence, totals.items())))
    return 0


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _line(result: Difference) -> str:
    if result.error:
        return f"{result.file}: {result.error}"
    counts = ", ".join(f"{getattr(result, kind)} {kind}" for kind in KINDS)
    return (
        f"{result.file} ({result.reader}): {result.ours} and {result.theirs} notes; differing: "
        f"{counts}; {result.first}"
    )


def _total(results: list[Difference], reader: str) -> dict[str, int]:
    mine = [result for result in results if result.reader == reader]
    both = [result for result in mine if not result.error]
    total = {
        "files": len(mine), "read_by_both": len(both),
        "refused_by_ours": sum(result.error.startswith("ours") for result in mine),
        "with_differences": sum(bool(result.first) for result in both),
    }  # fmt: skip
    for field in ("ours", "theirs", *KINDS):
        total[field] = sum(getattr(result, field) for result in both)
    return total


def _sentence(total: tuple[str, dict[str, int]]) -> str:
    return f"Ours against {total[0]}: " + ", ".join(f"{k} {v:,}" for k, v in total[1].items())


if __name__ == "__main__":
    sys.exit(main())
