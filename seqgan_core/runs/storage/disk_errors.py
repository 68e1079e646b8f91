"""What errors of the disk and of SQLite mean to people."""

from __future__ import annotations

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
    """Turn errors of the disk and of SQLite into a `StoreError` of one sentence."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        raise  # a mistake of this program, not of the disk
    except sqlite3.DatabaseError as error:
        raise _explain_sqlite(error, home) from error
    except Timeout as error:
        raise StoreError(
            f"{error.lock_file} is held by another program; wait for it or end it"
        ) from error
    except OSError as error:
        raise _explain_os(error, home) from error


def _explain_sqlite(error: sqlite3.DatabaseError, home: Path) -> StoreError:
    text = str(error)
    if "full" in text:
        return _full(home)
    if "locked" in text or "busy" in text:
        return StoreError(
            f"the run library in {home} stayed locked by another program for {BUSY_SECONDS:.0f} s; "
            "try again when that program is done"
        )
    if "readonly" in text or "unable to open" in text:
        return _unwritable(home, text)
    if "not a database" in text or "malformed" in text:
        return StoreError(
            f"{home / 'runs.db'} is damaged ({text}); "
            "move it away, or put back a copy, or give another --home"
        )
    return StoreError(
        f"the run library in {home} could not be used ({text}); "
        "check the disk, or give another --home"
    )


def _explain_os(error: OSError, home: Path) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _full(home)
    return _unwritable(home, error.strerror or str(error))


def _full(home: Path) -> StorageFullError:
    return StorageFullError(
        f"the disk that holds {home} is full; free some space, or give another --home, then resume"
    )


def _unwritable(home: Path, why: str) -> StoreError:
    return StoreError(
        f"the run library is {str(home)!r}, which cannot be used ({why}); "
        "give --home or SEQGAN_HOME a folder that can be written"
    )
