"""Samples quatrains from the practice grammar, the same ones on every machine.

The random numbers come from SplitMix64, implemented here, because neither Python nor numpy promises
the same draws in every version, and the corpus of a trained model must not change.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from seqgan_core.tasks.practice.grammar import ROLES, Options, language
from seqgan_core.tasks.practice.lexicon import readings, themes
from seqgan_core.tasks.practice.rhyme import rhyme_of, tone_of

LINES = len(ROLES)
SEED = 5
DRAWN = 640  # lines drawn for each role of a theme
_MASK = (1 << 64) - 1


def splitmix64(seed: int) -> Iterator[int]:
    """SplitMix64 (Steele, Lea and Flood, 2014): whole numbers of 64 bits, without end.

    >>> next(splitmix64(1234567))
    6457827717110365317
    """
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        yield z ^ (z >> 31)


@dataclass(frozen=True)
class Line:
    """A line, its characters, and its rhyme; None if its tone is oblique."""

    text: str
    characters: frozenset[str]
    rhyme: str | None


def compose(n: int) -> list[tuple[str, ...]]:
    """At most `n` quatrains, as many of each theme as its lines allow, and no line twice."""
    every = themes()
    share = -(-n // len(every))
    used: set[str] = set()
    poems: list[tuple[str, ...]] = []
    for number, theme in enumerate(every):
        poems += _of_theme(theme, share, used, splitmix64(SEED * 1000 + number))
    return poems[:n]


def _of_theme(
    theme: frozenset[str], n: int, used: set[str], rng: Iterator[int]
) -> list[tuple[str, ...]]:
    symbols = language(theme)
    first, second, third, fourth = (_lines(symbols, role, used, rng) for role in ROLES)
    third = [line for line in third if line.rhyme is None]
    poems: list[tuple[str, ...]] = []
    for two in second:
        if len(poems) == n:
            break
        if two.rhyme is None or two.text in used:
            continue
        ends = [line for line in fourth if line.rhyme == two.rhyme]
        openings = [line for line in first if line.rhyme in (None, two.rhyme)]
        four = _first_disjoint(ends, used, two)
        three = four and _first_disjoint(third, used, two, four)
        one = three and _first_disjoint(openings, used, two, four, three)
        if one and three and four:
            quatrain = [line.text for line in (one, two, three, four)]
            used.update(quatrain)
            poems.append(tuple("".join(quatrain)))
    return poems


def _lines(
    symbols: dict[str, Options], role: str, used: set[str], rng: Iterator[int]
) -> list[Line]:
    """Distinct unused lines, without repeated characters except in doubled words."""
    read = readings()
    lines: dict[str, Line] = {}
    for _draw in range(DRAWN):
        words: list[str] = []
        _expand(symbols, role, next(rng), words)
        text = "".join(words)
        doubled = sum(word[:1] == word[1:] for word in words)
        characters = frozenset(text)
        if len(characters) + doubled == len(text) and text not in used:
            end = read[text[-1]]
            rhyme = rhyme_of(end) if tone_of(end) == "level" else None
            lines[text] = Line(text, characters, rhyme)
    return list(lines.values())


def _expand(symbols: dict[str, Options], symbol: str, number: int, words: list[str]) -> int:
    """Adds the words of one expansion of `symbol`; returns the rest of the random number."""
    options = symbols[symbol]
    number, chosen = divmod(number, len(options))
    option = options[chosen]
    if isinstance(option, str):
        words.append(option)
    else:
        for part in option:
            number = _expand(symbols, part, number, words)
    return number


def _first_disjoint(lines: list[Line], used: set[str], *others: Line | None) -> Line | None:
    """The first line not used that shares no character with the others."""
    taken = frozenset().union(*(other.characters for other in others if other))
    free = (line for line in lines if line.text not in used)
    return next((line for line in free if taken.isdisjoint(line.characters)), None)
