"""One run as one .zip: `run.json`, `events.jsonl`, `checkpoints/STEP.safetensors`.

A bundle may come from anyone: nothing in it is unpickled or run, no name in it becomes a path, and
sizes, settings, events and checkpoints are checked before the library changes.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from seqgan_core.runs.records import LIVE, Status, StoreError, from_json, to_json
from seqgan_core.runs.storage import checkpoints, queries
from seqgan_core.runs.storage.checkpoints import Checkpoint, DamagedError
from seqgan_core.runs.storage.disk_errors import explained
from seqgan_core.tasks.registry import TASKS
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.events import Event, from_dict, to_dict

if TYPE_CHECKING:
    from seqgan_core.runs.store import Store

Target = str | os.PathLike[str] | IO[bytes]

_FORMAT = "seqgan-run-1"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-[a-z0-9]{6}")
_CHECKPOINT = re.compile(r"checkpoints/[0-9]{9,12}\.safetensors")
_MAX_JSON = 1_000_000  # bytes of run.json
_MAX_LINE = 1_000_000  # bytes of one event
_MAX_EVENTS = 500_000_000  # bytes of all events
_MAX_RATIO = 200  # a text that shrank more than this is made to fill a disk
_PRIVATE = ("starred", "deleted", "generation")
_TEXTS = ("name", "preset", "reason", "device", "parent")


def write(store: Store, run_id: str, target: Target, steps: Collection[int] | None = None) -> None:
    """Write the run to `target`, a path (whole or not at all) or an open file.

    `steps` says which checkpoints to keep; None keeps all.
    """
    run_id = store.run(run_id).id
    if isinstance(target, str | os.PathLike):
        path = Path(target)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with explained(path.parent):
                with open(temporary, "wb") as file:
                    _write(store, run_id, file, steps)
                os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    else:
        _write(store, run_id, target, steps)


def _write(store: Store, run_id: str, file: IO[bytes], steps: Collection[int] | None) -> None:
    with store.database.reading() as connection:  # one moment of a run that may be training
        row = queries.exact(connection, run_id)
        events = queries.read_events(connection, run_id, -1)
        listed = queries.read_checkpoints(connection, run_id)
    about = {key: row[key] for key in tuple(row.keys()) if key not in _PRIVATE}
    for key in ("config", "versions", "metrics", "best"):
        about[key] = from_json(about[key])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run.json", to_json({"format": _FORMAT} | about))
        with archive.open("events.jsonl", "w", force_zip64=True) as lines:
            for _, seconds, event in events:
                lines.write(to_json({"seconds": seconds} | to_dict(event)).encode() + b"\n")
        for record in listed:
            if steps is not None and record.step not in steps:
                continue
            name = checkpoints.file_name(record.step)
            try:
                data = (store.checkpoint_folder(run_id) / name).read_bytes()
                if checkpoints.decode(data, name).seq >= len(events):
                    continue  # saved again after the moment above
            except (FileNotFoundError, DamagedError):
                continue  # a bundle holds only what can be used
            archive.writestr(f"checkpoints/{name}", data, compress_type=zipfile.ZIP_STORED)


@dataclass(frozen=True)
class Contents:
    """What a bundle says, checked."""

    about: dict[str, Any]
    config: TrainConfig
    timed: list[tuple[Event, float]]


def read(store: Store, source: Target, status: Status | None) -> str:
    """Add the run in the bundle to `store`; see `Store.import_bundle`."""
    if status is not None:
        queries.check_status(status)
    shown = str(source) if isinstance(source, str | os.PathLike) else "the file"
    try:
        if isinstance(source, str | os.PathLike) and not Path(source).is_file():
            raise ValueError("there is no such file")
        with zipfile.ZipFile(source) as archive:
            return _read(store, archive, status)
    except StoreError as error:
        if isinstance(error, DamagedError):
            raise StoreError(f"{shown} is not a whole run bundle: {error}") from error
        raise
    except OSError as error:
        raise StoreError(f"{shown} cannot be read ({error.strerror or error})") from error
    except (
        zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError, AttributeError, EOFError,
        OverflowError, NotImplementedError, RuntimeError, RecursionError,
    ) as error:  # fmt: skip
        raise StoreError(
            f"{shown} is not a whole run bundle ({error}); "
            "give a .zip that `export` of this program wrote"
        ) from error


def _read(store: Store, archive: zipfile.ZipFile, status: Status | None) -> str:
    names = [info.filename for info in archive.infolist()]
    if len(set(names)) != len(names):
        raise ValueError("it holds a name twice")
    states = [name for name in names if _CHECKPOINT.fullmatch(name)]
    for name in names:
        if name not in ("run.json", "events.jsonl") and name not in states:
            raise ValueError(f"it holds {name!r}, which no run bundle has")
    about, config = check_about(archive)
    run_id = about["id"]
    if _is_here(store, archive, about, config):  # asked first: reading events takes its time
        return str(run_id)
    contents = Contents(about, config, list(_events(archive)))
    folder = store.checkpoint_folder(run_id)
    with explained(store.home), store.hold(run_id):
        if _is_here(store, archive, about, config):  # it came in another tab meanwhile
            return str(run_id)
        try:
            listed = [keep_state(archive, name, folder, contents) for name in states]
            _insert(store, contents, listed, status)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return str(run_id)


def check(archive: zipfile.ZipFile) -> Contents:
    """What a bundle says of its run, checked.

    Raises:
        ValueError, KeyError, TypeError: it is no bundle, with what is wrong.
    """
    about, config = check_about(archive)
    return Contents(about, config, list(_events(archive)))


def check_about(archive: zipfile.ZipFile) -> tuple[dict[str, Any], TrainConfig]:
    """What the bundle's `run.json` says, checked, and the settings in it; raises as `check`."""
    info = archive.getinfo("run.json")
    if info.file_size > _MAX_JSON:
        raise ValueError(f"its run.json has {info.file_size} bytes, the most is {_MAX_JSON}")
    about = from_json(archive.read(info))
    if not isinstance(about, dict) or about.get("format") != _FORMAT:
        raise ValueError(f"its run.json does not say that the format is {_FORMAT}")
    if not isinstance(about["id"], str) or not _ID.fullmatch(about["id"]):
        raise ValueError(f"its run id is {str(about['id'])[:40]!r}")
    for key in _TEXTS:
        optional = key in ("preset", "parent") and about[key] is None
        if not optional and not (isinstance(about[key], str) and len(about[key]) <= 2000):
            raise ValueError(f"its {key} is not a short text")
    queries.check_status(str(about["status"]))
    about["created"] = float(about["created"])
    if not 0 < about["created"] < 1e11:
        raise ValueError("its date is out of range")
    if about["parent_step"] is not None:
        about["parent_step"] = int(about["parent_step"])
    if not all(isinstance(v, str) and len(v) < 200 for v in dict(about["versions"]).values()):
        raise ValueError("its versions are not short texts")
    settings = dict(about["config"])
    if (task := settings.get("task")) is not None and task not in TASKS:
        raise ValueError(f"its task is {str(task)[:40]!r}, which this version does not have")
    try:
        config = make_config(**settings)
    except ConfigError as error:
        raise ValueError(f"of its settings, {error}") from None
    return about, config


