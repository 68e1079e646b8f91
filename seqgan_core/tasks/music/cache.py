"""A book of tunes, read once: step by step into the home folder, going on where it was left."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from seqgan_core.tasks.corpus import CorpusError, Rejection, Report
from seqgan_core.tasks.download import locked, readable_disk_errors
from seqgan_core.tasks.music import tune as tunes
from seqgan_core.tasks.music.tune import CacheError, Collection, Step, Tune, TuneError
from seqgan_core.tasks.splitting import Side

STEP = 100  # tunes that are kept together; so much is read again after a break
READER = 1  # goes up when the readers change what they make of the same bytes
NAME = f"tunes-{READER}.npz"
DUPLICATE = "there already, note for note"


@dataclass(frozen=True)
class Item:
    """One tune as its book holds it: its name and bytes, and its side where that is given."""

    name: str
    data: bytes
    side: Side | None = None


def build(
    items: Sequence[Item],
    read: Callable[[Item], Tune],
    split: Callable[[Tune], Side],
    folder: Path,
    progress: Step | None = None,
) -> None:
    """Reads a book into `folder`, or what is left of it after a break.

    Args:
        items: the book.
        read: makes a tune, or raises TuneError with the reason.
        split: the side of a tune that its book gives none. Tunes of such a book that are there
            already, in whatever key, are left out.
        folder: where the cache is.
        progress: told after each step.

    Raises:
        CorpusError: another reads it already, or the disk does not take it.
    """
    with readable_disk_errors(folder), locked(folder):
        mark = _mark(items)
        parts = []
        for number, first in enumerate(range(0, len(items), STEP)):
            path = folder / f"part-{mark}-{number:04d}.npz"
            batch = items[first : first + STEP]
            try:
                part = tunes.read(path)
            except CacheError:
                part = _read(batch, read, split)
                tunes.save(path, part)
            parts.append(part)
            if progress is not None:
                progress(min(first + STEP, len(items)), len(items))
        whole = _concatenated(parts)
        if items and items[0].side is None:
            whole = deduplicated(whole)
        if not whole.tunes:
            raise CorpusError(f"not one tune of {folder.name} can be read")
        tunes.save(folder / NAME, whole)
        for path in folder.glob("part-*.npz"):
            path.unlink(missing_ok=True)


def deduplicated(collection: Collection) -> Collection:
    """Each tune once, in whatever key it comes again."""
    seen: set[tuple[tuple[int, int, int], ...]] = set()
    kept: list[tuple[Tune, Side]] = []
    duplicates: list[str] = []
    for tune, side in zip(collection.tunes, collection.sides, strict=True):
        pitch, start, _ = tune.notes[0]
        shape = tuple((p - pitch, s - start, length) for p, s, length in tune.notes)
        if shape in seen:
            duplicates.append(tune.title)
        else:
            seen.add(shape)
            kept.append((tune, side))
    rejections = [
        *collection.report.rejections,
        *(Rejection(DUPLICATE, 1, name[:80]) for name in duplicates),
    ]
    left_out = _summarised(rejections)
    report = Report(collection.report.read, len(kept), left_out)
    return Collection(tuple(t for t, _ in kept), tuple(s for _, s in kept), report)


def merged(collections: Sequence[Collection]) -> Collection:
    """Several books as one, each tune once."""
    return deduplicated(_concatenated(collections))


def _read(
    items: Sequence[Item], read: Callable[[Item], Tune], split: Callable[[Tune], Side]
) -> Collection:
    kept: list[Tune] = []
    sides: list[Side] = []
    rejections: list[Rejection] = []
    for item in items:
        try:
            tune = read(item)
        except TuneError as error:
            rejections.append(Rejection(str(error), 1, item.name[:80]))
            continue
        kept.append(tune)
        sides.append(item.side or split(tune))
    return Collection(tuple(kept), tuple(sides), Report(len(items), len(kept), tuple(rejections)))


def _concatenated(parts: Sequence[Collection]) -> Collection:
    kept = tuple(tune for part in parts for tune in part.tunes)
    read = sum(part.report.read for part in parts)
    rejections = _summarised([rejection for part in parts for rejection in part.report.rejections])
    sides = tuple(side for part in parts for side in part.sides)
    return Collection(kept, sides, Report(read, len(kept), rejections))


def _summarised(rejections: Sequence[Rejection]) -> tuple[Rejection, ...]:
    """One line for each tune that cannot be used, and one for all that are there already."""
    duplicates = [entry for entry in rejections if entry.reason == DUPLICATE]
    others = tuple(entry for entry in rejections if entry.reason != DUPLICATE)
    if not duplicates:
        return others
    count = sum(entry.count for entry in duplicates)
    return (*others, Rejection(DUPLICATE, count, duplicates[0].example))


def _mark(items: Sequence[Item]) -> str:
    """What the parts are of: these bytes, read by this reader."""
    digest = hashlib.sha256(f"{NAME} {STEP} {len(items)}".encode())
    for item in items:
        digest.update(hashlib.sha256(item.data).digest())
    return digest.hexdigest()[:12]
