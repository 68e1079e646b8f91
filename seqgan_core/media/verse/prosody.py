"""What the rhyme book says of a poem: its rhyme, its tones, and where these leave the pattern.

Regulated verse alternates level and oblique at the even places of a line, opposes the lines of a
couplet there, and lets the first line of a couplet adhere to the line before it. The odd places are
free. Verse of the old style keeps none of this, and is no worse for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from seqgan_core.media.verse.rhyme_book import Rhyme, Tone, rhymes_of, tone

MARKS: dict[Tone, str] = {"level": "平", "oblique": "仄", "either": "中", "unknown": "？"}
SAME, OPPOSED = set(zip("平仄", "平仄", strict=True)), set(zip("平仄", "仄平", strict=True))


@dataclass(frozen=True)
class Prosody:
    """A poem by the rhyme book."""

    rhyme: Rhyme | None  # that the even lines end on; None without one
    rhyming: tuple[int, ...]  # the even lines, from 1; the first too where it ends on the rhyme
    tones: tuple[str, ...]  # of each line, a mark a character
    violations: int  # of the pattern, where the tones are certain


def prosody(lines: Sequence[Sequence[str]]) -> Prosody:
    """Judges a poem of two lines or more, each of one character or more.

    A rhyme needs two even lines or more that end on different characters: a word does not rhyme
    with itself. Of several readings, those that rhyme count.

    >>> poem = prosody("白日依山尽 黄河入海流 欲穷千里目 更上一层楼".split())
    >>> poem.rhyme, poem.rhyming, poem.violations
    (Rhyme(name='尤', tone='level'), (2, 4), 0)
    >>> poem.tones
    ('仄仄平平仄', '平平仄仄平', '仄平平仄仄', '中仄仄平平')
    """
    first, evens = rhymes_of(lines[0][-1]), [line[-1] for line in lines[1::2]]
    distinct = 1 < len(evens) == len(set(evens))
    shared = set.intersection(*(set(rhymes_of(end)) for end in evens)) if distinct else set()
    # of several, one of the first line; else the first in the book, which is level if any is
    rhyme = next((each for each in (*first, *rhymes_of(evens[0])) if each in shared), None)
    rhyming = (*([1] if rhyme in first else []), *range(2, len(lines) + 1, 2)) if rhyme else ()
    tones = tuple("".join(MARKS[tone(each)] for each in line) for line in lines)
    inner = [line[1::2] for line in tones]
    seconds = list(pairwise(line[0] for line in inner if line))
    opposed = [*(pair for line in inner for pair in pairwise(line)), *seconds[::2]]
    broken = [pair in SAME for pair in opposed] + [pair in OPPOSED for pair in seconds[1::2]]
    return Prosody(rhyme, rhyming, tones, sum(broken))
