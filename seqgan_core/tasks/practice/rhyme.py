"""The practice corpus's rule of rhyme and tone: modern Mandarin, from pinyin.

Two syllables rhyme if their finals agree from the vowel on; the glide before it does not matter
(天 tian and 山 shan rhyme). Real verse of the Tang is judged by `media.verse.rhyme_book` instead:
modern Mandarin has lost the entering tone, and has other rhymes.
"""

import re
from functools import lru_cache
from typing import Literal

Tone = Literal["level", "oblique"]

_INITIAL = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.+)")
# Finals in pinyin, glides included, by their rhyme.
_RHYMES = {
    "a": "a ia ua",
    "o": "o uo io",
    "e": "e",
    "ie": "ie ue ve ê",
    "ai": "ai uai",
    "ei": "ei ui uei",
    "ao": "ao iao",
    "ou": "ou iu iou",
    "an": "an ian uan van",
    "en": "en in un vn uen",
    "ang": "ang iang uang",
    "eng": "eng ing ueng",
    "ong": "ong iong",
    "i": "i",
    "u": "u",
    "v": "v",
    "er": "er",
}
_RHYME_OF = {final: rhyme for rhyme, finals in _RHYMES.items() for final in finals.split()}


@lru_cache(maxsize=4096)
def rhyme_of(syllable: str) -> str | None:
    """The rhyme of a syllable of pinyin ("yue4": v for ü, tone as a number); None if it has none.

    >>> [rhyme_of(syllable) for syllable in ("tian1", "shan1", "yun2", "zhi1", "xi1", "yue4")]
    ['an', 'an', 'en', '-i', 'i', 'ie']
    """
    match = _INITIAL.fullmatch(syllable.rstrip("12345"))
    if not match:
        return None
    initial, final = match.groups()
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        return "-i"  # the i of zhi and si is another vowel than that of xi
    if initial == "y" and final in ("e", "o"):
        final = f"i{final}"  # ye, yo
    elif initial in ("j", "q", "x", "y") and final.startswith("u"):
        final = f"v{final[1:]}"  # ju, yue, yuan, yun are written without their dots
    return _RHYME_OF.get(final)


def tone_of(syllable: str) -> Tone | None:
    """Level (tones 1 and 2) or oblique (3 and 4); None for a neutral or missing tone.

    >>> tone_of("shan1"), tone_of("ming2"), tone_of("yue4"), tone_of("zi5")
    ('level', 'level', 'oblique', None)
    """
    last = syllable[-1:]
    if last in ("1", "2"):
        return "level"
    return "oblique" if last in ("3", "4") else None


def syllables_rhyme(first: str, second: str) -> bool:
    """Whether two syllables of pinyin rhyme; their tones do not matter.

    >>> syllables_rhyme("tian1", "shan1"), syllables_rhyme("zhi1", "xi1")
    (True, False)
    """
    rhyme = rhyme_of(first)
    return rhyme is not None and rhyme == rhyme_of(second)
