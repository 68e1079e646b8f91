"""Verses as cards: across or downwards, with pinyin, coloured by a number, saved as a picture.

Foreign text goes to the browser as data and stands there as text, never as HTML.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from pages.ui.common.component import component
from seqgan_core.media.verse.layout import Verse, is_chinese
from seqgan_core.media.verse.pinyin import ruby
from seqgan_core.messages import _

_mount = component(
    "verse_cards",
    html='<div class="verses"><p class="verse-key"></p><div class="cards"></div>'
    '<p class="spoken" aria-live="polite"></p></div>',
    before=["image.js"],
)
WIDE = 12  # tokens in a line from which on cards are wide


@dataclass(frozen=True)
class Sign:
    """A character or a word as it stands in a card.

    Attributes:
        text, gap, mark: as of `Glyph`.
        ruby: its reading, in small type.
        value: what colours it.
        copied: it belongs to the longest run copied from the training text.
    """

    text: str
    gap: str = ""
    mark: str = ""
    ruby: str | None = None
    value: float | None = None
    copied: bool = False


@dataclass(frozen=True)
class Card:
    """A verse with what stands around it.

    Attributes:
        id: what the button gives back.
        title: over it: its model, or "A" where that is hidden.
        lines: its signs.
        notes: sentences under it.
        direction: vertical is for Chinese; other text is always horizontal.
        rtl: lines run from right to left.
        credit: small under the picture: model, seed, date.
        file: the picture's name, without its ending.
    """

    id: str
    title: str
    lines: list[list[Sign]]
    notes: Sequence[str] = ()
    direction: Literal["horizontal", "vertical"] = "horizontal"
    rtl: bool = False
    credit: str = ""
    file: str = "verse"


@dataclass(frozen=True)
class Scale:
    """What the colours mean: `low` has none, `high` and beyond the strongest.

    Attributes:
        kind: q is amber, surprise goes from grey blue to purple in verse.
        name: short: it stands before every number.
        about: what the number is, for the key over the cards.
    """

    kind: Literal["q", "surprise"]
    low: float
    high: float
    name: str
    about: str


def signs(
    verse: Verse,
    *,
    values: Sequence[float] | None = None,
    copied: Collection[int] = (),
    pinyin: bool = False,
) -> list[list[Sign]]:
    """A verse's lines for a card.

    Args:
        verse: as it is set.
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
                    glyph.text,
                    glyph.gap,
                    glyph.mark,
                    reading,
                    finite(values[glyph.place]) if values is not None else None,
                    glyph.place in copied,
                )
                for glyph, reading in zip(line, readings, strict=True)
            ]
        )
    return lines


def verses(
    cards: Sequence[Card],
    key: str,
    *,
    scale: Scale | None = None,
    action: str = "",
    on_chosen: Callable[[], None] = lambda: None,
) -> None:
    """Draw the cards.

    Args:
        cards: in reading order; their ids differ.
        key: of the component, whose state holds "chosen", the id of the card whose button was
            pressed.
        scale: of the values; without one no sign is coloured.
        action: label of a button on every card, "" for no such button.
        on_chosen: called when a button is pressed.
    """
    _mount(key=key, data=data_of(cards, scale, action), on_chosen_change=on_chosen)


def data_of(cards: Sequence[Card], scale: Scale | None, action: str = "") -> dict[str, object]:
    """What the browser gets: plain values only."""
    return {
        "cards": [_card(card) for card in cards],
        "wide": any(len(line) > WIDE for card in cards for line in card.lines),
        "scale": asdict(scale) if scale else None,
        "action": action,
        "words": {
            "copied": _("longest copy from the training text"),
            "copied_one": _("copied"),
            "save": _("Save as image"),
            "saved": _("Saved to your downloads."),
            "failed": _("This browser cannot make the image."),
            "keys": _("arrow keys read out each number"),
        },
    }


def _card(card: Card) -> dict[str, object]:
    chinese = any(is_chinese(sign.text[:1]) for line in card.lines for sign in line)
    return asdict(card) | {
        "chinese": chinese,
        "direction": card.direction if chinese else "horizontal",
    }


def finite(value: float) -> float | None:
    """The number, or None for what JSON lacks."""
    return float(value) if math.isfinite(value) else None
