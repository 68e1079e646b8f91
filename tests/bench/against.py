"""Each step's speed against another checkout: .venv/bin/python -m tests.bench.against CHECKOUT

Both versions are loaded into one process and take turns, so that whatever else the machine does
slows both; times are the process's CPU time on one thread.
"""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import torch
import typer

HERE = Path(__file__).parents[2]
SLOW = ("reward", "generator_step")  # seconds each; repeated a tenth as often
Steps = dict[str, Callable[[], object]]


def load(checkout: Path) -> Steps:
    """The steps of a checkout's code, at the paper's size and at the lesson's."""
    for name in [name for name in sys.modules if name.split(".")[0] == "seqgan_core"]:
        del sys.modules[name]
    sys.path.insert(0, str(checkout))
    try:
        core: Any = {
            name: import_module(f"seqgan_core.{name}")
            for name in ("bench.steps", "paper.metrics", "training.setup.presets", "training.build")
        }
        import_module("seqgan_core.training.setup.devices").prepare_cpu(1)
    finally:
        sys.path.pop(0)
    assert Path(core["bench.steps"].__file__).is_relative_to(checkout)
    steps: Steps = {}
    presets, cpu = core["training.setup.presets"], torch.device("cpu")
    for size, config in (("paper", presets.PAPER), ("lesson", presets.LESSON)):
        for step in core["bench.steps"].make_steps(config, cpu):
            steps[f"{size} {step.name}"] = step.ours
        model = core["training.build"].make_generator(config, cpu)
        tokens = model.sample(256, config.sequence_length, torch.Generator().manual_seed(0))
        nll = core["paper.metrics"].sequence_nll
        steps[f"{size} nll_of_256"] = lambda nll=nll, model=model, tokens=tokens: nll(model, tokens)
    return steps


def seconds(step: Callable[[], object]) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


def main(
    checkout: Annotated[Path, typer.Argument(help="The version before.")],
    pairs: Annotated[int, typer.Option("-n", help="How often each step is timed.")] = 40,
    only: Annotated[str, typer.Option(help="Only steps whose name contains this.")] = "",
) -> None:
    before, now = load(checkout.resolve()), load(HERE)
    for name in before:
        if only not in name:
            continue
        n = pairs if not name.endswith(SLOW) else max(3, pairs // 10)
        seconds(before[name]), seconds(now[name])
        times = [(seconds(before[name]), seconds(now[name])) for _ in range(n)]
        old, new = (1e3 * median(column) for column in zip(*times, strict=True))
        ratio, fastest = median(a / b for a, b in times), min(a for a, _ in times)
        best = fastest / min(b for _, b in times)
        typer.echo(
            f"{name:26} {old:8.2f} -> {new:8.2f} ms, x{ratio:.2f} (fastest: x{best:.2f}), n = {n}"
        )


if __name__ == "__main__":
    typer.run(main)
