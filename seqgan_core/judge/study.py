"""Studies: what became of many settings since MLE ended, and one rule that judges it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, FiniteFloat, model_validator

from seqgan_core.judge.report import FrontierPoint
from seqgan_core.judge.report_file import Number, Part, ReportError, ReportFile
from seqgan_core.judge.sweeps.plan import Plan, Planned
from seqgan_core.judge.verdict import LAST, Outcome, Path, Spread, outcome_of
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.setup.config_rules import REPEATS
from seqgan_core.training.setup.presets import preset as preset_named
from seqgan_core.training.setup.provenance import (
    NOT_RECORDED,
    Provenance,
    made_here,
    without_places,
)

Metric = Literal["nll_oracle", "nll_test", "d_accuracy"]
Axis = Literal["seconds", "rounds", "updates"]
Triple = tuple[int, int, int]

PAPER_FOUR: tuple[Triple, ...] = ((100, 1, 10), (30, 1, 30), (1, 1, 10), (1, 5, 3))
"""The (g-steps, d-steps, k) of the paper's Figure 3."""

_ENDED = ("finished", "recorded", "diverged")
_COLUMNS = ("epoch", "seconds", "nll_oracle", "nll_test", "d_accuracy")


class StudyRun(Part):
    """One run of a study and its evaluations, in lists of equal length."""

    run: str
    label: str
    settings: dict[str, Any]  # what differs from the preset, without the seed
    seed: int
    status: str
    reason: str
    seconds_in_all: float  # of training
    switch: FiniteFloat  # MLE epochs; the adversarial rounds begin there
    epoch: tuple[FiniteFloat, ...]
    seconds: tuple[FiniteFloat, ...]  # of training at each evaluation
    # nll_oracle, nll_test: nats per token; NaN where it was not measured
    nll_oracle: tuple[Number, ...]
    nll_test: tuple[Number, ...]
    d_accuracy: tuple[Number, ...]  # on held-out sequences, 0 to 1; NaN where no D was trained
    # the model with which MLE ended at several temperatures; empty if not measured
    curve: tuple[FrontierPoint, ...] = ()

    @model_validator(mode="after")
    def _equally_long(self) -> Self:
        lengths = {name: len(getattr(self, name)) for name in _COLUMNS}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"lists of different lengths: {lengths}")
        return self

    @cached_property
    def start(self) -> int | None:
        """The last evaluation of MLE, at which D has been pre-trained; None if MLE did not end."""
        at = [index for index, epoch in enumerate(self.epoch) if epoch == self.switch]
        return at[-1] if at else None

    @property
    def has_ended(self) -> bool:
        """Whether the run says something: it ended, and MLE before it."""
        return self.status in _ENDED and self.start is not None

    @property
    def rounds(self) -> tuple[float, ...]:
        """Adversarial rounds done at each evaluation from the switch on."""
        return tuple(epoch - self.switch for epoch in self.epoch[self.start :])

    @property
    def seconds_since(self) -> tuple[float, ...]:
        """Seconds of training since the switch, at each evaluation from there on."""
        since = self.seconds[self.start :]
        return tuple(seconds - since[0] for seconds in since)

    def values(self, metric: Metric) -> tuple[float, ...]:
        """A metric at each evaluation from the switch on; NaN where there is no number."""
        values: tuple[float, ...] = getattr(self, metric)
        return values[self.start :]

    def end(self, metric: Metric) -> float | None:
        """The metric where the run ended: the mean of its last `LAST` numbers after the switch."""
        numbers = [v for v in self.values(metric)[1:] if math.isfinite(v)]
        return fmean(numbers[-LAST:]) if numbers else None

    def path(self) -> Path | None:
        """The run as the rule of verdicts takes it; None where both NLLs were never measured."""
        pairs = zip(self.values("nll_oracle"), self.values("nll_test"), strict=True)
        switch, *points = ((x, y) for x, y in pairs)
        known = tuple(point for point in points if all(map(math.isfinite, point)))
        diverged = self.status == "diverged"
        if diverged and not known:
            known = (switch,)  # before its first evaluation: to leave it out would flatter the rest
        if not known or not all(map(math.isfinite, switch)):
            return None
        curve = tuple((point.value("nll_oracle"), point.nll_test) for point in self.curve)
        return Path(switch, known, curve, diverged)


class Study(ReportFile):
    """The runs of a plan; `config` holds the settings of its preset then."""

    FORMAT: ClassVar[str] = "seqgan-study-1"
    REMEDY: ClassVar[str] = "python -m seqgan_core sweep PLAN --out"

    format: Literal["seqgan-study-1"] = "seqgan-study-1"
    name: str = ""
    preset: str
    config: dict[str, Any] = Field(default={})
    versions: Provenance = NOT_RECORDED
    runs: tuple[StudyRun, ...]

    def settings(self, base: TrainConfig) -> list[Setting]:
        """The settings in the study's order, each with its runs that ended, by seed.

        Raises:
            ReportError: a run has settings that `base`, the preset, does not allow.
        """
        runs: dict[str, list[StudyRun]] = {}
        for run in self.runs:
            runs.setdefault(settings_key(run.settings), []).append(run)
        try:
            return [
                Setting(
                    same[0].settings,
                    make_config(base, **same[0].settings),
                    tuple(sorted((r for r in same if r.has_ended), key=lambda run: run.seed)),
                )
                for same in runs.values()
            ]
        except ConfigError as error:
            raise ReportError("study.settings", why=error) from None


