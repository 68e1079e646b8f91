"""`verify`: recorded files recomputed, and texts compared with the files that they name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seqgan_core.cli.common.files import read_bytes
from seqgan_core.cli.common.options import Json
from seqgan_core.cli.common.output import FAILED, InputError, write_json, write_line
from seqgan_core.messages import Message, Problem, ngettext

if TYPE_CHECKING:
    from seqgan_core.judge.verify.check import Check


def verify(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Comparisons, studies, runs (.zip), models (.safetensors), traces, or Markdown "
            "texts with marked numbers.",
            show_default=False,
        ),
    ],
    as_json: Json = False,
) -> None:
    """Recompute recorded files from their raw values; exit status 1 if anything differs."""
    from seqgan_core.training.setup.devices import prepare_cpu

    prepare_cpu()
    checks = {str(path): _check(path) for path in files}
    for file, check in checks.items():
        if as_json:
            continue
        compared = ngettext("{n} value compared", "{n} values compared", check.n)
        differ = ngettext("{n} differs", "{n} differ", len(check.differences))
        write_line(f"{file} ({check.kind}): {compared}, {differ}. {check.made.line()}")
        for line in [*check.differences, *check.notes]:
            write_line(f"  {line}")
    if as_json:
        write_json(
            [
                {
                    "file": file, "kind": str(check.kind), "compared": check.n,
                    "differences": [str(difference) for difference in check.differences],
                    "not_recomputed": [str(note) for note in check.notes],
                    "versions": check.made.parts(),
                }
                for file, check in checks.items()
            ]
        )  # fmt: skip
    if any(check.differences for check in checks.values()):
        raise typer.Exit(FAILED)


def _check(path: Path) -> Check:
    from seqgan_core.judge.report import Report
    from seqgan_core.judge.report_file import MOST_BYTES
    from seqgan_core.judge.study import Study
    from seqgan_core.judge.verify.check import Check
    from seqgan_core.judge.verify.models import check_bundle, check_model, check_trace
    from seqgan_core.judge.verify.prose import check_prose
    from seqgan_core.judge.verify.reports import check_comparison, check_study

    kind = path.suffix
    if kind == ".json":
        try:
            values = json.loads(read_bytes(path, MOST_BYTES))
        except ValueError:
            values = None
        kind = str(values.get("format")) if isinstance(values, dict) else ""
    ways = {
        Report.FORMAT: lambda: check_comparison(Report.load(path)),
        Study.FORMAT: lambda: check_study(Study.load(path)),
        "seqgan-trace": lambda: check_trace(path),
        ".zip": lambda: check_bundle(path),
        ".safetensors": lambda: check_model(path),
        ".md": lambda: check_prose(path),
    }
    if kind not in ways or not path.is_file():
        raise InputError(
            "verify.kind",
            "{path} is no recorded file; give a comparison, study or trace (.json), a run (.zip), "
            "a model (.safetensors) or a text (.md)",
            path=path,
        )  # fmt: skip
    try:
        return ways[kind]()
    except Problem as problem:
        unread = Message("the file cannot be used: {why}", why=problem)
        return Check(Message("damaged file"), differences=[unread])
