"""The new tunes as cards, with what to notice and files to keep."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui.common import html
from pages.ui.common.html import notices
from pages.ui.common.i18n import _
from pages.ui.make import corpus_download
from pages.ui.make.music import motifs as music_motifs
from pages.ui.make.music.cards import tune_cards
from pages.ui.make.music.cards.score_cards import Tint, melodies
from pages.ui.make.music.export import keep
from pages.ui.make.music.nearest_tunes import choose, near
from pages.ui.make.music.settings import Asked
from pages.ui.make.screen_kind import MUSIC
from pages.ui.make.text import samples
from pages.ui.make.text.samples import LETTERS
from seqgan_core.figures.make import text_notices, tune_notices
from seqgan_core.insight.writing.samples import CopyReport, SampleSet
from seqgan_core.insight.writing.tune_motifs import Motifs
from seqgan_core.insight.writing.tunes import traits

PATIENCE = 3.0  # seconds: tunes come first, before the quiz reads a book and whatever else is asked


def listen(asked: Asked) -> None:
    """The new tunes as cards, with what to notice and files to keep."""
    html.style("music")
    found = samples.written(asked.wishes, PATIENCE)
    if found is None:
        return
    cards = st.container(key="music-tunes")  # over whatever is still being worked out
    heard = music_motifs.read(found) if asked.motifs else [None] * len(found)
    laid = samples.laid_beside(found)
    with cards:
        _cards(asked, found, laid, heard)
    near(asked, found, laid)
    notices(_noticed(asked, found, laid, heard))
    keep(asked, found)
    for name in dict.fromkeys(one.sampler.config.corpus for one in found):
        if not corpus_download.here(name):
            why = _("To look for copies, the tunes learned from must be on this machine.")
            corpus_download.fetch(name, why, "copies")


def _cards(
    asked: Asked, found: list[SampleSet], laid: list[CopyReport | None], heard: list[Motifs | None]
) -> None:
    tint = tune_cards.tint_of(asked, found)
    if len(found) == 1:
        _column(asked, 0, found[0], laid[0], heard[0], tint)
    else:
        seed = asked.wishes[0].seed
        samples.who_is_who(MUSIC, asked.writers, seed, hidden=asked.hidden)
        for index, column in enumerate(st.columns(2, gap="medium")):
            with column:
                title = "" if asked.hidden else f" · {found[index].sampler.title}"
                st.html(f'<h3 class="writer">{escape(LETTERS[index] + title)}</h3>')
                _column(asked, index, found[index], laid[index], heard[index], tint)
    html.quiet(
        _(
            "Each card holds one tune twice: as a score, and as a roll where higher is higher and "
            "longer is longer; one line goes through both. Nothing plays until you press play. "
            "Bars are only counted off, in 4/4 from the first step: the model knows none, and the "
            "metre of real tunes is not always 4/4."
        )
    )


def _column(
    asked: Asked, index: int, found: SampleSet, laid: CopyReport | None, heard: Motifs | None,
    tint: Tint | None,
) -> None:  # fmt: skip
    melodies(
        tune_cards.tunes(asked, index, found, laid, heard),
        f"make.music.tunes.{len(asked.wishes)}.{index}",
        tint=tint,
        action=_("Hear the tune it is nearest to") if laid is not None else "",
        on_choose=lambda number: choose(found.request.seed, index, number),
    )


def _noticed(
    asked: Asked, found: list[SampleSet], laid: list[CopyReport | None], heard: list[Motifs | None]
) -> list[str]:
    said = []
    for index, (one, beside, motifs) in enumerate(zip(found, laid, heard, strict=True)):
        config, parts = one.sampler.config, []
        if one.values is not None:
            parts.append(tune_cards.extreme(asked, one))
        elif asked.colour == "q":
            parts.append(_no_d(_("No Q")))
        if motifs is not None:
            parts.append(music_motifs.noticed(motifs, one.sampler.words))
        elif asked.motifs:
            parts.append(_no_d(_("No motifs")))
        kinds = traits(config.music_form, one.tokens)
        named = [kind.key.name for kind in kinds if kind.key is not None]
        parts.append(tune_notices.keys(named, moved=config.transpose))
        if beside is not None:
            runs = [len(copied.run) for copied in beside.copied]
            parts.append(
                text_notices.copying(runs, beside.natural, beside.n, MUSIC.many, MUSIC.tokens)
            )
        if len(found) > 1:
            parts = [f"{LETTERS[index]}: " + " ".join(filter(None, parts))]
        said += parts
    return said


def _no_d(what: str) -> str:
    return _(
        "{what}: it was trained without a discriminator, and no model that ships has a D for its "
        "form, its keys and its length."
    ).format(what=what)
