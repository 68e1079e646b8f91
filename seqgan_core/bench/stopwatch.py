"""Time and memory, measured in the same way for both versions."""

import ctypes
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

PATIENCE_S = 20.0  # a slow step is repeated for this long …
FEWEST = 3  # … but at least this often, for a meaningful median


@dataclass(frozen=True)
class Timing:
    """The median time of a step, and its peak memory."""

    median_seconds: float
    fastest_seconds: float
    repeats: int  # how often it was timed after the warm-up
    # of the process (its resident set) on a CPU, of the allocator on a GPU; None where the system
    # does not report it
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
    """Waits until the device has finished."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def forget_peak(device: torch.device) -> None:
    """Resets the peak of memory, where that is possible."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        return
    if sys.platform == "linux":
        if platform.libc_ver()[0] == "glibc":  # memory that an earlier step left in the allocator
            ctypes.CDLL("libc.so.6").malloc_trim(0)
        try:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        except OSError:
            return  # then the peak is the process's since it started


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
