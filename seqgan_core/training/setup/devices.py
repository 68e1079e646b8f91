"""Devices, and the process-wide settings that make a CPU fast."""

import ctypes
import platform
import sys
from typing import Any

import torch

from seqgan_core.messages import ngettext
from seqgan_core.training.config import ConfigError


def resolve_device(name: str) -> torch.device:
    """The device that `name` means on this machine.

    Raises:
        ConfigError: the name is unknown or the device is not there.
    """
    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return torch.device(next(kind for kind, usable in available.items() if usable))
    if name not in available:
        raise ConfigError("device.unknown", given=name)
    if not available[name]:
        usable = ", ".join(kind for kind, has in available.items() if has)
        raise ConfigError("device.missing", given=name, allowed=usable)
    return torch.device(name)


def describe_device(device: torch.device) -> str:
    """The CPU with its threads, or the GPU's name with its memory in GiB."""
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return f"{properties.name}, {properties.total_memory / 2**30:.0f} GiB"
    if device.type == "mps":
        return "Apple GPU (Metal)"
    return ngettext("CPU, {n} thread", "CPU, {n} threads", torch.get_num_threads())


def gpu_has_failed() -> bool:
    """Whether CUDA has failed in this process; then the GPU computes nothing more in it."""
    if not torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        return False
    try:
        torch.cuda.synchronize()
    except RuntimeError:
        return True
    return False


def prepare_cpu(threads: int = 1) -> None:
    """Configures this process to compute fast on a CPU; call it once, before any work.

    One thread is the default: with more, the barriers between them spin whenever anything else
    needs a core, and results depend on their number.
    """
    torch.set_num_threads(threads)
    _keep_freed_memory()
    if _onednn_is_exact():
        _set_matmul("bf16")


def matmul_backend() -> str:
    """The library that multiplies float32 matrices now: "onednn" or "default"."""
    return "onednn" if _matmul_precision() == "bf16" else "default"


def _keep_freed_memory() -> None:
    """Tells glibc to reuse large blocks instead of returning them to the system.

    A logits tensor of a few megabytes is otherwise mapped and zeroed again at every step; the page
    faults made sampling 4.5 times slower on the machine where it was measured.
    """
    if sys.platform != "linux" or platform.libc_ver()[0] != "glibc":
        return
    libc = ctypes.CDLL("libc.so.6")
    trim_threshold, top_pad, mmap_threshold, arena_max = -1, -2, -3, -8
    libc.mallopt(mmap_threshold, 1 << 30)
    libc.mallopt(trim_threshold, (1 << 31) - 1)
    libc.mallopt(top_pad, 1 << 26)
    libc.mallopt(arena_max, 1)  # threads' own arenas are capped at 64 MiB and would map again


def _onednn_is_exact() -> bool:
    """Whether the setting that sends float32 products to oneDNN leaves them float32 here.

    On processors without bfloat16 instructions the "bf16" setting keeps full precision and only
    changes the library, twice as fast on AMD with AVX-512; where it really lowers the precision,
    the error below shows it. Nothing is timed: the answer must be the same at every start, or a
    resumed run would not be bit-equal.
    """
    if platform.machine() not in ("x86_64", "AMD64") or not hasattr(torch.backends, "mkldnn"):
        return False
    before = _matmul_precision()
    if before is None:
        return False
    rng = torch.Generator().manual_seed(0)
    a, b = (torch.randn(256, 256, generator=rng) for _ in range(2))
    try:
        _set_matmul("bf16")
        error = ((a @ b).double() - a.double() @ b.double()).abs().max()
    finally:
        _set_matmul(before)
    return bool(error < 1e-3)  # float32 errs by about 5e-5 here, bfloat16 by 0.3


def _matmul_precision() -> str | None:
    """The current setting, or None where this PyTorch has none."""
    matmul: Any = getattr(torch.backends.mkldnn, "matmul", None)
    return getattr(matmul, "fp32_precision", None)


def _set_matmul(precision: str) -> None:
    matmul: Any = torch.backends.mkldnn.matmul  # type: ignore[attr-defined]
    matmul.fp32_precision = precision
