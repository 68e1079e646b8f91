"""What the screens Poems, Speeches and Music draw, from new samples down to user uploads."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.i18n import long_text
from pages.ui.make import model_choice, quick_train, sample_settings
from pages.ui.make.model_card import model_card
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.music import quick_train as music_quick_train
from pages.ui.make.music import quiz as music_quiz
from pages.ui.make.music import settings as music_settings
from pages.ui.make.music import upload as music_upload
from pages.ui.make.music.continuation.section import continuation
from pages.ui.make.music.samples import draw_tunes
from pages.ui.make.music.statistics import statistics_section
from pages.ui.make.recorded_comparison import comparison
from pages.ui.make.screen_kind import MUSIC, Kind
from pages.ui.make.text import export, quiz, samples, upload
from seqgan_core.messages import _


def page(kind: Kind) -> None:
    """Everything under the title."""
    html.style("make")
    session.lab()  # before anything asks for the library
    models = model_choice.available(kind)
    if not models:
        _no_models(kind)
    elif kind == MUSIC:
        _tunes(models)
    else:
        _text(kind, models)
    comparison(kind)
    if kind == MUSIC:
        statistics_section()
        music_upload.upload()
        music_quick_train.train()
    else:
        upload.upload(kind)
        quick_train.train(kind)
    with st.expander(_("How to read this page"), icon=":material/menu_book:"):
        st.markdown(long_text(kind.report))


def _text(kind: Kind, models: dict[str, ModelOption]) -> None:
    settings = sample_settings.choose(kind, models)
    sample_sets = samples.generate(settings.requests)
    if sample_sets is not None:
        copy_reports = samples.find_copies(sample_sets)
        samples.draw(kind, settings, sample_sets, copy_reports)
        samples.rule(settings)
        export.buttons(kind, sample_sets, copy_reports, hidden=settings.hidden)
    _model_cards(settings.models, hidden=settings.hidden)
    quiz.quiz(kind, settings.main)


def _tunes(models: dict[str, ModelOption]) -> None:
    settings = music_settings.choose(models)
    draw_tunes(settings)
    _model_cards(settings.models, hidden=settings.hidden)
    continuation(settings)
    music_quiz.quiz(settings)


def _model_cards(models: tuple[ModelOption, ...], *, hidden: bool) -> None:
    if not hidden:
        for model in models:
            model_card(model)


def _no_models(kind: Kind) -> None:
    if kind == MUSIC:
        html.empty(
            _("Nobody can compose here yet"),
            _(
                "Models ship in assets/models; none is there. Train half a minute on tunes below, "
                "or longer in the training lab, and new tunes stand here."
            ),
        )
    else:
        html.empty(
            _("Nobody can write here yet"),
            _(
                "Models ship in assets/models; none is there. Train half a minute on a text below, "
                "or longer in the training lab, and its {many} stand here."
            ).format(many=kind.many),
        )
    st.page_link(navigation.LAB, label=_("Open the training lab"), icon=":material/science:")