def _open_events(archive: zipfile.ZipFile) -> IO[bytes]:
    info = archive.getinfo("events.jsonl")
    if info.file_size > min(_MAX_EVENTS, 10_000 + _MAX_RATIO * info.compress_size):
        raise ValueError("its events.jsonl would unpack to far more than it is")
    return archive.open(info)


def _count_events(archive: zipfile.ZipFile) -> int:
    """How many events the bundle has; none is read, so this is cheap."""
    count, last = 0, b"\n"
    with _open_events(archive) as file:
        while block := file.read(_MAX_LINE):
            count, last = count + block.count(b"\n"), block[-1:]
    return count + (last != b"\n")


def _events(archive: zipfile.ZipFile) -> Iterator[tuple[Event, float]]:
    with _open_events(archive) as lines:
        while line := lines.readline(_MAX_LINE):
            values = from_json(line)
            seconds = float(values.pop("seconds"))
            if not math.isfinite(seconds):
                raise ValueError("one of its times is not a number")
            event = from_dict(values)
            _check_event(event)
            yield event, seconds


def _check_event(event: Event) -> None:
    """Types of the fields, since a dataclass takes anything."""
    for name, value in vars(event).items():
        if name in ("step", "line", "updates", "total"):
            right = type(value) is int and abs(value) < 2**53
        elif name == "epoch":
            right = _is_number(value) and math.isfinite(value)
        elif name in ("phase", "status", "reason"):
            right = isinstance(value, str)
        elif name == "skipped":
            right = isinstance(value, bool)
        elif name == "metrics":
            right = isinstance(value, dict) and all(map(_is_number, value.values()))
        elif name == "followed":
            right = isinstance(value, list) and all(
                isinstance(row, list) and all(type(token) is int for token in row) for row in value
            )
        else:
            right = _is_number(value) or value is None
        if not right:
            raise ValueError(f"{name} of one of its events is {str(value)[:40]!r}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_here(
    store: Store, archive: zipfile.ZipFile, about: dict[str, Any], config: TrainConfig
) -> bool:
    with store.database.reading() as connection:
        found = connection.execute("SELECT * FROM runs WHERE id = ?", (about["id"],)).fetchone()
        stored = queries.last_seq(connection, about["id"]) + 1
    if found is None:
        return False
    if (
        found["created"] != about["created"]
        or TrainConfig.model_validate_json(found["config"]) != config
    ):
        raise StoreError(
            f"another run here has the id {about['id']}; purge it first, then import this one"
        )
    if stored < (count := _count_events(archive)):
        raise StoreError(
            f"run {about['id']} is here with {stored} events, the bundle has "
            f"{count}; purge the one here first, then import the longer one"
        )
    if found["deleted"]:
        store.undelete(about["id"])
    return True


def keep_state(
    archive: zipfile.ZipFile, name: str, folder: Path, contents: Contents
) -> tuple[Checkpoint, int]:
    """Write one checkpoint of a bundle to the run's folder; returns it with its size in bytes."""
    info = archive.getinfo(name)
    if info.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{name} is compressed, which no checkpoint of a bundle is")
    data = archive.read(info)
    state = checkpoints.decode(data, name)
    if checkpoints.file_name(state.step) != Path(name).name or not -1 <= state.seq < len(
        contents.timed
    ):
        raise ValueError(f"{name} does not belong to this run")
    checkpoints.write_whole(folder / checkpoints.file_name(state.step), data)
    return state, len(data)


def _insert(
    store: Store, contents: Contents, listed: list[tuple[Checkpoint, int]], status: Status | None
) -> None:
    about = contents.about
    became = status or ("interrupted" if about["status"] in LIVE else about["status"])
    with store.database.writing(durable=True) as connection:
        queries.insert_run(
            connection, about["id"], contents.config, name=queries.clean_name(about["name"]),
            preset=about["preset"], status=became, reason=about["reason"],
            parent=about["parent"], parent_step=about["parent_step"], device=about["device"],
            versions=to_json(about["versions"]), created=about["created"],
        )  # fmt: skip
        if contents.timed:
            queries.append_events(connection, about["id"], contents.timed)
        for state, size in listed:
            queries.insert_checkpoint(connection, about["id"], state.step, state.epoch, size)
