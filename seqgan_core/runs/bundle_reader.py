"""Reads a run bundle from an untrusted source: each part is checked before it is used.

A file that is not a valid bundle raises `BundleError` or `DamagedError`, or one of the errors of
`zipfile` and `json`.
"""

import re
import zipfile
from pathlib import Path
from typing import IO, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, Strict, TypeAdapter, ValidationError

from seqgan_core.runs.records import Status, StoreError, from_json
from seqgan_core.runs.storage import checkpoints
from seqgan_core.runs.storage.checkpoints import Checkpoint
from seqgan_core.training.config import ConfigError, StoredConfig
from seqgan_core.training.events import Count, Event, from_dict

FORMAT = "seqgan-run-1"

_CHECKPOINT = re.compile(r"checkpoints/[0-9]{9,12}\.safetensors")
_MAX_JSON = 1_000_000  # bytes of run.json
_MAX_LINE = 1_000_000  # bytes of one event
_MAX_EVENTS = 500_000_000  # bytes of all events
_MAX_RATIO = 200  # a text that shrank more than this is made to fill a disk

_ShortText = Annotated[str, Field(max_length=2000)]
_SECONDS = TypeAdapter(Annotated[FiniteFloat, Strict()])


class BundleError(StoreError):
    """What is wrong with a bundle."""


class RunInfo(BaseModel):
    """A bundle's `run.json`: the columns of the run's row that are imported."""

    model_config = ConfigDict(frozen=True)

    format: Literal["seqgan-run-1"]
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*-[a-z0-9]{6}$")
    name: _ShortText
    status: Status
    preset: _ShortText | None
    config: StoredConfig
    created: Annotated[float, Strict(), Field(gt=0, lt=1e11)]
    reason: _ShortText
    parent: _ShortText | None
    parent_step: Count | None
    versions: dict[str, Annotated[str, Field(max_length=199)]]
    device: _ShortText


def read_info(archive: zipfile.ZipFile) -> RunInfo:
    """Read the bundle's description of its run."""
    info = archive.getinfo("run.json")
    if info.file_size > _MAX_JSON:
        raise BundleError("bundle.run-too-large", size=info.file_size, most=_MAX_JSON)
    values = from_json(archive.read(info))
    try:
        return RunInfo.model_validate(values)
    except ValidationError as error:
        raise _invalid("run.json", error) from None


def checkpoint_names(archive: zipfile.ZipFile) -> list[str]:
    """Names of the bundle's checkpoints; there may be no other file, and no name twice."""
    names = [info.filename for info in archive.infolist()]
    if len(set(names)) != len(names):
        raise BundleError("bundle.duplicate-file", "two of its files have the same name")
    states = [name for name in names if _CHECKPOINT.fullmatch(name)]
    for name in {*names} - {"run.json", "events.jsonl", *states}:
        raise BundleError("bundle.unknown-file", "{name!r} is no file of a run bundle", name=name)
    return states


def read_checkpoint(archive: zipfile.ZipFile, name: str, n_events: int) -> tuple[Checkpoint, bytes]:
    """One checkpoint of a bundle with `n_events` events, and its bytes."""
    info = archive.getinfo(name)
    if info.compress_type != zipfile.ZIP_STORED:
        raise BundleError("bundle.compressed", "{name} is compressed, and must not be", name=name)
    data = archive.read(info)
    state = checkpoints.decode(data, name)
    if checkpoints.file_name(state.step) != Path(name).name or not -1 <= state.seq < n_events:
        raise BundleError("bundle.checkpoint", "{name} belongs to another run", name=name)
    return state, data


def count_events(archive: zipfile.ZipFile) -> int:
    """How many events the bundle has; cheap, since none is parsed."""
    count, last = 0, b"\n"
    with _open_events(archive) as file:
        while block := file.read(_MAX_LINE):
            count, last = count + block.count(b"\n"), block[-1:]
    return count + (last != b"\n")


def read_events(archive: zipfile.ZipFile) -> list[tuple[Event, float]]:
    """The events of the bundle in order, each with its training time in seconds."""
    events = []
    with _open_events(archive) as lines:
        while line := lines.readline(_MAX_LINE):
            values = from_json(line)
            try:
                seconds = _SECONDS.validate_python(values.pop("seconds"))
                events.append((from_dict(values), seconds))
            except ValidationError as error:
                raise _invalid("events.jsonl", error) from None
    return events


def _open_events(archive: zipfile.ZipFile) -> IO[bytes]:
    info = archive.getinfo("events.jsonl")
    if info.file_size > min(_MAX_EVENTS, 10_000 + _MAX_RATIO * info.compress_size):
        raise BundleError("bundle.events-too-large", size=info.file_size)
    return archive.open(info)


def _invalid(file: str, error: ValidationError) -> BundleError:
    first: Any = error.errors(include_url=False)[0]
    problem = first.get("ctx", {}).get("error")
    if isinstance(problem, ConfigError):
        return BundleError("bundle.settings", "of its settings, {why}", why=problem)
    return BundleError(
        "bundle.value",
        place=".".join(map(str, first["loc"])) or "a value",
        file=file,
        value=None if first["type"] == "missing" else str(first["input"])[:40],
    )
