"""Melodies as cards: score, piano roll and sound with one play-head, coloured by a number a note.

They are played with their repeats, and the play-head goes back in the score.
The sound is made here and goes to the browser inside the page's data: nothing is fetched, and
nothing plays by itself.
"""

import hashlib
import json
import math
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from string import ascii_uppercase
from typing import Any, Literal

from pages.ui.common.component import component
from pages.ui.make.music.cards.note_text import key_name, note_words, spoken
from pages.ui.make.text.verse_cards import Scale, finite
from seqgan_core.media.music.engraving import engrave
from seqgan_core.media.music.melody import BAR, Melody, Metre
from seqgan_core.media.music.piano_roll import piano_roll
from seqgan_core.media.music.wav import accompaniment_wav, wav
from seqgan_core.messages import _

_mount = component(
    "score_cards",
    html='<div class="melodies"><p class="melody-key"></p><div class="melody-tools"></div>'
    '<div class="cards"></div></div>',
    before=["parts.js", "player.js", "roll.js"],
)
WIDTHS = (320, 600)  # pixels that scores are engraved for: a phone's card and a desk's
WIDE = 900  # for a single card
RATE: Literal[22_050] = 22_050  # half the bytes, and these instruments lose hardly anything
COUNTED: dict[Metre, int] = {"4/4": 4, "6/8": 2, "3/4": 3}  # beats of a bar that is counted in
KEPT = "kept"  # id of the tune that is kept for comparison
Act = Callable[[str], None]  # gets the id of a card


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
    on_choose: Act | None = None,
    on_next: Act | None = None,
    on_keep: Act | None = None,
) -> None:
    """Draw the cards; the arguments are those of `verses`, and:

    Args:
        on_next: called when the last tune has ended and the listener wants more.
        on_keep: called to keep a tune for comparison, or with `KEPT` to keep it no longer.
    """
    data = data_of(tunes, key, scale, action)
    data |= {"next": on_next is not None, "keep": on_keep is not None}
    _mount(key, data, {"chosen": on_choose, "next": on_next, "pinned": on_keep})


def data_of(
    tunes: Sequence[Tune], key: str, scale: Scale | None = None, action: str = ""
) -> dict[str, Any]:
    """What the browser gets: plain values only."""
    widths = (*WIDTHS, WIDE) if len(tunes) == 1 else WIDTHS
    return {
        "cards": [_card(tune, f"{key}-{at}", widths, scale) for at, tune in enumerate(tunes)],
        "tint": asdict(scale) if scale else None,
        "action": action,
        "name": key,
    }


def _card(tune: Tune, name: str, widths: tuple[int, ...], scale: Scale | None) -> dict[str, Any]:
    if tune.values and len(tune.values) != len(tune.melody.notes):
        raise ValueError(f"{len(tune.values)} values are given for {len(tune.melody.notes)} notes")
    played = tune.melody.played()
    drawn = piano_roll(tune.melody, fifths=tune.fifths)
    values = [finite(value) for value in tune.values] or [None] * len(tune.melody.notes)
    note_texts = {note.index: note_words(note.name, note.quarters) for note in drawn.notes}
    card = {
        "id": tune.id,
        "title": tune.title,
        "seconds": drawn.seconds,
        "low": drawn.low,
        "high": drawn.high,
        "bars": [
            {"start": start, **words}
            for start, words in zip(drawn.bars, _bars(tune.melody), strict=True)
        ],
        "beats": COUNTED[played.metre],
        "beat": BAR[played.metre] / COUNTED[played.metre] * drawn.beat,
        "pinned": tune.id == KEPT,
        "keys": [{"pitch": p, "name": key_name(p)} for p in _labelled(drawn.low, drawn.high)],
        "notes": [
            {
                "start": note.start,
                "end": note.end,
                "pitch": note.pitch,
                "written": note.index,
                "words": note_texts[note.index],
                "value": values[note.index] if scale else None,
            }
            for note in drawn.notes
        ],
        "given": tune.given,
        "until": min(tune.until * drawn.beat, drawn.seconds),
        "motifs": [
            asdict(motif) | {"start": motif.start * drawn.beat, "end": motif.end * drawn.beat}
            for motif in tune.motifs
        ],
        "remarks": list(tune.notes),
        "spoken": spoken(
            tune.melody,
            [note_texts[at] for at in sorted(note_texts)],
            values if scale else None,
            scale.name if scale else "",
        ),
        "scores": [
            {"width": made.width, "height": made.height, "svg": made.svg}
            for made in _engraved(_plain(tune.melody), name, widths, tune.fifths)
        ],
        "sound": _sounded(_plain(tune.melody), tune.instrument),
        "chords": _strummed(_plain(tune.melody)) if tune.melody.chords else "",
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


@lru_cache(maxsize=16)
def _strummed(melody: Melody) -> str:
    return b64encode(accompaniment_wav(melody, RATE)).decode()


def _bars(melody: Melody) -> Iterator[dict[str, Any]]:
    """Each bar that is played, in words; `part` where one begins."""
    for number, (start, end) in enumerate(melody.stretches):
        part, again = ascii_uppercase[number // 2], number % 2
        of = max(math.ceil(round((end - start) / BAR[melody.metre], 6)), 1)
        text, short = _("bar {n} of {of}"), "{n}"
        if melody.parts and again:
            text, short = _("{part}, bar {n} of {of}, second time"), _("{part}{n} (second time)")
        elif melody.parts:
            text, short = _("{part}, bar {n} of {of}, first time"), _("{part}{n}")
        for n in range(1, of + 1):
            fields = {"part": part, "n": n, "of": of}
            name, short_name = text.format(**fields), short.format(**fields)
            yield {"name": name, "short": short_name, "part": n == 1 and number > 0}


def _labelled(low: int, high: int) -> list[int]:
    """The keys that are labelled on the roll: every C."""
    return [pitch for pitch in range(low, high + 1) if pitch % 12 == 0]
