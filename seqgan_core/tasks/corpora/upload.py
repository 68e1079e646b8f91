"""Uploads: text or tunes that a user added, a file each, named after what it holds."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from seqgan_core.messages import N_, _
from seqgan_core.tasks.corpora.source import TASK_OF, Source
from seqgan_core.tasks.corpus import Corpus, CorpusError, CorpusMissing, DamagedFile, Unit
from seqgan_core.tasks.download import Progress, readable_disk_errors
from seqgan_core.tasks.home import corpora_folder
from seqgan_core.tasks.music.collection import Collection
from seqgan_core.tasks.registry import TaskName
from seqgan_core.tasks.text.user_text import Options, UserText

PREFIX = "own-"
LICENCE = N_("your upload; it stays on this machine")
OUTDATED = N_(
    "read by an earlier version of the lab; add the files again to have them read by today's rules"
)
_NAME = re.compile(PREFIX + r"[0-9a-f]{12}")


Content = UserText | Collection
"""What an upload holds; both have a title, a digest of what they hold, and a file."""

KINDS: dict[str, type[UserText] | type[Collection]] = {".json": UserText, ".npz": Collection}
"""What is stored in a file, by how its name ends."""
_UNITS: dict[str, tuple[Unit, ...]] = {".json": ("characters", "words"), ".npz": ("notes",)}


@dataclass(frozen=True, kw_only=True)
class Upload(Source):
    """An upload that is on this machine, or was."""

    licence: str = LICENCE
    origin: str = N_("added here")
    stored: Path  # its file
    options: Options | None = None  # how a text is read
    tunes: int | None = None  # how many there are
    damaged: bool = False  # whether its file cannot be read
    outdated: bool = False  # whether it is read by rules that have changed since, see `OUTDATED`

    uploaded: ClassVar[bool] = True

    @property
    def label(self) -> str:
        """The title that its user gave it."""
        return _("a damaged file") if self.damaged else self.title

    @property
    def tasks(self) -> list[TaskName]:
        """The task that it can be used with; those it might be for, if its file is damaged."""
        units = _UNITS[self.stored.suffix] if self.damaged else [self.unit]
        return [TASK_OF[unit] for unit in units]

    @property
    def bytes(self) -> int:
        return self.stored.stat().st_size if self.have() else 0

    @property
    def size(self) -> str:
        return ""

    def paths(self) -> list[Path]:
        return [self.stored]

    def _fetch(self, progress: Progress) -> None:
        if not self.have():
            raise self._missing()

    def remove(self) -> None:
        with readable_disk_errors(self.stored.parent):
            self.stored.unlink(missing_ok=True)

    def _read(self, punctuation: bool) -> Corpus[Any]:
        try:
            return _content(self.stored).corpus()
        except DamagedFile as error:
            raise CorpusError("upload.damaged", reason=error, name=self.name) from None

    def _missing(self) -> CorpusMissing:
        return CorpusMissing("upload.missing", name=self.name)


def is_upload(name: str) -> bool:
    return name.startswith(PREFIX)


def upload_of(name: str, home: Path | None = None) -> Upload:
    """The upload of that name, whether it is on this machine or not.

    Raises:
        CorpusError: no upload can have that name.
    """
    if not _NAME.fullmatch(name):
        raise CorpusError("upload.name", name=name, prefix=PREFIX)
    stem = _folder(home) / name.removeprefix(PREFIX)
    files = [stem.with_suffix(suffix) for suffix in KINDS]
    stored = next((path for path in files if path.is_file()), files[0])
    return _upload(stored) if stored.is_file() else _unread(stored, damaged=False)


def uploads(home: Path | None = None) -> list[Upload]:
    """All uploads on this machine by title, damaged files among them."""
    every = _folder(home).glob("*")
    known = (path for path in every if path.suffix in KINDS and _NAME.fullmatch(PREFIX + path.stem))
    return sorted(map(_upload, known), key=lambda upload: (upload.title, upload.name))


def add_upload(content: Content, home: Path | None = None) -> Corpus[Any]:
    """Store it on this machine; the same content gives the same corpus.

    Raises:
        CorpusError: it cannot be used, or the disk refuses.
    """
    content.corpus()
    (suffix,) = (suffix for suffix, kind in KINDS.items() if isinstance(content, kind))
    path = _folder(home) / f"{content.digest}{suffix}"
    with readable_disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        content.save(path)
    return _upload(path).load()


def _folder(home: Path | None) -> Path:
    return corpora_folder(home) / "own"


def _content(path: Path) -> Content:
    """What a file holds, if that is what its name says.

    Raises:
        DamagedFile: it is damaged or of another version.
    """
    content = KINDS[path.suffix].read(path)
    if content.digest != path.stem:
        raise DamagedFile("file.damaged", path=path)
    return content


def _upload(path: Path) -> Upload:
    stat = path.stat()
    return _described(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=256)  # a page asks for all of them each time that it is drawn
def _described(path: Path, size: int, changed: int) -> Upload:
    try:
        content = _content(path)
    except DamagedFile:
        return _unread(path, damaged=True)
    about: dict[str, Any] = (
        {"unit": content.options.unit, "options": content.options}
        if isinstance(content, UserText)
        else {"unit": "notes", "tunes": content.report.kept}
    )
    name, outdated = PREFIX + path.stem, content.outdated
    return Upload(name=name, title=content.title, stored=path, outdated=outdated, **about)


def _unread(path: Path, *, damaged: bool) -> Upload:
    name, unit = PREFIX + path.stem, _UNITS[path.suffix][0]
    return Upload(name=name, title=name, unit=unit, stored=path, damaged=damaged)
