"""One run as one .zip: `run.json`, `events.jsonl`, `checkpoints/STEP.safetensors`.

A bundle is not trusted: nothing in it is unpickled or executed, no name in it becomes a path, and
sizes, settings, events and checkpoints are checked before the library changes.
"""

import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from seqgan_core.messages import Message
from seqgan_core.runs.bundle_reader import (
    FORMAT,
    BundleError,
    RunInfo,
    checkpoint_names,
    count_events,
    read_checkpoint,
    read_events,
    read_info,
)  # fmt: skip
from seqgan_core.runs.records import LIVE, Status, StoreError, from_json, to_json
from seqgan_core.runs.storage import checkpoints, queries
from seqgan_core.runs.storage.checkpoints import Checkpoint, DamagedError
from seqgan_core.runs.storage.disk_errors import translate_errors
from seqgan_core.runs.store import Store
from seqgan_core.tasks.atomic_write import atomic_write
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.events import Event, to_dict
from seqgan_core.training.setup.provenance import without_places

BundleFile = str | os.PathLike[str] | IO[bytes]

_PRIVATE = ("starred", "deleted", "generation")


# -- export ----------------------------------------------------------------------------------------


def export_bundle(
    store: Store, run_id: str, target: BundleFile, *, steps: Collection[int] | None = None,
    places: bool = False,
) -> None:  # fmt: skip
    """Write the run with its events and checkpoints (all, or those at `steps`) to one .zip.

    `target` is an open file, or a path that is written whole or not at all. Without `places` the
    settings state only the name of the oracle's file, not where it lies on this machine.

    Raises:
        StoreError: there is no such run, or the file cannot be written.
    """
    run_id = store.run(run_id).id
    if isinstance(target, str | os.PathLike):
        path = Path(target)
        with translate_errors(path.parent), atomic_write(path) as file:
            _write(store, run_id, file, steps, places)
    else:
        _write(store, run_id, target, steps, places)


def _write(
    store: Store, run_id: str, file: IO[bytes], steps: Collection[int] | None, places: bool
) -> None:
    with store.database.reading() as connection:  # one snapshot of a run that may be training
        row = queries.exact(connection, run_id)
        events = queries.read_events(connection, run_id, -1)
        records = queries.read_checkpoints(connection, run_id)
    columns = {key: row[key] for key in tuple(row.keys()) if key not in _PRIVATE}
    for key in ("config", "versions", "metrics", "best"):
        columns[key] = from_json(columns[key])
    if not places:
        columns["config"] = without_places(columns["config"])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run.json", to_json({"format": FORMAT} | columns))
        with archive.open("events.jsonl", "w", force_zip64=True) as lines:
            for _, seconds, event in events:
                lines.write(to_json({"seconds": seconds} | to_dict(event)).encode() + b"\n")
        for record in records:
            if steps is not None and record.step not in steps:
                continue
            name = checkpoints.file_name(record.step)
            try:
                data = (store.checkpoint_folder(run_id) / name).read_bytes()
                if checkpoints.decode(data, name).seq >= len(events):
                    continue  # saved again since the run was read
            except (FileNotFoundError, DamagedError):
                continue  # a bundle holds only checkpoints that can be loaded
            archive.writestr(f"checkpoints/{name}", data, compress_type=zipfile.ZIP_STORED)


# -- import ----------------------------------------------------------------------------------------


