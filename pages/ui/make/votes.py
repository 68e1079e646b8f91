"""Votes of a quiz: what this visit has chosen, the answer, and what all votes say together.

Each screen that asks which of two is real shows them in its own way; the rest is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from uuid import uuid4

import streamlit as st

from pages.ui.common import html
from pages.ui.common.session import lab
from seqgan_core.judge.significance import ALPHA
from seqgan_core.judge.vote_statistics import CHANCE, Tally, summarise_votes
from seqgan_core.messages import _
from seqgan_core.runs.votes import Vote, add_vote, count_votes, delete_votes_of, votes

FEW = 20  # votes, of which even a clear majority may be luck


@dataclass(frozen=True)
class QuizText:
    """What a quiz calls the one that people made.

    Attributes:
        found: label of the share of right votes; column: the same in a table's head.
        taken: label of the share of votes that took the model's for it.
        right, wrong: the answer.
        same, better, worse: what all votes say, of `n`.
    """

    found: str
    column: str
    taken: str
    right: str
    wrong: str
    same: str
    better: str
    worse: str


HUMAN = QuizText(
    found=_("Human one found"),
    column=_("human one found"),
    taken=_("taken for human"),
    right=_("✓ Right: a person wrote it."),
    wrong=_("✕ No: that was the model. A person wrote the other."),
    same=_("Guessing would do as well: n = {n} does not tell the model from people."),
    better=_("Viewers tell the person from the model better than by chance (n = {n})."),
    worse=_("Viewers take the model for the person more often than by chance (n = {n})."),
)
REAL = QuizText(
    found=_("Real one found"),
    column=_("real one found"),
    taken=_("taken for real"),
    right=_("✓ Right: that one is real."),
    wrong=_("✕ No: that was the model. The other one is real."),
    same=_("Guessing would do as well: n = {n} does not tell the model from real tunes."),
    better=_("Listeners tell real tunes from the model's better than by chance (n = {n})."),
    worse=_("Listeners take the model's for real more often than by chance (n = {n})."),
)


def session() -> str:
    """A random name for this visit; it says nothing of the person."""
    return str(st.session_state.setdefault("quiz.session", uuid4().hex))


def round_of(model: str) -> int:
    """The round that this visit has reached with a model, from 1."""
    return _numbers().get(model, 1)


def chosen(model: str, number: int) -> int | None:
    """What was chosen in a round of this visit; None before that."""
    return _chosen().get((model, number))


def choose(
    quiz: str, model: str, number: int, seed: int, shown: tuple[str, str], side: int, real: int
) -> None:
    """Keep a vote, and remember it for this visit.

    Args:
        quiz: the task of the screen.
        model: the key of the model.
        number: of the round; seed: what it was drawn by.
        shown: both as text.
        side: which of them was chosen; real: which one people made.
    """
    vote = Vote(
        quiz=quiz, round_seed=seed, model=model, shown=shown, chose=side, human=real,
        session=session(),
    )  # fmt: skip
    add_vote(lab().store, vote)
    _chosen()[model, number] = side


def answer(quiz: str, model: str, words: QuizText, *, right: bool) -> None:
    """Draw whether it was right, and the button to the next two."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"{quiz}-quiz-answer"):
        text, kind = (words.right, "good") if right else (words.wrong, "bad")
        st.html(f'<p class="answer {kind}" role="status">{escape(text)}</p>', width="content")
        st.button(
            _("Next two"), type="primary", icon=":material/arrow_forward:",
            key=f"make.{quiz}.quiz.next", on_click=_next, args=(model,),
        )  # fmt: skip


def results(quiz: str, words: QuizText) -> None:
    """Draw what all votes of a quiz say; a number never without its n."""
    store = lab().store
    records = votes(store, quiz=quiz)
    if not records:
        html.quiet(_("No votes yet (n = 0). Five or more begin to say something."))
        return
    totals = summarise_votes(record.vote for record in records)
    overall = totals.all
    visits = _("in 1 visit") if overall.sessions == 1 else _("in {n} visits")
    html.facts(
        [
            (_("Votes"), f"{overall.n}", visits.format(n=overall.sessions)),
            (words.found, f"{overall.share:.0%}",
             f"[{overall.low:.0%}, {overall.high:.0%}]"),
            (_("If by chance"), f"p = {overall.p:.2g}", _("exact binomial test against ½")),
        ]
    )  # fmt: skip
    html.quiet(_verdict(overall, words))
    with st.expander(_("By model")):
        rows = [
            [model, str(tally.n), f"{tally.share:.0%} [{tally.low:.0%}, {tally.high:.0%}]",
             f"{tally.score:.2f}", f"{tally.p_holm:.2g}"]
            for model, tally in totals.by_model.items()
        ]  # fmt: skip
        head = [_("model"), _("votes n"), words.column, words.taken, _("p (Holm)")]
        html.table(head, rows, _("Share of votes with its exact 95% interval"))
    mine = count_votes(store, quiz=quiz, session=session())
    if mine:
        st.button(
            _("Delete my votes ({n})").format(n=mine), icon=":material/delete:", type="tertiary",
            key=f"make.{quiz}.quiz.delete", on_click=_delete, args=(quiz,),
        )  # fmt: skip


def _verdict(tally: Tally, words: QuizText) -> str:
    if tally.p >= ALPHA:
        text = words.same
        if tally.n < FEW:
            text += " " + _("So few could hardly.")
    else:
        text = words.better if tally.share > CHANCE else words.worse
    return text.format(n=tally.n)


def _delete(quiz: str) -> None:
    delete_votes_of(lab().store, session(), quiz=quiz)


def _next(model: str) -> None:
    _numbers()[model] = round_of(model) + 1


def _numbers() -> dict[str, int]:
    """The round that this visit has reached, by model."""
    numbers: dict[str, int] = st.session_state.setdefault("quiz.numbers", {})
    return numbers


def _chosen() -> dict[tuple[str, int], int]:
    """What was chosen in each round of this visit."""
    choices: dict[tuple[str, int], int] = st.session_state.setdefault("quiz.chosen", {})
    return choices
