"""A sequence of tokens as verse: lines of characters or words with punctuation."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from seqgan_core.media.verse.english_spacing import capitals, gaps
from seqgan_core.media.visible_text import visible_text

NEW_LINE = "\n"
_SENTENCE_ENDS = frozenset("。！？!?")
_CLOSING = frozenset("”’」』）》")


@dataclass(frozen=True)
class Glyph:
    """A token in a layout."""

    text: str  # to show; controls are made visible
    place: int  # of the token in the sequence, from 0
    gap: str = ""  # a space or nothing, before it
    mark: str = ""  # punctuation after it that belongs to the layout, not to the tokens


@dataclass(frozen=True)
class Verse:
    """A poem, a sentence or a speech, laid out."""

    lines: tuple[tuple[Glyph, ...], ...]  # in reading order
    rtl: bool = False  # read from right to left, as Hebrew and Arabic are

    def __str__(self) -> str:
        return "\n".join(
            "".join(glyph.gap + glyph.text + glyph.mark for glyph in line) for line in self.lines
        )

    @classmethod
    def of(
        cls,
        tokens: Sequence[str],
        lines: Sequence[int] = (),
        unit: Literal["characters", "words"] = "characters",
        *,
        capital: bool = True,
    ) -> Verse:
        r"""The layout of a sequence.

        Chinese verse whose tokens are characters only gets commas and stops as layout; punctuation
        in the tokens is kept. A sequence that ends early fills fewer lines; tokens beyond the lines
        make one more. The token "\n" breaks a line.

        Args:
            tokens: without the end token and padding.
            lines: tokens in each line; () breaks Chinese after a sentence, words never.
            unit: "characters" or "words".
            capital: sentences of words begin with a capital, also if the tokens have none: for
                English whose first words lost theirs.

        >>> print(Verse.of(tuple("明月照空山清溪绕远村"), (5, 5)))
        明月照空山，
        清溪绕远村。
        >>> print(Verse.of("we don ' t stop . no !".split(), unit="words"))
        We don't stop. No!
        """
        if any(length < 1 for length in lines):
            raise ValueError(f"lines is {tuple(lines)}; every line must have 1 token or more")
        rows = _by_length(tokens, lines) if lines else _by_sentence(tokens, unit)
        marked = bool(lines) and unit == "characters" and _is_bare_chinese(tokens)
        words = unit == "words"
        texts = capitals(tokens) if words and capital else tokens
        spaces = gaps(tokens) if words else [""] * len(tokens)
        made = []
        for number, row in enumerate(rows):
            mark = _mark(number, len(row), lines) if marked else ""
            made.append(
                tuple(
                    Glyph(
                        visible_text(texts[at]),
                        at,
                        spaces[at] if at != row[0] else "",
                        mark if at == row[-1] else "",
                    )
                    for at in row
                )
            )
        return cls(tuple(made), rtl=_is_rtl(tokens))


def _by_length(tokens: Sequence[str], lengths: Sequence[int]) -> list[list[int]]:
    """Places of the tokens of each line; the rest makes one more line."""
    rows: list[list[int]] = []
    start = 0
    for length in (*lengths, len(tokens)):
        rows += _cut(list(range(start, min(start + length, len(tokens)))), tokens)
        start += length
    return rows


def _by_sentence(tokens: Sequence[str], unit: str) -> list[list[int]]:
    """Places of the tokens of each line; characters begin a new one after a sentence."""
    rows: list[list[int]] = [[]]
    ended = False
    for at, token in enumerate(tokens):
        closes = token in _SENTENCE_ENDS or token in _CLOSING
        if ended and not closes and unit == "characters":
            rows.append([])
        rows[-1].append(at)
        ended = token in _SENTENCE_ENDS or (ended and closes)
    return [part for row in rows for part in _cut(row, tokens)]


def _cut(row: list[int], tokens: Sequence[str]) -> list[list[int]]:
    """The row split at its line breaks, which are not shown, without empty parts."""
    parts: list[list[int]] = [[]]
    for at in row:
        if tokens[at] == NEW_LINE:
            parts.append([])
        else:
            parts[-1].append(at)
    return [part for part in parts if part]


def _mark(number: int, length: int, lengths: Sequence[int]) -> str:
    """A comma after the first line of a couplet, a stop after the second; none if it is short."""
    if len(lengths) < 2 or number >= len(lengths) or length < lengths[number]:
        return ""
    return "。" if number % 2 == 1 or number == len(lengths) - 1 else "，"


def is_chinese(character: str) -> bool:
    """Whether it is one Han character.

    >>> is_chinese("山"), is_chinese("a"), is_chinese("，")
    (True, False, False)
    """
    return len(character) == 1 and unicodedata.name(character, "").startswith("CJK UNIFIED")


def _is_bare_chinese(tokens: Sequence[str]) -> bool:
    """Whether these are Chinese characters without any punctuation among them."""
    if not any(map(is_chinese, tokens)):
        return False
    return not any(
        unicodedata.category(token[0]).startswith(("P", "Z")) for token in tokens if token
    )


def _is_rtl(tokens: Sequence[str]) -> bool:
    """Whether the first letter belongs to a right-to-left script."""
    for token in tokens:
        for character in token:
            kind = unicodedata.bidirectional(character)
            if kind in ("R", "AL"):
                return True
            if kind == "L":
                return False
    return False
