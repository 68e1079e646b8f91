"""Statistics of new tunes compared with real ones, measured on demand."""

from __future__ import annotations

from collections import Counter
from functools import partial

import numpy as np
import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.html import notices
from pages.ui.common.plotly_chart import charts
from pages.ui.make import corpus_download, sample_settings
from pages.ui.make.music.best_and_worst import extreme_tunes
from seqgan_core.figures.make.tune_statistics import (
    NOTES,
    Histogram,
    Means,
    histogram_rows,
    intervals,
    key_rows,
    largest_differences,
    pitch_classes,
    step_names,
    trait_findings,
)
from seqgan_core.insight.jobs import Job
from seqgan_core.insight.writing.tune_statistics import TuneStatistics, tune_statistics
from seqgan_core.messages import _
from seqgan_core.tasks.corpus import CorpusMissing
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.metrics import TokenStatistics, total_variation
from seqgan_core.training.setup.model_files import load_shipped

N = 500  # new tunes that are measured
SEED = 1


def statistics_section() -> None:
    """Draw the switch that measures the model chosen above, and the statistics."""
    model_key = url_state.text("who")
    if not model_key:
        return
    st.subheader(_("What are they made of?"), anchor=False)
    html.quiet(
        _(
            "A score is a mean; a histogram shows what it hides. {n} new tunes of whoever composes "
            "above are held against the real tunes that were held back: which notes, which steps, "
            "which keys, how much comes again; then the best and the worst of them, to hear."
        ).format(n=N)
    )
    measure = st.toggle(
        _("Measure {n} new tunes").format(n=N),
        url_state.text("measure") == "1",
        key="music.measure",
    )
    url_state.put(measure=1 if measure else None)
    if measure:
        _measured(model_key)


def _measured(model_key: str) -> None:
    temperature = sample_settings.decimal(
        "t", 1.0, sample_settings.COOLEST, sample_settings.HOTTEST
    )
    statistics: TuneStatistics | CorpusMissing | None = result(
        ("tunes measured", model_key, temperature), partial(_measuring, model_key, temperature),
        _("Composing and measuring {n} tunes").format(n=N),
    )  # fmt: skip
    if isinstance(statistics, CorpusMissing):
        why = _("To measure tunes, the real ones that {who} learned from are needed.")
        corpus_download.offer(_corpus(model_key), why.format(who=_title(model_key)), "measured")
    elif statistics is not None:
        _pictures(statistics, temperature)
        extreme_tunes(statistics)


def _measuring(model_key: str, temperature: float) -> Job[TuneStatistics | CorpusMissing]:
    try:
        return (yield from tune_statistics(session.lab().models, model_key, N, SEED, temperature))
    except CorpusMissing as missing:
        return missing


def _corpus(model_key: str) -> str:
    """The tunes that a model learned from."""
    if "@" in model_key:
        return session.lab().store.run(model_key.partition("@")[0]).config.corpus
    return str(load_shipped(model_key).card.config["corpus"])


def _title(model_key: str) -> str:
    if "@" in model_key:
        return session.lab().store.run(model_key.partition("@")[0]).name
    return load_shipped(model_key).card.title


def _pictures(statistics: TuneStatistics, temperature: float) -> None:
    n_new, n_real = len(statistics.tokens), len(statistics.real)
    notes = _histogram(statistics, "pitch_classes")
    steps = _histogram(statistics, "intervals")
    html.quiet(
        _("{who} at temperature {t:g}, beside {corpus}").format(
            who=statistics.sampler.title, t=temperature, corpus=statistics.corpus
        )
    )
    notices(
        [
            *trait_findings(
                Means(*statistics.means["in_key"]),
                Means(*statistics.means["repeated"]),
                n_new,
                n_real,
            ),
            largest_differences(steps, step_names()),
        ]
    )
    charts([[pitch_classes(notes), intervals(steps)]], "music.made.charts", even=True)
    keys = key_rows(_names(statistics.new.keys), _names(statistics.held_out.keys))
    html.table(
        [_("key found"), _("new tunes"), _("real, held back")], keys,
        _("The keys found most, n = {new:,} and {real:,}").format(new=n_new, real=n_real),
    )  # fmt: skip
    with st.expander(_("The numbers as tables")):
        head = [_("new tunes"), _("real, held back")]
        html.table([_("note"), *head], histogram_rows(notes, NOTES), _("Share of the time"))
        html.table([_("step"), *head], histogram_rows(steps, step_names()), _("Share of steps"))


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
