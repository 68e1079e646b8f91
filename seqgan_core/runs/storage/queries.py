"""The SQL of the library; each function works inside a transaction of its caller."""

import secrets
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from seqgan_core.runs.records import (
    STATUSES,
    CheckpointRecord,
    RunRecord,
    StoreError,
    better,
    from_json,
    to_json,
)  # fmt: skip
from seqgan_core.runs.storage.checkpoints import Checkpoint
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import Evaluated, Event, from_dict, to_dict

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that look alike


def find(connection: sqlite3.Connection, run_id: str) -> sqlite3.Row:
    """The row of the run with this id, or the only one whose id begins with it."""
    rows: list[sqlite3.Row] = connection.execute(
        "SELECT * FROM runs WHERE substr(id, 1, ?) = ? ORDER BY id = ? DESC, created DESC LIMIT 4",
        (len(run_id), run_id, run_id),
    ).fetchall()
    if not rows or not run_id:
        raise _no_run(run_id)
    if len(rows) > 1 and rows[0]["id"] != run_id:
        raise StoreError("run.ambiguous", run=run_id, ids=", ".join(row["id"] for row in rows[:3]))
    return rows[0]


def exact(connection: sqlite3.Connection, run_id: str) -> sqlite3.Row:
    """The row of the run with exactly this id."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM runs WHERE id = ?", (run_id,)
    ).fetchone()
    if row is None:
        raise _no_run(run_id)
    return row


def _no_run(run_id: str) -> StoreError:
    return StoreError("run.unknown", run=run_id[:60])


def record(row: sqlite3.Row) -> RunRecord:
    """A row as a record."""
    columns = {name: row[name] for name in tuple(row.keys()) if name != "generation"}
    columns["config"] = _config(row["id"], row["config"])
    for name in ("created", "updated"):
        columns[name] = datetime.fromtimestamp(row[name], UTC)
    for name in ("starred", "deleted"):
        columns[name] = bool(row[name])
    for name in ("versions", "metrics", "best"):
        columns[name] = from_json(row[name])
    return RunRecord(**columns)


def _config(run_id: str, text: str) -> TrainConfig:
    try:
        return TrainConfig.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "they"
        raise StoreError("run.settings", run=run_id, field=field, why=first["msg"]) from None


def insert_run(
    connection: sqlite3.Connection, run_id: str, config: TrainConfig, **values: Any
) -> None:
    """Insert a run; `values` are further columns."""
    now = time.time()
    check_status(values["status"])
    columns = {
        "id": run_id,
        "config": config.model_dump_json(),
        "created": now,
        "updated": now,
        "generation": time.time_ns(),  # another one when stored events are dropped
    } | values
    marks = ", ".join("?" * len(columns))
    connection.execute(
        f"INSERT INTO runs ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values())
    )


def update(connection: sqlite3.Connection, run_id: str, **values: Any) -> None:
    """Set columns of a run; their names come from this program, never from a viewer."""
    exact(connection, run_id)
    values["updated"] = time.time()
    assignments = ", ".join(f"{name} = ?" for name in values)
    connection.execute(f"UPDATE runs SET {assignments} WHERE id = ?", (*values.values(), run_id))


def new_id(connection: sqlite3.Connection, config: TrainConfig) -> str:
    """An id that no run has: the strategy and six letters."""
    while True:
        letters = "".join(secrets.choice(_LETTERS) for _ in range(6))
        run_id = f"{config.strategy.replace('_', '-')}-{letters}"
        if connection.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone() is None:
            return run_id


def check_status(status: str) -> None:
    """Refuse an unknown status."""
    if status not in STATUSES:
        raise StoreError("run.status", given=status, allowed=", ".join(STATUSES))


def clean_name(name: str) -> str:
    """The name in one line of at most 120 letters."""
    cleaned = " ".join(name.split())[:120]
    if not cleaned:
        raise StoreError("run.no-name", "the name is empty; give at least one letter")
    return cleaned


# -- events ----------------------------------------------------------------------------------------


def last_seq(connection: sqlite3.Connection, run_id: str) -> int:
    """The number of the last event, -1 before the first."""
    last = connection.execute(
        "SELECT coalesce(max(seq), -1) FROM events WHERE run_id = ?", (run_id,)
    ).fetchone()
    return int(last[0])


def append_events(
    connection: sqlite3.Connection, run_id: str, timed: Sequence[tuple[Event, float]]
) -> None:
    """Store events after the last one, and update the run's row."""
    row = exact(connection, run_id)
    first = last_seq(connection, run_id) + 1
    connection.executemany(
        "INSERT INTO events (run_id, seq, seconds, kind, body) VALUES (?, ?, ?, ?, ?)",
        [
            (run_id, first + i, seconds, type(event).__name__, to_json(to_dict(event)))
            for i, (event, seconds) in enumerate(timed)
        ],
    )
    metrics, best = from_json(row["metrics"]), from_json(row["best"])
    for event, _ in timed:
        if isinstance(event, Evaluated):
            metrics = event.metrics
            best = better(best, metrics, step=event.step, epoch=event.epoch)
    last, seconds = timed[-1]
    update(
        connection, run_id, step=last.step, epoch=last.epoch, seconds=seconds,
        metrics=to_json(metrics), best=to_json(best),
    )  # fmt: skip


