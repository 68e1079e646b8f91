"""Tunes with their sides and what was rejected, and the file that they are stored in."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from seqgan_core.messages import N_
from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.tasks.corpus import DamagedFile, Rejection, Report
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.tune import Tune, TuneCorpus
from seqgan_core.tasks.splitting import Side, by_side

FORMAT = 1
READER = 2  # goes up when the readers of uploaded files make other tunes of them
DUPLICATE = N_("an exact repeat of another tune, perhaps in another key")
_DUPLICATES = (DUPLICATE, "there already, note for note")  # and as files of version 0.1 have it


@dataclass(frozen=True)
class Collection:
    """What a reader made of a book or of uploaded files: tunes, each with its side."""

    # tunes, sides, report, title: as the reader made them
    tunes: tuple[Tune, ...]
    sides: tuple[Side, ...]
    report: Report
    title: str = ""
    reader: int = READER  # which one, see `READER`; 1 where a file does not say

    @property
    def outdated(self) -> bool:
        """Whether today's readers may make other tunes of the same files."""
        return self.reader < READER

    def corpus(self) -> TuneCorpus:
        """The tunes by side."""
        placed = zip(self.sides, self.tunes, strict=True)
        return TuneCorpus("", self.title, "notes", *by_side(placed), report=self.report)

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits, the same for the same notes."""
        content = [[t.title, t.notes, t.length, t.tempi] for t in self.tunes]
        digest = hashlib.sha256(json.dumps([content, self.sides]).encode("ascii"))
        return digest.hexdigest()[:12]

    def save(self, path: Path) -> None:
        """Write a compressed file of arrays; the same tunes give the same bytes.

        Raises:
            OSError: the disk refuses.
        """
        tunes = self.tunes
        content = {
            "format": FORMAT,
            "reader": self.reader,
            "title": self.title,
            "titles": [tune.title for tune in tunes],
            "about": [tune.about for tune in tunes],
            "kin": [tune.family for tune in tunes],
            "keys": [(tune.key.tonic, tune.key.minor) for tune in tunes],
            "tempi": [tune.tempi for tune in tunes],
            "metres": [tune.metre for tune in tunes],
            "parts": [tune.parts for tune in tunes],
            "sides": self.sides,
            "read": self.report.read,
            "kept": self.report.kept,
            "left_out": [asdict(rejection) for rejection in self.report.rejections],
        }
        notes = [note for tune in tunes for note in tune.notes]
        arrays = {
            "notes": np.array(notes, dtype=np.int32).reshape(-1, 3),
            "sizes": np.array([len(tune.notes) for tune in tunes], dtype=np.int32),
            "lengths": np.array([tune.length for tune in tunes], dtype=np.int32),
            "told": np.frombuffer(json.dumps(content).encode("ascii"), dtype=np.uint8),
        }
        with atomic_write(path) as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    @classmethod
    def read(cls, path: Path) -> Collection:
        """The collection in a file.

        Raises:
            DamagedFile: the file is missing, damaged or of another version.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                content = json.loads(file["told"].tobytes())
                if content["format"] != FORMAT:
                    raise DamagedFile("file.version", path=path)
                notes = [tuple(note) for note in file["notes"].tolist()]
                sizes, lengths = file["sizes"].tolist(), file["lengths"].tolist()
            ends = np.cumsum(sizes).tolist()
            none = [None] * len(sizes)  # older files lack these
            tunes = tuple(
                Tune(
                    title, tuple(notes[end - size : end]), length, Key(*key), _pairs(tempi),
                    family, about, metre, tuple((first, last) for first, last in parts or ()),
                )
                for title, size, end, length, key, tempi, family, about, metre, parts in zip(
                    content["titles"], sizes, ends, lengths, content["keys"], content["tempi"],
                    content["kin"], content["about"], content.get("metres", none),
                    content.get("parts", none), strict=True,
                )
            )  # fmt: skip
            rejections = tuple(Rejection(**entry) for entry in content["left_out"])
            if not all(isinstance(rejection.fields, dict) for rejection in rejections):
                raise DamagedFile("file.damaged", path=path)
            report = Report(content["read"], content["kept"], rejections)
            reader = int(content.get("reader", 1))
            return cls(tunes, tuple(content["sides"]), report, content["title"], reader)
        except DamagedFile:
            raise
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error):
            raise DamagedFile("file.damaged", path=path) from None


def concatenated(parts: Sequence[Collection]) -> Collection:
    """Several collections as one."""
    tunes = tuple(tune for part in parts for tune in part.tunes)
    sides = tuple(side for part in parts for side in part.sides)
    rejections = tuple(rejection for part in parts for rejection in part.report.rejections)
    read = sum(part.report.read for part in parts)
    return Collection(tunes, sides, Report(read, len(tunes), _summarised(rejections)))


def deduplicated(collection: Collection) -> Collection:
    """Each tune once, in whatever key it is repeated."""
    seen: set[tuple[tuple[int, int, int], ...]] = set()
    kept: list[tuple[Tune, Side]] = []
    rejections = list(collection.report.rejections)
    for tune, side in zip(collection.tunes, collection.sides, strict=True):
        pitch, start, _ = tune.notes[0]
        shape = tuple((p - pitch, s - start, length) for p, s, length in tune.notes)
        if shape in seen:
            rejections.append(Rejection(DUPLICATE, 1, tune.title[:80]))
        else:
            seen.add(shape)
            kept.append((tune, side))
    report = Report(collection.report.read, len(kept), _summarised(rejections))
    return Collection(tuple(t for t, _ in kept), tuple(s for _, s in kept), report)


def _summarised(rejections: Sequence[Rejection]) -> tuple[Rejection, ...]:
    """One line for each tune that cannot be used, and one for all repeats."""
    repeats = [entry for entry in rejections if entry.reason in _DUPLICATES]
    others = tuple(entry for entry in rejections if entry.reason not in _DUPLICATES)
    if not repeats:
        return others
    count = sum(entry.count for entry in repeats)
    return (*others, Rejection(DUPLICATE, count, repeats[0].example))


def _pairs(tempi: list[list[float]]) -> tuple[tuple[int, float], ...]:
    return tuple((int(tick), float(bpm)) for tick, bpm in tempi)
