"""The words of the practice corpus, written for this project, with what they go with.

A line of `NATURE` and `PEOPLE` is a kind of word, the tags that a poem must have for it, and the
words. Tags of one facet (a season, a time of day, a scene, the weather) are alternatives; a facet
that is not named does not matter. Kinds with a dot say what the noun before the dot is (`.is`),
goes through (`.goes`), does to a place (`.does`), or how much of it there is (`.many`); `1` marks
the noun in one character.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from seqgan_core.tasks.practice.words_nature import NATURE
from seqgan_core.tasks.practice.words_people import PEOPLE

FACETS: dict[str, tuple[str, ...]] = {
    "season": ("spring", "summer", "autumn", "winter"),
    "time": ("dawn", "day", "dusk", "night"),
    "scene": ("hill", "water", "home"),
    "weather": ("fair", "rain", "snow"),
}


@dataclass(frozen=True)
class Theme:
    """What a quatrain is about; every word of it goes with all four."""

    season: str
    time: str
    scene: str
    weather: str


class Word(NamedTuple):
    """A word of the lexicon, and the tags that its poem must have: by facet, one of them."""

    text: str
    needs: tuple[tuple[str, ...], ...]

    def fits(self, theme: frozenset[str]) -> bool:
        """Whether a poem with these tags may hold it."""
        return all(not theme.isdisjoint(alternatives) for alternatives in self.needs)


@cache
def lexicon() -> dict[str, tuple[Word, ...]]:
    """The words of each kind, in the order written."""
    words: dict[str, dict[str, Word]] = {}
    for row in filter(None, (NATURE + PEOPLE).splitlines()):
        head, _bar, texts = row.partition(" | ")
        kind, *tags = head.split()
        needs = tuple(
            present
            for values in FACETS.values()
            if (present := tuple(v for v in values if v in tags))
        )
        for text in texts.split():
            # the same word on two rows of a kind (with other tags) stands twice, on purpose
            words.setdefault(kind, {})[f"{text} {needs}"] = Word(text, needs)
    return {kind: tuple(by_text.values()) for kind, by_text in words.items()}


def themes() -> tuple[Theme, ...]:
    """Every theme: it snows in winter only, and in winter it does not rain."""
    return tuple(
        Theme(season, time, scene, weather)
        for season in FACETS["season"]
        for time in FACETS["time"]
        for scene in FACETS["scene"]
        for weather in ("fair", "snow" if season == "winter" else "rain")
    )
