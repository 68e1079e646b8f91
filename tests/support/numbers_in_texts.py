"""Numbers in Markdown texts against the recorded files that they name.

    python -m tests.support.numbers_in_texts README.md assets/experiments/*.md

A mark is a comment of HTML; it holds for the text since the mark or heading before it:

    <!-- numbers: assets/comparison/poems.json -->         one file or more, separated by spaces
    <!-- not recomputable: measured once, by the command above -->

Numbers are those with a decimal point, outside code. In a table, a row that begins with the name of
a method, and a column with that of a metric, allow that method's and that metric's alone. Values at
other temperatures count where the text speaks of a temperature.
"""

import json
import math
import re
import sys
from collections.abc import Collection, Iterator
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqgan_core.judge.frontier_distance import distances
from seqgan_core.judge.report import Report
from seqgan_core.judge.verdict import LAST, above
from seqgan_core.judge.verify.check import Check
from seqgan_core.messages import Message, Problem
from seqgan_core.runs.bundle import opened
from seqgan_core.runs.bundle_reader import read_events
from seqgan_core.training.events import Evaluated, TemperaturesMeasured
from seqgan_core.training.setup.model_files import read_model

_MARK = re.compile(r"<!--\s*(numbers|not recomputable):\s*(.*?)\s*-->", re.DOTALL)
# Code, the targets of links, and versions hold no results.
_ASIDE = re.compile(
    r"```.*?```|`[^`\n]*`|\]\([^)]*\)|\b(?:arXiv|Python) [\d.]+|\d+(?:\.\d+){2,}", re.DOTALL
)
_NUMBER = re.compile(r"(?<![\w.])([+\-−]?)(\d+\.(\d+))(e-?\d+)?(%?)")


class Value(NamedTuple):
    """A number of a file; its method and its metric are empty where it has no single one."""

    number: float
    owner: str = ""
    metric: str = ""


def check_prose(path: Path) -> Check:
    """Every number of a marked text in the files of its mark, and numbers without a mark."""
    check = Check(Message("text"))
    text = _ASIDE.sub("", path.read_text(encoding="utf-8"))
    for section in re.split(r"^#.*$", text, flags=re.MULTILINE):
        start = 0
        for mark in _MARK.finditer(section):
            if mark[1] == "numbers":
                part = section[start : mark.start()]
                files = [_found(path, name) for name in mark[2].split()]
                values = [x for file in files for x in _values(file, "temperature" in part)]
                _compare(check, part, values, mark[2])
            start = mark.end()
        _compare(check, section[start:], (), "")
    return check


def _compare(check: Check, text: str, values: Collection[Value], files: str) -> None:
    owners, metrics = {value.owner for value in values}, {value.metric for value in values}
    header: list[str] = []
    for line in text.splitlines():
        is_row = line.startswith("|")
        cells = line.strip()[1:-1].split("|") if is_row else [line]
        header = (header or cells) if is_row else []
        owner = _named(cells[0], owners) if header else ""
        for at, cell in enumerate(cells):
            metric = _named(header[at], metrics) if at < len(header) else ""
            allowed = [
                value.number
                for value in values
                if owner in ("", value.owner) and metric in ("", value.metric)
            ]
            for number in _NUMBER.finditer(cell):
                check.n += 1
                if not any(_is_rounded(number, value) for value in allowed):
                    place = line[max(0, line.find(cell) + number.start() - 40) :][:80]
                    check.differences.append(
                        Message("{number} is not in {files}: «{place}»",
                                number=number[0], files=files, place=place)
                        if files
                        else Message("{number} has no mark that names its file: «{place}»",
                                     number=number[0], place=place)
                    )  # fmt: skip


def _is_rounded(number: re.Match[str], value: float) -> bool:
    """Whether a number is the value, rounded to as many decimals; without a sign, its size."""
    sign, digits, decimals, exponent, percent = number.groups()
    shown = float(digits + (exponent or "")) * (-1 if sign in ("-", "−") else 1)
    half = 0.5 * 10.0 ** (int((exponent or "e0")[1:]) - len(decimals))
    value *= 100 if percent else 1
    return abs((value if sign else abs(value)) - shown) <= half * (1 + 1e-6)


def _named(label: str, names: Collection[str]) -> str:
    """The longest of the names in a label, as whole words; empty for none."""
    words = f"_{_words(label)}_"
    return max((name for name in names if name and f"_{name}_" in words), key=len, default="")


