"""`verify`: recorded files recomputed from the raw values in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seqgan_core.cli.common.files import read_bytes
from seqgan_core.cli.common.options import Json
from seqgan_core.cli.common.output import FAILED, InputError, write_json, write_line
from seqgan_core.messages import Message, Problem, _

if TYPE_CHECKING:
    from seqgan_core.judge.verify.check import Check

Files = Annotated[
    list[Path],
    typer.Argument(
        help="Comparisons, studies, traces (.json), runs (.zip), models (.safetensors).",
        show_default=False,
    ),
]


def verify(files: Files, as_json: Json = False) -> None:
    """Recompute recorded files from their raw values; exit status 1 if anything differs."""
    from seqgan_core.training.setup.devices import prepare_cpu

    prepare_cpu()
    differ = 0
    for file in files:
        check = _check(file)
        differences, notes = map(str, check.differences), map(str, check.notes)
        differ += len(check.differences)
        if as_json:
            write_json(
                {
                    "file": str(file), "kind": str(check.kind), "compared": check.n,
                    "differences": [*differences], "not_recomputed": [*notes],
                    "versions": check.made.parts(),
                }
            )  # fmt: skip
            continue
        counts = _("{file} ({kind}): {n} values compared, {differ} differ.").format(
            file=file, kind=check.kind, n=check.n, differ=len(check.differences)
        )
        write_line("\n  ".join([f"{counts} {check.made.line()}", *differences, *notes]))
    if differ:
        raise typer.Exit(FAILED)


def _check(path: Path) -> Check:
    from seqgan_core.judge.report import Report
    from seqgan_core.judge.report_file import MOST_BYTES
    from seqgan_core.judge.study import Study
    from seqgan_core.judge.verify import models, reports
    from seqgan_core.judge.verify.check import Check

    kind = path.suffix if path.is_file() else ""
    if kind == ".json":
        try:
            kind = json.loads(read_bytes(path, MOST_BYTES))["format"]
        except (ValueError, TypeError, LookupError):
            kind = ""
    try:
        match kind:
            case Report.FORMAT:
                return reports.check_comparison(Report.load(path))
            case Study.FORMAT:
                return reports.check_study(Study.load(path))
            case "seqgan-trace":
                return models.check_trace(path)
            case ".zip":
                return models.check_bundle(path)
            case ".safetensors":
                return models.check_model(path)
    except Problem as problem:
        unread = Message("the file cannot be used: {why}", why=problem)
        return Check(Message("damaged file"), differences=[unread])
    raise InputError(
        "verify.kind",
        "{path} is no recorded file; give a comparison, study or trace (.json), a run (.zip) or a "
        "model (.safetensors)",
        path=path,
    )  # fmt: skip
