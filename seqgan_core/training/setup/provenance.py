"""What a recorded file was made with: the program, the machine and the date."""

from __future__ import annotations

import hashlib
import platform
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, model_serializer

from seqgan_core.messages import _
from seqgan_core.training.setup.presets import CHOSEN_WITH

if TYPE_CHECKING:  # to read what was recorded needs none
    import torch

PACKAGE = Path(__file__).resolve().parents[2]


class Provenance(BaseModel):
    """What made a file, in texts (a run's bundle holds no other); "" is what it does not state."""

    model_config = ConfigDict(frozen=True)

    seqgan_core: str = ""  # version of this program
    commit: str = ""  # of its checkout, with "+changes" where the code differs from it
    date: str = ""  # UTC
    python: str = ""
    torch: str = ""
    numpy: str = ""
    processor: str = ""
    device: str = ""
    threads: str = ""
    seconds: str = ""  # that making the file took; of a run and its model, see their own
    chosen_with: str = ""  # seeds that the preset's settings were chosen with
    oracle: str = ""  # name and SHA-256 of the oracle's file; "" where the oracle was drawn

    @model_serializer
    def parts(self) -> dict[str, str]:
        """The parts that the file states."""
        return {name: value for name, value in self if value}

    def line(self, *more: str) -> str:
        """Commit, date and processor in one line, then what else is given."""
        names = {"commit": _("Commit"), "date": _("Date"), "processor": _("Processor")}
        shown = [
            _("{name}: {value}").format(name=name, value=getattr(self, key) or _("not recorded"))
            for key, name in names.items()
        ]
        return " · ".join([*shown, *more])


NOT_RECORDED = Provenance()


def without_places(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as a file states them: of the oracle's file its name alone, not where it lay."""
    path = settings.get("oracle_path")
    return {**settings, "oracle_path": Path(path).name} if path else dict(settings)


def made_here(
    device: torch.device | str,
    *,
    preset: str | None = None,
    seconds: float | None = None,
    oracle: str | None = None,
) -> Provenance:
    """The provenance of what this program makes now, on this machine; `device` may be in words."""
    import numpy
    import torch

    from seqgan_core.training.setup.devices import describe_device

    return Provenance(
        seqgan_core=import_module("seqgan_core").__version__,  # its names import this module
        commit=_commit(),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        python=platform.python_version(),
        torch=torch.__version__,
        numpy=numpy.__version__,
        processor=f"{_processor()[:150]}, {torch.backends.cpu.get_cpu_capability()}",
        device=device if isinstance(device, str) else describe_device(device),
        threads=str(torch.get_num_threads()),
        seconds="" if seconds is None else f"{seconds:.1f}",
        chosen_with=", ".join(map(str, CHOSEN_WITH.get(preset or "", ()))),
        oracle=_name_and_digest(Path(oracle)) if oracle else "",
    )


def _name_and_digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return f"{path.name}, SHA-256 {hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError:  # it is no longer there
        return path.name


@cache
def _commit() -> str:
    """The checkout that this program runs from; "" where it is none, or git is missing."""

    def git(*command: str) -> str:
        full = ["git", "-C", str(PACKAGE), *command]
        quiet = subprocess.DEVNULL
        return subprocess.check_output(full, text=True, timeout=10, stderr=quiet).strip()

    try:
        if not (PACKAGE.parent / ".git").exists():
            return ""
        changes = "+changes" if git("status", "--porcelain", "--", ".") else ""
        return git("rev-parse", "--short=12", "HEAD") + changes
    except (OSError, subprocess.SubprocessError):
        return ""


def _processor() -> str:
    try:
        facts = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        facts = ""
    name = re.search(r"^model name\s*: (.+)", facts, re.MULTILINE)
    return name[1] if name else platform.processor() or platform.machine()
