"""The library of runs: SQLite for events, safetensors for checkpoints.

    HOME/runs.db                          runs, events, the list of checkpoints, votes
    HOME/checkpoints/ID/STEP.safetensors  checkpoints, written whole or not at all
    HOME/locks/ID.lock                    held while a program trains or queues the run
    HOME/reserve                          freed to set a run's status when the disk is full

Threads and programs may share a home: each thread has its own connection, each write is one
transaction, and only the holder of a run's lock trains it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from seqgan_core.messages import Message, Problem
from seqgan_core.runs.records import (
    CheckpointRecord,
    RunRecord,
    Status,
    StorageFullError,
    StoreError,
    to_json,
)  # fmt: skip
from seqgan_core.runs.storage import checkpoints, queries
from seqgan_core.runs.storage.checkpoints import Checkpoint, Counters
from seqgan_core.runs.storage.database import Database, make_home, release_reserve
from seqgan_core.runs.storage.disk_errors import translate_errors
from seqgan_core.tasks.home import default_home
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import Event

if TYPE_CHECKING:
    import pandas as pd
    import torch

    from seqgan_core.runs.storage.frames import FrameCache

__all__ = ["CheckpointRecord", "RunLock", "RunRecord", "Store", "StoreError"]


class RunLock(FileLock):
    """The lock of a run, which `Store.hold` acquires; any thread, or a crash, releases it."""

    def __enter__(self) -> RunLock:
        return self


class Store:
    """The runs in one folder.

    Raises:
        StoreError: the folder cannot be written, or its database is of a newer version.
    """

    def __init__(self, home: Path | str | None = None) -> None:
        self.home = (default_home() if home is None else Path(home).expanduser()).absolute()
        make_home(self.home)
        self.database = Database(self.home)

    # -- runs ------------------------------------------------------------------------------------

    def create_run(
        self,
        config: TrainConfig,
        *,
        preset: str | None = None,
        name: str | None = None,
        parent: str | None = None,
        parent_step: int | None = None,
        status: Status = "queued",
    ) -> str:
        """A new run; returns its id, a word and six letters."""
        name = name or ", ".join(
            [config.strategy.replace("_", " "), preset or config.task, f"seed {config.seed}"]
        )
        with self.database.writing() as connection:
            run_id = queries.new_id(connection, config)
            queries.insert_run(
                connection, run_id, config, name=queries.clean_name(name), status=status,
                preset=preset, parent=parent, parent_step=parent_step,
            )  # fmt: skip
        return run_id

    def run(self, run_id: str) -> RunRecord:
        """The run with this id, or the only one whose id begins with it.

        Raises:
            StoreError: there is none, or more than one.
        """
        with self.database.reading() as connection:
            row = queries.find(connection, run_id)
        return self._with_live_status(queries.record(row))

    def runs(self, include_deleted: bool = False) -> list[RunRecord]:
        """All runs, newest first."""
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM runs WHERE deleted <= ? ORDER BY created DESC, rowid DESC",
                (include_deleted,),
            ).fetchall()
        return [self._with_live_status(queries.record(row)) for row in rows]

    def set_status(self, run_id: str, status: Status, reason: str = "") -> None:
        """Set the run's status and the reason; on a full disk the reserve makes room."""
        queries.check_status(status)
        try:
            self._update(run_id, status=status, reason=reason)
        except StorageFullError:
            release_reserve(self.home)
            self._update(run_id, status=status, reason=reason)

    def describe(self, run_id: str, *, device: str, versions: dict[str, str]) -> None:
        """Store the device and versions that the run was computed with."""
        self._update(run_id, device=device, versions=to_json(versions))

    def rename(self, run_id: str, name: str) -> None:
        """Rename the run; its id stays."""
        self._update(run_id, name=queries.clean_name(name))

    def star(self, run_id: str, starred: bool = True) -> None:
        """Star the run, or remove its star."""
        self._update(run_id, starred=int(starred))

    def delete(self, run_id: str) -> None:
        """Hide the run until `undelete`. Refused while a program holds it."""
        with self.hold(run_id):
            self._update(run_id, deleted=1)

    def undelete(self, run_id: str) -> None:
        """Undo `delete`."""
        self._update(run_id, deleted=0)

    def purge(self, run_id: str) -> None:
        """Remove the run and its checkpoints permanently. Refused while a program holds it."""
        with self.hold(run_id), translate_errors(self.home):
            with self.database.writing() as connection:
                queries.exact(connection, run_id)
                connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))
            shutil.rmtree(self.checkpoint_folder(run_id), ignore_errors=True)
            self._lock_file(run_id).unlink(missing_ok=True)
            self.database.shrink()

    # -- events ----------------------------------------------------------------------------------

    def append(
        self, run_id: str, events: Sequence[Event], seconds: float | Sequence[float]
    ) -> None:
        """Add events in order; `seconds` is the run's training time at each, or at all of them."""
        times = (
            [float(seconds)] * len(events) if isinstance(seconds, int | float) else list(seconds)
        )
        if events:
            with self.database.writing() as connection:
                queries.append_events(connection, run_id, list(zip(events, times, strict=True)))

    def events(self, run_id: str, after: int = -1) -> list[tuple[int, float, Event]]:
        """Number, training time in seconds and event of all events with a number above `after`."""
        with self.database.reading() as connection:
            queries.exact(connection, run_id)
            return queries.read_events(connection, run_id, after)

    def frame(self, run_id: str, kind: str) -> pd.DataFrame:
        """The events of one type as a table: seq, seconds, step, epoch, line, then its own fields.

        Each metric of an evaluation is a column. The table is a copy.
        """
        with self.database.reading() as connection:
            return self._frames.get(connection, run_id, kind)

    def last_seq(self, run_id: str) -> int:
        """Number of the last event, -1 before the first; fast enough to call every second."""
        with self.database.reading() as connection:
            return queries.last_seq(connection, run_id)

    # -- checkpoints -----------------------------------------------------------------------------

    def save_checkpoint(
        self, run_id: str, step: int, tensors: dict[str, torch.Tensor], counters: Counters
    ) -> None:
        """Save the state after all events so far; the file is written before it is listed."""
        with self.database.reading() as connection:
            row = queries.exact(connection, run_id)
            seq = queries.last_seq(connection, run_id)
        data = checkpoints.encode(
            Checkpoint(
                tensors, counters, step=step, epoch=row["epoch"], seq=seq, seconds=row["seconds"]
            )
        )
        with translate_errors(self.home):
            checkpoints.write(self.checkpoint_folder(run_id), step, data)
        with self.database.writing(durable=True) as connection:
            queries.insert_checkpoint(connection, run_id, step, row["epoch"], len(data))

    def checkpoints(self, run_id: str) -> list[CheckpointRecord]:
        """The listed checkpoints, oldest first."""
        with self.database.reading() as connection:
            queries.exact(connection, run_id)
            return queries.read_checkpoints(connection, run_id)

    def checkpoint(self, run_id: str, step: int | None = None) -> Checkpoint:
        """The state at `step`, or the newest undamaged one with the problem of newer ones.

        Raises:
            StoreError: there is none, or it is damaged.
        """
        steps = [record.step for record in self.checkpoints(run_id)]
        listed = ", ".join(map(str, steps)) or "–"
        if step is not None and step not in steps:
            raise StoreError("checkpoint.unknown", step=step, run=run_id, steps=listed)
        problem: Problem | str = ""
        for candidate in [step] if step is not None else reversed(steps):
            path = self.checkpoint_folder(run_id) / checkpoints.file_name(candidate)
            try:
                with translate_errors(self.home):
                    return replace(checkpoints.read(path), problem=str(problem))
            except checkpoints.DamagedError as error:
                problem = problem or error
        if step is not None:
            raise StoreError("checkpoint.unusable", why=problem, run=run_id, steps=listed)
        raise StoreError("checkpoint.none", run=run_id, why=problem or Message("none was saved"))

    def rewind(self, run_id: str, checkpoint: Checkpoint | None) -> None:
        """Delete everything after `checkpoint` (None: everything), to continue training there."""
        with self.database.writing() as connection:
            dropped = queries.rewind(connection, run_id, checkpoint)
        with translate_errors(self.home):
            for step in dropped:
                (self.checkpoint_folder(run_id) / checkpoints.file_name(step)).unlink(
                    missing_ok=True
                )

    # -- size --------------------------------------------------------------------------------------

    def disk_used(self) -> int:
        """Bytes that the library uses."""
        return checkpoints.folder_size(self.home)

    # -- locks -----------------------------------------------------------------------------------

    def hold(self, run_id: str, wait: float = 0.5) -> RunLock:
        """Acquire the run's lock; release it, or use it in a `with` statement.

        Raises:
            StoreError: another program, or the worker of this one, held it for `wait` seconds.
        """
        lock = RunLock(self._lock_file(run_id), thread_local=False)
        with translate_errors(self.home):
            try:
                lock.acquire(timeout=wait, poll_interval=0.02)
            except Timeout:
                raise StoreError("run.held", run=run_id) from None
        return lock

    def is_held(self, run_id: str) -> bool:
        """Whether some program holds the run."""
        try:
            self.hold(run_id, wait=0).release()
        except StoreError:
            return True
        return False

    def checkpoint_folder(self, run_id: str) -> Path:
        """The folder of the run's checkpoints."""
        return self.home / "checkpoints" / run_id

    # -- inside ----------------------------------------------------------------------------------

    @cached_property
    def _frames(self) -> FrameCache:
        from seqgan_core.runs.storage.frames import FrameCache  # loads pandas

        return FrameCache()

    def _lock_file(self, run_id: str) -> Path:
        return self.home / "locks" / f"{run_id}.lock"

    def _update(self, run_id: str, **values: object) -> None:
        with self.database.writing() as connection:
            queries.update(connection, run_id, **values)

    def _with_live_status(self, record: RunRecord) -> RunRecord:
        """Report a run whose program has ended as interrupted, whatever its row says."""
        if record.status in ("running", "paused") and not self.is_held(record.id):
            return replace(record, status="interrupted", reason="the program that trained it ended")
        return record
