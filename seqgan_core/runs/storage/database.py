"""The folder and database of a library: a connection per thread, a transaction per write."""

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from seqgan_core.runs.storage import schema
from seqgan_core.runs.storage.disk_errors import BUSY_SECONDS, translate_errors

_RESERVE = 256 * 1024  # bytes kept free for setting a status on a full disk


def make_home(home: Path) -> None:
    """Make the folders of the library, and the reserve.

    Raises:
        StoreError: they cannot be written.
    """
    with translate_errors(home):
        (home / "locks").mkdir(parents=True, exist_ok=True)
        (home / "checkpoints").mkdir(exist_ok=True)
        for path in (home, home / "locks", home / "checkpoints", home / "runs.db"):
            if path.exists() and not os.access(path, os.W_OK):  # better now than during training
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    if not (home / "reserve").exists():
        with suppress(OSError):  # without it, only the last status on a full disk is lost
            (home / "reserve").write_bytes(os.urandom(_RESERVE))


def release_reserve(home: Path) -> None:
    """Make room for setting a status on a full disk."""
    with translate_errors(home):
        (home / "reserve").unlink(missing_ok=True)


class Database:
    """The SQLite file of a library.

    Raises:
        StoreError: the folder cannot be written, or the file is of a newer version.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._path = home / "runs.db"
        self._local = threading.local()
        with translate_errors(home):
            schema.prepare(self._path, home / "locks" / "library.lock")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection whose queries all see one snapshot."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are atomic; `durable` ones also survive a power cut."""
        with self._transaction("BEGIN IMMEDIATE", "FULL" if durable else "NORMAL") as connection:
            yield connection

    def shrink(self) -> None:
        """Free the disk space of removed rows, as far as other readers allow."""
        with translate_errors(self.home):
            connection = self._connection()
            connection.execute("PRAGMA incremental_vacuum").fetchall()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def _transaction(self, begin: str, synchronous: str = "NORMAL") -> Iterator[sqlite3.Connection]:
        with translate_errors(self.home):
            connection = self._connection()
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            try:
                connection.execute(begin)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite may have rolled back by itself
                    connection.execute("ROLLBACK")
                raise

    def _connection(self) -> sqlite3.Connection:
        # A connection belongs to the thread and process that opened it: after a fork it must not
        # even be closed. It is closed when its thread ends.
        cached: tuple[int, sqlite3.Connection] | None = getattr(self._local, "cached", None)
        if cached is None or cached[0] != os.getpid():
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            cached = self._local.cached = (os.getpid(), connection)
        return cached[1]
