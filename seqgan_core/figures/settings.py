"""The differences between two sets of settings, and the command that reproduces them."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seqgan_core.messages import _


@dataclass(frozen=True)
class Difference:
    """One field whose value is `now` where the base has `base`."""

    name: str
    base: Any
    now: Any


def differences(base: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """The fields whose values differ, in the order of `now`.

    >>> differences({"seed": 1, "g_steps": 1}, {"seed": 1, "g_steps": 4})
    [Difference(name='g_steps', base=1, now=4)]
    """
    return [
        Difference(name, base.get(name), value)
        for name, value in now.items()
        if _plain(base.get(name)) != _plain(value)
    ]


def assignments(changes: list[Difference]) -> list[str]:
    """The changes as `field=value`, which `parse_changes` reads.

    >>> assignments([Difference("d_widths", (1,), (1, 2)), Difference("device", "auto", "cpu")])
    ['d_widths=[1,2]', 'device=cpu']
    """
    return [f"{change.name}={_as_text(change.now)}" for change in changes]


def command_line(preset: str | None, changes: list[Difference]) -> str:
    """The command that trains this run from a terminal.

    >>> command_line("lesson", [Difference("seed", 1, 3), Difference("g_steps", 1, 4)])
    'python -m seqgan_core train --preset lesson --seed 3 --set g_steps=4'
    """
    own_options = {
        "seed": "--seed",
        "strategy": "--strategy",
        "task": "--task",
        "device": "--device",
        "oracle_path": "--oracle",
    }
    words = ["python", "-m", "seqgan_core", "train", "--preset", preset or "paper"]
    for change in changes:
        option = own_options.get(change.name)
        if option and change.now is not None:
            words += [option, str(change.now)]
        else:
            words += ["--set", *assignments([change])]
    return shlex.join(words)


def shown(value: Any) -> str:
    """A setting's value as a person reads it.

    >>> shown(None), shown(0.0001), shown((1, 2)), shown(9984)
    ('–', '0.0001', '1, 2', '9984')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(item) for item in value)
    return str(value)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(_plain(value), separators=(",", ":"))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple)) else value
