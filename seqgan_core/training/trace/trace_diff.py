"""Finds where two traces of the same problem diverge."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from seqgan_core.training.trace.trace_file import Step, Trace

ALIKE = 1e-5  # recorded numbers closer than this are the same


@dataclass(frozen=True)
class Divergence:
    """The first step of a trace that differs from the base trace."""

    index: int  # of the step in the trace; of its last step if only the base continues
    step: Step  # the step at that index
    base_step: Step | None  # the base's step there; None when the base has ended
    # the first variable that differs; None when another line ran or a trace ended
    variable: str | None


def first_difference(trace: Trace, base: Trace) -> Divergence | None:
    """The first step whose line or recorded variables differ; None if the traces agree."""
    for index, (step, base_step) in enumerate(zip_longest(trace.steps, base.steps)):
        if step is None:
            return Divergence(index - 1, trace.steps[-1], base_step, None)
        if base_step is None or step.place != base_step.place:
            return Divergence(index, step, base_step, None)
        name = _differing(step.variables, base_step.variables)
        if name is not None:
            return Divergence(index, step, base_step, name)
    return None


def first_other_theta(trace: Trace, base: Trace) -> Divergence | None:
    """The first step after which G's weights differ from the base's; None if they never do.

    The lines that move θ come in the same order in both traces, whatever runs between them, so
    the k-th move of one is compared with the k-th of the other.
    """
    ours, theirs = _movements(trace), _movements(base)
    for (index, step), (_, base_step) in zip(ours, theirs, strict=False):
        name = _differing(_about_theta(step), _about_theta(base_step))
        if name is not None:
            return Divergence(index, step, base_step, name)
    if len(ours) > len(theirs):
        index, step = ours[len(theirs)]
        return Divergence(index, step, None, None)
    return None


def _movements(trace: Trace) -> list[tuple[int, Step]]:
    return [(at, step) for at, step in enumerate(trace.steps) if "theta_norm" in step.variables]


def _about_theta(step: Step) -> dict[str, Any]:
    return {name: step.variables[name] for name in ("theta_norm", "theta_moved", "first")}


def _differing(first: dict[str, Any], second: dict[str, Any]) -> str | None:
    """The first variable that has a value in one only, or another one."""
    for name in [*first, *(name for name in second if name not in first)]:
        if not _alike(first.get(name), second.get(name)):  # None: cleared, as if it were not there
            return name
    return None


def _alike(first: Any, second: Any) -> bool:
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(_alike, first, second))
    if isinstance(first, float) and isinstance(second, int | float):
        return abs(first - second) <= ALIKE
    return bool(first == second)