@dataclass(frozen=True)
class Setting:
    """Settings and the runs that tried them, a seed each."""

    changes: Mapping[str, Any]  # what differs from the preset
    config: TrainConfig  # the preset with these changes
    runs: tuple[StudyRun, ...] = ()  # those that ended

    @property
    def key(self) -> str:
        """Equal for equal settings."""
        return settings_key(self.changes)

    @property
    def triple(self) -> Triple:
        """(g-steps, d-steps, k)."""
        return self.config.g_steps, self.config.d_steps, self.config.d_epochs

    def along(self, run: StudyRun, axis: Axis) -> tuple[float, ...]:
        """Where a run's evaluations from the switch on stand on a horizontal axis."""
        if axis == "seconds":
            return run.seconds_since
        by = self.config.g_steps if axis == "updates" else 1
        return tuple(rounds * by for rounds in run.rounds)

    def start(self, metric: Metric) -> float:
        """The mean over the seeds where MLE ended; NaN if it was not measured."""
        starts = [run.values(metric)[0] for run in self.runs]
        return float(np.nanmean(starts)) if np.isfinite(starts).any() else math.nan

    def mean_curve(self, axis: Axis, metric: Metric) -> tuple[list[float], list[float]]:
        """The mean over the seeds at each round at which all of them were evaluated."""
        runs = [run for run in self.runs if run.end(metric) is not None]
        by_round = []
        for run in runs:
            columns = zip(run.rounds, self.along(run, axis), run.values(metric), strict=True)
            by_round.append({rounds: point for rounds, *point in columns})
        points = [
            [places[rounds] for places in by_round]
            for rounds in (runs[0].rounds if runs else ())
            if all(math.isfinite(places.get(rounds, (0, math.nan))[1]) for places in by_round)
        ]
        x, y = ([fmean(place[at] for place in point) for point in points] for at in (0, 1))
        return x, y


def outcome(setting: Setting) -> Outcome | None:
    """The verdict on a setting's seeds; None while no seed has both numbers."""
    paths = [(run, path) for run in setting.runs if (path := run.path()) is not None]
    if not paths:
        return None
    known = tuple(v for run, _path in paths if (v := run.end("d_accuracy")) is not None)
    return outcome_of([path for _run, path in paths], Spread(known) if known else None)


def study(store: Store, plan: Plan, runs: Mapping[Planned, RunRecord]) -> Study:
    """The runs of a plan that a store holds, each with its evaluations."""
    base = preset_named(plan.preset)
    entries = []
    for planned, record in runs.items():
        frame = store.frame(record.id, "Evaluated")
        columns = {
            name: frame[name].tolist() if name in frame else [None] * len(frame)
            for name in _COLUMNS
        }
        measured = store.frame(record.id, "TemperaturesMeasured")
        curve = [
            FrontierPoint(n=n, **point)
            for n, points in zip(measured["n"], measured["points"], strict=True)
            for point in points
        ]
        entries.append(
            StudyRun(
                run=record.id,
                label=planned.label,
                settings=without_places(changes_of(planned.config, base)),
                seed=record.config.seed,
                status=record.status,
                reason=record.reason,
                seconds_in_all=record.seconds,
                switch=record.config.pretrain_epochs,
                curve=tuple(curve),
                **columns,
            )
        )
    return Study(
        format="seqgan-study-1", name=plan.name, preset=plan.preset,
        config=base.model_dump(mode="json"), runs=tuple(entries),
        versions=made_here(
            ", ".join(sorted({record.device for record in runs.values()})), preset=plan.preset,
            seconds=sum(record.seconds for record in runs.values()),
            oracle=next((planned.config.oracle_path for planned in runs), None),
        ),
    )  # fmt: skip


def changes_of(config: TrainConfig, base: TrainConfig) -> dict[str, Any]:
    """What differs from the preset, but for settings in which runs repeat each other."""
    return {
        name: value
        for name, value in config
        if value != getattr(base, name) and name not in REPEATS
    }


def settings_key(changes: Mapping[str, Any]) -> str:
    """Settings as a text to find them by; tuples and lists are one.

    >>> settings_key({"g_steps": 4, "d_widths": (1, 2)})
    '{"d_widths": [1, 2], "g_steps": 4}'
    """
    return json.dumps(changes, sort_keys=True)


def by_triple(settings: Sequence[Setting]) -> dict[Triple, Setting]:
    """The setting of each (g-steps, d-steps, k); of several the one with most runs."""
    best: dict[Triple, Setting] = {}
    for setting in settings:
        known = best.get(setting.triple)
        if known is None or len(setting.runs) > len(known.runs):
            best[setting.triple] = setting
    return best
