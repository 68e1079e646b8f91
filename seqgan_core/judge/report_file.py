"""Findings that were kept as JSON files: written whole, checked when read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from seqgan_core.judge.sweeps.plan import PlanError

_BYTES = 50_000_000


def plain(value: Any) -> Any:
    """`value` in the types of strict JSON; what is not finite has no number there.

    >>> plain({"effect": float("inf"), "seeds": (1, 2)})
    {'effect': None, 'seeds': [1, 2]}
    """
    if hasattr(value, "__dataclass_fields__"):
        value = asdict(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def load_kept(
    path: Path, format: str, again: str, parts: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """The findings in a file of this format; `again` says how to make it anew.

    Args:
        path: of the file.
        format: its version.
        again: how it is made.
        parts: what it must hold, and of what kind.

    Raises:
        PlanError: it is missing, damaged or of another version, and what to do.
    """
    try:
        if path.stat().st_size > _BYTES:
            raise PlanError(f"{path.name} has more than {_BYTES} bytes; {again}")
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanError(
            f"{path.name} cannot be read ({error.strerror or error}); {again}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{path.name} is damaged ({error}); {again}") from None
    version = found.get("format") if isinstance(found, dict) else None
    if version != format:
        raise PlanError(f"{path.name} is of version {version!r}, not {format!r}; {again}")
    for name, kind in (parts or {}).items():
        if not isinstance(found.get(name), kind):
            raise PlanError(f"{path.name} is damaged (its {name} is missing); {again}")
    return dict(found)
