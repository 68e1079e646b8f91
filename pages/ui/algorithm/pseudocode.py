"""The nineteen lines of Algorithm 1 in the symbols and words of this app, from `assets/text`.

There `## number | turn | depth | text` begins a line; a paragraph about it follows, and differences
of other implementations, each as `- [source] sentence`.
"""

import re
from functools import cache
from typing import NamedTuple

from seqgan_core.messages import long_text


class Line(NamedTuple):
    """A line as it stands in the list, and the text about it."""

    turn: str  # whose colour: gen, disc, reward or none
    depth: int  # in the loops
    text: str
    words: str
    differences: list[tuple[str, str]]  # source and sentence


def lines() -> list[Line]:
    """The lines in the reader's language."""
    return _lines(long_text("algorithm"))


@cache
def _lines(text: str) -> list[Line]:
    found = []
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        head, _end, body = part.partition("\n")
        _number, turn, depth, line = map(str.strip, head.split("|"))
        words, *items = re.split(r"^- ", body, flags=re.MULTILINE)
        pairs = (re.match(r"\[(\w+)\] (.+)", item.strip()) for item in items)
        differences = [(pair[1], pair[2]) for pair in pairs if pair]
        found.append(Line(turn, int(depth), line, words.strip(), differences))
    return found
