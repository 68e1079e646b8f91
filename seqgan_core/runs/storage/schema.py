"""The tables of the database, its version, and the migration from older ones."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock

from seqgan_core.runs.records import StoreError
from seqgan_core.runs.storage.disk_errors import BUSY_SECONDS

_RUNS = (  # version 1: stored libraries begin with exactly these, so they are never changed
    """CREATE TABLE runs (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, preset TEXT,
        config TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL,
        seconds REAL NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
        parent TEXT, parent_step INTEGER,
        starred INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0,
        versions TEXT NOT NULL DEFAULT '{}', device TEXT NOT NULL DEFAULT '',
        metrics TEXT NOT NULL DEFAULT '{}', best TEXT NOT NULL DEFAULT '{}',
        step INTEGER NOT NULL DEFAULT 0, epoch REAL NOT NULL DEFAULT 0,
        generation INTEGER NOT NULL
    )""",
    """CREATE TABLE events (
        run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, seq INTEGER NOT NULL,
        seconds REAL NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (run_id, seq)
    ) WITHOUT ROWID""",
    "CREATE INDEX events_by_kind ON events (run_id, kind, seq)",
    """CREATE TABLE checkpoints (
        run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, step INTEGER NOT NULL,
        epoch REAL NOT NULL, bytes INTEGER NOT NULL, created REAL NOT NULL,
        PRIMARY KEY (run_id, step)
    ) WITHOUT ROWID""",
)
_VOTES = (  # version 2
    """CREATE TABLE votes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, created REAL NOT NULL, quiz TEXT NOT NULL,
        round_seed INTEGER NOT NULL, model TEXT NOT NULL, shown TEXT NOT NULL,
        chose INTEGER NOT NULL, human INTEGER NOT NULL, session TEXT NOT NULL,
        UNIQUE (session, quiz, model, round_seed)
    )""",
    "CREATE INDEX votes_by_quiz ON votes (quiz, model)",
)
_STEPS = (_RUNS, _VOTES)  # from each version to the next; 0 is an empty file
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
