"""Which one is real? A held-out sequence or a model's; the votes, and their statistics."""

from functools import partial
from uuid import uuid4

import streamlit as st

from pages.ui.common import html
from pages.ui.common.background_job import of_models
from pages.ui.common.buttons import button
from pages.ui.common.errors import show_errors
from pages.ui.common.i18n import escape
from pages.ui.common.session import lab
from pages.ui.make import cards, model_choice
from pages.ui.make.cards import Look, Piece
from pages.ui.make.corpora import download as corpus_download
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.music import quantisation_text
from pages.ui.make.screen_kind import Kind
from pages.ui.make.settings import Settings
from seqgan_core.insight.writing.quiz import Origin, Question, question
from seqgan_core.judge.significance import ALPHA
from seqgan_core.judge.vote_statistics import CHANCE, Tally, summarise_votes
from seqgan_core.messages import N_, _, ngettext, remark
from seqgan_core.runs.votes import Vote, add_vote, delete_votes, votes
from seqgan_core.tasks.practice.corpus import NAME as PRACTICE

FEW = 20  # votes, of which even a clear majority may be luck
PLACES = (N_("First"), N_("Second"))


def draw(kind: Kind, settings: Settings) -> None:
    """Draw the quiz on the main model; a fragment of its own, so that a vote redraws only it."""
    model, kind = settings.main, kind.of(verse=settings.main.verse)
    about = "practice" if model.config.corpus == PRACTICE else kind.data
    html.quiet(remark(f"make.quiz-{about}", name=model.title, **kind.words))
    if corpus_download.is_here(model.config.corpus):
        st.fragment(_quiz)(kind, model, settings.look)
        return
    why = _("The quiz shows real {many}, so the corpus must be on this machine.")
    corpus_download.offer(model.config.corpus, why.format(**kind.words), "quiz")
    if kind.task == "poems":
        html.quiet(remark("make.quiz-download"))
        train = partial(model_choice.open_tab, kind.task, "train", text=PRACTICE)
        label, key = _("Train on the practice poems"), f"{kind.task}-quiz-practice"
        button(label, "model_training", key, train)


@show_errors()
def _quiz(kind: Kind, model: ModelOption, look: Look) -> None:
    number = _numbers().get(model.key, 1)
    pair = of_models(_("Drawing a pair"), question, model.key, _session(), number)
    if pair is None:
        return
    chosen = _chosen().get((model.key, number))
    pieces = [_piece(pair, place, chosen, number) for place in (0, 1)]
    cards.draw(
        pair.sampler, pieces, f"{kind.task}-quiz", look,
        action=_("This one is real") if chosen is None else "",
        on_choose=lambda place: _vote(kind, model, pair, number, int(place)),
    )  # fmt: skip
    if chosen is not None:
        _answer(kind, model, right=chosen == pair.real)
    _results(kind)


def _piece(pair: Question, place: int, chosen: int | None, number: int) -> Piece:
    # The same key signature for both, or it would give the real one away.
    fifths = 0 if pair.sampler.config.transpose else None
    title, notes = _(PLACES[place]), []
    if chosen is not None:
        title, notes = _revealed(pair, place, mine=place == chosen)
    return Piece(str(place), title, pair.texts[place], notes, fifths=fifths, file=f"quiz-{number}")


def _revealed(pair: Question, place: int, *, mine: bool) -> tuple[str, list[str]]:
    """The title of a card after the vote, and what stands under a real tune."""
    origin, notes = pair.origin, []
    by = pair.sampler.title
    if place == pair.real:
        by = _("real") if origin is None else _("real: “{tune}”").format(tune=origin.tune)
        notes = [] if origin is None else _origin_notes(origin, pair)
    parts = [_(PLACES[place]), by, *([_("your choice")] if mine else [])]
    return " · ".join(parts), notes


def _origin_notes(origin: Origin, pair: Question) -> list[str]:
    notes = [
        _("From {book}").format(book=origin.book),
        *quantisation_text.of_tune(origin.quantisation, pair.sampler.config.music_form),
    ]
    if origin.moved:
        key = "make.transposed-up" if origin.moved > 0 else "make.transposed-down"
        notes.append(remark(key, key=origin.key, n=abs(origin.moved)))
    return notes


