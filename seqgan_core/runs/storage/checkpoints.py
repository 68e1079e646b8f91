"""Checkpoint files: safetensors (no pickle), written whole or not at all, checked when read.

The file's metadata holds the trainer's counters, its place in the run, and a digest of the tensors.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError

from seqgan_core.messages import Message
from seqgan_core.runs.records import StoreError, from_json, to_json
from seqgan_core.tasks.atomic_write import atomic_write

if TYPE_CHECKING:  # torch is loaded when a state is read or written: listing runs needs none
    import torch

_FORMAT = "seqgan-checkpoint-1"

Counters = dict[str, Any]


class DamagedError(StoreError):
    """A checkpoint file is missing, or differs from what was written."""


@dataclass(frozen=True)
class Checkpoint:
    """A trainer's state and its place in the run.

    `seq` is the last event before it, `seconds` the training time so far. `problem` is why a newer
    checkpoint was not used, or empty.
    """

    tensors: dict[str, torch.Tensor]
    counters: Counters
    step: int
    epoch: float
    seq: int
    seconds: float
    problem: str = ""


def encode(checkpoint: Checkpoint) -> bytes:
    """The file's bytes."""
    from safetensors.torch import save

    tensors = {name: t.detach().cpu().contiguous() for name, t in checkpoint.tensors.items()}
    about = ("counters", "step", "epoch", "seq", "seconds")
    text = to_json({name: getattr(checkpoint, name) for name in about})
    return save(tensors, {"format": _FORMAT, "about": text, "digest": _digest(tensors, text)})


def decode(data: bytes, name: str) -> Checkpoint:
    """The checkpoint in these bytes; `name` is for the error.

    Raises:
        DamagedError: it is not a checkpoint, or not as it was written.
    """
    from safetensors.torch import load

    try:
        tensors = load(data)
        metadata = _metadata(data)
        text = metadata["about"]
        if metadata["format"] != _FORMAT or metadata["digest"] != _digest(tensors, text):
            raise ValueError("its contents changed")
        about = from_json(text)
        if not (math.isfinite(about["epoch"]) and math.isfinite(about["seconds"])):
            raise ValueError("its place in the run is not a number")
        return Checkpoint(
            tensors=tensors,
            counters=dict(about["counters"]),
            step=int(about["step"]),
            epoch=float(about["epoch"]),
            seq=int(about["seq"]),
            seconds=float(about["seconds"]),
        )
    except (
        SafetensorError, ValueError, KeyError, TypeError, AttributeError, OverflowError
    ) as error:  # fmt: skip
        raise _damaged(name, error) from error


def read(path: Path) -> Checkpoint:
    """The checkpoint at `path`, checked.

    Raises:
        DamagedError: the file is missing or damaged, or holds another step than its name says.
        OSError: it cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DamagedError("checkpoint.missing", name=path.name) from None
    except IsADirectoryError as error:
        raise _damaged(path.name, error.strerror) from None
    checkpoint = decode(data, path.name)
    if file_name(checkpoint.step) != path.name:
        raise _damaged(path.name, Message("it holds step {step}", step=checkpoint.step))
    return checkpoint


def _damaged(name: str, why: object) -> DamagedError:
    return DamagedError("checkpoint.damaged", name=name, why=why)


def file_name(step: int) -> str:
    """The name of the file of `step`.

    >>> file_name(120)
    '000000120.safetensors'
    """
    return f"{step:09d}.safetensors"


def write(folder: Path, step: int, data: bytes) -> None:
    """Write the file of `step` to a run's folder, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_write(folder / file_name(step)) as file:
        file.write(data)


def all_finite(tensors: Mapping[str, torch.Tensor]) -> bool:
    """Whether no number is NaN or infinite."""
    return all(bool(t.isfinite().all()) for t in tensors.values() if t.is_floating_point())


def folder_size(folder: Path) -> int:
    """Bytes of all files under `folder`; files that are removed meanwhile are not counted."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.lstat(os.path.join(parent, name)).st_size
    return total


def _digest(tensors: Mapping[str, torch.Tensor], text: str) -> str:
    import torch

    digest = hashlib.blake2b(text.encode(), digest_size=16)
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _metadata(data: bytes) -> dict[str, str]:
    header_size = int.from_bytes(data[:8], "little")  # a safetensors file starts with its header
    header = from_json(data[8 : 8 + header_size])
    return dict(header["__metadata__"])
