"""The words of the practice corpus and how their characters are read; written for this project.

`assets/practice/words.tsv`: a kind of word, the tags that a poem must have for it, and the words.
Tags of one facet (a season, a time of day, a scene, the weather) are alternatives; a facet that is
not named does not matter. Kinds with a dot say what the noun before the dot is (`.is`), goes
through (`.goes`), does to a place (`.does`), or how much of it there is (`.many`); `1` marks the
noun in one character.

`assets/practice/readings.tsv`: a syllable of modern Mandarin with its tone as a number, and the
characters that are read so. The lexicon uses each character in one reading only, so that a rhyme
is a fact.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).resolve().parents[3] / "assets" / "practice"

FACETS: dict[str, tuple[str, ...]] = {
    "season": ("spring", "summer", "autumn", "winter"),
    "time": ("dawn", "day", "dusk", "night"),
    "scene": ("hill", "water", "home"),
    "weather": ("fair", "rain", "snow"),
}


class Word(NamedTuple):
    """A word of the lexicon, and the tags that its poem must have: by facet, one of them."""

    text: str
    needs: tuple[tuple[str, ...], ...]

    def fits(self, theme: frozenset[str]) -> bool:
        """Whether a poem with these tags may hold it."""
        return all(not theme.isdisjoint(alternatives) for alternatives in self.needs)


def rows(name: str) -> Iterator[list[str]]:
    """The cells of each row of a table, without its head and its blank lines."""
    _head, *lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return (line.split("\t") for line in lines if line)


@cache
def lexicon() -> dict[str, tuple[Word, ...]]:
    """The words of each kind, in the order of the table."""
    words: dict[str, dict[str, Word]] = {}
    for kind, tags, texts in rows("words.tsv"):
        present = set(tags.split())
        needs = tuple(
            alternatives
            for values in FACETS.values()
            if (alternatives := tuple(value for value in values if value in present))
        )
        for text in texts.split():
            # the same word in two rows of a kind (with other tags) stands twice, on purpose
            words.setdefault(kind, {})[f"{text} {needs}"] = Word(text, needs)
    return {kind: tuple(by_text.values()) for kind, by_text in words.items()}


@cache
def readings() -> dict[str, str]:
    """The reading of each character.

    >>> readings()["月"]
    'yue4'
    """
    table = rows("readings.tsv")
    return {character: reading for reading, characters in table for character in characters}


def themes() -> list[frozenset[str]]:
    """The tags of every theme, one a facet: it snows in winter only, and then it does not rain."""
    return [
        frozenset((season, time, scene, weather))
        for season, time, scene, weather in product(*FACETS.values())
        if weather != ("rain" if season == "winter" else "snow")
    ]
