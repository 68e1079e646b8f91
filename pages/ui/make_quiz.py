"""Which one is human? A real held-out text beside a model's, and what the votes say."""

from __future__ import annotations

from functools import partial
from html import escape
from uuid import uuid4

import streamlit as st

from pages.ui import make_fetch, pieces, service
from pages.ui.errors import told
from pages.ui.make_kind import Kind
from pages.ui.make_verses import set_text
from pages.ui.make_who import Writer
from pages.ui.text import _
from pages.ui.verse_view import Card, signs, verses
from pages.ui.waiting import result
from seqgan_core.insight.quiz import Question, question
from seqgan_core.judge import votes as judged
from seqgan_core.judge.significance import ALPHA
from seqgan_core.runs.votes import Vote, add_vote, count_votes, delete_votes_of, votes
from seqgan_core.tasks.corpora import PRACTICE

SIDES = (_("Left"), _("Right"))
FEW = 20  # votes, of which even a clear majority may be luck


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
    session, number = _session(), _numbers().get(writer.key, 1)
    models = service.lab().models
    found: Question | None = result(
        ("quiz", writer.key, session, number),
        partial(question, models, writer.key, session, number),
        _("Drawing two"),
    )
    if found is None:
        return
    chosen = _chosen().get((writer.key, number))
    _pair(kind, writer, found, number, chosen)
    if chosen is not None:
        _answer(kind, writer, chosen == found.human)
    _results(kind, session)


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
    shown = tuple(str(set_text(text, found.lines, found.unit)) for text in found.texts)
    vote = Vote(
        quiz=kind.task, round_seed=found.seed, model=writer.key, shown=(shown[0], shown[1]),
        chose=side, human=found.human, session=_session(),
    )  # fmt: skip
    add_vote(service.lab().store, vote)
    _chosen()[writer.key, number] = side


def _answer(kind: Kind, writer: Writer, right: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="quiz-answer"):
        words = (
            _("✓ Right: a person wrote it.")
            if right
            else _("✕ No: that was the model. A person wrote the other.")
        )
        kind_of = "good" if right else "bad"
        st.html(f'<p class="answer {kind_of}" role="status">{escape(words)}</p>')
        st.button(
            _("Next two"), type="primary", icon=":material/arrow_forward:",
            key=f"make.{kind.task}.quiz.next", on_click=_next, args=(writer,),
        )  # fmt: skip


def _results(kind: Kind, session: str) -> None:
    """What all votes of this quiz say; a number never without its n."""
    store = service.lab().store
    records = votes(store, quiz=kind.task)
    if not records:
        pieces.quiet(_("No votes yet (n = 0). Five or more begin to say something."))
        return
    found = judged.result(record.vote for record in records)
    everything = found.all
    pieces.facts(
        [
            (_("Votes"), f"{everything.n}", _("visits: {n}").format(n=everything.sessions)),
            (_("Human one found"), f"{everything.share:.0%}",
             f"[{everything.low:.0%}, {everything.high:.0%}]"),
            (_("If by chance"), f"p = {everything.p:.2g}", _("exact binomial test against ½")),
        ]
    )  # fmt: skip
    pieces.quiet(_verdict(everything))
    with st.expander(_("By model")):
        rows = [
            [model, str(tally.n), f"{tally.share:.0%} [{tally.low:.0%}, {tally.high:.0%}]",
             f"{tally.score:.2f}", f"{tally.p_holm:.2g}"]
            for model, tally in found.by_model.items()
        ]  # fmt: skip
        head = [_("model"), _("votes n"), _("human one found"), _("taken for human"), _("p (Holm)")]
        pieces.table(head, rows, _("Share of votes with its exact 95% interval"))
    mine = count_votes(store, quiz=kind.task, session=session)
    if mine:
        st.button(
            _("Delete my votes ({n})").format(n=mine), icon=":material/delete:", type="tertiary",
            key=f"make.{kind.task}.quiz.delete", on_click=_delete, args=(kind,),
        )  # fmt: skip


def _verdict(found: judged.Tally) -> str:
    if found.p >= ALPHA:
        words = _("Guessing would do as well: n = {n} does not tell the model from people.")
        if found.n < FEW:
            words += " " + _("So few could hardly.")
        return words.format(n=found.n)
    if found.share > judged.CHANCE:
        words = _("Viewers tell the person from the model better than by chance (n = {n}).")
    else:
        words = _("Viewers take the model for the person more often than by chance (n = {n}).")
    return words.format(n=found.n)


def _delete(kind: Kind) -> None:
    delete_votes_of(service.lab().store, _session(), quiz=kind.task)


def _next(writer: Writer) -> None:
    _numbers()[writer.key] = _numbers().get(writer.key, 1) + 1


def _session() -> str:
    """A random name for this visit; it says nothing of the person."""
    return str(st.session_state.setdefault("quiz.session", uuid4().hex))


def _numbers() -> dict[str, int]:
    """The round that this visit has reached, by writer."""
    found: dict[str, int] = st.session_state.setdefault("quiz.numbers", {})
    return found


def _chosen() -> dict[tuple[str, int], int]:
    """What was chosen in each round of this visit."""
    found: dict[tuple[str, int], int] = st.session_state.setdefault("quiz.chosen", {})
    return found
