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

import itertools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqgan_core.messages import N_, Problem
from seqgan_core.runs.store import RunRecord, Store
from seqgan_core.tasks.protocol import DataError
from seqgan_core.tasks.registry import CORPUS_TASKS
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.setup.presets import preset as preset_named

MOST_RUNS = 10_000
_KEYS = ("name", "preset", "set", "grid", "points")
_BYTES = 1_000_000


class PlanError(Problem, ValueError):
    """A plan cannot be run."""


@dataclass(frozen=True)
class Planned:
    """One planned run: its settings, and a label with those that distinguish it."""

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
    """Each of `points` with every combination of `grid`, on the preset with `fixed`.

    Raises:
        PlanError: a list is empty, a setting is unknown or out of range, or there are too many.
    """
    for field, values in grid.items():
        if isinstance(values, str | Mapping) or not isinstance(values, Sequence):
            raise PlanError("plan.grid", field=field, value=values)
        if not values:
            raise PlanError("plan.grid-empty", field=field)
    count = max(1, len(points))
    for values in grid.values():
        count *= len(values)
    if count > MOST_RUNS:
        raise PlanError("plan.too-many", count=count, most=MOST_RUNS)
    try:
        base = preset_named(preset)
    except ConfigError as error:
        raise PlanError("plan.preset", "{why}", why=error) from None
    runs: dict[TrainConfig, Planned] = {}
    for point in points or ({},):
        for combination in itertools.product(*grid.values()):
            settings = dict(point) | dict(zip(grid, combination, strict=True))
            try:
                config = make_config(base, **{**fixed, **settings})
                if config.task in CORPUS_TASKS:  # the corpus decides some settings
                    from seqgan_core.training.build import resolve_config  # loads torch

                    config = resolve_config(config)
            except (ConfigError, DataError) as error:
                raise _blaming(base, fixed, settings, error) from None
            runs.setdefault(config, Planned(_label(settings) or name, config))
    return Plan(name, preset, tuple(runs.values()))


def read_plan(
    path: Path, changes: Mapping[str, Any] | None = None, seeds: Sequence[int] = ()
) -> Plan:
    """The plan in a TOML file, with `changes` to every run and, if given, other `seeds`.

    Raises:
        PlanError: the file is missing, not TOML, or not a plan.
    """
    try:
        if path.stat().st_size > _BYTES:
            raise PlanError("plan.too-large", path=path, most=_BYTES)
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanError("plan.unreadable", path=path, why=error.strerror or error) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError("plan.not-toml", path=path, why=error) from None
    odd = sorted(set(values) - set(_KEYS))
    if odd:
        raise PlanError("plan.unknown-key", path=path, key=odd[0], keys=", ".join(_KEYS))
    for key, kind in (("name", str), ("preset", str), ("set", dict), ("grid", dict)):
        if not isinstance(values.get(key, kind()), kind):
            text = (
                N_("{key} in {path} must be text")
                if kind is str
                else N_("{key} in {path} must be a table")
            )
            raise PlanError("plan.kind", text, key=key, path=path)
    points = values.get("points", [])
    if not isinstance(points, list) or not all(isinstance(point, dict) for point in points):
        raise PlanError("plan.points", path=path)
    changes = changes or {}
    grid = values.get("grid", {}) | ({"seed": list(seeds)} if seeds else {})
    try:
        return plan(
            values.get("name") or path.stem,
            values.get("preset") or "lesson",
            {**values.get("set", {}), **changes},
            {name: given for name, given in grid.items() if name not in changes},
            [{k: v for k, v in point.items() if k not in changes} for point in points],
        )
    except (PlanError, ConfigError) as error:
        raise PlanError("plan.wrong", "in {path}, {why}", path=path, why=error) from None


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
    base: TrainConfig, fixed: Mapping[str, Any], settings: Mapping[str, Any], problem: Problem
) -> PlanError:
    """The problem as one of the plan; it names the point, unless it holds for every point."""
    try:
        make_config(base, **fixed)
    except ConfigError as error:
        if str(error) == str(problem):
            return PlanError("plan.settings", "{why}", why=problem)
    return PlanError("plan.point", "{point}: {why}", point=_label(settings), why=problem)


def _label(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{field} {value}" for field, value in settings.items())
