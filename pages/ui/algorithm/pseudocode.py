"""The nineteen lines of Algorithm 1 in the symbols and words of this app."""

import re
from functools import cache
from typing import Any, NamedTuple

from seqgan_core.messages import N_, _, long_text

SOURCES = {
    "code": N_("the authors' published code"),
    "run": N_("measured by running that code"),
    "paper": N_("as commonly cited from the paper"),
    "found": N_("found in published implementations"),
    "here": N_("a choice of this app"),
}


class Line(NamedTuple):
    """A line as it stands in the list: how deep in the loops, whose turn, and its text."""

    depth: int
    turn: str  # whose colour: gen, disc, reward or none
    text: str


LINES = [
    Line(0, "", N_("θ, φ ← small random numbers")),
    Line(0, "gen", N_("train θ on the real sequences S by maximum likelihood")),
    Line(0, "", N_("β ← θ")),
    Line(0, "disc", N_("negatives ← samples of G_θ")),
    Line(0, "disc", N_("train φ to separate them from S")),
    Line(0, "", N_("repeat")),
    Line(1, "gen", N_("for g-steps:")),
    Line(2, "gen", N_("Y ← sample of G_θ, token by token")),
    Line(2, "reward", N_("for each position t from 1 to T:")),
    Line(3, "reward", N_("Q_t ← mean of D_φ over N completions of Y_1…t by G_β")),
    Line(2, "reward", N_("end of the loop over t")),
    Line(2, "gen", N_("θ ← θ + α · gradient of Σ Q_t log G_θ(y_t)")),
    Line(1, "gen", N_("end of the g-steps")),
    Line(1, "disc", N_("for d-steps:")),
    Line(2, "disc", N_("fresh negatives from G_θ, positives from S")),
    Line(2, "disc", N_("train φ on both for k epochs")),
    Line(1, "disc", N_("end of the d-steps")),
    Line(1, "", N_("β ← θ")),
    Line(0, "", N_("until all rounds are done")),
]


class Chapter(NamedTuple):
    """The text about a line: a paragraph, and differences as (source, sentence)."""

    words: str
    differences: list[tuple[str, str]]


def chapters() -> dict[int, Chapter]:
    """The text of every line, from `assets/text`."""
    return _chapters(long_text("algorithm"))


@cache
def _chapters(text: str) -> dict[int, Chapter]:
    by_line = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        number, _rest, body = part.partition("\n")
        words, *items = re.split(r"^- ", body, flags=re.MULTILINE)
        pairs = (re.match(r"\[(\w+)\] (.+)", item.strip()) for item in items)
        differences = [(pair[1], pair[2]) for pair in pairs if pair]
        by_line[int(number)] = Chapter(words.strip(), differences)
    return by_line


def listing() -> list[dict[str, Any]]:
    """The lines with their chapters, as the component draws them."""
    return [
        line._asdict() | {"text": _(line.text)} | chapters()[number]._asdict()
        for number, line in enumerate(LINES, 1)
    ]
