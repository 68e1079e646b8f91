"""Trace files: a run of Algorithm 1 that can be stepped through in both directions."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqgan_core.messages import Problem
from seqgan_core.training.config import ConfigError, TrainConfig, make_config
from seqgan_core.training.events import Event, Traced
from seqgan_core.training.trace.tracer import VARIABLES, Variable

FORMAT = "seqgan-trace"
VERSION = 1
RECORD = "python -m seqgan_core.training.trace.record"
DIGITS = 6  # behind the point, of every number that is kept
MOST_STEPS = 20_000
WHERE = ("line", "round", "g_step", "d_step", "t")


class TraceError(Problem):
    """A trace cannot be shown; the message says which, what is wrong and what to do."""


@dataclass(frozen=True)
class Step:
    """One line of Algorithm 1 that ran: where, and what it made or changed (see `tracer`).

    A variable keeps its value until another step names it; None empties it.
    """

    line: int
    round: int | None
    g_step: int | None
    d_step: int | None
    t: int | None
    variables: dict[str, Any]

    @property
    def place(self) -> tuple[int | None, ...]:
        """Position in the algorithm, by which the steps of two traces are compared."""
        return tuple(getattr(self, name) for name in WHERE)


@dataclass(frozen=True)
class Trace:
    """A whole traced run, oldest step first."""

    name: str
    config: TrainConfig
    steps: tuple[Step, ...]

    def states(self) -> Iterator[dict[str, Any]]:
        """The values of all variables after each step."""
        state: dict[str, Any] = {}
        for step in self.steps:
            state = state | step.variables
            yield state


def steps_of(events: Iterable[Event]) -> Iterator[Step]:
    """The steps among a traced trainer's events, with numbers as a file keeps them."""
    for event in events:
        if isinstance(event, Traced):
            where = {name: getattr(event, name) for name in WHERE}
            yield Step(**where, variables=_rounded(event.variables))


def to_dict(trace: Trace) -> dict[str, Any]:
    """The trace as JSON-ready values."""
    steps = [
        {name: getattr(step, name) for name in WHERE if getattr(step, name) is not None}
        | {"variables": step.variables}
        for step in trace.steps
    ]
    config = trace.config.model_dump(mode="json")
    return {
        "format": FORMAT, "version": VERSION, "name": trace.name, "config": config, "steps": steps
    }  # fmt: skip


def save(trace: Trace, file: Path) -> None:
    """Writes the trace, one step a line, so that a diff of two files is readable."""
    values = to_dict(trace)
    steps = ",\n".join(_json(step) for step in values.pop("steps"))
    file.write_text(f'{_json(values)[:-1]},"steps":[\n{steps}\n]}}\n', encoding="utf-8")


def load(file: Path) -> Trace:
    """Reads a trace and checks all of it, so that its readers need not.

    Raises:
        TraceError: it is missing, damaged or of another version.
    """
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _wrong(file, "is not there") from None
    except OSError as error:
        raise _wrong(file, f"cannot be read ({error.strerror or error})") from None
    except (ValueError, RecursionError):  # neither text nor JSON
        raise _wrong(file, "is damaged: it is not JSON") from None
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise _wrong(file, "is not a trace of Algorithm 1")
    if values.get("version") != VERSION:
        version = values.get("version")
        raise _wrong(file, f"has version {version!r}, and this program reads version {VERSION}")
    try:
        return _trace(values)
    except (ConfigError, TypeError, ValueError, KeyError) as error:
        raise _wrong(file, f"is damaged: {error}") from None


def _wrong(file: Path, what: str) -> TraceError:
    return TraceError(f"the trace {file.name} {what}; record it anew with {RECORD}")


def _json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, DIGITS) if isinstance(value, float) else value


# -- checking what a file says --------------------------------------------------------------------


def _trace(values: dict[str, Any]) -> Trace:
    if not isinstance(values.get("config"), dict):
        raise ValueError("it does not say its settings")
    config = make_config(**values["config"])
    steps = values.get("steps")
    if not isinstance(steps, list) or not 0 < len(steps) <= MOST_STEPS:
        raise ValueError("it holds no steps")
    read = []
    for number, step in enumerate(steps, 1):
        try:
            read.append(_step(step, config))
        except ValueError as error:
            raise ValueError(f"{error} in step {number}") from None
    return Trace(str(values.get("name", "")), config, tuple(read))


def _step(values: Any, config: TrainConfig) -> Step:
    if not isinstance(values, dict) or not isinstance(values.get("variables"), dict):
        raise ValueError("there are no variables")
    where: dict[str, Any] = {name: values.get(name) for name in WHERE}
    for name, value in where.items():
        if not (_is_count(value) or (value is None and name != "line")):
            raise ValueError(f"{name} is {value!r}")
    if not 1 <= values["line"] <= 19:
        raise ValueError(f"line is {values['line']}, and Algorithm 1 has lines 1 to 19")
    for name, value in values["variables"].items():
        if name not in VARIABLES:
            raise ValueError(f"the variable {name!r} is unknown")
        if value is not None and not _fits(value, VARIABLES[name], config):
            raise ValueError(f"the variable {name!r} is not as it should be")
    return Step(**where, variables=values["variables"])


def _fits(value: Any, variable: Variable, config: TrainConfig) -> bool:
    lengths: dict[str, int | None] = {
        "V": config.vocab_size, "T": config.sequence_length, "B": config.g_batch_size,
        "N": None, "n": None,
    }  # fmt: skip
    row = [value]
    for letter in variable.shape:
        length = lengths[letter]
        if not all(isinstance(v, list) and len(v) == (length or len(v)) for v in row):
            return False
        row = [item for v in row for item in v]
    return all(_is(item, variable, config.vocab_size) for item in row)


def _is(value: Any, variable: Variable, vocab_size: int) -> bool:
    if value is None:
        return variable.holes
    if variable.kind == "flag":
        return isinstance(value, bool)
    if variable.kind in ("count", "token"):
        return _is_count(value) and (variable.kind == "count" or value < vocab_size)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value):
        return False
    return variable.kind == "number" or 0 <= value <= 1


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
