"""A new tune's neighbours in the training data: the tune it copies from, and the nearest one."""

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.component import scroll_here
from pages.ui.common.i18n import plain
from pages.ui.make import cards
from pages.ui.make.cards import Piece
from pages.ui.make.music import quantisation_text
from pages.ui.make.settings import Settings
from seqgan_core.insight.writing.samples import CopyReport, SampleSet, SequenceCopy
from seqgan_core.messages import _
from seqgan_core.tasks.corpus import Sequence
from seqgan_core.training.config import TrainConfig

NAME = "near"  # in the address: SEED.MODEL.TUNE
CLICKED = "music-near-clicked"  # it was opened here, and not by a link


def choose(seed: int, index: int, number: str) -> None:
    """Show the neighbours of that tune: for a card's button."""
    url_state.put(**{NAME: f"{seed}.{index}.{number}"})
    st.session_state[CLICKED] = f"{seed}.{index}.{number}"


def draw(
    settings: Settings, sample_sets: list[SampleSet], copy_reports: list[CopyReport | None]
) -> None:
    """Draw the neighbours of the tune that the address names, if there is one."""
    chosen = _chosen(sample_sets)
    if chosen is None or (report := copy_reports[chosen[0]]) is None:
        return
    index, number = chosen
    sampler, copied = sample_sets[index].sampler, report.copied[number]
    name = f"{settings.short(index)} · {number + 1}"
    with st.container(border=True, key="music-near"):
        scroll_here("music-near", st.session_state.get(CLICKED), "start")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(_('Nearest neighbours of {name}').format(name=name))}**")
            st.button(
                _("Close"), icon=":material/close:", key="music-near-close",
                on_click=url_state.put, kwargs={NAME: None},
            )  # fmt: skip
        pieces = _neighbours(copied, name, report.training, sampler.config)
        cards.draw(sampler, pieces, "music-near-cards", settings.look_of(index))
        if sampler.config.transpose:
            html.quiet(_("They are in C major or A minor, as the model was trained on them."))


def _neighbours(copied: SequenceCopy, name: str, training: int, config: TrainConfig) -> list[Piece]:
    """The tune that holds the longest copied run, unless it is the nearest, and the nearest."""
    found = []
    if copied.run and copied.holder != copied.nearest:
        note = _("{name} copies {n} steps of it, from step {at} on.").format(
            name=name, n=len(copied.run), at=_place(copied.run, copied.holder) + 1
        )
        found.append((copied.holder_title, copied.holder, copied.holder_quantisation, note))
    if copied.nearest:
        note = _("The nearest of {n:,} training windows; edit distance {distance}.").format(
            n=training, distance=copied.distance
        )
        found.append((copied.nearest_title, copied.nearest, copied.nearest_quantisation, note))
    return [
        Piece(
            str(number), _("Real: {title}").format(title=title), words,
            [note, *quantisation_text.of_tune(counts, config.music_form)],
            fifths=0 if config.transpose else None,
        )
        for number, (title, words, counts, note) in enumerate(found)
    ]  # fmt: skip


def _chosen(sample_sets: list[SampleSet]) -> tuple[int, int] | None:
    """Index of the model and number of its tune; None where the address names no tune shown."""
    linked = url_state.text(NAME)
    seed = sample_sets[0].request.seed
    for index, samples in enumerate(sample_sets):
        for number in range(len(samples.tokens)):
            if linked == f"{seed}.{index}.{number}":
                return index, number
    if linked:
        url_state.put(**{NAME: None})
    return None


def _place(run: Sequence, inside: Sequence) -> int:
    """Where a run begins in what holds it."""
    spans = range(len(inside) - len(run) + 1)
    return next(at for at in spans if inside[at : at + len(run)] == run)
