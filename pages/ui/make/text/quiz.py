"""Which one is human? A real held-out text beside a model's, and what the votes say."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.ui.common import html
from pages.ui.common.background_job import result
from pages.ui.common.errors import show_errors
from pages.ui.common.session import lab
from pages.ui.make import corpus_download, votes
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.screen_kind import Kind
from pages.ui.make.text.samples import set_text
from pages.ui.make.text.verse_cards import Card, signs, verses
from seqgan_core.insight.writing.quiz import Question, question
from seqgan_core.messages import _
from seqgan_core.tasks.corpora.text_entries import PRACTICE

SIDES = (_("Left"), _("Right"))


def quiz(kind: Kind, model: ModelOption) -> None:
    """Draw the quiz on this model; its own fragment, so that a vote redraws nothing else."""
    st.header(_("Which one is human?"), anchor=False)
    kind = kind.of(verse=model.verse)
    corpus = model.config.corpus
    if corpus == PRACTICE:
        html.empty(
            _("No human wrote the practice poems"),
            _(
                "{name} learned from poems that a program composed, so there is no human one to "
                "find. Choose a writer above that learned from real ones, or train on a text of "
                "your own below."
            ).format(name=model.title),
        )
        return
    html.quiet(
        _(
            "One of two {many} was written by a person and kept from training, the other by "
            "{name}. Choose the human one; the votes stay in this library, without a name."
        ).format(many=kind.many, name=model.title)
    )
    if not corpus_download.is_here(corpus):
        html.empty(
            _("The real ones are not here yet"),
            _(
                "To show real {many} beside those of {name}, their text must be on this machine. "
                "It can be fetched above, under the new {many}."
            ).format(many=kind.many, name=model.title),
        )
        return
    st.fragment(_quiz)(kind, model)


@show_errors()
def _quiz(kind: Kind, model: ModelOption) -> None:
    session, number = votes.session(), votes.round_of(model.key)
    models = lab().models
    pair: Question | None = result(
        ("quiz", model.key, session, number),
        partial(question, models, model.key, session, number),
        _("Drawing two"),
    )
    if pair is None:
        return
    chosen = votes.chosen(model.key, number)
    _pair(kind, model, pair, number, chosen)
    if chosen is not None:
        votes.answer(kind.task, model.key, votes.HUMAN, right=chosen == pair.human)
    votes.results(kind.task, votes.HUMAN)


def _pair(kind: Kind, model: ModelOption, pair: Question, number: int, chosen: int | None) -> None:
    cards = []
    for side, text in enumerate(pair.texts):
        verse = set_text(text, pair.lines, pair.unit)
        title = SIDES[side]
        if chosen is not None:
            by = _("a person") if side == pair.human else pair.title
            title += " · " + by + (" · " + _("your choice") if side == chosen else "")
        cards.append(Card(str(side), title, signs(verse), rtl=verse.rtl, file=f"quiz-{number}"))
    verses(
        cards,
        f"make.{kind.task}.quiz",
        action=_("This one is human") if chosen is None else "",
        on_choose=lambda side: _vote(kind, model, pair, number, int(side)),
    )


@show_errors()
def _vote(kind: Kind, model: ModelOption, pair: Question, number: int, side: int) -> None:
    left, right = (str(set_text(text, pair.lines, pair.unit)) for text in pair.texts)
    votes.choose(kind.task, model.key, number, pair.seed, (left, right), side, pair.human)
