"""The folder where runs live, and some room kept in it for last words on a full disk."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

import platformdirs

from seqgan_core.runs.trouble import explained

_RESERVE = 256 * 1024  # bytes


def default_home() -> Path:
    """Where runs live: `SEQGAN_HOME`, or else the platform's folder for user data."""
    given = os.environ.get("SEQGAN_HOME")
    if given:
        return Path(given).expanduser()
    return platformdirs.user_data_path("seqgan-lab", appauthor=False)


def make_home(home: Path) -> None:
    """Make the folders and the reserve.

    Raises:
        StoreError: they cannot be written.
    """
    with explained(home):
        (home / "locks").mkdir(parents=True, exist_ok=True)
        (home / "checkpoints").mkdir(exist_ok=True)
        for path in (home, home / "locks", home / "checkpoints", home / "runs.db"):
            if path.exists() and not os.access(path, os.W_OK):  # better now than amid training
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    if not (home / "reserve").exists():
        with suppress(OSError):  # without it, only the last words on a full disk are lost
            (home / "reserve").write_bytes(os.urandom(_RESERVE))


def release_reserve(home: Path) -> None:
    """Make room for a few words."""
    with explained(home):
        (home / "reserve").unlink(missing_ok=True)
