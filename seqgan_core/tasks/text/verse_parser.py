"""Poems in a text of one's own: of exactly so many characters, on one line or on several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from seqgan_core.tasks.corpus import Sequence
from seqgan_core.tasks.text.cleaning import (
    LONG_TOKEN,
    MAX_TOKEN,
    Rejections,
    graphemes,
    is_punctuation,
)

ENDS = set("，。！？；：、,.!?;:…")  # marks that end a line of verse
CLOSING = set("”’」』）)")  # these may follow them
TITLE = "titles over poems"
MOST = 0.75  # share of the poems that decides how all of them are set

Line = tuple[int, str]


@dataclass(frozen=True)
class Poem:
    """Its tokens, how many each of its lines holds, and where it began."""

    tokens: Sequence
    layout: tuple[int, ...]
    line: Line


def poems_in(
    lines: list[Line], length: int, punctuation: bool, rejections: Rejections
) -> tuple[list[Sequence], tuple[int, ...]]:
    """The poems of `length` characters, and the lines that they are set in.

    A poem is a line of its own, or lines that follow each other without a blank one and together
    hold exactly `length`; up to two lines of a title may stand over them.
    """
    poems = [
        poem
        for block in _blocks(lines)
        for poem in _of_block(block, length, punctuation, rejections)
    ]
    layouts = Counter(poem.layout for poem in poems)
    if not layouts:
        return [], (length,)
    layout, count = layouts.most_common(1)[0]
    if count < MOST * len(poems):
        return [poem.tokens for poem in poems], (length,)
    for poem in poems:
        if poem.layout != layout:
            number, text = poem.line
            lengths = ", ".join(map(str, layout))
            rejections.add(f"set in other lines than most poems ({lengths})", text, number)
    return [poem.tokens for poem in poems if poem.layout == layout], layout


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for number, text in [*lines, (0, "")]:
        if text:
            block.append((number, text))
        elif block:
            yield block
            block = []


def _of_block(
    block: list[Line], length: int, punctuation: bool, rejections: Rejections
) -> list[Poem]:
    read = [(line, *_read(line[1], punctuation)) for line in block]
    for titles in range(min(3, len(read))):
        poems = _filled(read[titles:], length)
        if poems:
            for number, text in block[:titles]:
                rejections.add(TITLE, text, number)
            return [poem for poem in poems if not _strange(poem, rejections)]
    for (number, text), tokens, _ in read:
        than = "shorter" if len(tokens) < length else "longer"
        if len(tokens) != length:
            rejections.add(f"{than} than {length} characters", text, number)
    alone = [Poem(tokens, layout, line) for line, tokens, layout in read if len(tokens) == length]
    return [poem for poem in alone if not _strange(poem, rejections)]


def _filled(read: list[tuple[Line, Sequence, tuple[int, ...]]], length: int) -> list[Poem]:
    """The poems that these lines fill one after the other, none if one of them runs over."""
    poems: list[Poem] = []
    tokens: Sequence = ()
    layout: tuple[int, ...] = ()
    start = read[0][0]
    for line, more, its_layout in read:
        if not tokens:
            start = line
        tokens, layout = tokens + more, layout + its_layout
        if len(tokens) > length:
            return []
        if len(tokens) == length:
            poems.append(Poem(tokens, layout, start))
            tokens, layout = (), ()
    return [] if tokens else poems


def _strange(poem: Poem, rejections: Rejections) -> bool:
    strange = any(len(token) > MAX_TOKEN for token in poem.tokens)
    if strange:
        rejections.add(LONG_TOKEN, poem.line[1], poem.line[0])
    return strange


def _read(text: str, punctuation: bool) -> tuple[Sequence, tuple[int, ...]]:
    """The tokens of a line, and how many of them stand before each pause."""
    tokens: list[str] = []
    pauses: list[int] = []
    for sign in graphemes(text):
        mark = is_punctuation(sign)
        if punctuation or not mark:
            tokens.append(sign)
        if sign in ENDS or (sign in CLOSING and pauses and pauses[-1] == len(tokens) - 1):
            pauses.append(len(tokens))
    ends = sorted({*pauses, len(tokens)} - {0})
    if punctuation:
        # a mark after a mark ends nothing new: "！」" closes one line
        ends = [end for end in ends if end == len(tokens) or tokens[end] not in ENDS | CLOSING]
    return tuple(tokens), tuple(end - start for start, end in zip([0, *ends], ends, strict=False))
