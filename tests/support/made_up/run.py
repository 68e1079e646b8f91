"""A made-up run, as events: what figures and pages are tested with."""

import dataclasses
import math
from typing import Any

import pandas as pd

from seqgan_core.figures.run.curves import Curves
from seqgan_core.training.events import (
    DiscriminatorUpdated,
    Evaluated,
    Event,
    Finished,
    GeneratorUpdated,
    PhaseStarted,
    TemperaturePoint,
    TemperaturesMeasured,
)

PRETRAIN, ROUNDS, REPORTS = 4, 6, 2
KINDS = {
    "evaluated": "Evaluated",
    "generator": "GeneratorUpdated",
    "discriminator": "DiscriminatorUpdated",
    "phases": "PhaseStarted",
    "temperatures": "TemperaturesMeasured",
}


def made_up_events(
    *, oracle: float = -0.2, test: float = 0.0, held_out: float = 0.6
) -> list[Event]:
    """4 MLE epochs down to NLL_oracle 4.8 and NLL_test 4.0, then 6 rounds.

    Over the rounds NLL_oracle changes by `oracle`, NLL_test by `test`; `held_out` is D's accuracy.
    A lower temperature gives MLE 0.05 more NLL_test for 0.2 less NLL_oracle.
    """
    events: list[Event] = [PhaseStarted(0, 0.0, 2, "pretrain_generator", PRETRAIN)]
    step = 0
    for epoch in range(PRETRAIN + 1):
        fall = math.exp(-epoch) - math.exp(-PRETRAIN)
        numbers = {"nll_oracle": 4.8 + fall, "nll_test": 4.0 + 2 * fall, "entropy": 3.0 + fall}
        if epoch:
            for part in range(REPORTS):
                step += 1
                at = epoch - 1 + (part + 1) / REPORTS
                loss = 4.0 + 2 * math.exp(-at)
                events.append(GeneratorUpdated(step, at, 2, "pretrain_generator", 5, loss, 0.4))
        rows = [[epoch] * 6 for _ in range(8)]
        events.append(Evaluated(step, float(epoch), 2, "pretrain_generator", numbers, rows))
    curve = [(0.8, 4.4, 4.1), (0.9, 4.6, 4.05), (1.0, 4.8, 4.0), (1.1, 5.0, 4.05)]
    points = [TemperaturePoint(at, nll_test, nll_oracle) for at, nll_oracle, nll_test in curve]
    events.append(TemperaturesMeasured(step, 4.0, 2, 64, points))
    events.append(PhaseStarted(step, 4.0, 4, "pretrain_discriminator", 2))
    for part in range(3):
        step += 1
        events.append(
            DiscriminatorUpdated(step, 4.0, 5, "pretrain_discriminator", 5, 0.7, 0.5 + 0.02 * part)
        )
    events.append(PhaseStarted(step, 4.0, 6, "adversarial", ROUNDS))
    for number in range(1, ROUNDS + 1):
        share, epoch = number / ROUNDS, float(PRETRAIN + number)
        step += 1
        events.append(
            GeneratorUpdated(
                step, epoch - 0.5, 12, "adversarial", 1, 0.1, 8.0, 0.3 + 0.1 * share, 0.1, 2.9
            )
        )
        step += 1
        events.append(DiscriminatorUpdated(step, epoch, 16, "adversarial", 5, 0.6, 0.62))
        numbers = {
            "nll_oracle": 4.8 + oracle * share,
            "nll_oracle_se": 0.005,
            "nll_test": 4.0 + test * share,
            "entropy": 3.0 - 0.3 * share,
            "d_accuracy": held_out,
        }
        rows = [[4 + (number if row == 0 else 0)] * 6 for row in range(8)]
        events.append(Evaluated(step, epoch, 18, "adversarial", numbers, rows))
    events.append(Finished(step, float(PRETRAIN + ROUNDS), 19, "finished"))
    return events


def made_up_curves(name: str = "made up", **changes: float) -> Curves:
    """The same run as the figures read it."""
    events = made_up_events(**changes)
    frames = {field: _frame(events, kind) for field, kind in KINDS.items()}
    return Curves(name=name, planned=float(PRETRAIN + ROUNDS), clip=5.0, **frames)


def _frame(events: list[Event], kind: str) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for seq, event in enumerate(events):
        if type(event).__name__ == kind:
            values = dataclasses.asdict(event)
            values |= values.pop("metrics", {})
            rows.append({"seq": seq, "seconds": float(seq), **values})
    return pd.DataFrame(rows)


def with_value_network() -> Curves:
    """The same run with a value network that explains 0.1, 0.2 ... of the variance."""
    curves = made_up_curves()
    generator = curves.generator.copy()
    rounds = generator["phase"] == "adversarial"
    generator.loc[rounds, "v_explained"] = [0.1 * (n + 1) for n in range(int(rounds.sum()))]
    generator.loc[rounds, "v_loss"] = 0.6
    generator.loc[rounds, "v_bias"] = 0.005
    return dataclasses.replace(curves, generator=generator, has_value_network=True)
