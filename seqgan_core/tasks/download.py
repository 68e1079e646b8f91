"""Files of a corpus, from their address or from a folder with the same bytes, and checked."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.tasks.corpus import CorpusError

MIRROR = "SEQGAN_CORPUS_MIRROR"
TIMEOUT = (10.0, 60.0)  # seconds to connect, and to wait for more bytes
TRIES = 2  # a second try continues where the first one broke off
LARGEST = 64 * 1024**2  # bytes of a file whose size is not stated
_CHUNK = 64 * 1024

Progress = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes in total (0 if unknown)."""


def silent(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


class FetchError(CorpusError):
    """A download failed; the message says why and what to do."""


@dataclass(frozen=True)
class File:
    """One file at a fixed commit."""

    name: str  # its name on this machine
    url: str  # where it is
    bytes: int | None = None  # its size; None if its source does not state it
    # sha256, git_blob: its digests; one of them is known
    sha256: str | None = None
    git_blob: str | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def matches(self, path: Path) -> bool:
        """Whether the file at `path` has exactly these bytes."""
        if not self.seems_present(path):
            return False
        blob = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
        with path.open("rb") as file:
            if self.sha256 is not None:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256
            return hashlib.file_digest(file, lambda: blob).hexdigest() == self.git_blob

    def seems_present(self, path: Path) -> bool:
        """Whether a file of its name and size is there; a quick check."""
        return path.is_file() and self.bytes in (None, path.stat().st_size)


def fetch_files(files: Sequence[File], folder: Path, progress: Progress = silent) -> None:
    """Get all files into `folder`; complete ones are left alone.

    Raises:
        FetchError: one could not be fetched; those before it, and its beginning, are kept.
    """
    total, done = total_bytes(files) or 0, 0
    with readable_disk_errors(folder), locked(folder):
        mirror = Mirror.from_environment()
        for file in files:
            path = folder / file.name
            if not file.matches(path):
                copy = mirror.find(file) if mirror else None
                if copy is not None:
                    with atomic_write(path) as output, copy.open("rb") as data:
                        shutil.copyfileobj(data, output)
                else:
                    _download(file, folder, in_all(progress, done, total), mirror)
            done += path.stat().st_size
            progress(done, total)


def in_all(progress: Progress, before: int, total: int) -> Progress:
    """The progress of a part: so much came before it, of so much in all."""
    return lambda done, _total: progress(before + done, total)


def total_bytes(files: Sequence[File]) -> int | None:
    """How much there is to fetch; None if a source does not state it."""
    sizes = [file.bytes for file in files]
    return None if None in sizes else sum(size or 0 for size in sizes)


class Mirror:
    """A folder with the same files, under any name, for places without a network."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CorpusError("mirror.folder", variable=MIRROR, folder=folder)
        self.folder = folder
        paths = sorted(folder.rglob("*"))
        self._paths = [path for path in paths if path.is_file() and path.stat().st_size <= LARGEST]

    @classmethod
    def from_environment(cls) -> Mirror | None:
        folder = os.environ.get(MIRROR)
        return cls(Path(folder).expanduser()) if folder else None

    def find(self, file: File) -> Path | None:
        return next((path for path in self._paths if file.matches(path)), None)

    def by_name(self, name: str) -> Path | None:
        """The first file of that name, for files without a known digest."""
        return next((path for path in self._paths if path.name == name), None)


def _download(file: File, folder: Path, report: Progress, mirror: Mirror | None) -> None:
    import pooch  # here, because few runs fetch anything
    import requests

    pooch.get_logger().setLevel("WARNING")  # progress is reported in another way
    keeper = pooch.create(
        path=folder,
        base_url="",
        registry={file.name: f"sha256:{file.sha256}" if file.sha256 else None},
        urls={file.name: file.url},
        retry_if_failed=TRIES - 1,
    )
    try:
        keeper.fetch(file.name, downloader=partial(_resume, file, report))
    except requests.exceptions.HTTPError as error:
        status = error.response.status_code if error.response is not None else "?"
        raise FetchError(
            "fetch.status", host=file.host, status=status, url=file.url, variable=MIRROR
        ) from error
    except requests.exceptions.RequestException as error:
        fields = {"name": file.name, "host": file.host, "error": type(error).__name__,
                  "variable": MIRROR}  # fmt: skip
        if mirror is not None:
            raise FetchError("fetch.not-in-mirror", folder=mirror.folder, **fields) from error
        raise FetchError("fetch.unreachable", **fields) from error
    except FetchError:
        raise
    except ValueError as error:  # what pooch raises for a wrong checksum
        raise _altered(file) from error


def _resume(file: File, report: Progress, url: str, output_file: str, _keeper: Any) -> None:
    """A downloader for pooch that continues a download that broke off; pooch would start again."""
    import requests

    target = Path(output_file)
    part = target.parent / f"{file.name}.part"
    size = part.stat().st_size if part.is_file() else 0
    if size > (file.bytes or LARGEST):
        part.unlink()
        size = 0
    if size == 0 or size != file.bytes:
        # "identity": a compressed answer has other bytes and could not be continued
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={size}-"} if size else {})
        with requests.get(url, stream=True, timeout=TIMEOUT, headers=headers) as response:
            if response.status_code == 416:  # there is nothing more, so it is another file
                part.unlink(missing_ok=True)
            response.raise_for_status()
            if response.headers.get("Content-Range", "").partition("-")[0] != f"bytes {size}":
                size = 0  # the whole file is sent, whatever the range
            _write(part, response, size, file, report)
    if part.stat().st_size < (file.bytes or 0):
        raise requests.exceptions.ConnectionError(f"{url} broke off")
    if not file.matches(part):
        part.unlink()
        raise _altered(file)
    os.replace(part, target)


def _write(part: Path, response: Any, size: int, file: File, report: Progress) -> None:
    most = file.bytes or LARGEST
    with part.open("ab" if size else "wb") as output:
        for chunk in response.iter_content(_CHUNK):
            size += len(chunk)
            if size > most:
                part.unlink()
                raise FetchError("fetch.too-large", url=file.url, most=most)
            output.write(chunk)
            report(size, most)


def _altered(file: File) -> FetchError:
    return FetchError("fetch.altered", name=file.name, host=file.host)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Locks a folder: two processes would write to the same file."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout:
        raise FetchError("fetch.locked", name=folder.name) from None


@contextmanager
def readable_disk_errors(folder: Path) -> Iterator[None]:
    """Turns errors of the disk into sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FetchError("disk.full", folder=folder) from error
        raise FetchError(
            "disk.unwritable", folder=folder, reason=error.strerror or type(error).__name__
        ) from error
