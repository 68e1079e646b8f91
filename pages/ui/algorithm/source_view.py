"""The Python behind the lines of Algorithm 1, in pieces that can be coloured."""

import keyword
import tokenize
from functools import cache
from typing import Any

from seqgan_core.training.trace.source_lines import FUNCTIONS, Source, source_of

Pieces = list[list[tuple[str, str]]]  # a line is pieces of (kind, text)

_KINDS = {tokenize.COMMENT: "comment", tokenize.STRING: "string", tokenize.NUMBER: "number"}


@cache
def code() -> dict[str, Any]:
    """Every function shown, and which of them implement each line of the algorithm."""
    sources = [source_of(function) for functions in FUNCTIONS.values() for function in functions]
    return {
        "functions": {source.name: _as_data(source) for source in sources},
        "lines": {
            line: [source_of(function).name for function in functions]
            for line, functions in FUNCTIONS.items()
        },
    }


def _as_data(source: Source) -> dict[str, Any]:
    return {
        "file": source.file,
        "first": source.first,
        "lines": pieces(source.lines),
        "marked": {line: list(rows) for line, rows in source.marked.items()},
    }


def pieces(lines: tuple[str, ...]) -> Pieces:
    """Lines of Python cut at comments, strings, numbers and keywords; nothing is left out."""
    spans: list[list[tuple[int, int, str]]] = [[] for _ in lines]
    feed = iter([line + "\n" for line in lines])
    for token in tokenize.generate_tokens(lambda: next(feed, "")):
        kind = _KINDS.get(token.type, "")
        if token.type == tokenize.NAME and keyword.iskeyword(token.string):
            kind = "keyword"
        if not kind:
            continue
        (first, start), (last, end) = token.start, token.end
        for row in range(first, last + 1):
            left = start if row == first else 0
            right = end if row == last else len(lines[row - 1])
            spans[row - 1].append((left, right, kind))
    return [_cut(line, marks) for line, marks in zip(lines, spans, strict=True)]


def _cut(line: str, marks: list[tuple[int, int, str]]) -> list[tuple[str, str]]:
    cut, at = [], 0
    for left, right, kind in marks:
        cut += [("", line[at:left]), (kind, line[left:right])]
        at = right
    return [(kind, text) for kind, text in [*cut, ("", line[at:])] if text]
