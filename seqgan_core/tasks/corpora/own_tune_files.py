"""Tunes of one's own on this machine: a file each, beside one's own texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from seqgan_core.tasks.corpora.user_corpora import path_of
from seqgan_core.tasks.corpus import CorpusError, CorpusMissing
from seqgan_core.tasks.download import explained
from seqgan_core.tasks.music import tune as tunes
from seqgan_core.tasks.music.cache import write
from seqgan_core.tasks.music.tune import CacheError, Collection, TuneCorpus
from seqgan_core.tasks.music.user_tunes import LICENCE, name_of
from seqgan_core.tasks.text.user_text import OWN

_STEM = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class OwnTunes:
    """Tunes that were added: as `own_files.OwnText`; `tunes` is None if the file is damaged."""

    name: str
    title: str
    tunes: int | None
    bytes: int


def add_own_tunes(collection: Collection, home: Path | None = None) -> TuneCorpus:
    """Keeps tunes here; the same tunes give the same corpus.

    Raises:
        CorpusError: the disk does not take them.
    """
    name = OWN + name_of(collection)
    path = _path(name, home)
    with explained(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, collection)
    return load_own_tunes(name, home)


def own_tunes(home: Path | None = None) -> list[OwnTunes]:
    """The tunes that were added, by title, the damaged files among them."""
    found = []
    for path in _path(OWN + "0" * 12, home).parent.glob("*.npz"):
        if _STEM.fullmatch(path.stem):
            stat = path.stat()
            found.append(_told(path, stat.st_size, stat.st_mtime_ns))
    return sorted(found, key=lambda own: (own.title, own.name))


def has_own_tunes(name: str, home: Path | None = None) -> bool:
    """Whether tunes of one's own of that name are here.

    Raises:
        CorpusError: none could have that name.
    """
    return _path(name, home).is_file()


def load_own_tunes(name: str, home: Path | None = None) -> TuneCorpus:
    """The tunes of that name, split as when they were added.

    Raises:
        CorpusMissing: they are not here.
        CorpusError: their file is damaged.
    """
    path = _path(name, home)
    if not path.is_file():
        raise CorpusMissing(
            f"your tunes {name} are not on this machine; add them again with `python -m "
            "seqgan_core corpus add FILE` (the same files and options give the same name)"
        )
    stat = path.stat()
    return _made(path, stat.st_size, stat.st_mtime_ns)


def remove_own_tunes(name: str, home: Path | None = None) -> None:
    """Takes the tunes off this machine; doing so twice does no harm."""
    path = _path(name, home)
    with explained(path.parent):
        path.unlink(missing_ok=True)


def _path(name: str, home: Path | None) -> Path:
    return path_of(name, home).with_suffix(".npz")


@lru_cache(maxsize=256)  # a page asks for all of them each time that it is drawn
def _told(path: Path, size: int, changed: int) -> OwnTunes:
    name = OWN + path.stem
    try:
        found = tunes.read(path)
    except CacheError:
        return OwnTunes(name, "a damaged file", None, size)
    return OwnTunes(name, found.title, found.report.kept, size)


@lru_cache(maxsize=8)
def _made(path: Path, size: int, changed: int) -> TuneCorpus:
    name = OWN + path.stem
    try:
        found = tunes.read(path)
    except CacheError as error:
        raise _damaged(path, name, str(error)) from None
    if OWN + name_of(found) != name:
        raise _damaged(path, name, f"{path} is damaged")
    return found.corpus(name, found.title, LICENCE, "added here")


def _damaged(path: Path, name: str, why: str) -> CorpusError:
    return CorpusError(
        f"{why}; remove it (`python -m seqgan_core corpus remove {name}`) and add the tunes again"
    )
