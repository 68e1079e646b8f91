"""The nineteen lines of Algorithm 1 in our own symbols and words."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from pages.ui.common.i18n import long_text
from seqgan_core.messages import _

SOURCES = {
    "code": _("read in the authors' published code"),
    "run": _("measured by running that code"),
    "paper": _("as commonly cited from the paper"),
    "found": _("found in published implementations"),
    "here": _("a departure or choice of this program"),
}


class Line(NamedTuple):
    """A line as it stands in the list: how deep in the loops, whose turn, and its text."""

    depth: int
    turn: str  # whose colour: gen, disc, reward or none
    text: str


LINES = [
    Line(0, "", _("θ, φ ← small random numbers")),
    Line(0, "gen", _("teach θ the real sequences S by maximum likelihood")),
    Line(0, "", _("β ← θ")),
    Line(0, "disc", _("negatives ← sequences written by G_θ")),
    Line(0, "disc", _("teach φ to tell them from S")),
    Line(0, "", _("repeat")),
    Line(1, "gen", _("g-steps times:")),
    Line(2, "gen", _("Y ← a sequence written by G_θ, token by token")),
    Line(2, "reward", _("for each place t from 1 to T:")),
    Line(3, "reward", _("Q_t ← mean of D_φ over N completions of Y_1…t by G_β")),
    Line(2, "reward", _("every place has its Q")),
    Line(2, "gen", _("θ ← θ + α · gradient of Σ Q_t log G_θ(y_t)")),
    Line(1, "gen", _("end of the g-steps")),
    Line(1, "disc", _("d-steps times:")),
    Line(2, "disc", _("fresh negatives by G_θ beside positives from S")),
    Line(2, "disc", _("teach φ on both, k epochs")),
    Line(1, "disc", _("end of the d-steps")),
    Line(1, "", _("β ← θ")),
    Line(0, "", _("until the rounds are done")),
]


class Chapter(NamedTuple):
    """What there is to say about a line: a paragraph, and differences as (source, sentence)."""

    words: str
    differences: list[tuple[str, str]]


@cache
def chapters() -> dict[int, Chapter]:
    """The text of every line, from `assets/text`."""
    by_line = {}
    for part in re.split(r"^## ", long_text("algorithm"), flags=re.MULTILINE)[1:]:
        number, _rest, body = part.partition("\n")
        words, *items = re.split(r"^- ", body, flags=re.MULTILINE)
        pairs = (re.match(r"\[(\w+)\] (.+)", item.strip()) for item in items)
        differences = [(pair[1], pair[2]) for pair in pairs if pair]
        by_line[int(number)] = Chapter(words.strip(), differences)
    return by_line


def listing() -> list[dict[str, Any]]:
    """The lines with their chapters, as the component draws them."""
    return [line._asdict() | chapters()[number]._asdict() for number, line in enumerate(LINES, 1)]
