"""A package of NLTK's data, brought by NLTK's own downloader into a folder of ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.tasks.download import MIRROR, FetchError, Mirror, Progress, readable_disk_errors


@dataclass(frozen=True)
class Package:
    """`name` in NLTK's index, and the `path` where its downloader puts it."""

    name: str
    path: str


def fetch_package(
    package: Package, folder: Path, progress: Progress | None = None, index: str | None = None
) -> None:
    """Brings the package into `folder`, out of the mirror where that holds the file.

    Args:
        package: what to bring.
        folder: NLTK's data folder, of our own.
        progress: told bytes; NLTK tells hundredths.
        index: where NLTK looks; its own address unless told.

    Raises:
        FetchError: it did not come.
    """
    target = folder / package.path
    with readable_disk_errors(folder):
        target.parent.mkdir(parents=True, exist_ok=True)
        mirror = Mirror.from_environment()
        copy = mirror.by_name(target.name) if mirror else None
        if copy is not None:
            with atomic_write(target) as file:
                file.write(copy.read_bytes())
        elif not target.is_file():
            _download(package, folder, progress, index)
        if not target.is_file():
            raise FetchError(f"NLTK's downloader left no {target}; try again")
    if progress is not None:
        progress(target.stat().st_size, target.stat().st_size)


def _download(package: Package, folder: Path, progress: Progress | None, index: str | None) -> None:
    from nltk.downloader import Downloader, ErrorMessage, ProgressMessage  # a second's import

    downloader = Downloader(index, str(folder))
    for message in downloader.incr_download(package.name, str(folder), extract=False):
        if isinstance(message, ErrorMessage):
            raise FetchError(
                f"NLTK's downloader could not bring {package.name} ({_first_line(message)}); check "
                f"the network and try again, or set {MIRROR} to a folder that holds "
                f"{Path(package.path).name}"
            )
        if isinstance(message, ProgressMessage) and progress is not None:
            size = int(downloader.info(package.name).size)
            progress(size * int(message.progress) // 100, size)


def _first_line(message: object) -> str:
    lines = str(getattr(message, "message", "")).strip().splitlines()
    return lines[0] if lines else "no reason given"
