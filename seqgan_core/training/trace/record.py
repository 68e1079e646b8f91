"""Records the traces that ship with the app.

Run `python -m seqgan_core.training.trace.record` after a change to the trainer, to what it reports
or to the tiny problem.
"""

from collections.abc import Generator
from pathlib import Path

import torch

from seqgan_core.training.config import TrainConfig
from seqgan_core.training.setup.devices import prepare_cpu
from seqgan_core.training.setup.provenance import made_here
from seqgan_core.training.trace.tiny_problem import WHAT_IFS, tiny
from seqgan_core.training.trace.trace_file import Step, Trace, save, steps_of
from seqgan_core.training.trainer import Trainer

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "traces"


def record(name: str, config: TrainConfig) -> Trace:
    """Trains with `config` from start to end, and records what every line made."""
    steps = tuple(steps_of(Trainer(config, traced=True).events()))
    return Trace(name=name, config=config, steps=steps)


def recording(name: str, config: TrainConfig) -> Generator[float, None, Trace]:
    """`record` as a job: yields the share done."""
    trainer = Trainer(config, traced=True)
    steps: list[Step] = []
    whole = config.pretrain_epochs + config.rounds
    for event in trainer.events():
        steps.extend(steps_of([event]))
        yield min(1.0, event.epoch / max(1, whole))
    return Trace(name=name, config=config, steps=tuple(steps))


def main() -> None:
    """Writes the tiny problem and its what-ifs."""
    prepare_cpu()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in WHAT_IFS:
        trace = record(name, tiny(name))
        made = {"versions": made_here(torch.device("cpu"))}
        save(trace.model_copy(update=made), FOLDER / f"{name}.json")


if __name__ == "__main__":
    main()
