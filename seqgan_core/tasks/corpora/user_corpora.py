"""User texts and tunes on this machine: a file each, written whole or not at all."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.tasks.corpus import Corpus, CorpusError, CorpusMissing
from seqgan_core.tasks.download import readable_disk_errors
from seqgan_core.tasks.home import corpora_folder
from seqgan_core.tasks.music import tune as tunes
from seqgan_core.tasks.music.tune import CacheError, Collection, TuneCorpus
from seqgan_core.tasks.music.user_tunes import LICENCE, tunes_digest
from seqgan_core.tasks.text.user_text import (
    PREFIX,
    Options,
    clean_title,
    upload_name,
    user_text_corpus,
)

FORMAT = 1
_NAME = re.compile(r"own-[0-9a-f]{12}")


@dataclass(frozen=True)
class UserText:
    """A text that was added.

    Attributes:
        name: as settings and commands say it; title: for people.
        options: how it is read; None if its file is damaged.
        bytes: of its file.
    """

    name: str
    title: str
    options: Options | None
    bytes: int


def is_upload(name: str) -> bool:
    """Whether a corpus of that name would be a text of one's own."""
    return name.startswith(PREFIX)


def upload_path(name: str, home: Path | None = None) -> Path:
    """Where that text is, or would be.

    Raises:
        CorpusError: no text could have that name.
    """
    if not _NAME.fullmatch(name):
        raise CorpusError(
            f"there is no corpus {name!r}; what is your own is called {PREFIX} and twelve digits, "
            "as `python -m seqgan_core corpus list` shows"
        )
    return corpora_folder(home) / "own" / f"{name.removeprefix(PREFIX)}.json"


def add_user_text(text: str, title: str, options: Options, home: Path | None = None) -> Corpus:
    """Keeps a text here; the same text and options give the same corpus.

    Raises:
        CorpusError: it cannot be learnt from, or the disk does not take it.
    """
    corpus = user_text_corpus(text, title, options)
    content = {
        "format": FORMAT,
        "title": corpus.title,
        "options": asdict(options),
        "text": text,
    }
    path = upload_path(corpus.name, home)
    with readable_disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as file:
            file.write(json.dumps(content).encode("ascii"))
    return corpus


def user_texts(home: Path | None = None) -> list[UserText]:
    """The texts that were added, the damaged ones among them, by title."""
    uploads = []
    for path in (corpora_folder(home) / "own").glob("*.json"):
        name = f"{PREFIX}{path.stem}"
        if _NAME.fullmatch(name):
            size = path.stat().st_size
            try:
                _, title, options = _read_text(path)
                uploads.append(UserText(name, title, options, size))
            except CorpusError:
                uploads.append(UserText(name, "a damaged file", None, size))
    return sorted(uploads, key=lambda upload: (upload.title, upload.name))


def load_user_text(name: str, home: Path | None = None) -> Corpus:
    """The text of that name, read and split as when it was added.

    Raises:
        CorpusMissing: it is not here.
        CorpusError: its file is damaged.
    """
    path = upload_path(name, home)
    if not path.is_file():
        raise CorpusMissing(
            f"your text {name} is not on this machine; add it again with `python -m seqgan_core "
            "corpus add FILE` (the same file and options give the same name)"
        )
    stat = path.stat()
    return _text_corpus(path, stat.st_size, stat.st_mtime_ns)


def remove_user_text(name: str, home: Path | None = None) -> None:
    """Takes the text off this machine; doing so twice does no harm.

    Raises:
        CorpusError: no text could have that name, or it cannot be removed.
    """
    path = upload_path(name, home)
    with readable_disk_errors(path.parent):
        path.unlink(missing_ok=True)


@lru_cache(maxsize=8)
def _text_corpus(path: Path, size: int, changed: int) -> Corpus:
    return user_text_corpus(*_read_text(path))


