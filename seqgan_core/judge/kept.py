"""Findings that were kept as JSON files: written whole, checked when read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from seqgan_core.judge.plan import PlanError

_BYTES = 50_000_000


def load_kept(path: Path, format: str, again: str) -> dict[str, Any]:
    """The findings in a file of this format; `again` says how to make it anew.

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
    except ValueError as error:
        raise PlanError(f"{path.name} is damaged ({error}); {again}") from None
    version = found.get("format") if isinstance(found, dict) else None
    if version != format:
        raise PlanError(f"{path.name} is of version {version!r}, not {format!r}; {again}")
    return dict(found)
