"""Errors of the disk and of SQLite as `StoreError`s."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import Timeout

from seqgan_core.runs.records import StorageFullError, StoreError

BUSY_SECONDS = 30.0  # how long a writer waits for another one


@contextmanager
def translate_errors(home: Path) -> Iterator[None]:
    """Turn errors of the disk and of SQLite into a `StoreError`."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        raise  # a mistake of this program, not of the disk
    except sqlite3.DatabaseError as error:
        raise _explain_sqlite(error, home) from error
    except Timeout as error:
        raise StoreError("library.locked", file=error.lock_file) from error
    except OSError as error:
        raise _explain_os(error, home) from error


def _explain_sqlite(error: sqlite3.DatabaseError, home: Path) -> StoreError:
    text = str(error)
    if "full" in text:
        return StorageFullError("library.disk-full", home=home)
    if "locked" in text or "busy" in text:
        return StoreError("library.busy", home=home, seconds=BUSY_SECONDS)
    if "readonly" in text or "unable to open" in text:
        return StoreError("library.unwritable", home=str(home), why=text)
    if "not a database" in text or "malformed" in text:
        return StoreError("library.damaged", file=home / "runs.db", why=text)
    return StoreError("library.unusable", home=home, why=text)


def _explain_os(error: OSError, home: Path) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageFullError("library.disk-full", home=home)
    return StoreError("library.unwritable", home=str(home), why=error.strerror or str(error))
