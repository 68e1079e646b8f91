"""The results of the `lesson` preset by seed: SeqGAN, the constant-reward control, and MLE.

    python -m seqgan_core.bench.lesson --seeds 1 2 3 4 5 > lesson.jsonl
    python -m seqgan_core.bench.lesson --table lesson.jsonl

For each seed (of the oracle, the data and the training): SeqGAN as in the preset; the control from
the same MLE model, with as many generator updates; and MLE alone for as many seconds as SeqGAN
took, with its best evaluation.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from seqgan_core.training.config import TrainConfig, make_config, parse_changes
from seqgan_core.training.events import CheckpointDue, Evaluated
from seqgan_core.training.setup.devices import prepare_cpu
from seqgan_core.training.setup.presets import preset
from seqgan_core.training.setup.provenance import made_here
from seqgan_core.training.trainer import Trainer

QUALITY_GAIN = 0.08  # nats by which SeqGAN must be below MLE's best NLL_oracle
COVERAGE_LOSS = 0.05  # nats by which its NLL_test may exceed that at the switch


@dataclass(frozen=True)
class Point:
    """A pair (NLL_oracle, NLL_test), nats per token, lower is better."""

    nll_oracle: float
    nll_test: float


@dataclass(frozen=True)
class SeedResult:
    """The results of one seed; seconds are wall-clock time of training and evaluation."""

    seed: int
    switch: Point
    seqgan: Point
    control: Point
    mle_best: Point
    mle_last: Point
    seconds: float
    control_seconds: float
    mle_epochs: float

    @property
    def beats_mle(self) -> bool:
        """Whether NLL_oracle is well below MLE's best, and NLL_test close to that at the switch."""
        return (
            self.mle_best.nll_oracle - self.seqgan.nll_oracle >= QUALITY_GAIN
            and self.seqgan.nll_test - self.switch.nll_test <= COVERAGE_LOSS
        )

    @property
    def beats_control(self) -> bool:
        """Whether both NLLs are below the control's."""
        return (
            self.seqgan.nll_oracle < self.control.nll_oracle
            and self.seqgan.nll_test < self.control.nll_test
        )


def study_seed(base: TrainConfig, seed: int) -> SeedResult:
    """Runs the three methods in turn."""
    config = make_config(base, seed=seed, oracle_seed=seed)
    start = time.perf_counter()
    trainer = Trainer(config)
    switch, final = None, None
    state: tuple[dict[str, torch.Tensor], dict[str, int | float]] = ({}, {})
    for event in trainer.events():
        if isinstance(event, CheckpointDue) and event.line == 2:
            state = trainer.state(), trainer.counters
        if isinstance(event, Evaluated):
            final = _point(event)
            if event.phase == "pretrain_generator":
                switch = final
    seconds = time.perf_counter() - start
    assert switch is not None
    assert final is not None
    control, control_seconds = _control(config, state)
    best, last, epochs = _mle_for(config, seconds)
    return SeedResult(seed, switch, final, control, best, last, seconds, control_seconds, epochs)


def _control(
    config: TrainConfig, state: tuple[dict[str, torch.Tensor], dict[str, int | float]]
) -> tuple[Point, float]:
    start = time.perf_counter()
    trainer = Trainer(make_config(config, strategy="constant_reward"))
    own = trainer.state()
    trainer.load({name: state[0][name] for name in own}, state[1])
    points = [_point(event) for event in trainer.events() if isinstance(event, Evaluated)]
    return points[-1], time.perf_counter() - start


def _mle_for(config: TrainConfig, seconds: float) -> tuple[Point, Point, float]:
    """MLE for `seconds`, evaluated as often as SeqGAN: its best point, its last, its epochs."""
    start = time.perf_counter()
    trainer = Trainer(make_config(config, strategy="mle", pretrain_epochs=10_000, rounds=0))
    points, epochs = [], 0.0
    for event in trainer.events():
        if isinstance(event, Evaluated):
            points.append(_point(event))
            epochs = event.epoch
        if time.perf_counter() - start >= seconds:
            break
    return min(points, key=lambda point: point.nll_oracle), points[-1], epochs


def _point(event: Evaluated) -> Point:
    return Point(event.metrics["nll_oracle"], event.metrics["nll_test"])


def table(rows: list[dict[str, Any]]) -> str:
    """The results as a Markdown table: NLL_oracle / NLL_test in nats per token."""
    lines = [
        "| seed | switch | SeqGAN | constant reward | best of MLE | s | beats MLE | beats it |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in sorted(rows, key=lambda row: row["seed"]):
        points = [
            f"{row[name]['nll_oracle']:.3f} / {row[name]['nll_test']:.3f}"
            for name in ("switch", "seqgan", "control", "mle_best")
        ]
        verdicts = ["yes" if row[name] else "no" for name in ("beats_mle", "beats_control")]
        cells = [str(row["seed"]), *points, f"{row['seconds']:.0f}", *verdicts]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Prints a JSON object for each seed as soon as it is done, or a table of such lines."""
    parser = argparse.ArgumentParser(description="The results of the lesson preset by seed.")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    parser.add_argument("--table", type=Path, metavar="FILE", help="Print results as a table.")
    arguments = parser.parse_args()
    if arguments.table:
        lines = arguments.table.read_text(encoding="utf-8").splitlines()
        sys.stdout.write(table([json.loads(line) for line in lines]) + "\n")
        return
    prepare_cpu()
    base = make_config(preset("lesson"), **parse_changes(arguments.set))
    for seed in arguments.seeds:
        result = study_seed(base, seed)
        row = asdict(result) | {
            "beats_mle": result.beats_mle,
            "beats_control": result.beats_control,
            "versions": made_here(torch.device("cpu"), preset="lesson").parts(),
        }
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
