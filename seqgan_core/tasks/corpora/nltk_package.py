"""A package of NLTK's data, fetched by NLTK's downloader."""

from dataclasses import dataclass
from pathlib import Path

from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.tasks.download import MIRROR, FetchError, Mirror, Progress, readable_disk_errors


@dataclass(frozen=True)
class Package:
    """`name` in NLTK's index, and the `path` of its file in the data folder."""

    name: str
    path: str


def fetch_package(
    package: Package, folder: Path, progress: Progress, index: str | None = None
) -> None:
    """Get the package into NLTK's data folder, from the mirror if that has the file.

    `progress` is called with bytes, of which NLTK reports hundredths; `index` is the address of
    NLTK's index, by default its own.

    Raises:
        FetchError: it could not be fetched.
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
            raise FetchError("nltk.no-file", path=target)
    progress(target.stat().st_size, target.stat().st_size)


def _download(package: Package, folder: Path, progress: Progress, index: str | None) -> None:
    from nltk.downloader import Downloader, ErrorMessage, ProgressMessage  # a second's import

    downloader = Downloader(index, str(folder))
    for message in downloader.incr_download(package.name, str(folder), extract=False):
        if isinstance(message, ErrorMessage):
            reasons = str(message.message).strip().splitlines() or ["no reason given"]
            file = Path(package.path).name
            raise FetchError(
                "nltk.failed", name=package.name, reason=reasons[0], variable=MIRROR, file=file
            )
        if isinstance(message, ProgressMessage):
            size = int(downloader.info(package.name).size)
            progress(size * int(message.progress) // 100, size)
