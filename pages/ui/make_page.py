"""What the screens Poems and Speeches draw, from new text down to a text of one's own."""

from __future__ import annotations

import streamlit as st

from pages.ui import make_keep, make_verses, make_who, nav, pieces, service
from pages.ui.make_judged import judged
from pages.ui.make_kind import Kind
from pages.ui.make_own import own
from pages.ui.make_quiz import quiz
from pages.ui.make_rule import rule
from pages.ui.make_settings import settings
from pages.ui.make_train import train
from pages.ui.make_writer import about
from pages.ui.text import ASSETS, _, long_text


def page(kind: Kind) -> None:
    """Everything under the title."""
    st.html(ASSETS / "make.css")
    service.lab()  # before anything asks for the library
    found = make_who.writers(kind)
    if found:
        _written(kind, found)
    else:
        _nobody(kind)
    judged(kind)
    own(kind)
    train(kind)
    with st.expander(_("How to read this page"), icon=":material/menu_book:"):
        st.markdown(long_text(kind.report))


def _written(kind: Kind, found: dict[str, make_who.Writer]) -> None:
    asked = settings(kind, found)
    readings = make_verses.written(asked.wishes)
    if readings is not None:
        laid = make_verses.laid_beside(readings)
        make_verses.draw(kind, asked, readings, laid)
        rule(asked)
        make_keep.keep(kind, readings, laid, hidden=asked.hidden)
    if not asked.hidden:
        for writer in asked.writers:
            about(writer)
    quiz(kind, asked.main)


def _nobody(kind: Kind) -> None:
    pieces.empty(
        _("Nobody can write here yet"),
        _(
            "Models ship in assets/models; none is there. Train half a minute on a text below, or "
            "longer in the training lab, and its {many} stand here."
        ).format(many=kind.many),
    )
    st.page_link(nav.TRAINING_LAB, label=_("Open the training lab"), icon=":material/science:")