def read_events(
    connection: sqlite3.Connection, run_id: str, after: int
) -> list[tuple[int, float, Event]]:
    """Events with a number above `after`, in order."""
    rows = connection.execute(
        "SELECT seq, seconds, body FROM events WHERE run_id = ? AND seq > ? ORDER BY seq",
        (run_id, after),
    )
    return [(row["seq"], row["seconds"], from_dict(from_json(row["body"]))) for row in rows]


def read_bodies(
    connection: sqlite3.Connection, run_id: str, kind: str, after: int
) -> list[sqlite3.Row]:
    """Number, training time and JSON of one type of events with a number above `after`."""
    return connection.execute(
        "SELECT seq, seconds, body FROM events WHERE run_id = ? AND kind = ? AND seq > ? "
        "ORDER BY seq",
        (run_id, kind, after),
    ).fetchall()


def rewind(connection: sqlite3.Connection, run_id: str, checkpoint: Checkpoint | None) -> list[int]:
    """Drop events and checkpoints after `checkpoint`; returns the steps of dropped checkpoints."""
    exact(connection, run_id)
    seq, step = (checkpoint.seq, checkpoint.step) if checkpoint else (-1, -1)
    connection.execute("DELETE FROM events WHERE run_id = ? AND seq > ?", (run_id, seq))
    later = connection.execute(
        "SELECT step FROM checkpoints WHERE run_id = ? AND step > ?", (run_id, step)
    )
    dropped = [int(row["step"]) for row in later.fetchall()]
    connection.execute("DELETE FROM checkpoints WHERE run_id = ? AND step > ?", (run_id, step))
    metrics: dict[str, float] = {}
    best: dict[str, float] = {}
    evaluations = connection.execute(
        "SELECT body FROM events WHERE run_id = ? AND kind = 'Evaluated' ORDER BY seq", (run_id,)
    )
    for row in evaluations:
        values = from_json(row["body"])
        metrics = values["metrics"]
        best = better(best, metrics, step=values["step"], epoch=values["epoch"])
    update(
        connection, run_id, metrics=to_json(metrics), best=to_json(best),
        step=checkpoint.step if checkpoint else 0, epoch=checkpoint.epoch if checkpoint else 0.0,
        seconds=checkpoint.seconds if checkpoint else 0.0, generation=time.time_ns(),
    )  # fmt: skip
    return dropped


def copy_events(connection: sqlite3.Connection, source: str, target: str, seq: int) -> None:
    """Give `target` the events of `source` up to number `seq`, but no `Finished`."""
    connection.execute(
        "INSERT INTO events (run_id, seq, seconds, kind, body) "
        "SELECT ?, seq, seconds, kind, body FROM events "
        "WHERE run_id = ? AND seq <= ? AND kind != 'Finished'",
        (target, source, seq),
    )


# -- checkpoints -----------------------------------------------------------------------------------


def insert_checkpoint(
    connection: sqlite3.Connection, run_id: str, step: int, epoch: float, size: int
) -> None:
    """List a checkpoint whose file is written."""
    connection.execute(
        "INSERT OR REPLACE INTO checkpoints (run_id, step, epoch, bytes, created) "
        "VALUES (?, ?, ?, ?, ?)",
        (run_id, step, epoch, size, time.time()),
    )


def read_checkpoints(connection: sqlite3.Connection, run_id: str) -> list[CheckpointRecord]:
    """The listed checkpoints, oldest first."""
    rows = connection.execute("SELECT * FROM checkpoints WHERE run_id = ? ORDER BY step", (run_id,))
    return [
        CheckpointRecord(
            row["step"], row["epoch"], row["bytes"], datetime.fromtimestamp(row["created"], UTC)
        )
        for row in rows
    ]
