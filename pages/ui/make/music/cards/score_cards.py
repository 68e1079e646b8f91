"""Melodies as cards: score, piano roll and sound with one play-head, coloured by a number a note.

The sound is made here and goes to the browser inside the page's data: nothing is fetched, and
nothing plays by itself.
"""

import hashlib
import json
import math
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from pages.ui.common.component import component
from pages.ui.make.music.cards.note_text import key_name, note_words, spoken
from pages.ui.make.text.verse_cards import Scale, finite
from seqgan_core.media.music.engraving import engrave
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.piano_roll import piano_roll
from seqgan_core.media.music.wav import wav

_mount = component(
    "score_cards",
    html='<div class="melodies"><p class="melody-key"></p><div class="cards"></div></div>',
    before=["parts.js", "player.js", "roll.js"],
)
WIDTHS = (320, 600)  # pixels that scores are engraved for: a phone's card and a desk's
WIDE = 900  # for a single card
RATE: Literal[22_050] = 22_050  # half the bytes, and these instruments lose hardly anything


@dataclass(frozen=True)
class Motif:
    """A window that D's filters chose, as a bracket over the roll."""

    # start, end: in quarter notes
    start: float
    end: float
    label: str  # on the bracket, short: its effect
    about: str  # the same in a sentence


@dataclass(frozen=True)
class Tune:
    """A melody with what stands around it."""

    id: str  # what the button gives back
    title: str  # over it: its model, or "A" where that is hidden
    melody: Melody  # at the tempo that is heard
    instrument: str = "piano"  # a name of `INSTRUMENTS`
    values: Sequence[float] = ()  # a number for every note, which colours it; () for none
    motifs: Sequence[Motif] = ()  # brackets over the roll
    given: int = 0  # notes at the beginning that are not the model's
    until: float = math.inf  # quarter notes that these last, however long the last one is held on
    notes: Sequence[str] = ()  # sentences under it
    fifths: int | None = None  # sharps of the key signature; found where none is given


def melodies(
    tunes: Sequence[Tune],
    key: str,
    *,
    scale: Scale | None = None,
    action: str = "",
    on_choose: Callable[[str], None] = lambda card_id: None,
) -> None:
    """Draw the cards; the arguments are those of `verses`."""
    _mount(key, data_of(tunes, key, scale, action), {"chosen": on_choose})


def data_of(
    tunes: Sequence[Tune], key: str, scale: Scale | None = None, action: str = ""
) -> dict[str, Any]:
    """What the browser gets: plain values only."""
    widths = (*WIDTHS, WIDE) if len(tunes) == 1 else WIDTHS
    return {
        "cards": [_card(tune, f"{key}-{at}", widths, scale) for at, tune in enumerate(tunes)],
        "tint": asdict(scale) if scale else None,
        "action": action,
    }


def _card(tune: Tune, name: str, widths: tuple[int, ...], scale: Scale | None) -> dict[str, Any]:
    if tune.values and len(tune.values) != len(tune.melody.notes):
        raise ValueError(f"{len(tune.values)} values are given for {len(tune.melody.notes)} notes")
    drawn = piano_roll(tune.melody, fifths=tune.fifths)
    values = [finite(value) for value in tune.values] or [None] * len(drawn.notes)
    note_texts = [note_words(note.name, note.quarters) for note in drawn.notes]
    card = {
        "id": tune.id,
        "title": tune.title,
        "seconds": drawn.seconds,
        "low": drawn.low,
        "high": drawn.high,
        "bars": drawn.bars,
        "keys": [{"pitch": p, "name": key_name(p)} for p in _labelled(drawn.low, drawn.high)],
        "notes": [
            {
                "start": note.start,
                "end": note.end,
                "pitch": note.pitch,
                "words": words,
                "value": value if scale else None,
            }
            for note, words, value in zip(drawn.notes, note_texts, values, strict=True)
        ],
        "given": tune.given,
        "until": min(tune.until * drawn.beat, drawn.seconds),
        "motifs": [
            asdict(motif) | {"start": motif.start * drawn.beat, "end": motif.end * drawn.beat}
            for motif in tune.motifs
        ],
        "remarks": list(tune.notes),
        "spoken": spoken(
            tune.melody, note_texts, values if scale else None, scale.name if scale else ""
        ),
        "scores": [
            {"width": made.width, "height": made.height, "svg": made.svg}
            for made in _engraved(_plain(tune.melody), name, widths, tune.fifths)
        ],
        "sound": _sounded(_plain(tune.melody), tune.instrument),
    }
    # A card whose stamp stays is left alone, so that a redrawn page does not stop the music.
    stamp = hashlib.sha256(json.dumps([card, asdict(scale) if scale else None]).encode())
    return card | {"stamp": stamp.hexdigest()[:16]}


def _plain(melody: Melody) -> Melody:
    """Without its title, which is neither seen in the score nor heard."""
    return replace(melody, title="")


@lru_cache(maxsize=64)
def _engraved(melody: Melody, name: str, widths: tuple[int, ...], fifths: int | None) -> list[Any]:
    safe = "m-" + hashlib.sha256(name.encode()).hexdigest()[:8]
    return [engrave(melody, width=width, name=f"{safe}-{width}", fifths=fifths) for width in widths]


@lru_cache(maxsize=64)  # about half a megabyte each; a page shows up to 45
def _sounded(melody: Melody, instrument: str) -> str:
    return b64encode(wav(melody, instrument, RATE)).decode()


def _labelled(low: int, high: int) -> list[int]:
    """The keys that are labelled on the roll: every C."""
    return [pitch for pitch in range(low, high + 1) if pitch % 12 == 0]
