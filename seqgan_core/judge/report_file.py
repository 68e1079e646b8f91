"""Reports kept as JSON files: frozen models that are validated as a whole when they are read."""

import math
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

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
            raise ReportError("report.unreadable", why=error.strerror or error, **given) from None
        if size > MOST_BYTES:
            raise ReportError("report.too-large", size=size, most=MOST_BYTES, **given)
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        if place == "format":
            raise ReportError(
                "report.version",
                version=None if first["type"] == "missing" else first["input"],
                format=cls.FORMAT,
                **given,
            )
        raise ReportError(
            "report.damaged", why=": ".join(filter(None, [place, first["msg"]])), **given
        )
