"""How fast the experiment's steps are on this machine, compared with a textbook version."""

import platform
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import torch

from seqgan_core.bench.steps import make_steps
from seqgan_core.bench.stopwatch import Timing, measure
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.setup.devices import matmul_backend, prepare_cpu, resolve_device
from seqgan_core.training.setup.provenance import made_here

PAPER = TrainConfig()
_SIZES = ("vocab_size", "sequence_length", "batch_size", "n_rollouts")
HEADINGS = (
    "step", "ms", "repeats", "peak MB", "floor ms", "% of peak",
    "textbook ms", "repeats", "peak MB", "faster",
)  # fmt: skip
MATRIX = {"cpu": 1024, "cuda": 8192, "mps": 4096}  # its product fills the device, in milliseconds


def run_bench(
    threads: int = 1,
    device: str = "cpu",
    repeats: int = 5,
    with_textbook: bool = True,
    config: TrainConfig = PAPER,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Measures both versions of every step, and prepares the process in between.

    The textbook version runs first, with PyTorch's default settings, because ours (how glibc keeps
    freed memory, which library multiplies) are part of the comparison and cannot all be undone.

    It takes minutes on a CPU. Each step is timed at most `repeats` times, 1 or more; `say` is
    called with each result as soon as it is measured.

    Returns:
        JSON-ready results; times are in seconds, medians after a warm-up. Memory is that of the
        whole process on a CPU, that of all tensors on a GPU. The floor of a step is the time of its
        matrix products at the rate of a large float32 product, measured before each step.

    Raises:
        ConfigError: this machine does not have the device.
    """
    where, start = resolve_device(device), time.monotonic()
    torch.set_num_threads(threads)
    settings = "PyTorch's defaults" if matmul_backend() == "default" else "those of this process"
    steps = make_steps(config, where)
    textbook: dict[str, Timing] = {}
    for step in steps if with_textbook else []:
        if step.textbook is None:
            continue
        textbook[step.name] = measure(step.textbook, where, repeats, step.textbook_warm_up)
        say(f"textbook, {step.title}: {textbook[step.name].median_seconds * 1e3:.3g} ms")
    prepare_cpu(threads)
    results: dict[str, dict[str, Any]] = {}
    rates: list[float] = []
    for step in steps:
        rates.append(float32_rate(where))
        ours = measure(step.ours, where, repeats)
        say(f"{step.title}: {ours.median_seconds * 1e3:.3g} ms")
        slow = textbook.get(step.name)
        results[step.name] = {
            "title": step.title,
            **asdict(ours),
            "textbook": asdict(slow) if slow else None,
            "speed_up": slow.median_seconds / ours.median_seconds if slow else None,
        }
    rate = max(rates)
    for step in steps:
        floor = step.flops / rate
        seconds = results[step.name]["median_seconds"]
        results[step.name] |= {"floor_seconds": floor, "of_floor": floor / seconds}
        if step.textbook is None:
            whole = results["generator_step"]["median_seconds"]
            results[step.name]["of_generator_step"] = seconds / whole
    made = made_here(where, seconds=time.monotonic() - start)
    return {
        "device": made.device,
        "processor": made.processor,
        "float32_flops": rate,
        "threads": threads,
        "matrix_products": matmul_backend(),
        "textbook_settings": settings if with_textbook else None,
        "machine": f"{platform.system()} {platform.machine()}",
        "versions": made.parts(),
        "sizes": {name: getattr(config, name) for name in _SIZES},
        "config": config.model_dump(mode="json"),
        "steps": results,
    }


def float32_rate(device: torch.device) -> float:
    """FLOP/s of a large float32 matrix product, the fastest of ten."""
    n = MATRIX[device.type]
    a, b = torch.ones(2, n, n, device=device)
    return 2 * n**3 / measure(lambda: a @ b, device, repeats=10).fastest_seconds


def render(result: dict[str, Any]) -> str:
    """The result of `run_bench` as a table."""
    rows = [HEADINGS]
    for step in result["steps"].values():
        slow, ratio = step["textbook"], step["speed_up"]
        floor = (f"{step['floor_seconds'] * 1e3:.1f}", f"{step['of_floor']:.0%}")
        cells = (*_cells(step), *floor, *(_cells(slow) if slow else ("", "", "")))
        rows.append((step["title"], *cells, f"{ratio:.1f}×" if ratio else ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        f"{result['device']}, {result['processor']}, torch {result['versions']['torch']}",
        f"float32 products: {result['float32_flops'] / 1e9:.0f} GFLOP/s",
    ]
    for row in rows:
        numbers = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join((row[0].ljust(widths[0]), *numbers)).rstrip())
    for step in result["steps"].values():
        if "of_generator_step" in step:
            share = step["of_generator_step"]
            lines.append(f"{step['title']}: {share:.2f} × SeqGAN's full generator step")
    lines.append(f"Matrix products: {result['matrix_products']}.")
    if result["textbook_settings"]:
        lines[-1] += f" The textbook version ran with {result['textbook_settings']}."
    return "\n".join(lines)


def _cells(timing: dict[str, Any]) -> tuple[str, str, str]:
    peak = timing["peak_bytes"]
    return (
        f"{timing['median_seconds'] * 1e3:.1f}",
        str(timing["repeats"]),
        "" if peak is None else f"{peak / 1e6:.0f}",
    )
