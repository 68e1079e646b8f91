"""A run as the figures read it: five frames, and a few facts derived from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from seqgan_core.judge.verdict import LAST

PRETRAIN = "pretrain_generator"
PRETRAIN_D = "pretrain_discriminator"
ADVERSARIAL = "adversarial"


@dataclass(frozen=True)
class Curves:
    """The frames of a run; each has at least `seq`, `step` and `epoch` when it has rows.

    `planned` is where the horizontal axis ends (MLE epochs plus rounds), `clip` the bound on the
    gradient's norm, `has_discriminator` and `has_value_network` whether the method trains one,
    `has_oracle` whether the task has an oracle (text has none). Facts are computed once: several
    charts need each.
    """

    name: str = ""
    evaluated: pd.DataFrame = field(default_factory=pd.DataFrame)
    generator: pd.DataFrame = field(default_factory=pd.DataFrame)
    discriminator: pd.DataFrame = field(default_factory=pd.DataFrame)
    phases: pd.DataFrame = field(default_factory=pd.DataFrame)
    temperatures: pd.DataFrame = field(default_factory=pd.DataFrame)
    planned: float = 0.0
    clip: float | None = None
    has_discriminator: bool = True
    has_value_network: bool = False
    has_oracle: bool = True

    def until(self, step: int) -> Curves:
        """The same run as it stood after `step`."""
        frames = ("evaluated", "generator", "discriminator", "phases", "temperatures")
        before: dict[str, Any] = {name: _until(getattr(self, name), step) for name in frames}
        return replace(self, **before)

    @cached_property
    def epoch(self) -> float:
        """Where the run stands on the horizontal axis."""
        frames = (self.evaluated, self.generator, self.discriminator, self.phases)
        return max((float(f["epoch"].iloc[-1]) for f in frames if len(f)), default=0.0)

    @cached_property
    def end(self) -> float:
        """Where the run will end."""
        return max(self.planned, self.epoch, 1.0)

    @cached_property
    def horizon(self) -> float:
        """Where the horizontal axis ends: the run's end, or for a long run that is young less,
        doubling now and then, so that a curve never hides in the first sliver of its chart.
        """
        horizon = self.end
        while horizon > 60 and self.epoch < horizon / 4:
            horizon /= 2
        return horizon

    @cached_property
    def switch(self) -> float | None:
        """The epoch at which the adversarial rounds began, or None before that."""
        if not len(self.phases):
            return None
        rows = self.phases[self.phases["phase"] == ADVERSARIAL]
        return float(rows["epoch"].iloc[0]) if len(rows) else None

    @cached_property
    def bleus(self) -> list[str]:
        """The columns of BLEU against held-out text, shortest n-grams first."""
        metrics = [str(name) for name in self.evaluated if str(name).startswith("bleu_")]
        return sorted(metrics, key=lambda name: int(name.removeprefix("bleu_")))

    @property
    def judge(self) -> str:
        """The metric that judges quality: by the oracle where there is one."""
        return "nll_oracle" if self.has_oracle else "nll_test"

    @property
    def is_adversarial(self) -> bool:
        """Whether the last evaluation was of adversarial training."""
        return len(self.evaluated) > 0 and str(self.evaluated["phase"].iloc[-1]) == ADVERSARIAL

    @cached_property
    def phase(self) -> str | None:
        """The phase that runs, or ran last."""
        return str(self.phases["phase"].iloc[-1]) if len(self.phases) else None

    def rows(self, name: str, *phases: str) -> pd.DataFrame:
        """The rows of one frame that belong to these phases."""
        frame: pd.DataFrame = getattr(self, name)
        return frame[frame["phase"].isin(phases)] if len(frame) else frame

    def mle(self, metric: str) -> pd.Series:
        """A metric over MLE, up to and with the evaluation at the switch."""
        return present(self.rows("evaluated", PRETRAIN, PRETRAIN_D), metric)

    def at_switch(self, metric: str) -> float | None:
        """The metric where MLE ended: the mean, as D's pre-training evaluates the same G again."""
        values = self.mle(metric)
        if not len(values):
            return None
        epochs = self.evaluated["epoch"].loc[values.index]
        return float(values[epochs == epochs.iloc[-1]].mean())

    @cached_property
    def temperature_curve(self) -> tuple[tuple[float, float], ...]:
        """NLL_oracle (NaN without an oracle) and NLL_test of MLE's model at several temperatures.

        Empty where they were not measured: methods without a reward, and older runs.
        """
        if not len(self.temperatures):
            return ()
        points = self.temperatures["points"].iloc[-1]
        return tuple((float(p["nll_oracle"] or math.nan), float(p["nll_test"])) for p in points)

    def recent(self, metric: str) -> float | None:
        """The mean of the last evaluations of the rounds: a single one swings."""
        values = present(self.rows("evaluated", ADVERSARIAL), metric)
        return float(values.tail(LAST).mean()) if len(values) else None

    def latest(self, metric: str) -> float | None:
        """The metric at the last evaluation."""
        values = present(self.evaluated, metric)
        return float(values.iloc[-1]) if len(values) else None


def present(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column without its gaps; empty when there is no such column."""
    if not len(frame) or name not in frame:
        return pd.Series(dtype=float)
    return frame[name].dropna().astype(float)


def columns(frame: pd.DataFrame, *names: str) -> list[list[Any]]:
    """Columns side by side, without the rows in which the last named one is missing."""
    if not len(frame) or any(name not in frame for name in names):
        return [[] for _ in names]
    rows = frame[frame[names[-1]].notna()]
    return [rows[name].tolist() for name in names]


def replay_positions(evaluated: pd.DataFrame) -> Sequence[int]:
    """The steps at which a run was evaluated, at which a replay can stand."""
    return [int(step) for step in evaluated["step"]] if len(evaluated) else []


def _until(frame: pd.DataFrame, step: int) -> pd.DataFrame:
    return frame[frame["step"] <= step] if len(frame) else frame
