"""Times and memory, taken the same way for everything that is compared."""

from __future__ import annotations

import ctypes
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

PATIENCE_S = 20.0  # a slow step is repeated until this much time is spent …
FEWEST = 3  # … but this often at least, so that a median means something


@dataclass(frozen=True)
class Timing:
    """The median time of one step, and the most memory in use while it ran.

    Attributes:
        seconds: the median.
        fastest: the shortest, in seconds.
        repeats: how many were timed, after the warm-up.
        peak_bytes: of the process (its resident set) on a CPU, of the allocator on a GPU; None
            where the system does not tell.
    """

    seconds: float
    fastest: float
    repeats: int
    peak_bytes: int | None


def measure(
    step: Callable[[], object],
    device: torch.device,
    repeats: int = 5,
    warm_up: Callable[[], object] | None = None,
) -> Timing:
    """Times `step` after one `warm_up` (itself, unless a shorter one is given)."""
    (warm_up or step)()
    forget_peak(device)
    times: list[float] = []
    while len(times) < min(FEWEST, repeats) or (len(times) < repeats and sum(times) < PATIENCE_S):
        finish(device)
        start = time.perf_counter()
        step()
        finish(device)
        times.append(time.perf_counter() - start)
    return Timing(statistics.median(times), min(times), len(times), peak_bytes(device))


def finish(device: torch.device) -> None:
    """Waits until the device has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def forget_peak(device: torch.device) -> None:
    """Starts counting the peak of memory anew, where that is possible."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return
    _return_freed_memory()  # what an earlier step left in the allocator is not this one's need
    if sys.platform == "linux":
        try:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        except OSError:
            return  # then the peak is the process's since it started


def _return_freed_memory() -> None:
    if sys.platform == "linux" and platform.libc_ver()[0] == "glibc":
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def peak_bytes(device: torch.device) -> int | None:
    """The most memory used since `forget_peak`."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None
