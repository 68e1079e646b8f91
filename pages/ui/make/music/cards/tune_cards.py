"""New tunes as cards: coloured, with D's motifs, and with what is found in each beneath it."""

from __future__ import annotations

import numpy as np

from pages.ui.make.music.cards.score_cards import Tint, Tune
from pages.ui.make.music.motifs import brackets
from pages.ui.make.music.settings import TuneSettings
from pages.ui.make.text.samples import LETTERS
from seqgan_core.figures.make import text_notices
from seqgan_core.insight.writing.samples import CopyReport, SampleSet, SequenceCopy
from seqgan_core.insight.writing.tune_motifs import Motifs
from seqgan_core.insight.writing.tunes import Traits, melody_of, per_note, traits
from seqgan_core.media.music.melody import Melody
from seqgan_core.messages import _
from seqgan_core.tasks.music.tokens import STEP, key_name


def name_of(settings: TuneSettings, index: int) -> str:
    """A model's name over its cards: a letter where there are two."""
    return LETTERS[index] if len(settings.requests) > 1 else settings.models[index].title


def melodies_of(settings: TuneSettings, index: int, samples: SampleSet) -> list[Melody]:
    """The tunes of a model, at the chosen tempo."""
    bpm = settings.tempo(settings.models[index])
    return [melody_of(samples.sampler, row, bpm) for row in samples.tokens.tolist()]


def note_values(samples: SampleSet) -> list[list[float]]:
    """One number a note of every tune; () where tunes have no colour."""
    if samples.values is None:
        return [[] for _row in samples.tokens]
    form = samples.sampler.config.music_form
    pairs = zip(samples.tokens.tolist(), samples.values.tolist(), strict=True)
    return [per_note(form, tokens, values) for tokens, values in pairs]


def tint_of(settings: TuneSettings, sample_sets: list[SampleSet]) -> Tint | None:
    """One scale for all, so that one colour is one number for both models."""
    all_values = [
        value for samples in sample_sets for values in note_values(samples) for value in values
    ]
    if not all_values:
        return None
    if settings.colour == "surprise":
        about = _("−log of the probability that its own writer gave the note: 2.3 is one in ten, "
                  "4.6 one in a hundred")  # fmt: skip
        return Tint(0.0, round(max(all_values), 2), _("surprise"), about)
    judges = ", ".join(dict.fromkeys(samples.judge for samples in sample_sets))
    about = _("mean score of {judge} D over N = {n} endings rolled on from the note; deeper is "
              "more real to D").format(
        judge=_("a") if settings.hidden else _("{name}'s").format(name=judges),
        n=settings.requests[0].rollouts,
    )  # fmt: skip
    return Tint(round(min(all_values), 2), round(max(all_values), 2), _("Q"), about)


def tunes(
    settings: TuneSettings,
    index: int,
    samples: SampleSet,
    copy_report: CopyReport | None,
    motifs: Motifs | None,
) -> list[Tune]:
    """The cards of one model."""
    valued, words = note_values(samples), samples.sampler.words
    kinds = traits(samples.sampler.config.music_form, samples.tokens)
    cards = []
    for number, melody in enumerate(melodies_of(settings, index, samples)):
        notes = [trait_words(kinds[number])]
        if motifs is not None:
            notes.append(score_words(motifs.tunes[number].score))
        elif settings.colour == "q" and samples.values is not None:
            notes.append(
                score_words(float(samples.values[number, -1]))
            )  # Q of the whole is D of it
        if copy_report is not None:
            notes += copy_words(copy_report.copied[number], melody, samples.sampler.length)
        cards.append(
            Tune(
                id=str(number),
                title=f"{name_of(settings, index)} · {number + 1}",
                melody=melody,
                instrument=settings.instrument,
                values=valued[number],
                motifs=brackets(motifs.tunes[number], words) if motifs is not None else (),
                notes=notes,
                fifths=None if (key := kinds[number].key) is None else key.fifths,
            )
        )
    return cards


def trait_words(tune: Traits) -> str:
    """The key that fits a tune, and how much of it comes again."""
    if tune.key is None:
        return _("Silence: it holds not one note.")
    return _(
        "{key} fits best (r = {clear:.2f}); {inside:.0%} of the time that sounds is on its notes; "
        "{again:.0%} of the four-step patterns come again."
    ).format(key=tune.key.name, clear=tune.clear, inside=tune.in_key, again=tune.repeated)


def score_words(score: float) -> str:
    """What D says of a whole tune."""
    return _("P(real) {score:.3f}, by the discriminator.").format(score=score)


def copy_words(copied: SequenceCopy, melody: Melody, length: int) -> list[str]:
    """What a tune shares with the model's training tunes."""
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


def extreme(settings: TuneSettings, samples: SampleSet) -> str:
    """Where a note's number is lowest or highest."""
    valued = note_values(samples)
    named = [
        [
            _("{name}, note {n}").format(name=key_name(note.pitch), n=at + 1)
            for at, note in enumerate(melody_of(samples.sampler, row).notes)
        ]
        for row in samples.tokens.tolist()
    ]
    values = np.full((len(valued), max(map(len, valued), default=0)), np.nan)
    for row, numbers in enumerate(valued):
        values[row, : len(numbers)] = numbers
    return text_notices.extreme(values, named, settings.colour, _("tune"))
