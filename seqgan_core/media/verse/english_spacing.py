"""Text from tokens: spaces, for the marks of every script, and English capitals.

The tokens are those of a plain tokenizer, which splits "don't" into three and ignores quotation;
what the surrounding tokens show is joined again, the rest stays apart.
"""

import unicodedata
from collections.abc import Sequence

import regex

CLOSES = regex.compile(r"\p{Terminal_Punctuation}")  # a stop, comma or colon of any script
_CLOSING = frozenset(",.;:!?%)]}…»”’，。；：！？、）」』》")
_OPENING = frozenset("([{«“‘$£€#¿¡（「『《")
_JOINING = frozenset("-/\u2010\u2011")  # also the typographic and the non-breaking hyphen
_APOSTROPHES = frozenset(("'", "’"))
# Parts of words after an apostrophe: don't, we've, o'er, heav'n.
_ENDINGS = frozenset(("s", "t", "re", "ve", "ll", "d", "m", "er", "en", "n", "st", "rt"))
# Parts of words before one: o'clock, th' eternal, d'or.
_BEGINNINGS = frozenset(("o", "d", "l", "th"))
# Words that begin with one: 'tis.
_CUT = frozenset(("tis", "twas", "twere", "twill", "twixt", "gainst", "gan", "neath", "mid", "em"))
_ENDS = frozenset(".!?。！？")


def gaps(tokens: Sequence[str]) -> list[str]:
    """The space before each token, or nothing.

    >>> words = "( I don ' t , said Dr . No ) : 3 . 5 % , well - known !".split()
    >>> print("".join(gap + word for gap, word in zip(gaps(words), words)))
    (I don't, said Dr. No): 3.5%, well-known!
    """
    spaces: list[str] = []
    quotes = {'"': False, "'": False}  # straight quotation marks that are open
    glued = True  # no space before the first
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else ""
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        left, right = _sides(token, before, after, quotes)
        spaces.append("" if glued or left or _both_east_asian(before, token) else " ")
        glued = right or _inside_number_or_initials(tokens, at)
    return spaces


def _sides(token: str, before: str, after: str, quotes: dict[str, bool]) -> tuple[bool, bool]:
    """Whether a token is joined to the one before it, and to the one after it."""
    if token in _APOSTROPHES and (inside := _apostrophe(before, after, quotes)):
        return inside
    if token in _JOINING and _is_word(before) and _is_word(after):
        return True, True
    left = token[:1] in _CLOSING or CLOSES.match(token) is not None
    right = token[-1:] in _OPENING
    if len(token) > 1 and token[0] in _APOSTROPHES and token[1:].lower() in _ENDINGS:
        left = True
    if token.lower() in ("n't", "n’t"):
        left = True
    if '"' in token and not _is_word(token):
        for place, character in enumerate(token):
            if character == '"':
                quotes['"'] = not quotes['"']
                left |= place == 0 and not quotes['"']
                right |= place == len(token) - 1 and quotes['"']
    return left, right


def _apostrophe(before: str, after: str, quotes: dict[str, bool]) -> tuple[bool, bool]:
    """Whether a lone apostrophe, perhaps a quotation mark, is joined on either side."""
    if after.lower() in _CUT:
        return False, True
    if _is_word(before) and (after.lower() in _ENDINGS or before.lower() in _BEGINNINGS):
        return True, True
    if not quotes["'"] and not _is_word(before) and _is_word(after):
        quotes["'"] = True
        return False, True
    quotes["'"] = False
    return True, False


def _inside_number_or_initials(tokens: Sequence[str], at: int) -> bool:
    """Whether the mark is inside a number or an abbreviation: 1,000, 3.5, 10:30, U.S."""
    if not 0 < at < len(tokens) - 1 or tokens[at] not in (",", ".", ":"):
        return False
    before, mark, after = tokens[at - 1 : at + 2]
    if before.isdecimal() and after.isdecimal():
        return mark != "," or len(after) == 3
    return mark == "." and _is_initial(before) and _is_initial(after)


def capitals(tokens: Sequence[str]) -> list[str]:
    """The tokens with capitals for the first word of a sentence and the word I.

    >>> capitals("i saw it . then , in the U . S . army , i slept".split())
    ['I', 'saw', 'it', '.', 'Then', ',', 'in', 'the', 'U', '.', 'S', '.', 'army', ',', 'I', 'slept']
    """
    words: list[str] = []
    begins = True
    for at, token in enumerate(tokens):
        words.append(_capital(token) if begins or token == "i" else token)
        if _is_word(token):
            begins = False
        elif not _ENDS.isdisjoint(token):
            begins = not (token == "." and at > 0 and _is_initial(tokens[at - 1]))
        elif token == '"' and at > 0 and tokens[at - 1] in ("!", "?"):
            begins = False  # "go home!" he said
    return words


def _capital(token: str) -> str:
    """The word with a capital first letter, also after an apostrophe; anything else unchanged."""
    at = 1 if token[:1] in _APOSTROPHES else 0
    return token[:at] + token[at : at + 1].upper() + token[at + 1 :]


def _is_initial(token: str) -> bool:
    return len(token) == 1 and token.isupper() and token != "I"


def _is_word(token: str) -> bool:
    return any(character.isalnum() for character in token)


def _both_east_asian(before: str, token: str) -> bool:
    """Whether two tokens meet in characters of a script without spaces."""
    return _wide(before[-1:]) and _wide(token[:1])


def _wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"
