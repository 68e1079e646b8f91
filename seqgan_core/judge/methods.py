"""The methods that are compared, and the plan of their runs; loads neither torch nor scipy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seqgan_core.judge.sweeps.plan import Plan, PlanError, plan
from seqgan_core.training.strategies import STRATEGIES

METHODS = ("random", "mle", "scheduled_sampling", "pg_bleu", "seqgan", "constant_reward")
REFERENCE = "seqgan"


def methods_plan(
    preset: str, strategies: Sequence[str], seeds: int, changes: Mapping[str, object]
) -> Plan:
    """Every method with every seed, otherwise alike.

    Raises:
        PlanError: there is no seed or no method, or a method does not exist.
    """
    if seeds < 1:
        raise PlanError(
            "compare.seeds", "seeds is {n}; it must be 1 or more (5 or more for a useful test)",
            n=seeds,
        )  # fmt: skip
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
        "seed": list(range(1, seeds + 1)),
    }
    return plan("methods", preset, changes, grid)
