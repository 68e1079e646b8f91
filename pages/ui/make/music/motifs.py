"""D's motifs: brackets over the roll, and the same in words."""

from __future__ import annotations

from functools import partial

from pages.ui.common import session
from pages.ui.common.background_job import result
from pages.ui.common.effect_text import filter_count, points, towards
from pages.ui.common.i18n import _
from pages.ui.make.music.cards.score_cards import Motif
from seqgan_core.figures.make import tune_notices
from seqgan_core.insight.discriminator.attribution import Bracket
from seqgan_core.insight.writing.samples import SampleSet
from seqgan_core.insight.writing.tune_motifs import Motifs, TuneMotifs, motifs
from seqgan_core.tasks.music.tokens import STEP


def read(found: list[SampleSet]) -> list[Motifs | None]:
    """What D reads in the tunes of each writer; None without a D, or while it is worked out."""
    models = session.lab().models
    return [
        result(("motifs", one.request), partial(motifs, models, one), _("Asking D's filters"))
        for one in found
    ]


def brackets(heard: TuneMotifs, words: tuple[str, ...]) -> list[Motif]:
    """The brackets over one tune."""
    return [
        Motif(
            one.start * STEP,
            (one.start + one.width) * STEP,
            points(one.effect),
            _("“{phrase}”, {steps}: P(real) {score:.3f}, {without:.3f} without the {filters} that "
              "chose it: {points} points, {towards}").format(
                phrase=phrase(one, words), steps=steps(one), score=heard.score,
                without=one.without, filters=filter_count(len(one.filters)),
                points=points(one.effect), towards=towards(one.effect),
            ),
        )
        for one in heard.motifs
    ]  # fmt: skip


def noticed(found: Motifs, words: tuple[str, ...]) -> str:
    """The strongest of all of a writer's motifs."""
    every = [
        (abs(one.effect), number, heard, one)
        for number, heard in enumerate(found.tunes)
        for one in heard.motifs
    ]
    if not every:
        return _("No stretch of two steps or more moves D's score by a tenth of a point.")
    _size, number, heard, one = max(every, key=lambda each: each[0])
    return tune_notices.motif(
        heard.score, one.without, phrase(one, words), steps(one), str(number + 1),
        heard.windows, heard.n,
    )  # fmt: skip


def phrase(one: Bracket, words: tuple[str, ...]) -> str:
    """A window's steps by name; a hold is a dash."""
    return " ".join(words[token] for token in one.tokens)


def steps(one: Bracket) -> str:
    """Where a window stands, counted from 1."""
    return _("steps {first} to {last}").format(first=one.start + 1, last=one.start + one.width)
