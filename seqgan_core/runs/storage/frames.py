"""Stored events as pandas tables, one for each type of event."""

import dataclasses
import sqlite3
from collections.abc import Sequence
from typing import Any

import pandas as pd

from seqgan_core.runs.records import from_json
from seqgan_core.runs.storage import queries
from seqgan_core.training.events import EVENT_TYPES

_FIRST = ("seq", "seconds", "step", "epoch", "line")
_TYPES = {  # of the columns; all others are float64
    **dict.fromkeys(("phase", "followed", "status", "reason", "points"), "object"),
    **dict.fromkeys(("seq", "step", "line", "updates", "total", "n"), "int64"),
    "skipped": "bool",
}


class FrameCache:
    """Tables that grow as events arrive, so that a page that polls reads only the new ones."""

    def __init__(self) -> None:
        self._cached: dict[tuple[str, str], tuple[int, int, pd.DataFrame]] = {}

    def get(self, connection: sqlite3.Connection, run_id: str, kind: str) -> pd.DataFrame:
        """The events of one type of a run; the table is the caller's own."""
        generation = int(queries.exact(connection, run_id)["generation"])
        cached = self._cached.get((run_id, kind))
        if cached is None or cached[0] != generation:  # events were dropped
            cached = (generation, -1, build(kind, []))
        _, last, frame = cached
        new = queries.read_bodies(connection, run_id, kind, last)
        if new:
            added = build(kind, new)
            frame = added if frame.empty else pd.concat([frame, added], ignore_index=True)
            # One assignment, so threads may meet here: at worst one reads events again.
            self._cached[run_id, kind] = (generation, int(new[-1]["seq"]), frame)
        return frame.copy()


def build(kind: str, rows: Sequence[sqlite3.Row]) -> pd.DataFrame:
    """A table with one row for each stored event; absent numbers are NaN.

    Metrics, which differ by task, are its last columns.

    Raises:
        ValueError: there is no such type of event.
    """
    if kind not in EVENT_TYPES:
        raise ValueError(f"kind is {kind!r}; it must be one of {', '.join(EVENT_TYPES)}")
    own = [field.name for field in dataclasses.fields(EVENT_TYPES[kind]) if field.name != "metrics"]
    records = [_flatten(row) for row in rows]
    names = dict.fromkeys([*_FIRST, *own, *(name for record in records for name in record)])
    frame = pd.DataFrame.from_records(records, columns=list(names))
    return frame.astype({name: _TYPES.get(name, "float64") for name in names})


def _flatten(row: sqlite3.Row) -> dict[str, Any]:
    values = from_json(row["body"])
    values.pop("event", None)
    metrics = values.pop("metrics", {})
    return {"seq": row["seq"], "seconds": row["seconds"], **values, **metrics}
