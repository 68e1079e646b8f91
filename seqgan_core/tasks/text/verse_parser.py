"""Poems in an uploaded text: of a given number of characters, on one line or on several."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from seqgan_core.messages import N_
from seqgan_core.tasks.corpus import Rejections, Sequence
from seqgan_core.tasks.text.cleaning import LONG_TOKEN, MAX_TOKEN, graphemes, is_punctuation

ENDS = set("，。！？；：、,.!?;:…")  # marks that end a line of verse
CLOSING = set("”’」』）)")  # these may follow them
TITLE = N_("titles above poems")
OTHER_LAYOUT = N_("line lengths unlike those of most poems ({lengths})")
SHORTER, LONGER = N_("shorter than {n} characters"), N_("longer than {n} characters")
MOST = 0.75  # a layout that so large a share of the poems has is required of all

Line = tuple[int, str]


@dataclass(frozen=True)
class Poem:
    """Its tokens, how many each of its lines has, and where it begins."""

    tokens: Sequence
    layout: tuple[int, ...]
    line: Line


def poems_in(
    lines: list[Line], length: int, punctuation: bool, rejections: Rejections
) -> tuple[list[Sequence], tuple[int, ...]]:
    """The poems of `length` characters, and the tokens in each of their lines.

    A poem is a line of its own, or consecutive lines without a blank one that together have exactly
    `length` characters; up to two lines of a title may precede them.
    """
    poems = [
        poem
        for block in blocks(lines)
        for poem in _of_block(block, length, punctuation, rejections)
        if not _strange(poem, rejections)
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
            rejections.add(OTHER_LAYOUT, text, number, lengths=lengths)
    return [poem.tokens for poem in poems if poem.layout == layout], layout


def blocks(lines: list[Line]) -> Iterator[list[Line]]:
    """Runs of lines between blank ones."""
    runs = groupby(lines, key=lambda line: bool(line[1]))
    return (list(run) for filled, run in runs if filled)


def _of_block(
    block: list[Line], length: int, punctuation: bool, rejections: Rejections
) -> list[Poem]:
    read = [(line, *_read(line[1], punctuation)) for line in block]
    for titles in range(min(3, len(read))):
        poems = _filled(read[titles:], length)
        if poems:
            for number, text in block[:titles]:
                rejections.add(TITLE, text, number)
            return poems
    for (number, text), tokens, _ in read:
        if len(tokens) != length:
            reason = SHORTER if len(tokens) < length else LONGER
            rejections.add(reason, text, number, n=length)
    return [Poem(tokens, layout, line) for line, tokens, layout in read if len(tokens) == length]


def _filled(read: list[tuple[Line, Sequence, tuple[int, ...]]], length: int) -> list[Poem]:
    """The poems that these lines make, one after the other; none if one of them is too long."""
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
        rejections.add(LONG_TOKEN, poem.line[1], poem.line[0], n=MAX_TOKEN)
    return strange


def _read(text: str, punctuation: bool) -> tuple[Sequence, tuple[int, ...]]:
    """The tokens of a line, and the number of them up to each pause."""
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
        # a mark after a mark ends no second line: "！」" closes one
        ends = [end for end in ends if end == len(tokens) or tokens[end] not in ENDS | CLOSING]
    return tuple(tokens), tuple(end - start for start, end in zip([0, *ends], ends, strict=False))
