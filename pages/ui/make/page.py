"""What the screens Poems, Speeches and Music draw: the samples, and the rest in tabs."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.ui.common import html, navigation, session, url_state
from pages.ui.common.i18n import long_text
from pages.ui.common.tabs import Tab, tabs
from pages.ui.make import (
    corpus_download,
    model_choice,
    quick_train,
    quiz,
    recorded_comparison,
    samples,
)
from pages.ui.make import settings as sample_settings
from pages.ui.make.music import continuation, statistics, tune_books
from pages.ui.make.music import upload as music_upload
from pages.ui.make.run_follow import follow
from pages.ui.make.screen_kind import Kind
from pages.ui.make.settings import Settings
from pages.ui.make.text import upload as text_upload
from seqgan_core.messages import _
from seqgan_core.tasks.corpora.registry import CORPORA

# An address without a tab, such as an older link, opens the tab that these values belong to.
IMPLIED = {
    "continue": ("drawn", "go", "ways"),
    "metrics": ("measure", "by"),
    "train": ("run", "text", "form", "book"),
}


def page(kind: Kind) -> None:
    """Draw the whole screen."""
    st.title(_(kind.title), anchor=False)
    html.lede(_(kind.lede))
    html.style("make")
    session.lab()  # before anything asks for the library
    models = model_choice.available(kind)
    settings = sample_settings.choose(kind, models) if models else None
    sections = [Tab("samples", _(kind.many).capitalize(), partial(_samples, kind, settings))]
    if settings is not None:
        sections.append(Tab("quiz", _("Quiz"), partial(quiz.draw, kind, settings)))
        if kind.music:
            sections.append(Tab("continue", _("Continue"), partial(continuation.draw, settings)))
    sections.append(Tab("metrics", _("Metrics"), partial(_metrics, kind, settings)))
    sections.append(Tab("train", _("Train"), partial(_train, kind)))
    sections.append(Tab("about", _("About"), partial(_about, kind)))
    tabs("tab", sections, key=f"{kind.task}-tabs", default=_implied())


def _implied() -> str:
    """The tab that the values in the address belong to; "" for none."""
    return next((slug for slug, names in IMPLIED.items() if any(map(url_state.text, names))), "")


def _samples(kind: Kind, settings: Settings | None) -> None:
    if settings is not None:
        samples.draw(kind, settings)
        return
    html.empty(
        _("No model available"),
        _(
            "The models that ship belong in assets/models; none is there. Train one for half a "
            "minute under Train, or longer in the training lab."
        ),
    )
    st.page_link(navigation.LAB, label=_("Open the training lab"), icon=":material/science:")


def _metrics(kind: Kind, settings: Settings | None) -> None:
    recorded_comparison.comparison(kind)
    if kind.music and settings is not None:
        statistics.draw(settings)


def _train(kind: Kind) -> None:
    quick_train.train(kind)
    follow(kind)
    if kind.music:
        music_upload.upload()
        tune_books.tune_books()
        return
    text_upload.upload(kind)
    away = [name for name in kind.corpora if not corpus_download.is_here(name)]
    if away:
        with st.expander(_("More corpora"), icon=":material/download:"):
            for name in away:
                corpus_download.offer(name, CORPORA[name].title, "train")


def _about(kind: Kind) -> None:
    st.markdown(long_text(kind.report))
