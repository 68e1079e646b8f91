"""Reports kept as JSON files: frozen models that are validated as a whole when they are read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from seqgan_core.judge.sweeps.plan import PlanError
from seqgan_core.messages import Problem

MOST_BYTES = 50_000_000


class ReportError(Problem, ValueError):
    """A report's file cannot be used."""


def _nan_for_null(value: object) -> object:
    return math.nan if value is None else value


# JSON has no NaN and no infinity: they are written as null, and null is read as NaN.
Number = Annotated[float, BeforeValidator(_nan_for_null)]


class Part(BaseModel):
    """A part of a report."""

    model_config = ConfigDict(frozen=True)


class ReportFile(Part):
    """A report that is kept as a file.

    Subclasses fix the type of `format`, its version, and name it in `FORMAT`; `REMEDY` is the
    command that makes such a file.
    """

    FORMAT: ClassVar[str]
    REMEDY: ClassVar[str]

    format: str

    def to_json(self, indent: int | None = None) -> str:
        """Strict JSON; fields that were never set are left out."""
        return self.model_dump_json(exclude_unset=True, indent=indent)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file of this version.

        Raises:
            ReportError: it is missing, too large, damaged or of another version. The code is
                "report.version" for the last, and the field `version` holds what was found.
        """
        given = {"file": path.name, "command": cls.REMEDY}
        try:
            size = path.stat().st_size
            text = path.read_bytes() if size <= MOST_BYTES else b""
        except OSError as error:
            raise ReportError(
                "report.unreadable",
                "{file} cannot be read ({why}); make it again with `{command}`",
                why=error.strerror or error, **given,
            ) from None  # fmt: skip
        if size > MOST_BYTES:
            raise ReportError(
                "report.too-large",
                "{file} has {size} bytes; at most {most} are read; make it again with `{command}`",
                size=size, most=MOST_BYTES, **given,
            )  # fmt: skip
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        if place == "format":
            raise ReportError(
                "report.version",
                "{file} is of version {version!r}, not {format!r}; make it again with `{command}`",
                version=None if first["type"] == "missing" else first["input"],
                format=cls.FORMAT, **given,
            )  # fmt: skip
        raise ReportError(
            "report.damaged", "{file} is damaged ({why}); make it again with `{command}`",
            why=": ".join(filter(None, [place, first["msg"]])), **given,
        )  # fmt: skip


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
        if path.stat().st_size > MOST_BYTES:
            raise PlanError(f"{path.name} has more than {MOST_BYTES} bytes; {remedy}")
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
