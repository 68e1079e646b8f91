"""What the screens Poems, Speeches and Music draw: the samples, and the rest in tabs."""

from functools import partial

import streamlit as st

from pages.ui.common import html, navigation, session, url_state
from pages.ui.common.tabs import Tab, tabs
from pages.ui.make import model_choice, quick_train, quiz, recorded_comparison, samples
from pages.ui.make import settings as sample_settings
from pages.ui.make.corpora import download, tune_books, upload
from pages.ui.make.corpora.text_upload import TEXT
from pages.ui.make.corpora.tune_upload import TUNES
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.music import continuation, statistics
from pages.ui.make.run_follow import follow
from pages.ui.make.screen_kind import Kind
from seqgan_core.messages import _, long_text, remark
from seqgan_core.tasks.corpora.registry import sources

Models = dict[str, ModelOption]

# An address without a tab, such as an older link, opens the tab that these values belong to.
IMPLIED = {
    "continue": ("drawn", "go", "ways"),
    "statistics": ("measure", "by"),
    "train": ("run", "text", "form", "book"),
}


def page(kind: Kind) -> None:
    """Draw the whole screen."""
    st.title(_(kind.title), anchor=False)
    html.lede(remark(f"{kind.task}.lede"))
    html.style("make")
    session.lab()  # opens the library first
    models = model_choice.available(kind)
    chosen = partial(sample_settings.choose_model, kind, models)
    sections = [Tab("samples", _(kind.many).capitalize(), partial(_samples, kind, models))]
    if models:
        sections.append(Tab("quiz", _("Quiz"), lambda: quiz.draw(kind, chosen())))
    if models and kind.music:
        sections.append(Tab("continue", _("Continue"), lambda: continuation.draw(chosen())))
        sections.append(Tab("statistics", _("Statistics"), lambda: statistics.draw(chosen())))
    sections += [
        Tab("metrics", _("Metrics"), partial(recorded_comparison.comparison, kind)),
        Tab("train", _("Train"), partial(_train, kind)),
        Tab("about", _("About"), lambda: st.markdown(long_text(kind.task))),
    ]
    implied = (slug for slug, names in IMPLIED.items() if any(map(url_state.text, names)))
    tabs("tab", sections, key=f"{kind.task}-tabs", default=next(implied, ""))


def _samples(kind: Kind, models: Models) -> None:
    if models:
        samples.draw(kind, sample_settings.choose(kind, models))
        return
    html.empty(_("No model available"), remark("make.no-model"))
    navigation.link(navigation.LAB, _("Open the training lab"))


def _train(kind: Kind) -> None:
    quick_train.train(kind)
    follow(kind)
    upload.upload(kind, TUNES if kind.music else TEXT)
    if kind.music:
        tune_books.tune_books()
        return
    away = [source for source in sources(screen=kind.task) if not source.have()]
    if away:
        with st.expander(_("More corpora"), icon=":material/download:"):
            for source in away:
                download.offer(source.name, source.label, "train")
