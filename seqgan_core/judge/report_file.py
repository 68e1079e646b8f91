"""Reports in JSON files: values in the types of JSON, and checks of a file that is read."""

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
    """`value` in the types of strict JSON; numbers that are not finite become None.

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


def read_report_file(
    path: Path, format: str, remedy: str, parts: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """Read a report of this format and check its parts.

    Args:
        path: of the file.
        format: its version.
        remedy: how to make it anew, for the error.
        parts: what it must hold, and of what kind.

    Raises:
        PlanError: it is missing, damaged or of another version, and what to do.
    """
    try:
        if path.stat().st_size > _BYTES:
            raise PlanError(f"{path.name} has more than {_BYTES} bytes; {remedy}")
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanError(
            f"{path.name} cannot be read ({error.strerror or error}); {remedy}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise PlanError(f"{path.name} is damaged ({error}); {remedy}") from None
    version = value.get("format") if isinstance(value, dict) else None
    if version != format:
        raise PlanError(f"{path.name} is of version {version!r}, not {format!r}; {remedy}")
    for name, kind in (parts or {}).items():
        if not isinstance(value.get(name), kind):
            raise PlanError(f"{path.name} is damaged (its {name} is missing); {remedy}")
    return dict(value)
