"""What a recorded file was made with: the program, the machine and the date."""

from __future__ import annotations

import platform
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, model_serializer

import seqgan_core
from seqgan_core.messages import _
from seqgan_core.training.setup.presets import CHOSEN_WITH

if TYPE_CHECKING:  # to read what was recorded needs none
    import torch

PACKAGE = Path(seqgan_core.__file__).parent
_LONGEST = 199  # letters that a bundle may hold in one place


class Provenance(BaseModel):
    """What a file was made with; a part that the file does not state is empty.

    All parts are texts: a run's bundle holds no other.

    Attributes:
        seqgan_core: version of this program.
        commit: of its checkout, with "+changes" where the code differs from it.
        date: UTC.
        seconds: that making the file took; of a run and its model, see their own.
        chosen_with: seeds that the preset's settings were chosen with.
    """

    model_config = ConfigDict(frozen=True)

    seqgan_core: str = ""
    commit: str = ""
    date: str = ""
    python: str = ""
    torch: str = ""
    numpy: str = ""
    processor: str = ""
    device: str = ""
    threads: str = ""
    seconds: str = ""
    chosen_with: str = ""

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


def made_here(
    device: torch.device | str, *, preset: str | None = None, seconds: float | None = None
) -> Provenance:
    """The provenance of what this program makes now, on this machine; `device` may be in words."""
    import numpy
    import torch

    from seqgan_core.training.setup.devices import describe_device

    return Provenance(
        seqgan_core=seqgan_core.__version__,
        commit=_commit(),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        python=platform.python_version(),
        torch=torch.__version__,
        numpy=numpy.__version__,
        processor=_processor(),
        device=device if isinstance(device, str) else describe_device(device),
        threads=str(torch.get_num_threads()),
        seconds="" if seconds is None else f"{seconds:.1f}",
        chosen_with=", ".join(map(str, CHOSEN_WITH.get(preset or "", ()))),
    )


@cache
def _commit() -> str:
    """The checkout that this program runs from; "" where it is none, or git is missing."""
    commit = _git("rev-parse", "--short=12", "HEAD") if (PACKAGE.parent / ".git").exists() else ""
    return f"{commit}+changes" if commit and _git("status", "--porcelain", "--", ".") else commit


def _git(*arguments: str) -> str:
    given: dict[str, Any] = {"capture_output": True, "text": True, "timeout": 10}
    try:
        done = subprocess.run(["git", *arguments], cwd=PACKAGE, check=True, **given)
    except (OSError, subprocess.SubprocessError):
        return ""
    return str(done.stdout).strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(names), platform.processor() or platform.machine())[:_LONGEST]
