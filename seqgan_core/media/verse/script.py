"""Chinese characters in the other script, traditional for simplified or the reverse.

OpenCC knows words, so it can choose where a simplified character stands for two: 皇后, but 後來.
"""

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any, Literal

from seqgan_core.media.verse.layout import Verse

Script = Literal["", "traditional", "simplified"]
# Frequent characters, in both scripts.
_SIMPLIFIED, _TRADITIONAL = "来时国门见风长无东马", "來時國門見風長無東馬"


def other_script(words: Collection[str]) -> Script:
    """The script that a vocabulary is not in; "" where it has no Chinese.

    >>> other_script(list("春风明月")), other_script(list("春風明月")), other_script(["moon"])
    ('traditional', 'simplified', '')
    """
    known = set(words)
    simplified, traditional = (len(known.intersection(s)) for s in (_SIMPLIFIED, _TRADITIONAL))
    if simplified == traditional:
        return ""
    return "traditional" if simplified > traditional else "simplified"


def in_script(text: str, script: Script) -> str:
    """The text with its Chinese characters in that script, as many as before; "" leaves them.

    >>> in_script("皇后后来看白云。", "traditional"), in_script("皇后後來看白雲。", "simplified")
    ('皇后後來看白雲。', '皇后后来看白云。')
    """
    made = _converter(script).convert(text) if script else text
    return made if len(made) == len(text) else text


def verse_in_script(verse: Verse, script: Script) -> Verse:
    """The verse in that script; its glyphs keep their places."""
    lines = []
    for line in verse.lines:
        signs = iter(in_script("".join(glyph.text for glyph in line), script))
        lines.append(tuple(replace(g, text="".join(islice(signs, len(g.text)))) for g in line))
    return replace(verse, lines=tuple(lines))


@cache
def _converter(script: Script) -> Any:
    from opencc import OpenCC  # reading its dictionary takes a second

    return OpenCC("s2t" if script == "traditional" else "t2s")
