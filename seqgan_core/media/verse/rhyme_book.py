"""The rhyme book of Pingshui (平水韻), by which regulated verse of the Tang is judged: 106 rhymes.

It merges the 206 rhymes of the Qieyun as poets of the Tang did. `assets/corpora/rhyme-book.tsv`
names its source and licence.
"""

from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

Tone = Literal["level", "oblique", "either", "unknown"]
_TABLE = Path(__file__).resolve().parents[3] / "assets" / "corpora" / "rhyme-book.tsv"


@dataclass(frozen=True)
class Rhyme:
    """One of the 106."""

    name: str  # its first character, such as 東
    tone: str  # level, rising, departing or entering
    # traditional, simplified and variant forms
    characters: frozenset[str] = field(repr=False, compare=False)

    @property
    def level(self) -> bool:
        """Whether it is of the level tone; the other three are oblique."""
        return self.tone == "level"


@cache
def rhyme_book() -> dict[str, Rhyme]:
    """All rhymes by name, in the book's order: level ones first."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    _head, *rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {name: Rhyme(name, tone, frozenset(own + forms)) for tone, name, own, forms in rows}


@lru_cache(maxsize=8192)
def rhymes_of(character: str) -> tuple[Rhyme, ...]:
    """The rhymes of a character, one or more for each reading; () if the book lacks it.

    >>> rhymes_of("看")
    (Rhyme(name='寒', tone='level'), Rhyme(name='翰', tone='departing'))
    """
    return tuple(rhyme for rhyme in rhyme_book().values() if character in rhyme.characters)


def find_rhyme(name: str) -> Rhyme | None:
    """The rhyme of that name, or the only one that a character has; None if there is no such.

    >>> find_rhyme("東") is find_rhyme("东") is find_rhyme("红"), find_rhyme("看")
    (True, None)
    """
    rhymes = rhymes_of(name)
    return rhyme_book().get(name) or (rhymes[0] if len(rhymes) == 1 else None)


def tone(character: str) -> Tone:
    """The tone of a character, over all its readings.

    >>> tone("山"), tone("月"), tone("看"), tone("a")
    ('level', 'oblique', 'either', 'unknown')
    """
    levels = {rhyme.level for rhyme in rhymes_of(character)}
    if len(levels) == 1:
        return "level" if True in levels else "oblique"
    return "either" if levels else "unknown"
