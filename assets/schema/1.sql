-- Stored libraries begin with exactly these, so they are never changed.
CREATE TABLE runs (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, preset TEXT,
    config TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL,
    seconds REAL NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
    parent TEXT, parent_step INTEGER,
    starred INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0,
    versions TEXT NOT NULL DEFAULT '{}', device TEXT NOT NULL DEFAULT '',
    metrics TEXT NOT NULL DEFAULT '{}', best TEXT NOT NULL DEFAULT '{}',
    step INTEGER NOT NULL DEFAULT 0, epoch REAL NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL
);
CREATE TABLE events (
    run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, seq INTEGER NOT NULL,
    seconds REAL NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
) WITHOUT ROWID;
CREATE INDEX events_by_kind ON events (run_id, kind, seq);
CREATE TABLE checkpoints (
    run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, step INTEGER NOT NULL,
    epoch REAL NOT NULL, bytes INTEGER NOT NULL, created REAL NOT NULL,
    PRIMARY KEY (run_id, step)
) WITHOUT ROWID;
