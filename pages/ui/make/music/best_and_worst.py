"""The best and the worst of many new tunes by a metric, each with the nearest real tune."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.make.music import quantisation_text
from pages.ui.make.music.cards.score_cards import Tune, melodies
from pages.ui.make.music.settings import FASTEST, SLOWEST
from seqgan_core.insight.writing.tune_statistics import Extreme, Metric, TuneStatistics, extremes
from seqgan_core.insight.writing.tunes import melody_of
from seqgan_core.media.music.instruments import INSTRUMENTS
from seqgan_core.messages import _
from seqgan_core.tasks.music.tokens import BPM

METRICS: tuple[Metric, ...] = get_args(Metric)


def extreme_tunes(statistics: TuneStatistics) -> None:
    """Draw the choice of a metric, what its extremes mean, and the four tunes to listen to."""
    st.markdown(f"**{_('The best and the worst of them')}**")
    words = {"mse": "MSE", "bleu_4": "BLEU-4"}
    linked = url_state.one_of("by", METRICS, METRICS[0])
    metric: Metric = st.segmented_control(
        _("By"), METRICS, default=linked, required=True, format_func=words.__getitem__,
        key="music.extremes.by",
    ) or METRICS[0]  # fmt: skip
    url_state.put(by=None if metric == METRICS[0] else metric)
    best, worst = extremes(statistics, metric)
    for text in _mse(best, worst) if metric == "mse" else _bleu(best, worst):
        html.quiet(text)
    names = list(INSTRUMENTS)
    instrument = url_state.one_of("instrument", names, names[0])
    cards = [
        card
        for which, extreme in (("best", best), ("worst", worst))
        for card in _cards(statistics, metric, which, extreme, instrument)
    ]
    melodies(cards, "music.extremes.tunes")


def _cards(
    statistics: TuneStatistics, metric: Metric, which: str, extreme: Extreme, instrument: str
) -> tuple[Tune, Tune]:
    """A new tune, and the real one whose pitches lie nearest."""
    form = statistics.sampler.config.music_form
    bpm = float(url_state.number("bpm", round(BPM[form]), SLOWEST, FASTEST))
    label = _("best") if which == "best" else _("worst")
    value = _("MSE {v:.2f}") if metric == "mse" else _("BLEU-4 {v:.3f}")
    new = melody_of(statistics.sampler, extreme.tokens, bpm)
    notes = [
        _("{notes} notes; {known} of its {runs} runs of four steps stand in held-out tunes").format(
            notes=len(new.notes), known=extreme.known, runs=extreme.runs
        )
    ]
    if extreme.ties > 1:
        notes.append(_("one of {n} with this value").format(n=extreme.ties))
    title = _("{which} of {n}: {value}").format(
        which=label, n=len(statistics.tokens), value=value.format(v=extreme.value)
    )
    real = melody_of(statistics.sampler, extreme.nearest, bpm)
    remark = _("{notes} notes; on average {apart:.1f} semitones² from the new one, step by step")
    real_card = Tune(
        f"{which}-real", _("nearest real: {title}").format(title=extreme.title), real, instrument,
        notes=[
            remark.format(notes=len(real.notes), apart=extreme.error),
            *quantisation_text.of_tune(extreme.quantisation, form),
        ],
    )  # fmt: skip
    return Tune(f"{which}-new", title, new, instrument, notes=notes), real_card


def _mse(best: Extreme, worst: Extreme) -> list[str]:
    return [
        _(
            "MSE asks at each step how many semitones the pitch lies from that of the nearest "
            "held-out tune, squares it, and takes the mean: √{a:.2f} is {near:.1f} semitones for "
            "the best, √{b:.2f} is {far:.1f} for the worst."
        ).format(a=best.value, near=best.value**0.5, b=worst.value, far=worst.value**0.5),
        _(
            "It hears pitch alone: a held note counts as if it were struck again at each step, so "
            "a few long notes of middle height come near to something. High or wide-ranging tunes "
            "have few neighbours and measure badly, whatever they sound like."
        ),
    ]


def _bleu(best: Extreme, worst: Extreme) -> list[str]:
    return [
        _(
            "BLEU-4 asks how many runs of one to four steps a tune shares with held-out tunes, "
            "each counted no more often than one real tune holds it: {a:.3f} for the best, of "
            "whose {runs} runs of four {known} are known; {b:.3f} for the worst, with {few} of "
            "{all}."
        ).format(
            a=best.value, runs=best.runs, known=best.known, b=worst.value, few=worst.known,
            all=worst.runs,
        ),
        _(
            "It does not hear where a run stands, nor whether a tune goes anywhere. What is known "
            "piece by piece gets all of it; what is rare, or repeated more than any real tune "
            "repeats it, loses."
        ),
    ]  # fmt: skip
