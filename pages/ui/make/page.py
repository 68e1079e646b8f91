"""What the screens Poems and Speeches draw, from new text down to a text of one's own."""

from __future__ import annotations

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.i18n import _, long_text
from pages.ui.make import model_choice
from pages.ui.make.model_card import about
from pages.ui.make.quick_train import train
from pages.ui.make.recorded_comparison import judged
from pages.ui.make.sample_settings import settings
from pages.ui.make.screen_kind import Kind
from pages.ui.make.text import export, samples
from pages.ui.make.text.make_rule import rule
from pages.ui.make.text.quiz import quiz
from pages.ui.make.text.upload import own


def page(kind: Kind) -> None:
    """Everything under the title."""
    html.style("make")
    session.lab()  # before anything asks for the library
    found = model_choice.writers(kind)
    if found:
        _written(kind, found)
    else:
        _nobody(kind)
    judged(kind)
    own(kind)
    train(kind)
    with st.expander(_("How to read this page"), icon=":material/menu_book:"):
        st.markdown(long_text(kind.report))


def _written(kind: Kind, found: dict[str, model_choice.Writer]) -> None:
    asked = settings(kind, found)
    readings = samples.written(asked.wishes)
    if readings is not None:
        laid = samples.laid_beside(readings)
        samples.draw(kind, asked, readings, laid)
        rule(asked)
        export.keep(kind, readings, laid, hidden=asked.hidden)
    if not asked.hidden:
        for writer in asked.writers:
            about(writer)
    quiz(kind, asked.main)


def _nobody(kind: Kind) -> None:
    html.empty(
        _("Nobody can write here yet"),
        _(
            "Models ship in assets/models; none is there. Train half a minute on a text below, or "
            "longer in the training lab, and its {many} stand here."
        ).format(many=kind.many),
    )
    st.page_link(navigation.LAB, label=_("Open the training lab"), icon=":material/science:")
