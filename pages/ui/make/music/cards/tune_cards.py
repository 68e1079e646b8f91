"""New tunes as cards: coloured, with D's motifs, and with what is found in each beneath it."""

from __future__ import annotations

import numpy as np

from pages.ui.common.i18n import _
from pages.ui.make.music.cards.score_cards import Tint, Tune
from pages.ui.make.music.motifs import brackets
from pages.ui.make.music.settings import Asked
from pages.ui.make.text.samples import LETTERS
from seqgan_core.figures.make import text_notices
from seqgan_core.insight.writing.samples import CopyReport, SampleSet, SequenceCopy
from seqgan_core.insight.writing.tune_motifs import Motifs
from seqgan_core.insight.writing.tunes import Traits, melody_of, per_note, traits
from seqgan_core.media.music.melody import Melody
from seqgan_core.tasks.music.tokens import STEP, key_name


def name_of(asked: Asked, index: int) -> str:
    """How a writer is called over its cards: by letter where there are two."""
    return LETTERS[index] if len(asked.wishes) > 1 else asked.writers[index].title


def melodies_of(asked: Asked, index: int, found: SampleSet) -> list[Melody]:
    """The tunes of a writer, at the tempo that is asked for."""
    bpm = asked.tempo(asked.writers[index])
    return [melody_of(found.sampler, row, bpm) for row in found.tokens.tolist()]


def note_values(found: SampleSet) -> list[list[float]]:
    """One number a note of every tune; () where tunes have no colour."""
    if found.values is None:
        return [[] for _row in found.tokens]
    form = found.sampler.config.music_form
    pairs = zip(found.tokens.tolist(), found.values.tolist(), strict=True)
    return [per_note(form, tokens, values) for tokens, values in pairs]


def tint_of(asked: Asked, found: list[SampleSet]) -> Tint | None:
    """One scale for all, so that one colour is one number for both writers."""
    seen = [value for one in found for values in note_values(one) for value in values]
    if not seen:
        return None
    if asked.colour == "surprise":
        about = _("−log of the probability that its own writer gave the note: 2.3 is one in ten, "
                  "4.6 one in a hundred")  # fmt: skip
        return Tint(0.0, round(max(seen), 2), _("surprise"), about)
    judges = ", ".join(dict.fromkeys(one.judge for one in found))
    about = _("mean score of {judge} D over N = {n} endings rolled on from the note; deeper is "
              "more real to D").format(
        judge=_("a") if asked.hidden else _("{name}'s").format(name=judges),
        n=asked.wishes[0].rollouts,
    )  # fmt: skip
    return Tint(round(min(seen), 2), round(max(seen), 2), _("Q"), about)


def tunes(
    asked: Asked, index: int, found: SampleSet, near: CopyReport | None, heard: Motifs | None
) -> list[Tune]:
    """The cards of one writer."""
    valued, words = note_values(found), found.sampler.words
    kinds = traits(found.sampler.config.music_form, found.tokens)
    cards = []
    for number, melody in enumerate(melodies_of(asked, index, found)):
        notes = [trait_words(kinds[number])]
        if heard is not None:
            notes.append(score_words(heard.tunes[number].score))
        elif asked.colour == "q" and found.values is not None:
            notes.append(score_words(float(found.values[number, -1])))  # Q of the whole is D of it
        if near is not None:
            notes += copy_words(near.copied[number], melody, found.sampler.length)
        cards.append(
            Tune(
                id=str(number),
                title=f"{name_of(asked, index)} · {number + 1}",
                melody=melody,
                instrument=asked.instrument,
                values=valued[number],
                motifs=brackets(heard.tunes[number], words) if heard is not None else (),
                notes=notes,
                fifths=None if (key := kinds[number].key) is None else key.fifths,
            )
        )
    return cards


def trait_words(found: Traits) -> str:
    """The key that fits a tune, and how much of it comes again."""
    if found.key is None:
        return _("Silence: it holds not one note.")
    return _(
        "{key} fits best (r = {clear:.2f}); {inside:.0%} of the time that sounds is on its notes; "
        "{again:.0%} of the four-step patterns come again."
    ).format(key=found.key.name, clear=found.clear, inside=found.in_key, again=found.repeated)


def score_words(score: float) -> str:
    """What D says of a whole tune."""
    return _("P(real) {score:.3f}, by the discriminator.").format(score=score)


def copy_words(copied: SequenceCopy, melody: Melody, length: int) -> list[str]:
    """What a tune shares with the tunes that its writer learned from."""
    if not copied.run:
        return [_("No step of it stands in the tunes learned from.")]
    if copied.distance == 0:
        return [_("All of it stands in “{title}”.").format(title=copied.nearest_title)]
    second = STEP * 60 / melody.bpm
    return [
        _("Longest copied stretch: {n} of {all} steps ({start:.1f} to {end:.1f} s), as in "
          "“{title}”.").format(
            n=len(copied.run), all=length, start=copied.start * second,
            end=(copied.start + len(copied.run)) * second, title=copied.holder_title,
        ),
        _("Nearest: “{title}”; {changes}.").format(
            title=copied.nearest_title, changes=change_words(copied.distance)
        ),
    ]  # fmt: skip


def change_words(distance: int) -> str:
    """How far two tunes are apart, within a sentence."""
    if distance == 1:
        return _("1 step would have to change")
    return _("{n} steps would have to change").format(n=distance)


def extreme(asked: Asked, found: SampleSet) -> str:
    """Where a note's number is lowest or highest."""
    valued = note_values(found)
    named = [
        [
            _("{name}, note {n}").format(name=key_name(note.pitch), n=at + 1)
            for at, note in enumerate(melody_of(found.sampler, row).notes)
        ]
        for row in found.tokens.tolist()
    ]
    values = np.full((len(valued), max(map(len, valued), default=0)), np.nan)
    for row, one in enumerate(valued):
        values[row, : len(one)] = one
    return text_notices.extreme(values, named, asked.colour, _("tune"))
