"""Verses as cards: across or downwards, with pinyin, coloured by a number, saved as a picture.

Foreign text goes to the browser as data and stands there as text, never as HTML.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pages.ui.common.component import component
from seqgan_core.media.verse.layout import Verse, is_chinese
from seqgan_core.media.verse.pinyin import ruby

_mount = component(
    "verse_cards",
    html='<div class="verses"><p class="verse-key"></p><div class="cards"></div>'
    '<p class="spoken" aria-live="polite"></p></div>',
    before=["image.js", "work.js"],
)
WIDE = 12  # tokens in a line from which on cards are wide; half as many with readings


@dataclass(frozen=True)
class Sign:
    """A character or a word as it stands in a card."""

    # text, gap, mark: as of `Glyph`
    text: str
    gap: str = ""
    mark: str = ""
    ruby: str | None = None  # its reading, in small type
    value: float | None = None  # what colours it
    copied: bool = False  # it belongs to the longest run copied from the training text


@dataclass(frozen=True)
class Scale:
    """What the colours mean: `low` has none, `high` and beyond the strongest."""

    kind: Literal["q", "surprise"]  # q is amber, surprise goes from grey blue to purple in verse
    low: float
    high: float
    name: str  # short: it stands before every number
    about: str  # what the number is, for the key over the cards


Card = dict[str, Any]
Work = Mapping[str, Any]  # on a poem as its card shows it; {} where nothing is open


def card(
    card_id: str, title: str, lines: list[list[Sign]], notes: Sequence[str] = (), *,
    vertical: bool = False, rtl: bool = False, credit: str = "", file: str = "verse",
    work: Work | None = None, script: str = "",
) -> Card:  # fmt: skip
    """A verse with what stands around it, as the browser gets it.

    Args:
        card_id: what the button gives back.
        title: over it: its model, or "A" where that is hidden.
        vertical: is for Chinese; other text is always horizontal.
        credit: small under the picture: model, seed, date.
        file: the picture's name, without its ending.
        work: the work on it; None where it is only read.
        script: of its Chinese characters, "traditional" or another, for the browser's fonts.
    """
    chinese = any(is_chinese(sign.text[:1]) for line in lines for sign in line)
    direction = "vertical" if vertical and chinese else "horizontal"
    return {
        "id": card_id, "title": title, "lines": [list(map(asdict, line)) for line in lines],
        "notes": list(notes), "direction": direction, "chinese": chinese, "rtl": rtl,
        "credit": credit, "file": file, "work": work,
        "lang": "zh-Hant" if script == "traditional" else "zh-Hans",
    }  # fmt: skip


def signs(
    verse: Verse,
    *,
    values: Sequence[float] | None = None,
    copied: Collection[int] = (),
    pinyin: bool = False,
) -> list[list[Sign]]:
    """A verse's lines for a card.

    Args:
        values: a number a token of the sequence; what is not finite gives no colour.
        copied: places of tokens in the sequence.
        pinyin: with readings, each line read by itself.
    """
    lines = []
    for line in verse.lines:
        readings = ruby([glyph.text for glyph in line]) if pinyin else [None] * len(line)
        lines.append(
            [
                Sign(
                    glyph.text, glyph.gap, glyph.mark, reading,
                    finite(values[glyph.place]) if values is not None else None,
                    glyph.place in copied,
                )
                for glyph, reading in zip(line, readings, strict=True)
            ]
        )  # fmt: skip
    return lines


def verses(
    cards: Sequence[Card],
    key: str,
    *,
    scale: Scale | None = None,
    action: str = "",
    on_choose: Callable[[str], None] = lambda card_id: None,
    on_work: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Draw the cards.

    Args:
        cards: in reading order; their ids differ.
        scale: of the values; without one no sign is coloured.
        action: label of a button on every card, "" for no such button.
        on_choose: called with the id of the card whose button is pressed.
        on_work: called with what was done in a card that has `work`, and its id as "card".
    """
    _mount(key, data_of(cards, scale, action), {"chosen": on_choose, "worked": on_work})


def data_of(cards: Sequence[Card], scale: Scale | None, action: str = "") -> dict[str, object]:
    """What the browser gets: plain values only."""
    return {
        "cards": list(cards),
        "wide": any(len(line) > (WIDE // 2 if line[0]["ruby"] else WIDE)
                    for card in cards for line in card["lines"]),
        "scale": asdict(scale) if scale else None,
        "action": action,
    }  # fmt: skip


def finite(value: float) -> float | None:
    """The number, or None for what JSON lacks."""
    return float(value) if math.isfinite(value) else None
