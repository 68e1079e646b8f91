"""Statistics of new tunes compared with real ones; the best and the worst of them."""

from collections import Counter
from functools import partial
from typing import get_args

import numpy as np
import streamlit as st

from pages.ui.common import choice, html, session
from pages.ui.common.background_job import result
from pages.ui.common.plotly_chart import charts, tables
from pages.ui.make import cards
from pages.ui.make.cards import Piece
from pages.ui.make.corpora import download as corpus_download
from pages.ui.make.music import quantisation_text
from pages.ui.make.screen_kind import MUSIC
from pages.ui.make.settings import Settings, temperature
from seqgan_core.figures.make.tune_statistics import (
    Histogram,
    Means,
    interval_names,
    intervals,
    key_rows,
    largest_differences,
    pitch_classes,
    trait_findings,
)
from seqgan_core.insight.writing.tune_statistics import (
    Extreme,
    Metric,
    TuneStatistics,
    extremes,
    tune_statistics,
)
from seqgan_core.insight.writing.tunes import melody_of
from seqgan_core.messages import _, remark
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.metrics import TokenStatistics, total_variation

N = 500  # new tunes that are measured
SEED = 1
METRICS: dict[Metric, str] = dict(zip(get_args(Metric), ("MSE", "BLEU-4"), strict=True))


def draw(settings: Settings) -> None:
    """Draw the statistics of the main model, at a temperature chosen here."""
    html.quiet(remark("make.statistics", n=N))
    with st.container(width=360):
        heat = temperature(MUSIC, "t")
    model = settings.main
    if not corpus_download.is_here(model.config.corpus):
        why = _("The statistics need the real tunes that {name} was trained on.")
        corpus_download.offer(model.config.corpus, why.format(name=model.title), "measured")
        return
    statistics: TuneStatistics | None = result(
        ("tune statistics", model.key, heat),
        partial(tune_statistics, session.lab().models, model.key, N, SEED, heat),
        _("Generating and measuring {n} tunes").format(n=N),
    )
    if statistics is not None:
        _figures(statistics, heat)
        _extremes(statistics, settings)


def _figures(statistics: TuneStatistics, heat: float) -> None:
    n_new, n_real = len(statistics.tokens), len(statistics.real)
    notes = _histogram(statistics, "pitch_classes")
    steps = _histogram(statistics, "intervals")
    html.quiet(
        _("{name} at temperature {t:g}, compared with {corpus}").format(
            name=statistics.sampler.title, t=heat, corpus=statistics.corpus
        )
    )
    in_key, repeated = (Means(*statistics.means[name]) for name in ("in_key", "repeated"))
    html.notices(
        [
            *trait_findings(in_key, repeated, n_new, n_real),
            largest_differences(steps, interval_names()),
        ]
    )
    figures = [pitch_classes(notes), intervals(steps)]
    charts([figures], "music-statistics", even=True)
    head = [_("new tunes"), _("real, held-out")]
    html.table(
        [_("key"), *head],
        key_rows(_names(statistics.new.keys), _names(statistics.held_out.keys)),
        _("The most frequent keys, n = {new:,} and {real:,}").format(new=n_new, real=n_real),
    )
    tables(figures, "music-statistics")


def _histogram(statistics: TuneStatistics, what: str) -> Histogram:
    def shares(of: TokenStatistics) -> np.ndarray:
        values: np.ndarray = getattr(of, what)
        return values

    new, real = shares(statistics.new), shares(statistics.held_out)
    natural = (
        None if statistics.training is None else total_variation(shares(statistics.training), real)
    )
    return Histogram(
        new, real, total_variation(new, real), natural, len(statistics.tokens), len(statistics.real)
    )  # fmt: skip


def _names(keys: tuple[Key, ...]) -> Counter[str]:
    return Counter(key.name for key in keys)


# -- the best and the worst ------------------------------------------------------------------------


def _extremes(statistics: TuneStatistics, settings: Settings) -> None:
    """The choice of a metric, what its extremes mean, and the four tunes to hear."""
    st.markdown(f"**{_('The best and the worst')}**")
    metric = choice.one_of("by", _("By"), METRICS, key="music-extremes-by")
    best, worst = extremes(statistics, metric)
    for text in _mse(best, worst) if metric == "mse" else _bleu(best, worst):
        html.quiet(text)
    titles = (
        (_("best of {n}: MSE {value:.2f}"), _("worst of {n}: MSE {value:.2f}"))
        if metric == "mse"
        else (_("best of {n}: BLEU-4 {value:.3f}"), _("worst of {n}: BLEU-4 {value:.3f}"))
    )
    pieces = [
        piece
        for title, extreme in zip(titles, (best, worst), strict=True)
        for piece in _pieces(statistics, title, extreme)
    ]
    cards.draw(statistics.sampler, pieces, "music-extremes", settings.look)


def _pieces(statistics: TuneStatistics, title: str, extreme: Extreme) -> tuple[Piece, Piece]:
    """A new tune, and the real one whose pitches lie nearest."""
    sampler = statistics.sampler
    notes = [
        _("{notes} notes; {known} of its {runs} runs of four steps are in held-out tunes").format(
            notes=len(melody_of(sampler, extreme.tokens).notes), known=extreme.known,
            runs=extreme.runs,
        )
    ]  # fmt: skip
    if extreme.ties > 1:
        notes.append(_("one of {n} with this value").format(n=extreme.ties))
    heading = title.format(n=len(statistics.tokens), value=extreme.value)
    remark = _("{notes} notes; MSE to the new tune {error:.1f} semitones²").format(
        notes=len(melody_of(sampler, extreme.nearest).notes), error=extreme.error
    )
    real_notes = [
        remark, *quantisation_text.of_tune(extreme.quantisation, sampler.config.music_form),
    ]  # fmt: skip
    return (
        Piece(f"{heading}", heading, _words(statistics, extreme.tokens), notes),
        Piece(
            f"{heading} real", _("nearest real: {title}").format(title=extreme.title),
            _words(statistics, extreme.nearest), real_notes,
        ),
    )  # fmt: skip


def _words(statistics: TuneStatistics, tokens: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(statistics.sampler.words[token] for token in tokens)


def _mse(best: Extreme, worst: Extreme) -> list[str]:
    return [
        remark("make.mse", a=best.value, near=best.value**0.5, b=worst.value, far=worst.value**0.5),
        remark("make.mse-limits"),
    ]


def _bleu(best: Extreme, worst: Extreme) -> list[str]:
    return [remark("make.bleu", best=best, worst=worst), remark("make.bleu-limits")]