def _read_text(path: Path) -> tuple[str, str, Options]:
    try:
        content = json.loads(path.read_text(encoding="ascii"))
        if content["format"] != FORMAT:
            raise CorpusError(f"{path} was written by another version; add the text again")
        text, title = content["text"], clean_title(content["title"])
        options = Options(**content["options"])
        if upload_name(text, options) != f"{PREFIX}{path.stem}":
            raise _damaged_text(path)
    except CorpusError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _damaged_text(path) from None
    return text, title, options


def _damaged_text(path: Path) -> CorpusError:
    return CorpusError(
        f"{path} is damaged; remove it (`python -m seqgan_core corpus remove {PREFIX}{path.stem}`) "
        "and add the text again"
    )


@dataclass(frozen=True)
class UserTunes:
    """Tunes that were added, as `UserText`; `tunes` is None if their file is damaged."""

    name: str
    title: str
    tunes: int | None
    bytes: int


def add_user_tunes(collection: Collection, home: Path | None = None) -> TuneCorpus:
    """Keeps tunes here; the same tunes give the same corpus.

    Raises:
        CorpusError: the disk does not take them.
    """
    name = PREFIX + tunes_digest(collection)
    path = _tunes_path(name, home)
    with readable_disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        tunes.save(path, collection)
    return load_user_tunes(name, home)


def user_tunes(home: Path | None = None) -> list[UserTunes]:
    """The tunes that were added, by title, the damaged files among them."""
    uploads = []
    for path in (corpora_folder(home) / "own").glob("*.npz"):
        if _NAME.fullmatch(PREFIX + path.stem):
            stat = path.stat()
            uploads.append(_tunes_summary(path, stat.st_size, stat.st_mtime_ns))
    return sorted(uploads, key=lambda upload: (upload.title, upload.name))


def has_user_tunes(name: str, home: Path | None = None) -> bool:
    """Whether tunes of one's own of that name are here.

    Raises:
        CorpusError: none could have that name.
    """
    return _tunes_path(name, home).is_file()


def load_user_tunes(name: str, home: Path | None = None) -> TuneCorpus:
    """The tunes of that name, split as when they were added.

    Raises:
        CorpusMissing: they are not here.
        CorpusError: their file is damaged.
    """
    path = _tunes_path(name, home)
    if not path.is_file():
        raise CorpusMissing(
            f"your tunes {name} are not on this machine; add them again with `python -m "
            "seqgan_core corpus add FILE` (the same files and options give the same name)"
        )
    stat = path.stat()
    return _tune_corpus(path, stat.st_size, stat.st_mtime_ns)


def remove_user_tunes(name: str, home: Path | None = None) -> None:
    """Takes the tunes off this machine; doing so twice does no harm."""
    path = _tunes_path(name, home)
    with readable_disk_errors(path.parent):
        path.unlink(missing_ok=True)


def _tunes_path(name: str, home: Path | None) -> Path:
    return upload_path(name, home).with_suffix(".npz")


@lru_cache(maxsize=256)  # a page asks for all of them each time that it is drawn
def _tunes_summary(path: Path, size: int, changed: int) -> UserTunes:
    name = PREFIX + path.stem
    try:
        collection = tunes.read(path)
    except CacheError:
        return UserTunes(name, "a damaged file", None, size)
    return UserTunes(name, collection.title, collection.report.kept, size)


@lru_cache(maxsize=8)
def _tune_corpus(path: Path, size: int, changed: int) -> TuneCorpus:
    name = PREFIX + path.stem
    try:
        collection = tunes.read(path)
    except CacheError as error:
        raise _damaged_tunes(path, name, str(error)) from None
    if PREFIX + tunes_digest(collection) != name:
        raise _damaged_tunes(path, name, f"{path} is damaged")
    return collection.corpus(name, collection.title, LICENCE, "added here")


def _damaged_tunes(path: Path, name: str, why: str) -> CorpusError:
    return CorpusError(
        f"{why}; remove it (`python -m seqgan_core corpus remove {name}`) and add the tunes again"
    )