@show_errors()
def _vote(kind: Kind, model: ModelOption, pair: Question, number: int, place: int) -> None:
    shown = tuple(
        " ".join(words) if pair.sampler.unit == "notes" else str(pair.sampler.verse(words))
        for words in pair.texts
    )
    vote = Vote(
        quiz=kind.task, round_seed=pair.seed, model=model.key, shown=(shown[0], shown[1]),
        chose=place, human=pair.real, session=_session(),
    )  # fmt: skip
    add_vote(lab().store, vote)
    _chosen()[model.key, number] = place


def _answer(kind: Kind, model: ModelOption, *, right: bool) -> None:
    """Whether the vote was right, and the button to the next pair."""
    with st.container(horizontal=True, vertical_alignment="center", key="make-quiz-answer"):
        text = _("✓ Right: that one is real.") if right else _("✕ Wrong: that one is the model's.")
        mark = "good" if right else "bad"
        answer = f'<p class="answer {mark}" role="status">{escape(text)}</p>'
        st.html(answer, width="content")
        numbers, key = _numbers(), f"{kind.task}-quiz-next"
        following = partial(numbers.update, {model.key: numbers.get(model.key, 1) + 1})
        button(_("Next pair"), "arrow_forward", key, following, type="primary")


def _results(kind: Kind) -> None:
    """What all votes of this quiz say; a number never without its n."""
    store, quiz = lab().store, kind.task
    records = votes(store, quiz=quiz)
    if not records:
        html.quiet(_("No votes yet (n = 0). Fewer than five say little."))
        return
    totals = summarise_votes(record.vote for record in records)
    overall = totals.all
    html.facts(
        (_("Votes"), f"{overall.n}",
         ngettext("in {n} visit", "in {n} visits", overall.sessions)),
        (_("Real one found"), f"{overall.share:.0%}",
         f"[{overall.low:.0%}, {overall.high:.0%}]"),
        (_("Against chance"), f"p = {overall.p:.2g}", _("exact binomial test against ½")),
    )  # fmt: skip
    html.quiet(_verdict(overall))
    with st.expander(_("By model")):
        rows = [
            [model, str(tally.n), f"{tally.share:.0%} [{tally.low:.0%}, {tally.high:.0%}]",
             f"{tally.score:.2f}", f"{tally.p_holm:.2g}"]
            for model, tally in totals.by_model.items()
        ]  # fmt: skip
        head = [_("model"), _("votes n"), _("real one found"), _("taken for real"), _("p (Holm)")]
        html.table(head, rows, _("Share of votes with its exact 95% interval"))
    mine = sum(record.vote.session == _session() for record in records)
    if mine:
        label, delete = _("Delete my votes ({n})"), partial(delete_votes, store, quiz=quiz)
        delete = partial(delete, session=_session())
        button(label.format(n=mine), "delete", f"{quiz}-quiz-delete", delete, type="tertiary")


def _verdict(tally: Tally) -> str:
    if tally.p < ALPHA:
        words = _("Viewers take the model's for real more often than chance (n = {n}).")
        if tally.share > CHANCE:
            words = _("Viewers tell the real ones from the model's better than chance (n = {n}).")
    elif tally.n < FEW:
        words = _("No difference from guessing; n = {n} votes are too few to tell.")
    else:
        words = _("No difference from guessing (n = {n}).")
    return words.format(n=tally.n)


def _session() -> str:
    """A random name for this visit; it says nothing of the person."""
    return str(st.session_state.setdefault("quiz-session", uuid4().hex))


def _numbers() -> dict[str, int]:
    """The round that this visit has reached, from 1, by model."""
    return st.session_state.setdefault("quiz-numbers", {})  # type: ignore[no-any-return]


def _chosen() -> dict[tuple[str, int], int]:
    """The place chosen in each round of this visit."""
    return st.session_state.setdefault("quiz-chosen", {})  # type: ignore[no-any-return]