def import_bundle(store: Store, source: BundleFile, *, status: Status | None = None) -> str:
    """Add the run in a bundle, with `status` if one is given; returns its id.

    A run that is already in the library stays as it is.

    Raises:
        StoreError: it is not a valid bundle, or differs from the run of that id here.
    """
    if status is not None:
        queries.check_status(status)
    with opened(source) as archive:
        names = checkpoint_names(archive)
        info = read_info(archive)
        # The events of a recorded run are not read again at every start of the app.
        if status == "recorded" and _is_here(store, archive, info):
            return info.id
        events = read_events(archive)
        if _is_here(store, archive, info):
            return info.id
        folder = store.checkpoint_folder(info.id)
        with translate_errors(store.home), store.hold(info.id):
            if _is_here(store, archive, info):  # another tab has imported it meanwhile
                return info.id
            try:
                saved = _save_checkpoints(archive, names, folder, len(events))
                ended = "interrupted" if info.status in LIVE else info.status
                with store.database.writing(durable=True) as connection:
                    queries.insert_run(
                        connection, info.id, info.config, name=queries.clean_name(info.name),
                        preset=info.preset, status=status or ended, reason=info.reason,
                        parent=info.parent, parent_step=info.parent_step, device=info.device,
                        versions=to_json(info.versions), created=info.created,
                    )  # fmt: skip
                    _insert_rows(connection, info.id, events, saved)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
    return info.id


def _insert_rows(
    connection: sqlite3.Connection, run_id: str, events: Sequence[tuple[Event, float]],
    saved: Sequence[tuple[Checkpoint, int]],
) -> None:  # fmt: skip
    if events:
        queries.append_events(connection, run_id, events)
    for state, size in saved:
        queries.insert_checkpoint(connection, run_id, state.step, state.epoch, size)


def merge_bundle(store: Store, source: IO[bytes]) -> str:
    """Add to a stored run what a worker has trained since; returns its id.

    The bundle must continue the run: the same settings, with all of its events and more. The
    run's status becomes that of the bundle.

    Raises:
        StoreError: there is no such run here, or the bundle is damaged or does not continue it.
    """
    with opened(source) as archive:
        info, events = read_info(archive), read_events(archive)
        known = store.last_seq(info.id) + 1
        if store.run(info.id).config != info.config or known > len(events):
            raise StoreError("bundle.no-continuation", run=info.id)
        folder = store.checkpoint_folder(info.id)
        saved = _save_checkpoints(archive, checkpoint_names(archive), folder, len(events))
        with store.database.writing(durable=True) as connection:
            _insert_rows(connection, info.id, events[known:], saved)
            queries.update(
                connection, info.id, status=info.status, reason=info.reason, device=info.device,
                versions=to_json(info.versions),
            )  # fmt: skip
        return info.id


@contextmanager
def opened(source: BundleFile) -> Iterator[zipfile.ZipFile]:
    """Open the bundle as an archive; whatever is wrong with it raises `StoreError`."""
    file = source if isinstance(source, str | os.PathLike) else Message("the file")
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except OSError as error:
        raise StoreError("bundle.unreadable", file=file, why=error.strerror or error) from error
    except (
        BundleError, DamagedError, zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError,
        AttributeError, EOFError, OverflowError, NotImplementedError, RuntimeError, RecursionError,
    ) as error:  # fmt: skip
        raise StoreError("bundle.invalid", file=file, why=error) from error


def _is_here(store: Store, archive: zipfile.ZipFile, info: RunInfo) -> bool:
    """Whether the library has the run, with all of the bundle's events; no event is parsed.

    Raises:
        StoreError: another run has its id, or the run here has fewer events.
    """
    with store.database.reading() as connection:
        row = connection.execute("SELECT * FROM runs WHERE id = ?", (info.id,)).fetchone()
        stored = queries.last_seq(connection, info.id) + 1
    if row is None:
        return False
    here = dict(TrainConfig.model_validate_json(row["config"]))
    same = without_places(here) == without_places(dict(info.config))
    if row["created"] != info.created or not same:
        raise StoreError("bundle.other-run", run=info.id)
    if stored < (count := count_events(archive)):
        raise StoreError("bundle.longer-run", run=info.id, stored=stored, count=count)
    if row["deleted"]:
        store.undelete(info.id)
    return True


def _save_checkpoints(
    archive: zipfile.ZipFile, names: Sequence[str], folder: Path, n_events: int
) -> list[tuple[Checkpoint, int]]:
    """Write checkpoints of a bundle to the run's folder; returns each with its size in bytes."""
    saved = []
    for name in names:
        state, data = read_checkpoint(archive, name, n_events)
        checkpoints.write(folder, state.step, data)
        saved.append((state, len(data)))
    return saved
