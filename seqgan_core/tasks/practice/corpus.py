"""The practice corpus: quatrains of five characters a line, composed by a known rule.

They are composed for practice, not by poets. As the rule is known, samples can be checked exactly
(does the line parse, does the poem rhyme), which no corpus of real verse allows. A quatrain has one
season, time of day, scene and weather, and repeats no character except in doubled words such as
渐渐. No line is in two quatrains, so no part of the corpus contains a line of another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from seqgan_core.tasks.corpus import Report, TextCorpus
from seqgan_core.tasks.practice.grammar import LINE, parses
from seqgan_core.tasks.practice.lexicon import readings
from seqgan_core.tasks.practice.rhyme import syllables_rhyme, tone_of
from seqgan_core.tasks.practice.sampler import LINES, compose
from seqgan_core.tasks.splitting import Side, by_side

NAME = "practice"
POEMS = 7200  # at most; some themes give fewer


@dataclass(frozen=True)
class Verdict:
    """What the rule says of a quatrain."""

    parses: tuple[bool, ...]  # of each line, whether the grammar has it
    rhymes: bool  # the second and the fourth line end on different characters that rhyme
    # these two end on a level tone, the third on an oblique one, and the first on an oblique one or
    # on the rhyme
    tones: bool


@dataclass(frozen=True)
class Shares:
    """What share of `poems` quatrains, or of their lines, keeps to the rule; from 0 to 1."""

    poems: int
    lines_that_parse: float
    poems_that_parse: float
    poems_that_rhyme: float
    poems_with_tones: float


def check(poem: tuple[str, ...]) -> Verdict:
    """Judges a poem, a token a character; one of another shape keeps to nothing.

    >>> check(tuple("日长绿草翠一片野烟低幽人饮薄酒沙鸥处处啼")).parses
    (True, True, True, True)
    """
    if len(poem) != LINES * LINE:
        return Verdict((False,) * 4, rhymes=False, tones=False)
    lines = [poem[at : at + LINE] for at in range(0, LINES * LINE, LINE)]
    ends = [readings().get(line[-1], "") for line in lines]
    tones = [tone_of(end) for end in ends]
    return Verdict(
        tuple(map(parses, lines)),
        rhymes=lines[1][-1] != lines[3][-1] and syllables_rhyme(ends[1], ends[3]),
        tones=tones[1:] == ["level", "oblique", "level"]
        and (tones[0] == "oblique" or syllables_rhyme(ends[0], ends[1])),
    )


def shares(poems: Iterable[tuple[str, ...]]) -> Shares:
    """Judges many poems.

    Raises:
        ValueError: there are none.
    """
    verdicts = [check(poem) for poem in poems]
    if not verdicts:
        raise ValueError("shares was given no poems; it needs 1 or more")
    n = len(verdicts)
    return Shares(
        poems=n,
        lines_that_parse=sum(sum(verdict.parses) for verdict in verdicts) / (LINES * n),
        poems_that_parse=sum(all(verdict.parses) for verdict in verdicts) / n,
        poems_that_rhyme=sum(verdict.rhymes for verdict in verdicts) / n,
        poems_with_tones=sum(verdict.tones for verdict in verdicts) / n,
    )


@cache
def practice_corpus() -> TextCorpus:
    """The corpus, the same on every machine; a second or two the first time."""
    poems = compose(POEMS)
    return TextCorpus(
        "", "", "characters", *by_side((part_of(poem), poem) for poem in poems),
        lines=(LINE,) * LINES, report=Report(read=len(poems), kept=len(poems)),
    )  # fmt: skip


def part_of(poem: tuple[str, ...]) -> Side:
    """The part that a poem belongs to, by the rule: sha256 of its text, its first eight bytes as a
    number, modulo 100; below 80 train, below 85 valid, else test.
    """
    number = int.from_bytes(sha256("".join(poem).encode()).digest()[:8], "big") % 100
    return "train" if number < 80 else "valid" if number < 85 else "test"