def _words(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def _found(text: Path, name: str) -> Path:
    """The file of that name below the nearest folder around the text."""
    for folder in text.resolve().parents:
        if (folder / name).is_file():
            return folder / name
    raise Problem("verify.file", "the file {name}, which a mark names, is missing", name=name)


def _values(file: Path, temperatures: bool) -> Iterator[Value]:
    if file.suffix == ".zip":
        with opened(file) as archive:
            events = [event for event, _seconds in read_events(archive)]
        evaluations = [event.metrics for event in events if isinstance(event, Evaluated)]
        for name in evaluations[-1]:
            column = [metrics[name] for metrics in evaluations if name in metrics]
            ends = (float(np.mean(column[-last:])) for last in (LAST, 2 * LAST))
            yield from (Value(number, metric=name) for number in (*column, *ends))
        for event in events:
            if isinstance(event, TemperaturesMeasured):
                yield from _of_curve(event, evaluations[-1])
    elif file.suffix == ".jsonl":
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            points = {name: part for name, part in row.items() if isinstance(part, dict)}
            for name, point in points.items():
                for nll, number in point.items():
                    yield Value(number, str(row["seed"]), name)
                    yield from (Value(number - other[nll]) for other in points.values())
    elif file.suffix == ".safetensors":
        yield from (Value(number) for number in read_model(file).card.metrics.values())
    else:
        yield from _of_report(Report.load(file), temperatures)


def _of_curve(measured: TemperaturesMeasured, end: dict[str, float]) -> Iterator[Value]:
    """The points of MLE's temperature curve, and how far above it the run ends."""
    for point in measured.points:
        yield Value(point.temperature)
        yield Value(point.nll_test, metric="nll_test")
        if point.nll_oracle is not None:
            yield Value(point.nll_oracle, metric="nll_oracle")
    curve = [(p.nll_oracle, p.nll_test) for p in measured.points if p.nll_oracle is not None]
    if (gap := above(curve, (end.get("nll_oracle", math.nan), end["nll_test"]))) is not None:
        yield Value(gap)


def _of_report(report: Report, temperatures: bool) -> Iterator[Value]:
    means: dict[str, dict[str, float]] = {name: {"real": x} for name, x in report.real.items()}
    for row in report.rows:
        for name, summary in row.summary.items():
            means.setdefault(name, {})[row.strategy] = summary.mean
            of_seeds = [result.values[name] for result in row.results]
            for number in (*of_seeds, summary.low, summary.high):
                if number is not None:
                    yield Value(number, row.strategy, name)
    for name, of in means.items():
        of |= {
            _words(ceiling.name): number
            for ceiling in report.ceilings
            if (number := ceiling.value(name)) is not None
        }
        yield from (Value(mean, owner, name) for owner, mean in of.items())
        yield from (Value(of[first] - of[second]) for first, second in permutations(of, 2))
    for tests in (*report.over_runs.values(), *report.over_sentences.values()):
        for test in (*tests, *(test.reversed() for test in tests)):
            owner = test.first if test.second == report.reference else ""
            for number in (test.difference, test.low, test.high, test.p, test.p_holm, test.effect):
                yield Value(number, owner)
    bleus = [("self_bleu", name) for name in means if name.startswith("bleu_")]
    for pair in bleus or [("nll_oracle", "nll_test")]:
        for gap in distances(report, *pair):
            ends = (gap.summary.mean, gap.summary.low, gap.summary.high) if gap.summary else ()
            yield from (Value(number) for number in (*gap.seeds.values(), *ends) if number)
    for method, sweeps in report.frontier.items() if temperatures else ():
        points = [sweep.points for sweep in sweeps]
        names = [*means, "temperature"]
        table = np.array([[[point.value(name) for name in names] for point in of] for of in points])
        yield from (Value(number, method) for number in [*table.flat, *table.mean(0).flat])


def main() -> int:
    """Prints what differs in the texts named on the command line."""
    checks = {name: check_prose(Path(name)) for name in sys.argv[1:]}
    for name, check in checks.items():
        count = f"{name}: {check.n} numbers compared, {len(check.differences)} differ"
        sys.stdout.write("\n  ".join([count, *map(str, check.differences)]) + "\n")
    return int(any(check.differences for check in checks.values()))


if __name__ == "__main__":
    sys.exit(main())
