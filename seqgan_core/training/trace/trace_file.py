"""Trace files: a run of Algorithm 1 that can be stepped through in both directions."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, create_model

from seqgan_core.messages import Problem
from seqgan_core.training.config import StoredConfig, TrainConfig
from seqgan_core.training.events import Count, Event, Traced
from seqgan_core.training.setup.provenance import NOT_RECORDED, Provenance
from seqgan_core.training.trace.tracer import VARIABLES, Variable

RECORD = "python -m seqgan_core.training.trace.record"
DIGITS = 6  # after the decimal point, of every number that is kept
MOST_STEPS = 20_000
WHERE = ("line", "round", "g_step", "d_step", "t")


class TraceError(Problem):
    """A trace cannot be shown."""


class Step(BaseModel):
    """One line of Algorithm 1 that ran: where, and what it made or changed (see `tracer`).

    A variable keeps its value until another step names it; None clears it.
    """

    model_config = ConfigDict(frozen=True)

    line: Annotated[Count, Field(ge=1, le=19)]
    round: Count | None = None
    g_step: Count | None = None
    d_step: Count | None = None
    t: Count | None = None
    variables: dict[str, Any]

    @property
    def place(self) -> tuple[int | None, ...]:
        """Position in the algorithm, by which the steps of two traces are compared."""
        return tuple(getattr(self, name) for name in WHERE)


class Trace(BaseModel):
    """A whole traced run, oldest step first."""

    model_config = ConfigDict(frozen=True)

    format: Literal["seqgan-trace"] = "seqgan-trace"
    version: Literal[1] = 1
    name: str
    config: StoredConfig
    versions: Provenance = NOT_RECORDED
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=MOST_STEPS)]

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
    return trace.model_dump(mode="json", exclude={"steps"}) | {"steps": steps}


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
    trace_and_command = {"trace": file.name, "command": RECORD}
    place: tuple[Any, ...] = ()
    try:
        trace = Trace.model_validate_json(file.read_bytes())
        variables = _variables_model(trace.config)
        for number, step in enumerate(trace.steps):
            place = ("steps", number, "variables")
            variables.model_validate(step.variables)
    except OSError as error:
        raise TraceError(
            "trace.unreadable", why=error.strerror or error, **trace_and_command
        ) from None
    except ValidationError as error:
        first: Any = error.errors(include_url=False)[0]
        at = ".".join(map(str, (*place, *first["loc"])))
        why = str(first["msg"]).removeprefix("Value error, ")
        raise TraceError(
            "trace.damaged",
            "the trace {trace} is damaged ({why}); record it again with {command}",
            why=f"{at}: {why}" if at else why, **trace_and_command,
        ) from None  # fmt: skip
    if not {"format", "version"} <= trace.model_fields_set:
        raise TraceError("trace.no-version", **trace_and_command)
    return trace


def _variables_model(config: TrainConfig) -> type[BaseModel]:
    """What the variables of a step may be: each may be missing or None, and there are no others."""
    types: dict[str, Any] = {
        name: (_type(variable, config) | None, None) for name, variable in VARIABLES.items()
    }
    return create_model("Variables", __config__=ConfigDict(extra="forbid", strict=True), **types)


def _type(variable: Variable, config: TrainConfig) -> Any:
    kinds: dict[str, Any] = {
        "number": FiniteFloat,
        "share": Annotated[float, Field(ge=0, le=1)],
        "token": Annotated[int, Field(ge=0, lt=config.vocab_size)],
        "count": Count,
        "flag": bool,
    }
    lengths = {"V": config.vocab_size, "T": config.sequence_length, "B": config.g_batch_size}
    result = kinds[variable.kind] | None if variable.holes else kinds[variable.kind]
    for letter in reversed(variable.shape):
        length = lengths.get(letter)
        of_length = Field(min_length=length, max_length=length)
        result = Annotated[list[result], of_length]  # type: ignore[valid-type]
    return result


def _json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, DIGITS) if isinstance(value, float) else value
