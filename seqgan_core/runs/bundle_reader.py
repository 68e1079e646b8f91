"""Reads a run bundle from an untrusted source: each part is checked before it is used.

Every function raises `ValueError`, `KeyError` or `TypeError`, with what is wrong, for a file that
is no bundle, and a checkpoint that is damaged raises `DamagedError`.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from seqgan_core.runs.records import from_json
from seqgan_core.runs.storage import checkpoints, queries
from seqgan_core.runs.storage.checkpoints import Checkpoint
from seqgan_core.tasks.registry import TASKS
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.events import Event, from_dict

FORMAT = "seqgan-run-1"

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-[a-z0-9]{6}")
_CHECKPOINT = re.compile(r"checkpoints/[0-9]{9,12}\.safetensors")
_MAX_JSON = 1_000_000  # bytes of run.json
_MAX_LINE = 1_000_000  # bytes of one event
_MAX_EVENTS = 500_000_000  # bytes of all events
_MAX_RATIO = 200  # a text that shrank more than this is made to fill a disk
_TEXTS = ("name", "preset", "reason", "device", "parent")


@dataclass(frozen=True)
class RunInfo:
    """Content of a bundle's `run.json`: the columns of the run's row, and its settings."""

    columns: dict[str, Any]
    config: TrainConfig

    @property
    def id(self) -> str:
        """The run's id."""
        return str(self.columns["id"])


def read_info(archive: zipfile.ZipFile) -> RunInfo:
    """Read the bundle's description of its run."""
    info = archive.getinfo("run.json")
    if info.file_size > _MAX_JSON:
        raise ValueError(f"its run.json has {info.file_size} bytes, the most is {_MAX_JSON}")
    columns = from_json(archive.read(info))
    if not isinstance(columns, dict) or columns.get("format") != FORMAT:
        raise ValueError(f"its run.json does not say that the format is {FORMAT}")
    if not isinstance(columns["id"], str) or not _ID.fullmatch(columns["id"]):
        raise ValueError(f"its run id is {str(columns['id'])[:40]!r}")
    for key in _TEXTS:
        optional = key in ("preset", "parent") and columns[key] is None
        if not optional and not (isinstance(columns[key], str) and len(columns[key]) <= 2000):
            raise ValueError(f"its {key} is not a short text")
    queries.check_status(str(columns["status"]))
    columns["created"] = float(columns["created"])
    if not 0 < columns["created"] < 1e11:
        raise ValueError("its date is out of range")
    if columns["parent_step"] is not None:
        columns["parent_step"] = int(columns["parent_step"])
    if not all(isinstance(v, str) and len(v) < 200 for v in dict(columns["versions"]).values()):
        raise ValueError("its versions are not short texts")
    settings = dict(columns["config"])
    if (task := settings.get("task")) is not None and task not in TASKS:
        raise ValueError(f"its task is {str(task)[:40]!r}, which this version does not have")
    try:
        config = make_config(**settings)
    except ConfigError as error:
        raise ValueError(f"of its settings, {error}") from None
    return RunInfo(columns, config)


def checkpoint_names(archive: zipfile.ZipFile) -> list[str]:
    """Names of the bundle's checkpoints; no other file may be there, and none twice."""
    names = [info.filename for info in archive.infolist()]
    if len(set(names)) != len(names):
        raise ValueError("it holds a name twice")
    states = [name for name in names if _CHECKPOINT.fullmatch(name)]
    for name in names:
        if name not in ("run.json", "events.jsonl") and name not in states:
            raise ValueError(f"it holds {name!r}, which no run bundle has")
    return states


def read_checkpoint(archive: zipfile.ZipFile, name: str, n_events: int) -> tuple[Checkpoint, bytes]:
    """One checkpoint of a bundle with `n_events` events, and its bytes."""
    info = archive.getinfo(name)
    if info.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{name} is compressed, which no checkpoint of a bundle is")
    data = archive.read(info)
    state = checkpoints.decode(data, name)
    if checkpoints.file_name(state.step) != Path(name).name or not -1 <= state.seq < n_events:
        raise ValueError(f"{name} does not belong to this run")
    return state, data


def count_events(archive: zipfile.ZipFile) -> int:
    """How many events the bundle has; cheap, since it reads none of them."""
    count, last = 0, b"\n"
    with _open_events(archive) as file:
        while block := file.read(_MAX_LINE):
            count, last = count + block.count(b"\n"), block[-1:]
    return count + (last != b"\n")


def read_events(archive: zipfile.ZipFile) -> list[tuple[Event, float]]:
    """The events of the bundle in order, each with its training time in seconds."""
    return list(_events(archive))


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


def _open_events(archive: zipfile.ZipFile) -> IO[bytes]:
    info = archive.getinfo("events.jsonl")
    if info.file_size > min(_MAX_EVENTS, 10_000 + _MAX_RATIO * info.compress_size):
        raise ValueError("its events.jsonl would unpack to far more than it is")
    return archive.open(info)


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
