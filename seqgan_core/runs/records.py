"""Records of runs and checkpoints, and their values as JSON."""

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from seqgan_core.messages import Problem
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.setup.provenance import Provenance

Status = Literal[
    "queued", "running", "paused", "stopped", "interrupted", "finished", "diverged", "failed",
    "recorded",
]  # fmt: skip
STATUSES: tuple[Status, ...] = get_args(Status)
LIVE: tuple[Status, ...] = ("queued", "running", "paused")  # a program holds such a run
RESUMABLE: tuple[Status, ...] = (*LIVE, "stopped", "interrupted", "diverged", "failed")


class StoreError(Problem):
    """The library cannot do this."""


class StorageFullError(StoreError):
    """The disk that holds the runs is full."""


@dataclass(frozen=True)
class RunRecord:
    """One stored run.

    `seconds` is training time without pauses, over all resumes. `metrics` are those of the last
    evaluation; `best` holds the lowest `nll_oracle` (without an oracle, `nll_test`) in nats per
    token, with its `epoch` and `step`.
    """

    id: str
    name: str
    status: Status
    preset: str | None
    config: TrainConfig
    created: datetime
    updated: datetime
    seconds: float
    reason: str
    parent: str | None
    parent_step: int | None
    starred: bool
    deleted: bool
    versions: dict[str, str]
    device: str
    metrics: dict[str, float]
    best: dict[str, float]
    step: int
    epoch: float

    @property
    def made(self) -> Provenance:
        """What it was trained with."""
        return Provenance(**self.versions)


@dataclass(frozen=True)
class CheckpointRecord:
    """One checkpoint: its step and epoch, its size in bytes, and when it was saved."""

    step: int
    epoch: float
    bytes: int
    created: datetime


def to_json(value: Any) -> str:
    """Strict JSON that keeps NaN and the infinities.

    >>> to_json({"loss": float("nan"), "n": [1, 2.5]})
    '{"loss":{"float":"nan"},"n":[1,2.5]}'
    """
    return json.dumps(_mark_non_finite(value), allow_nan=False, separators=(",", ":"))


def from_json(text: str | bytes) -> Any:
    """The inverse of `to_json`.

    >>> from_json('{"loss":{"float":"-inf"}}')
    {'loss': -inf}
    """
    return json.loads(text, object_hook=_unmark_non_finite)


def _mark_non_finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if isinstance(value, dict):
        return {str(key): _mark_non_finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mark_non_finite(item) for item in value]
    return value


def _unmark_non_finite(values: dict[str, Any]) -> Any:
    if len(values) == 1 and values.get("float") in ("nan", "inf", "-inf"):
        return float(values["float"])
    return values


def better(
    best: dict[str, float], metrics: dict[str, float], *, step: int, epoch: float
) -> dict[str, float]:
    """`best`, or this evaluation if its NLL is lower."""
    name = "nll_oracle" if "nll_oracle" in metrics else "nll_test"
    nll = metrics.get(name, math.nan)
    if math.isfinite(nll) and nll < best.get(name, math.inf):
        return {name: nll, "epoch": epoch, "step": step}
    return best
