"""The new tunes as cards, with what to notice and files to keep."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui.common import html
from pages.ui.common.html import notices
from pages.ui.make import corpus_download
from pages.ui.make.music import motifs as music_motifs
from pages.ui.make.music.cards import tune_cards
from pages.ui.make.music.cards.score_cards import Tint, melodies
from pages.ui.make.music.export import buttons
from pages.ui.make.music.nearest_tunes import choose, nearest_tunes
from pages.ui.make.music.settings import TuneSettings
from pages.ui.make.screen_kind import MUSIC
from pages.ui.make.text import samples as text_samples
from pages.ui.make.text.samples import LETTERS
from seqgan_core.figures.make import text_notices, tune_notices
from seqgan_core.insight.writing.samples import CopyReport, SampleSet
from seqgan_core.insight.writing.tune_motifs import Motifs
from seqgan_core.insight.writing.tunes import traits
from seqgan_core.messages import _

PATIENCE = 3.0  # seconds: tunes come first, before the quiz reads a book and whatever else is asked


def draw_tunes(settings: TuneSettings) -> None:
    """The new tunes as cards, with what to notice and files to keep."""
    html.style("music")
    sample_sets = text_samples.generate(settings.requests, PATIENCE)
    if sample_sets is None:
        return
    cards = st.container(key="music-tunes")  # over whatever is still being worked out
    motif_sets = music_motifs.read(sample_sets) if settings.motifs else [None] * len(sample_sets)
    copy_reports = text_samples.find_copies(sample_sets)
    with cards:
        _cards(settings, sample_sets, copy_reports, motif_sets)
    nearest_tunes(settings, sample_sets, copy_reports)
    notices(_findings(settings, sample_sets, copy_reports, motif_sets))
    buttons(settings, sample_sets)
    for name in dict.fromkeys(samples.sampler.config.corpus for samples in sample_sets):
        if not corpus_download.is_here(name):
            why = _("To look for copies, the tunes learned from must be on this machine.")
            corpus_download.offer(name, why, "copies")


def _cards(
    settings: TuneSettings,
    sample_sets: list[SampleSet],
    copy_reports: list[CopyReport | None],
    motif_sets: list[Motifs | None],
) -> None:
    tint = tune_cards.tint_of(settings, sample_sets)
    if len(sample_sets) == 1:
        _column(settings, 0, sample_sets[0], copy_reports[0], motif_sets[0], tint)
    else:
        seed = settings.requests[0].seed
        text_samples.reveal_names(MUSIC, settings.models, seed, hidden=settings.hidden)
        for index, column in enumerate(st.columns(2, gap="medium")):
            with column:
                title = "" if settings.hidden else f" · {sample_sets[index].sampler.title}"
                st.html(f'<h3 class="writer">{escape(LETTERS[index] + title)}</h3>')
                _column(
                    settings,
                    index,
                    sample_sets[index],
                    copy_reports[index],
                    motif_sets[index],
                    tint,
                )
    html.quiet(
        _(
            "Each card holds one tune twice: as a score, and as a roll where higher is higher and "
            "longer is longer; one line goes through both. Nothing plays until you press play. "
            "Bars are only counted off, in 4/4 from the first step: the model knows none, and the "
            "metre of real tunes is not always 4/4."
        )
    )


def _column(
    settings: TuneSettings,
    index: int,
    samples: SampleSet,
    copy_report: CopyReport | None,
    motifs: Motifs | None,
    tint: Tint | None,
) -> None:
    melodies(
        tune_cards.tunes(settings, index, samples, copy_report, motifs),
        f"make.music.tunes.{len(settings.requests)}.{index}",
        tint=tint,
        action=_("Hear the tune it is nearest to") if copy_report is not None else "",
        on_choose=lambda number: choose(samples.request.seed, index, number),
    )


def _findings(
    settings: TuneSettings,
    sample_sets: list[SampleSet],
    copy_reports: list[CopyReport | None],
    motif_sets: list[Motifs | None],
) -> list[str]:
    sentences = []
    for index, (samples, copy_report, motifs) in enumerate(
        zip(sample_sets, copy_reports, motif_sets, strict=True)
    ):
        config, parts = samples.sampler.config, []
        if samples.values is not None:
            parts.append(tune_cards.extreme(settings, samples))
        elif settings.colour == "q":
            parts.append(_no_d(_("No Q")))
        if motifs is not None:
            parts.append(music_motifs.strongest(motifs, samples.sampler.words))
        elif settings.motifs:
            parts.append(_no_d(_("No motifs")))
        kinds = traits(config.music_form, samples.tokens)
        named = [kind.key.name for kind in kinds if kind.key is not None]
        parts.append(tune_notices.keys(named, moved=config.transpose))
        if copy_report is not None:
            runs = [len(copied.run) for copied in copy_report.copied]
            parts.append(
                text_notices.copying(
                    runs, copy_report.natural, copy_report.n, MUSIC.many, MUSIC.tokens
                )
            )
        if len(sample_sets) > 1:
            parts = [f"{LETTERS[index]}: " + " ".join(filter(None, parts))]
        sentences += parts
    return sentences


def _no_d(what: str) -> str:
    return _(
        "{what}: it was trained without a discriminator, and no model that ships has a D for its "
        "form, its keys and its length."
    ).format(what=what)
