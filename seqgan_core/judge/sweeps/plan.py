"""Plans of many runs: a grid of settings, or points with settings of their own.

name = "methods"
preset = "lesson"

[set]                       # every run
oracle_seed = 1

[grid]                      # every combination of these
strategy = ["mle", "seqgan"]
seed = [1, 2, 3]

[[points]]                  # each combined with the grid; may be left out
g_steps = 1
d_steps = 5
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqgan_core.messages import Problem
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.protocol import DataError
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.setup.presets import preset as preset_named

MOST_RUNS = 10_000
_KEYS = ("name", "preset", "set", "grid", "points")
_BYTES = 1_000_000


class PlanError(Problem, ValueError):
    """A plan cannot be run; the message is one sentence for people."""


@dataclass(frozen=True)
class Planned:
    """One planned run: its settings, and those that distinguish it from the others."""

    label: str
    config: TrainConfig


@dataclass(frozen=True)
class Plan:
    """Runs that belong together."""

    name: str
    preset: str
    runs: tuple[Planned, ...]


def plan(
    name: str,
    preset: str,
    fixed: Mapping[str, Any],
    grid: Mapping[str, Sequence[Any]],
    points: Sequence[Mapping[str, Any]] = (),
) -> Plan:
    """Every point of `points` with every combination of `grid`, on the preset with `fixed`.

    Raises:
        PlanError: a list is empty, a setting is unknown or out of range, or there are too many.
    """
    for field, values in grid.items():
        if isinstance(values, str | Mapping) or not isinstance(values, Sequence):
            raise PlanError(f"grid.{field} is {values!r}; it must be a list, such as [1, 2, 3]")
        if not values:
            raise PlanError(f"grid.{field} is empty; give at least one value")
    count = max(1, len(points))
    for values in grid.values():
        count *= len(values)
    if count > MOST_RUNS:
        raise PlanError(f"the plan asks for {count} runs; it may ask for {MOST_RUNS} at most")
    try:
        base = preset_named(preset)
    except ConfigError as error:
        raise PlanError(str(error)) from None
    runs: dict[TrainConfig, Planned] = {}
    for point in points or ({},):
        for combination in itertools.product(*grid.values()):
            settings = dict(point) | dict(zip(grid, combination, strict=True))
            try:
                config = make_config(base, **{**fixed, **settings})
                if config.task in CORPUS_TASKS:  # the corpus decides a part of the settings
                    from seqgan_core.training.build import resolve_config  # loads torch

                    config = resolve_config(config)
            except (ConfigError, DataError) as error:
                raise PlanError(_blaming(base, fixed, settings, str(error))) from None
            runs.setdefault(config, Planned(_label(settings) or name, config))
    return Plan(name, preset, tuple(runs.values()))


def read_plan(path: Path) -> Plan:
    """The plan in a TOML file.

    Raises:
        PlanError: the file is missing, no TOML, or not a plan; with the file and what is wrong.
    """
    try:
        if path.stat().st_size > _BYTES:
            raise PlanError(f"{path} has more than {_BYTES} bytes, which no plan needs")
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanError(f"{path} cannot be read ({error.strerror or error})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(f"{path} is not TOML ({error})") from None
    odd = sorted(set(values) - set(_KEYS))
    if odd:
        raise PlanError(f"{path} has {odd[0]!r}; a plan has {', '.join(_KEYS)}")
    for key, kind in (("name", str), ("preset", str), ("set", dict), ("grid", dict)):
        if not isinstance(values.get(key, kind()), kind):
            raise PlanError(f"{key} in {path} must be a {'text' if kind is str else 'table'}")
    points = values.get("points", [])
    if not isinstance(points, list) or not all(isinstance(point, dict) for point in points):
        raise PlanError(f"points in {path} must be tables, each written under [[points]]")
    try:
        return plan(
            values.get("name") or path.stem,
            values.get("preset") or "lesson",
            values.get("set", {}),
            values.get("grid", {}),
            points,
        )
    except (PlanError, ConfigError) as error:
        raise PlanError(f"in {path}, {error}") from None


def stored(store: Store, plan: Plan) -> dict[Planned, RunRecord]:
    """The stored run of each planned one that has one: equal in every setting but the device."""
    by_config: dict[TrainConfig, RunRecord] = {}
    for record in store.runs():  # newest first; a finished one is preferred
        key = _without_device(record.config)
        known = by_config.get(key)
        if known is None or (is_done(record) and not is_done(known)):
            by_config[key] = record
    records = {planned: by_config.get(_without_device(planned.config)) for planned in plan.runs}
    return {planned: record for planned, record in records.items() if record is not None}


def is_done(record: RunRecord) -> bool:
    """Whether nothing is left to train: it ended, well or badly."""
    return record.status in ("finished", "recorded", "diverged")


def _without_device(config: TrainConfig) -> TrainConfig:
    return config.model_copy(update={"device": "auto"})


def _blaming(
    base: TrainConfig, fixed: Mapping[str, Any], settings: Mapping[str, Any], problem: str
) -> str:
    """Name the point in an error, unless the error would hold for every point."""
    try:
        make_config(base, **fixed)
    except ConfigError as error:
        if str(error) == problem:
            return problem
    return f"{_label(settings)}: {problem}"


def _label(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{field} {value}" for field, value in settings.items())
