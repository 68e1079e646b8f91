"""What new tunes are made of, beside real ones: measured when somebody asks for it."""

from __future__ import annotations

from collections import Counter
from functools import partial

import numpy as np
import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.html import notices
from pages.ui.common.i18n import _
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
from seqgan_core.tasks.corpus import CorpusMissing
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.metrics import Picture, distance
from seqgan_core.training.model_files import load_shipped

N = 500  # new tunes that are measured
SEED = 1


def made_of() -> None:
    """Draw the door to the measurements of whoever composes above, and what lies behind it."""
    who = url_state.text("who")
    if not who:
        return
    st.subheader(_("What are they made of?"), anchor=False)
    html.quiet(
        _(
            "A score is a mean; a histogram shows what it hides. {n} new tunes of whoever composes "
            "above are held against the real tunes that were held back: which notes, which steps, "
            "which keys, how much comes again; then the best and the worst of them, to hear."
        ).format(n=N)
    )
    asked = st.toggle(
        _("Measure {n} new tunes").format(n=N),
        url_state.text("measure") == "1",
        key="music.measure",
    )
    url_state.put(measure=1 if asked else None)
    if asked:
        _measured(who)


def _measured(who: str) -> None:
    temperature = sample_settings.decimal(
        "t", 1.0, sample_settings.COOLEST, sample_settings.HOTTEST
    )
    found: TuneStatistics | CorpusMissing | None = result(
        ("tunes measured", who, temperature), partial(_measuring, who, temperature),
        _("Composing and measuring {n} tunes").format(n=N),
    )  # fmt: skip
    if isinstance(found, CorpusMissing):
        why = _("To measure tunes, the real ones that {who} learned from are needed.")
        corpus_download.fetch(_corpus(who), why.format(who=_title(who)), "measured")
    elif found is not None:
        _pictures(found, temperature)
        extreme_tunes(found)


def _measuring(who: str, temperature: float) -> Job[TuneStatistics | CorpusMissing]:
    try:
        return (yield from tune_statistics(session.lab().models, who, N, SEED, temperature))
    except CorpusMissing as missing:
        return missing


def _corpus(who: str) -> str:
    """The tunes that a writer learned from."""
    if "@" in who:
        return session.lab().store.run(who.partition("@")[0]).config.corpus
    return str(load_shipped(who).card.config["corpus"])


def _title(who: str) -> str:
    if "@" in who:
        return session.lab().store.run(who.partition("@")[0]).name
    return load_shipped(who).card.title


def _pictures(found: TuneStatistics, temperature: float) -> None:
    n_new, n_real = len(found.tokens), len(found.real)
    notes = _histogram(found, "pitch_classes")
    steps = _histogram(found, "intervals")
    html.quiet(
        _("{who} at temperature {t:g}, beside {corpus}").format(
            who=found.sampler.title, t=temperature, corpus=found.corpus
        )
    )
    notices(
        [
            *trait_findings(
                Means(*found.means["in_key"]), Means(*found.means["repeated"]), n_new, n_real
            ),
            largest_differences(steps, step_names()),
        ]
    )
    charts([[pitch_classes(notes), intervals(steps)]], "music.made.charts", even=True)
    keys = key_rows(_names(found.new.keys), _names(found.held_out.keys))
    html.table(
        [_("key found"), _("new tunes"), _("real, held back")], keys,
        _("The keys found most, n = {new:,} and {real:,}").format(new=n_new, real=n_real),
    )  # fmt: skip
    with st.expander(_("The numbers as tables")):
        head = [_("new tunes"), _("real, held back")]
        html.table([_("note"), *head], histogram_rows(notes, NOTES), _("Share of the time"))
        html.table([_("step"), *head], histogram_rows(steps, step_names()), _("Share of steps"))


def _histogram(found: TuneStatistics, what: str) -> Histogram:
    def shares(of: Picture) -> np.ndarray:
        values: np.ndarray = getattr(of, what)
        return values

    new, real = shares(found.new), shares(found.held_out)
    natural = None if found.training is None else distance(shares(found.training), real)
    return Histogram(
        new, real, distance(new, real), natural, len(found.tokens), len(found.real)
    )  # fmt: skip


def _names(keys: tuple[Key, ...]) -> Counter[str]:
    return Counter(key.name for key in keys)
