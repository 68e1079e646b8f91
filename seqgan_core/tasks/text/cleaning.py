"""Untrusted text made clean: lines without control characters, and characters as people count."""

import unicodedata
from collections.abc import Iterator

import regex

from seqgan_core.messages import N_
from seqgan_core.tasks.corpus import Rejections

MAX_LINE = 10_000  # characters
MAX_TOKEN = 60  # code points: longer ones are neither words nor characters

LONG_LINE = N_("a line of more than {n:,} characters")
CONTROL = N_("a control character")
BIDI = N_("a control character that changes the direction of writing")
PRIVATE = N_("private-use characters, which only the font of their author draws")
UNASSIGNED = N_("characters that Unicode has not assigned")
LOST = N_("a mark in place of a lost character (�, or half of a surrogate pair)")
RESERVED = N_("the mark □, which stands for unknown tokens")
LONG_TOKEN = N_("a word or sign of more than {n} code points")
INVISIBLE = N_("invisible characters (removed; the line is kept)")

_UNUSABLE = {"Cc": CONTROL, "Cn": UNASSIGNED, "Co": PRIVATE}
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Invisible: zero-width spaces, soft hyphens, direction marks, byte order marks.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2060\ufeff"))
_JOINERS = set("\u200c\u200d")
_VISIBLE_FORMAT = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")  # Arabic, Syriac
_FLAG = "\U0001f3f4"  # a black flag, which tags make the flag of a region
_TAGS = range(0xE0020, 0xE0080)


def clean_lines(text: str, rejections: Rejections) -> Iterator[tuple[int, str]]:
    """The number and text of each line, "" if it is blank or rejected.

    In composed form (NFC), with single spaces; any line end of Unicode counts.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        reason = _rejection_reason(line)
        if reason is not None:
            fields = {"n": MAX_LINE} if reason == LONG_LINE else {}
            rejections.add(reason, line, number, **fields)
            yield number, ""
            continue
        seen = line.translate(_INVISIBLE)
        if seen != line:
            rejections.add(INVISIBLE, line, number)
        yield number, " ".join(unicodedata.normalize("NFC", seen).split())


def _rejection_reason(line: str) -> str | None:
    if len(line) > MAX_LINE:
        return LONG_LINE
    if line.isascii() and line.isprintable():
        return None  # most lines of most texts
    if not _BIDI.isdisjoint(line):
        return BIDI
    if "□" in line:
        return RESERVED
    for sign in set(line.replace("\t", " ")):
        kind = unicodedata.category(sign)
        if sign == "\ufffd" or kind == "Cs":
            return LOST
        tag = ord(sign) in _TAGS and _FLAG in line
        joins = sign in _JOINERS or sign in _VISIBLE_FORMAT or ord(sign) in _INVISIBLE or tag
        if kind in _UNUSABLE:
            return _UNUSABLE[kind]
        if kind == "Cf" and not joins:
            return CONTROL
    return None


def graphemes(line: str) -> tuple[str, ...]:
    """The characters of a line as people count them, without its spaces.

    A letter with its accents is one, and so is an emoji of several parts.

    >>> [len(sign) for sign in graphemes("月 e\u0301 👩\u200d🚀!")]
    [1, 2, 3, 1]
    """
    clusters = regex.findall(r"(?!\s)\X", line)
    return tuple(sign for sign in clusters if not _JOINERS.issuperset(sign))


def is_punctuation(token: str) -> bool:
    """Whether it is punctuation alone.

    >>> [is_punctuation(token) for token in ("。", "--", "a.", "<", "♥")]
    [True, True, False, False, False]
    """
    return all(unicodedata.category(sign)[0] == "P" for sign in token)
