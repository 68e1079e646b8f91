"""A setting's declaration: its words, its bounds, and the facts that rules are derived from."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from seqgan_core.tasks.registry import TaskName

BOUNDS = ("gt", "ge", "lt", "le")


@dataclass(frozen=True)
class Facts:
    """Facts of a setting; the rules between settings are derived from them."""

    # a branch must keep it, because a checkpoint's shapes, data or counters depend on it
    fixed: bool = False
    decided_by: tuple[TaskName, ...] = ()  # tasks whose data decides it, whatever it is set to
    idle_for: tuple[TaskName, ...] = ()  # tasks that do not use it
    # tasks whose metrics can be compared only between runs that share it
    measures: tuple[TaskName, ...] = ()
    # the model whose size it is; a run that starts from a model takes it from there
    model: Literal["generator", "discriminator"] | None = None
    repeats: bool = False  # runs that differ only in this repeat each other
    probed: bool = False  # the cost of a unit of work depends on it


def setting(
    default: Any, title: str, *, symbol: str = "", group: str, paper: Any = None, **facts: Any
) -> Any:
    """A field of `TrainConfig`; its title is marked by `N_`, its bounds stand among the facts."""
    bounds = {key: facts.pop(key) for key in BOUNDS if key in facts}
    extra = {"symbol": symbol, "group": group, "paper": paper, "facts": Facts(**facts)}
    return Field(default=default, title=title, json_schema_extra=extra, **bounds)
