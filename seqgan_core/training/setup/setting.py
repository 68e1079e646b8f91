"""What is known of one setting beside its value: words for people, bounds, and facts for rules."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

from pydantic import Field

from seqgan_core.tasks.registry import TaskName


@dataclass(frozen=True)
class Facts:
    """What the rules between settings are made of; said once, where the setting is declared.

    Attributes:
        fixed: a branch keeps it: a checkpoint's tensors have their shapes from it, were learned on
            it, or are counted in it.
        decided_by: tasks whose data decides it, whatever it is set to.
        idle_for: tasks to which it means nothing.
        measures: tasks whose numbers are compared only between runs that have it in common.
        model: the model whose size it is, which comes with a model to start from.
        repeats: runs that differ in nothing else repeat each other.
        probed: what a unit of work costs depends on it.
    """

    fixed: bool = False
    decided_by: tuple[TaskName, ...] = ()
    idle_for: tuple[TaskName, ...] = ()
    measures: tuple[TaskName, ...] = ()
    model: Literal["generator", "discriminator"] | None = None
    repeats: bool = False
    probed: bool = False


_FACTS = frozenset(field.name for field in fields(Facts))


def setting(
    default: Any,
    title: str,
    help: str,
    *,
    symbol: str = "",
    group: str,
    paper: Any = None,
    **facts_and_bounds: Any,
) -> Any:
    """A field of `TrainConfig`: its words, its `Facts` and its bounds (ge, gt, le, lt)."""
    facts = {key: value for key, value in facts_and_bounds.items() if key in _FACTS}
    bounds = {key: value for key, value in facts_and_bounds.items() if key not in _FACTS}
    extra = {"symbol": symbol, "group": group, "paper": paper, "facts": Facts(**facts)}
    return Field(default=default, title=title, description=help, json_schema_extra=extra, **bounds)
