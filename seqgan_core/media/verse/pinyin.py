"""Readings of Chinese characters in modern Mandarin, from pypinyin's dictionary."""

from collections.abc import Sequence

# pypinyin is imported where it is used: reading its dictionary takes most of a second.


def ruby(tokens: Sequence[str]) -> list[str | None]:
    """The reading of each token of one line, with tone marks; None if it is not Chinese.

    The reading of a character with several depends on its word, if the dictionary has it; it is a
    guess, and a modern one for old verse. A token of several characters has a reading if all of
    them are Chinese.

    >>> ruby(list("银行，a"))
    ['yín', 'háng', None, None]
    >>> ruby(["明月", "moon"])
    ['míng yuè', None]
    """
    from pypinyin import Style, pinyin

    def none(part: str) -> list[str]:
        return [""] * len(part)  # one for each character, so that indices match

    text = "".join(tokens)
    # pypinyin takes a list from `errors`, though its types do not say so
    read = [readings[0] for readings in pinyin(text, style=Style.TONE, errors=none)]  # type: ignore[arg-type]
    if len(read) != len(text):
        return [None] * len(tokens)
    result: list[str | None] = []
    start = 0
    for token in tokens:
        syllables = read[start : start + len(token)]
        start += len(token)
        result.append(" ".join(syllables) if syllables and all(syllables) else None)
    return result
