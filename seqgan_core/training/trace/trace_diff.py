"""Two traces of the same problem side by side: where they part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seqgan_core.training.trace.trace_file import Step, Trace

ALIKE = 1e-5  # recorded numbers closer than this are the same


@dataclass(frozen=True)
class Parting:
    """The first step of a trace that is not as in the other.

    Attributes:
        index: of the step in the trace; its last step when the other goes on and it does not.
        step: that step.
        other: the other trace's step there, None when that has ended.
        variable: what differs, None when another line ran.
    """

    index: int
    step: Step
    other: Step | None
    variable: str | None


def first_difference(trace: Trace, base: Trace) -> Parting | None:
    """Where `trace` first parts from `base` in anything that is told; None if nowhere."""
    for index, step in enumerate(trace.steps):
        if index >= len(base.steps):
            return Parting(index, step, None, None)
        other = base.steps[index]
        if step.place != other.place:
            return Parting(index, step, other, None)
        name = _differing(step.variables, other.variables)
        if name is not None:
            return Parting(index, step, other, name)
    if len(base.steps) > len(trace.steps):
        end = len(trace.steps) - 1
        return Parting(end, trace.steps[end], base.steps[end + 1], None)
    return None


def first_other_theta(trace: Trace, base: Trace) -> Parting | None:
    """The first step after which G's weights are not those of `base`; None if there is none.

    The lines that move θ come in the same order in both, whatever runs between them; so the
    movements are compared one by one.
    """
    ours, theirs = _movements(trace), _movements(base)
    for (index, step), (_, other) in zip(ours, theirs, strict=False):
        name = _differing(_about_theta(step), _about_theta(other))
        if name is not None:
            return Parting(index, step, other, name)
    if len(ours) > len(theirs):
        index, step = ours[len(theirs)]
        return Parting(index, step, None, None)
    return None


def _movements(trace: Trace) -> list[tuple[int, Step]]:
    return [(at, step) for at, step in enumerate(trace.steps) if "theta_norm" in step.variables]


def _about_theta(step: Step) -> dict[str, Any]:
    return {name: step.variables[name] for name in ("theta_norm", "theta_moved", "first")}


def _differing(one: dict[str, Any], two: dict[str, Any]) -> str | None:
    """The first variable that is in one only, or has another value."""
    for name in [*one, *(name for name in two if name not in one)]:
        if name not in one or name not in two or not _alike(one[name], two[name]):
            return name
    return None


def _alike(one: Any, two: Any) -> bool:
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(_alike, one, two))
    if isinstance(one, float) and isinstance(two, int | float):
        return abs(one - two) <= ALIKE
    return bool(one == two)
