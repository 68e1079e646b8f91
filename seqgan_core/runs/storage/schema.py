"""The tables of the database, its version, and the migration from older ones."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock

from seqgan_core.runs.records import StoreError
from seqgan_core.runs.storage.disk_errors import BUSY_SECONDS

_FOLDER = Path(__file__).resolve().parents[3] / "assets" / "schema"
# the statements from each version to the next; 0 is an empty file
_STEPS = tuple(
    tuple(file.read_text(encoding="utf-8").strip().removesuffix(";").split(";"))
    for file in sorted(_FOLDER.glob("*.sql"))
)
SCHEMA_VERSION = len(_STEPS)


def prepare(path: Path, lock_path: Path) -> None:
    """Create the database at `path`, or migrate an existing one to this version.

    Migrations only add tables, in one transaction; stored runs stay as they are.

    Raises:
        StoreError: it is of a newer version, or not a library; it is left as it was.
    """
    if _version(path) == SCHEMA_VERSION:
        return
    with FileLock(lock_path, timeout=BUSY_SECONDS):  # two programs may start at once
        version = _version(path)
        if version == SCHEMA_VERSION:
            return
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            if version == 0:
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # a purge frees disk space
                connection.execute("PRAGMA journal_mode = WAL")  # kept in the file
            connection.execute("BEGIN IMMEDIATE")
            for step in _STEPS[version:]:
                for statement in step:
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
        finally:
            connection.close()


def _version(path: Path) -> int:
    """The schema version at `path`, 0 for none yet; nothing is written."""
    if not path.exists() or path.stat().st_size == 0:
        return 0
    address = f"file:{quote(str(path))}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("BEGIN")  # one snapshot: another program may be making the tables
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        strangers = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    finally:
        connection.close()
    if version > SCHEMA_VERSION:
        raise StoreError("library.newer", file=path, given=version, allowed=SCHEMA_VERSION)
    if version == 0 and strangers:
        raise StoreError("library.foreign", file=path)
    return version
