"""The methods that are compared, and the plan of their runs; loads neither torch nor scipy."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from seqgan_core.judge.sweeps.plan import MOST_RUNS, Plan, PlanError, plan
from seqgan_core.training.strategies import STRATEGIES

METHODS = (
    "random", "mle", "scheduled_sampling", "pg_bleu", "seqgan", "constant_reward", "random_reward",
)  # fmt: skip
REFERENCE = "seqgan"


def methods_plan(
    preset: str, strategies: Sequence[str], seeds: Sequence[int], changes: Mapping[str, object]
) -> Plan:
    """Every method with every seed, otherwise alike.

    Raises:
        PlanError: there is no seed or no method, or a method does not exist.
    """
    known = ", ".join(STRATEGIES)
    if not strategies:
        raise PlanError(
            "compare.no-strategy", "strategies is empty; it must name some of {known}", known=known
        )
    if odd := [name for name in strategies if name not in STRATEGIES]:
        raise PlanError(
            "compare.strategy", "strategies has {name!r}; it must name some of {known}",
            name=odd[0], known=known,
        )  # fmt: skip
    grid: dict[str, Sequence[Any]] = {
        "strategy": list(dict.fromkeys(strategies)),
        "seed": list(dict.fromkeys(seeds)),
    }
    return plan("methods", preset, changes, grid)


def read_seeds(text: str) -> tuple[int, ...]:
    """The seeds that a text names: how many, from 1, or which.

    >>> read_seeds("3"), read_seeds("11-13"), read_seeds("4, 11-12")
    ((1, 2, 3), (11, 12, 13), (4, 11, 12))

    Raises:
        PlanError: it names none, or too many.
    """
    span = r"\s*(\d{1,10})(?:-(\d{1,10}))?\s*"
    named = f"1-{text.strip()}" if text.strip().isdecimal() else text
    parts = [re.fullmatch(span, part, re.ASCII) for part in named.split(",")]
    ends = [(int(part[1]), int(part[2] or part[1])) for part in parts if part]
    count = sum(last - first + 1 for first, last in ends)
    if None in parts or any(first > last for first, last in ends) or count > MOST_RUNS:
        raise PlanError(
            "compare.seeds",
            "seeds is {given!r}; it must be 1 or more (5 or more for a useful test), or name "
            "seeds, such as 11-15 or 11,13",
            given=text,
        )  # fmt: skip
    return tuple(dict.fromkeys(n for first, last in ends for n in range(first, last + 1)))
