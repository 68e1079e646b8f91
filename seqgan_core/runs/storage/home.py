"""The folder where runs live, and some room kept in it for last words on a full disk."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from seqgan_core.runs.storage.disk_errors import explained
from seqgan_core.tasks.home import default_home

__all__ = ["default_home", "make_home", "release_reserve"]

_RESERVE = 256 * 1024  # bytes


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
