"""Texts of one's own on this machine: a file each, written whole or not at all."""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from seqgan_core.tasks.corpus import Corpus, CorpusError, CorpusMissing
from seqgan_core.tasks.download import explained
from seqgan_core.tasks.home import corpora_folder
from seqgan_core.tasks.text.user_text import OWN, Options, clean_title, make_own, name_of

FORMAT = 1
_NAME = re.compile(r"own-[0-9a-f]{12}")


@dataclass(frozen=True)
class OwnText:
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


def is_own(name: str) -> bool:
    """Whether a corpus of that name would be a text of one's own."""
    return name.startswith(OWN)


def path_of(name: str, home: Path | None = None) -> Path:
    """Where that text is, or would be.

    Raises:
        CorpusError: no text could have that name.
    """
    if not _NAME.fullmatch(name):
        raise CorpusError(
            f"there is no corpus {name!r}; what is your own is called {OWN} and twelve digits, "
            "as `python -m seqgan_core corpus list` shows"
        )
    return corpora_folder(home) / "own" / f"{name.removeprefix(OWN)}.json"


def add_own(text: str, title: str, options: Options, home: Path | None = None) -> Corpus:
    """Keeps a text here; the same text and options give the same corpus.

    Raises:
        CorpusError: it cannot be learnt from, or the disk does not take it.
    """
    corpus = make_own(text, title, options)
    told = {
        "format": FORMAT,
        "title": corpus.title,
        "options": asdict(options),
        "text": text,
    }
    path = path_of(corpus.name, home)
    with explained(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump(told, file)
            os.replace(part, path)
        except OSError:
            with suppress(OSError):
                os.unlink(part)
            raise
    return corpus


def own_corpora(home: Path | None = None) -> list[OwnText]:
    """The texts that were added, the damaged ones among them, by title."""
    found = []
    for path in (corpora_folder(home) / "own").glob("*.json"):
        name = f"{OWN}{path.stem}"
        if _NAME.fullmatch(name):
            size = path.stat().st_size
            try:
                _, title, options = _read(path)
                found.append(OwnText(name, title, options, size))
            except CorpusError:
                found.append(OwnText(name, "a damaged file", None, size))
    return sorted(found, key=lambda own: (own.title, own.name))


def load_own(name: str, home: Path | None = None) -> Corpus:
    """The text of that name, read and split as when it was added.

    Raises:
        CorpusMissing: it is not here.
        CorpusError: its file is damaged.
    """
    path = path_of(name, home)
    if not path.is_file():
        raise CorpusMissing(
            f"your text {name} is not on this machine; add it again with `python -m seqgan_core "
            "corpus add FILE` (the same file and options give the same name)"
        )
    stat = path.stat()
    return _made(path, stat.st_size, stat.st_mtime_ns)


def remove_own(name: str, home: Path | None = None) -> None:
    """Takes the text off this machine; doing so twice does no harm.

    Raises:
        CorpusError: no text could have that name, or it cannot be removed.
    """
    path = path_of(name, home)
    with explained(path.parent):
        path.unlink(missing_ok=True)


@lru_cache(maxsize=8)
def _made(path: Path, size: int, changed: int) -> Corpus:
    return make_own(*_read(path))


def _read(path: Path) -> tuple[str, str, Options]:
    try:
        told = json.loads(path.read_text(encoding="ascii"))
        if told["format"] != FORMAT:
            raise CorpusError(f"{path} was written by another version; add the text again")
        text, title, options = told["text"], clean_title(told["title"]), Options(**told["options"])
        if name_of(text, options) != f"{OWN}{path.stem}":
            raise _damaged(path)
    except CorpusError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _damaged(path) from None
    return text, title, options


def _damaged(path: Path) -> CorpusError:
    return CorpusError(
        f"{path} is damaged; remove it (`python -m seqgan_core corpus remove {OWN}{path.stem}`) "
        "and add the text again"
    )
