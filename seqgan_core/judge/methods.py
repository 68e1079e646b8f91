"""The methods that are compared, and the plans of their runs; loads neither torch nor scipy."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from seqgan_core.judge.sweeps.plan import MOST_RUNS, Plan, PlanError, plan, read_plan
from seqgan_core.training.config import TrainConfig
from seqgan_core.training.strategies import STRATEGIES

METHODS = (
    "random", "mle", "scheduled_sampling", "pg_bleu", "seqgan", "constant_reward", "random_reward",
)  # fmt: skip
REFERENCE = "seqgan"
# Methods with one setting changed, as rows of their own.
VARIANTS: dict[str, dict[str, Any]] = {
    "seqgan_value": {"strategy": "seqgan", "q_normalisation": "value"},
    "tree_search_negatives": {"strategy": "tree_search", "search_negatives": True},
}
# What thinks ahead, with its controls: beyond the paper's methods.
AHEAD = (
    "mle", "seqgan", "seqgan_value", "actor_critic", "tree_search", "tree_search_negatives",
    "best_of_n", "constant_reward",
)  # fmt: skip

Target = Literal["table1", "figure2", "figure3"]
TABLE_1 = "table1"  # the preset of all three
FIGURE_3 = Path(__file__).resolve().parents[2] / "assets" / "plans" / "figure3.toml"


def methods_plan(
    preset: str, strategies: Sequence[str], seeds: Sequence[int], changes: Mapping[str, object]
) -> Plan:
    """Every method, or variant of one, with every seed, otherwise alike.

    Raises:
        PlanError: there is no seed or no method, or a method does not exist.
    """
    known = ", ".join((*STRATEGIES, *VARIANTS))
    if not strategies:
        raise PlanError("compare.no-strategy", known=known)
    if odd := [name for name in strategies if name not in (*STRATEGIES, *VARIANTS)]:
        raise PlanError("compare.strategy", name=odd[0], known=known)
    points = [VARIANTS.get(name, {"strategy": name}) for name in dict.fromkeys(strategies)]
    return plan("methods", preset, changes, {"seed": list(dict.fromkeys(seeds))}, points)


def method_of(config: TrainConfig) -> str:
    """The row of a comparison that a run belongs to: a variant, or its strategy."""
    for name, settings in VARIANTS.items():
        if all(getattr(config, key) == value for key, value in settings.items()):
            return name
    return config.strategy


def target_plan(target: Target, seeds: Sequence[int], changes: Mapping[str, object]) -> Plan:
    """The runs that a table or figure of the paper needs; Figure 2 shows some of Table 1's.

    Raises:
        PlanError: as `methods_plan`.
    """
    if target == "figure3":
        return read_plan(FIGURE_3, changes, seeds)
    methods = [name for name in METHODS if target == "table1" or STRATEGIES[name].pretrains]
    return methods_plan(TABLE_1, methods, seeds, changes)


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
        raise PlanError("compare.seeds", given=text)
    return tuple(dict.fromkeys(n for first, last in ends for n in range(first, last + 1)))
