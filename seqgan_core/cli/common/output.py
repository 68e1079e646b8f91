"""Results go to standard output, everything else to standard error.

Whatever is printed passes through here, where nothing in it can steer the terminal: controls are
written as their numbers, and the markup of rich is text.
"""

import json
import math
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from seqgan_core.media.visible_text import visible_json, visible_text
from seqgan_core.messages import Problem

FINISHED, FAILED, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130


class InputError(Problem, ValueError):
    """An argument or a file given on the command line cannot be used."""


def write_line(text: str) -> None:
    """One line of output, flushed at once for a reader at the other end of a pipe."""
    sys.stdout.write(visible_text(text, lines=True) + "\n")
    sys.stdout.flush()


def write_json(value: Any, indent: int | None = None) -> None:
    """One JSON value, as text or in Python. NaN and infinities, which JSON lacks, become null."""
    if not isinstance(value, str):
        value = json.dumps(json_ready(value), allow_nan=False, ensure_ascii=False, indent=indent)
    write_line(visible_json(value))


def json_ready(value: Any) -> Any:
    """`value` in the types of JSON.

    >>> json_ready({"nll": float("nan"), "at": (1, 2)})
    {'nll': None, 'at': [1, 2]}
    """
    if isinstance(value, Mapping):
        return {str(key): json_ready(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A table as wide as the terminal, or at most 200 columns where there is none."""
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console = Console(file=sys.stdout, highlight=False, width=200)
    heading = cell(title, "table.title") if title else None
    table = Table(*(Column(cell(name)) for name in columns), title=heading, title_justify="left")
    for row in rows:
        table.add_row(*map(cell, row))
    console.print(table)


def cell(text: str, style: str = "") -> Text:
    """Text for rich to print as it is, whatever looks like markup in it."""
    return Text(visible_text(text, lines=True), style)


def say(text: str) -> None:
    """A message on standard error."""
    sys.stderr.write(visible_text(text.rstrip(), lines=True) + "\n")
    sys.stderr.flush()


def silence_output() -> None:
    """Keeps Python from complaining at exit after a broken pipe (`| head`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def one_sentence(error: BaseException) -> str:
    """An error's message on one line, and never empty."""
    return " ".join(str(error).split()) or type(error).__name__
