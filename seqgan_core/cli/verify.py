"""`verify`: recorded files recomputed from the raw values in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seqgan_core.cli.common.files import read_bytes
from seqgan_core.cli.common.options import Json
from seqgan_core.cli.common.output import FAILED, InputError, write_json, write_line
from seqgan_core.messages import Message, Problem, _

if TYPE_CHECKING:
    from seqgan_core.judge.verify.check import Check


def verify(
    files: Annotated[
        list[Path],
        typer.Argument(help="Comparisons, studies, traces (.json), runs (.zip) or models."),
    ],
    as_json: Json = False,
) -> None:
    """Recompute recorded files from their raw values; exit status 1 if anything differs."""
    from seqgan_core.training.setup.devices import prepare_cpu

    prepare_cpu()
    differ = 0
    for file in files:
        check = _check(file)
        differences, notes = ([*map(str, lines)] for lines in (check.differences, check.notes))
        differ += len(differences)
        counts = {"file": str(file), "kind": str(check.kind), "compared": check.n}
        if as_json:
            lists = {"differences": differences, "not_recomputed": notes}
            write_json(counts | lists | {"versions": check.made.parts()})
        else:
            line = _("{file} ({kind}): {compared} values compared, {differ} differ. {made}").format(
                **counts, differ=len(differences), made=check.made.line()
            )
            write_line("\n  ".join([line, *differences, *notes]))
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
            kind = str(json.loads(read_bytes(path, MOST_BYTES))["format"])
        except (ValueError, TypeError, LookupError):
            kind = ""
    checks: dict[str, Callable[[], Check]] = {
        Report.FORMAT: lambda: reports.check_comparison(Report.load(path)),
        Study.FORMAT: lambda: reports.check_study(Study.load(path)),
        "seqgan-trace": lambda: models.check_trace(path),
        ".zip": lambda: models.check_bundle(path),
        ".safetensors": lambda: models.check_model(path),
    }
    if kind not in checks:
        raise InputError("verify.kind", path=path)
    try:
        return checks[kind]()
    except Problem as problem:
        unread = Message("the file cannot be used: {why}", why=problem)
        return Check(Message("damaged file"), differences=[unread])
