"""Sequences as cards: verse and sentences to read, tunes to see and hear."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from pages.ui.common.component import shown
from pages.ui.make.music.cards import kept, score_cards
from pages.ui.make.music.cards.score_cards import Motif, melodies
from pages.ui.make.text import verse_cards
from pages.ui.make.text.verse_cards import Scale, Work, signs, verses
from seqgan_core.insight.writing.sampler import Sampler
from seqgan_core.insight.writing.tunes import key_of, melody_of, per_note, traits
from seqgan_core.media.music.harmony import accompanied
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.verse.script import Script, in_script, verse_in_script
from seqgan_core.tasks.music.tokens import quarters


@dataclass(frozen=True)
class Look:
    """How sequences are set, read and played."""

    # vertical, pinyin: of Chinese verse
    vertical: bool = False
    pinyin: bool = False
    script: Script = ""  # of Chinese characters; "" for the model's own
    instrument: str = "piano"  # a name of `INSTRUMENTS`
    tonic: int | None = None  # pitch class of a whole tune's; None for C or A
    bpm: float | None = None  # quarter notes a minute; None for the tempo of the model's form
    chords: bool = False  # whether tunes are accompanied


@dataclass(frozen=True)
class Piece:
    """A sequence with what stands around it."""

    id: str  # what `on_choose` gets
    title: str  # over it
    words: Sequence[str]  # its tokens; of tunes, their names
    notes: Sequence[str] = ()  # sentences under it
    values: Sequence[float] = ()  # a number for each token, which colours it; () for none
    copied: Collection[int] = ()  # places of tokens that are marked as copied, in text
    motifs: Sequence[Motif] = ()  # brackets over the roll of a tune
    given: int = 0  # steps at the beginning that are not the model's, in a tune
    fifths: int | None = None  # sharps of a tune's key signature; found where none is given
    credit: str = ""  # small under the picture of a text
    file: str = "verse"  # the picture's name
    work: Work | None = None  # the work on a poem, None where it is only read


def draw(
    sampler: Sampler,
    pieces: Sequence[Piece],
    key: str,
    look: Look = Look(),
    *,
    scale: Scale | None = None,
    action: str = "",
    on_choose: Callable[[str], None] | None = None,
    on_work: Callable[[dict[str, Any]], None] | None = None,
    on_next: Callable[[str], None] | None = None,
    keep_as: str = "",
    beside: bool = False,
) -> None:
    """Draw pieces in the tokens of a sampler.

    Args:
        sampler: whose vocabulary and form they have.
        pieces: in reading order; their ids differ.
        scale: of the values; without one nothing is coloured.
        action: label of a button on every card, "" for no such button.
        on_choose: called with the id of the piece whose button is pressed.
        on_work: called with what was done in the card of a poem, and its id as "card".
        on_next: called when the last tune has ended and the listener wants more.
        keep_as: the title of a tune that is kept for comparison; "" if none can be kept.
        beside: whether the tune that is kept stands before these.
    """

    def chose(card_id: str) -> None:
        if on_choose is not None and any(piece.id == card_id for piece in pieces):
            on_choose(card_id)

    if sampler.unit == "notes":
        tunes = [tune_card(sampler, piece, look) for piece in pieces]
        melodies(
            [*(kept.tunes(scale) if beside else ()), *tunes], key, scale=scale, action=action,
            on_choose=chose, on_next=on_next,
            on_keep=partial(kept.keep, tunes, keep_as, scale) if keep_as else None,
        )  # fmt: skip
    else:
        cards = [_verse_card(sampler, piece, look) for piece in pieces]
        verses(cards, key, scale=scale, action=action, on_choose=chose, on_work=on_work)


def tune_of(sampler: Sampler, words: Sequence[str], look: Look) -> Melody:
    """Names of steps as a melody at the chosen tempo, with its chords where they are wanted."""
    tokens, form = sampler.tokens(words), sampler.config.music_form
    melody = melody_of(sampler, tokens, look.bpm, look.tonic)
    if not look.chords or not melody.notes:
        return melody
    key = key_of(sampler, tokens, look.tonic) or traits(form, torch.tensor([tokens]))[0].key
    return melody if key is None else accompanied(melody, key.tonic, key.minor)


def tune_card(sampler: Sampler, piece: Piece, look: Look) -> score_cards.Tune:
    """The card of a tune."""
    tokens, form = sampler.tokens(piece.words), sampler.config.music_form
    melody, key = tune_of(sampler, piece.words, look), key_of(sampler, tokens, look.tonic)
    given = melody_of(sampler, tokens[: piece.given])
    return score_cards.Tune(
        piece.id, piece.title, melody, look.instrument,
        values=per_note(form, tokens, piece.values), motifs=piece.motifs,
        given=len(given.notes), until=quarters(tokens, piece.given) if piece.given else math.inf,
        notes=piece.notes, fifths=piece.fifths if key is None else key.fifths,
    )  # fmt: skip


def _verse_card(sampler: Sampler, piece: Piece, look: Look) -> verse_cards.Card:
    script = look.script
    verse = verse_in_script(sampler.verse(piece.words), script)
    notes = [in_script(note, script) for note in piece.notes]
    work = None if piece.work is None else shown(piece.work, lambda text: in_script(text, script))
    lines = signs(verse, values=piece.values or None, copied=piece.copied, pinyin=look.pinyin)
    return verse_cards.card(
        piece.id, piece.title, lines, notes, vertical=look.vertical, rtl=verse.rtl,
        credit=piece.credit, file=piece.file, work=work, script=script,
    )  # fmt: skip
