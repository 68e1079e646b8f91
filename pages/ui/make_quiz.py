"""Which one is human? A real held-out text beside a model's, and what the votes say."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.ui import make_fetch, make_votes, pieces, service
from pages.ui.errors import told
from pages.ui.make_kind import Kind
from pages.ui.make_verses import set_text
from pages.ui.make_who import Writer
from pages.ui.text import _
from pages.ui.verse_view import Card, signs, verses
from pages.ui.waiting import result
from seqgan_core.insight.quiz import Question, question
from seqgan_core.tasks.text_corpora import PRACTICE

SIDES = (_("Left"), _("Right"))


def quiz(kind: Kind, writer: Writer) -> None:
    """Draw the quiz on this writer; its own fragment, so that a vote redraws nothing else."""
    st.header(_("Which one is human?"), anchor=False)
    kind = kind.of(verse=writer.verse)
    corpus = writer.config.corpus
    if corpus == PRACTICE:
        pieces.empty(
            _("No human wrote the practice poems"),
            _(
                "{name} learned from poems that a program composed, so there is no human one to "
                "find. Choose a writer above that learned from real ones, or train on a text of "
                "your own below."
            ).format(name=writer.title),
        )
        return
    pieces.quiet(
        _(
            "One of two {many} was written by a person and kept from training, the other by "
            "{name}. Choose the human one; the votes stay in this library, without a name."
        ).format(many=kind.many, name=writer.title)
    )
    if not make_fetch.here(corpus):
        pieces.empty(
            _("The real ones are not here yet"),
            _(
                "To show real {many} beside those of {name}, their text must be on this machine. "
                "It can be fetched above, under the new {many}."
            ).format(many=kind.many, name=writer.title),
        )
        return
    st.fragment(_quiz)(kind, writer)


@told
def _quiz(kind: Kind, writer: Writer) -> None:
    session, number = make_votes.session(), make_votes.round_of(writer.key)
    models = service.lab().models
    found: Question | None = result(
        ("quiz", writer.key, session, number),
        partial(question, models, writer.key, session, number),
        _("Drawing two"),
    )
    if found is None:
        return
    chosen = make_votes.chosen(writer.key, number)
    _pair(kind, writer, found, number, chosen)
    if chosen is not None:
        make_votes.answer(kind.task, writer.key, make_votes.HUMAN, right=chosen == found.human)
    make_votes.results(kind.task, make_votes.HUMAN)


def _pair(kind: Kind, writer: Writer, found: Question, number: int, chosen: int | None) -> None:
    cards = []
    for side, text in enumerate(found.texts):
        verse = set_text(text, found.lines, found.unit)
        title = SIDES[side]
        if chosen is not None:
            by = _("a person") if side == found.human else found.title
            title += " · " + by + (" · " + _("your choice") if side == chosen else "")
        cards.append(Card(str(side), title, signs(verse), rtl=verse.rtl, file=f"quiz-{number}"))
    verses(
        cards,
        f"make.{kind.task}.quiz",
        action=_("This one is human") if chosen is None else "",
        on_choose=lambda side: _vote(kind, writer, found, number, int(side)),
    )


@told
def _vote(kind: Kind, writer: Writer, found: Question, number: int, side: int) -> None:
    one, other = (str(set_text(text, found.lines, found.unit)) for text in found.texts)
    make_votes.choose(kind.task, writer.key, number, found.seed, (one, other), side, found.human)
