"""A study of settings as its figures read it: every setting's runs since MLE ended."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Literal

from seqgan_core.messages import _

Metric = Literal["nll_oracle", "nll_test", "d_accuracy"]
Axis = Literal["seconds", "rounds", "updates"]
AXES: tuple[Axis, ...] = ("seconds", "rounds", "updates")
Triple = tuple[int, int, int]

PAPER_FOUR: tuple[Triple, ...] = ((100, 1, 10), (30, 1, 30), (1, 1, 10), (1, 5, 3))
"""The (g-steps, d-steps, k) of the paper's Figure 3."""

ENDED = ("finished", "recorded", "diverged")

_Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Run:
    """One seed from the switch on; the first entry of each list is the switch itself.

    Attributes:
        rounds: adversarial rounds done at each evaluation.
        seconds: of training since the switch.
        nll_oracle, nll_test: nats per token; None where there is no number.
        d_accuracy: on held-out sequences, 0 to 1.
        diverged: the guard stopped it.
    """

    seed: int
    run: str
    rounds: tuple[float, ...]
    seconds: tuple[float, ...]
    nll_oracle: _Values
    nll_test: _Values
    d_accuracy: _Values
    diverged: bool = False

    def along(self, axis: Axis, g_steps: int) -> tuple[float, ...]:
        """Where its evaluations stand on a horizontal axis."""
        if axis == "seconds":
            return self.seconds
        return tuple(at * (g_steps if axis == "updates" else 1) for at in self.rounds)

    def values(self, metric: Metric) -> _Values:
        values: _Values = getattr(self, metric)
        return values

    def last(self, metric: Metric) -> float | None:
        """The metric where the run ended."""
        return next((v for v in reversed(self.values(metric)) if v is not None), None)

    def change(self, metric: Metric) -> float | None:
        """How much the metric changed since the switch."""
        first, last = self.values(metric)[0], self.last(metric)
        return None if first is None or last is None else last - first


@dataclass(frozen=True)
class Setting:
    """Settings and the runs they were tried in, a seed each.

    Attributes:
        changes: what sets it apart from the preset.
        values: the preset with these changes.
        runs: those that ended.
        unfinished: how many more did not.
    """

    changes: Mapping[str, Any]
    values: Mapping[str, Any]
    runs: tuple[Run, ...] = ()
    unfinished: int = 0

    @property
    def key(self) -> str:
        """Equal for equal settings."""
        return settings_key(self.changes)

    @property
    def triple(self) -> Triple:
        """(g-steps, d-steps, k)."""
        return self.values["g_steps"], self.values["d_steps"], self.values["d_epochs"]


def settings_key(changes: Mapping[str, Any]) -> str:
    """Settings as a text to find them by; tuples and lists are one.

    >>> settings_key({"g_steps": 4, "d_widths": (1, 2)})
    '{"d_widths": [1, 2], "g_steps": 4}'
    """
    return json.dumps(changes, sort_keys=True)


def read_settings(study: Mapping[str, Any], base: Mapping[str, Any]) -> list[Setting]:
    """The settings of a study ("seqgan-study-1") in its order.

    Args:
        study: as `judge.study` makes it.
        base: every setting of the preset that it was made on.

    Raises:
        ValueError: it is not such a study; the message is one sentence.
    """
    by_key: dict[str, Setting] = {}
    try:
        for run in study["runs"]:
            settings = run["settings"]
            _check(settings, base)
            key = settings_key(settings)
            by_key[key] = _with(by_key.get(key) or Setting(settings, {**base, **settings}), run)
    except (LookupError, TypeError, AttributeError, ValueError, OverflowError) as error:
        what = f"{type(error).__name__} {error}".strip()
        raise ValueError(
            _("its runs are not those of a study ({what})").format(what=what)
        ) from None
    return list(by_key.values())


def _check(settings: Mapping[str, Any], base: Mapping[str, Any]) -> None:
    """Refuses settings that there are not, and words where there are numbers."""
    for name, value in settings.items():
        if isinstance(base[name], int | float) and not isinstance(value, int | float):
            raise TypeError(f"{name} is {value!r}")


def _with(setting: Setting, record: Mapping[str, Any]) -> Setting:
    run = _run(record) if record["status"] in ENDED else None
    if run is None:
        return Setting(setting.changes, setting.values, setting.runs, setting.unfinished + 1)
    runs = tuple(sorted([*setting.runs, run], key=lambda each: each.seed))
    return Setting(setting.changes, setting.values, runs, setting.unfinished)


def _run(record: Mapping[str, Any]) -> Run | None:
    """A run from its last evaluation of MLE on: D has been pre-trained there."""
    epochs, switch = [float(epoch) for epoch in record["epoch"]], float(record["switch"])
    at_switch = [index for index, epoch in enumerate(epochs) if epoch == switch]
    if not at_switch:
        return None  # it ended before MLE did
    first = at_switch[-1]
    seconds = [float(value) for value in record["seconds"]]
    if len(seconds) != len(epochs) or not all(map(math.isfinite, [*seconds, *epochs])):
        raise ValueError(f"{len(seconds)} seconds for {len(epochs)} evaluations")
    return Run(
        int(record["seed"]),
        str(record["run"]),
        tuple(epoch - switch for epoch in epochs[first:]),
        tuple(value - seconds[first] for value in seconds[first:]),
        _numbers(record["nll_oracle"], first, len(epochs)),
        _numbers(record["nll_test"], first, len(epochs)),
        _numbers(record["d_accuracy"], first, len(epochs)),
        record["status"] == "diverged",
    )


def _numbers(values: Sequence[Any], first: int, count: int) -> _Values:
    """The values from `first` on, of `count` evaluations or none; gaps are None."""
    if values and len(values) != count:
        raise ValueError(f"{len(values)} values for {count} evaluations")
    numbers = [
        None if value is None or not math.isfinite(value) else float(value)
        for value in (values or [None] * count)
    ]
    return tuple(numbers[first:])


def by_triple(settings: Sequence[Setting]) -> dict[Triple, Setting]:
    """The setting of each (g-steps, d-steps, k); of several the one with most runs."""
    best: dict[Triple, Setting] = {}
    for setting in settings:
        known = best.get(setting.triple)
        if known is None or len(setting.runs) > len(known.runs):
            best[setting.triple] = setting
    return best


def mean_curve(setting: Setting, axis: Axis, metric: Metric) -> tuple[list[float], list[float]]:
    """The mean over the seeds at every round that all of them were evaluated at."""
    runs = [run for run in setting.runs if run.last(metric) is not None]
    if not runs:
        return [], []
    at = [dict(zip(run.rounds, run.values(metric), strict=True)) for run in runs]
    along = [dict(zip(run.rounds, run.along(axis, setting.triple[0]), strict=True)) for run in runs]
    x, y = [], []
    for round_ in runs[0].rounds:
        values = [by_round.get(round_) for by_round in at]
        known = [value for value in values if value is not None]
        if len(known) == len(runs):
            x.append(fmean(place[round_] for place in along))
            y.append(fmean(known))
    return x, y
