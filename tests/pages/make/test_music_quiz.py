"""Which tune is real: two sound alike, the answer is shown after the vote, votes are stored."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pages.ui.common import navigation
from pages.ui.make import quiz
from pages.ui.make.cards import Look, Piece, tune_card
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.music import quantisation_text
from pages.ui.make.screen_kind import MUSIC
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.quiz import Origin, Question, question
from seqgan_core.judge.vote_statistics import summarise_votes
from seqgan_core.runs.store import Store
from seqgan_core.runs.votes import Vote, add_vote, votes
from seqgan_core.tasks.corpora.registry import source_of
from seqgan_core.tasks.music.quantisation import Quantisation
from seqgan_core.tasks.music.tokens import melody
from tests.support.music_screen import drawn, tune_cards
from tests.support.text_screen import App, messages, opened, settled, words
from tests.support.tiny.tune_models import keep_tunes, music_config

QUIZ = "music-quiz"


def question_of(store: Store, session: str, number: int = 1) -> Question:
    return finish(question(Models(store), "music-seqgan", session, number))


def pitches(asked: Question) -> list[list[int]]:
    form = asked.sampler.config.music_form
    rows = [asked.sampler.tokens(text) for text in asked.texts]
    return [[note.pitch for note in melody(row, form).notes] for row in rows]


def heard(card: dict[str, Any]) -> list[int]:
    return [note["pitch"] for note in card["notes"]]


def vote(session: str, number: int, *, right: bool, model: str = "music-seqgan") -> Vote:
    return Vote("music", number, model, ("C4 –", "D4 –"), 0 if right else 1, 0, session)


def test_two_are_shown_and_nothing_says_which_is_which(
    app: App, store: Store, tune_models: Path
) -> None:
    test = opened(app, navigation.MUSIC, tab="quiz")
    asked = question_of(store, test.session_state["quiz-session"])
    (pair,) = drawn(test, "score_cards", QUIZ)
    assert [heard(card) for card in pair["cards"]] == pitches(asked)
    assert [card["title"] for card in pair["cards"]] == ["First", "Second"]
    assert pair["action"] == "This one is real"
    first, second = pair["cards"]
    assert first["seconds"] == second["seconds"]  # T steps at one tempo
    document = json.dumps(pair, ensure_ascii=False)
    assert asked.origin is not None
    assert asked.origin.tune not in document
    assert asked.sampler.title not in document
    assert "No votes yet (n = 0)" in words(test)


def test_after_the_vote_the_tune_has_its_title_and_its_book(
    app: App, store: Store, tune_models: Path
) -> None:
    test = opened(app, navigation.MUSIC, tab="quiz")
    session = test.session_state["quiz-session"]
    asked = question_of(store, session)
    test.session_state["quiz-chosen"] = {("music-seqgan", 1): 1 - asked.real}
    test.run()
    settled(test)
    cards = tune_cards(test, QUIZ)
    origin = asked.origin
    assert origin is not None
    assert f"real: “{origin.tune}”" in cards[asked.real]["title"]
    assert cards[asked.real]["remarks"] == [
        f"From {origin.book}",
        *quantisation_text.of_tune(origin.quantisation, asked.sampler.config.music_form),
    ]
    assert "Small tunes, SeqGAN · your choice" in cards[1 - asked.real]["title"]
    assert cards[1 - asked.real]["remarks"] == []
    assert drawn(test, "score_cards", QUIZ)[0]["action"] == ""
    assert "✕ Wrong: that one is the model's." in words(test)
    test.button(key="music-quiz-next").click().run()
    settled(test)
    second = question_of(store, session, 2)
    assert [heard(card) for card in tune_cards(test, QUIZ)] == pitches(second)


def test_a_transposed_tune_names_its_key(store: Store, tune_models: Path) -> None:
    counts = Quantisation(1, 1, 1, 20, 2, 1)
    origin = Origin("T", "B", "G major", -7, counts)
    asked = replace(question_of(store, "s"), real=0, origin=origin)
    title, notes = quiz._revealed(asked, 0, mine=True)
    assert title == "First · real: “T” · your choice"
    assert notes[0] == "From B"
    assert notes[1:3] == quantisation_text.of_tune(counts, "eighths")
    assert len(notes) == 4
    assert "key there is G major; it was transposed 7 semitones down" in notes[3]
    assert quantisation_text.of_tune(counts, "keys") == []
    assert quiz._revealed(asked, 1, mine=False) == ("Second · Small tunes, SeqGAN", [])


def test_a_vote_is_stored_once_with_the_names_of_its_tokens(
    store: Store, tune_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(quiz.st, "session_state", state)
    asked = question_of(store, "s", 3)
    writer = ModelOption("music-seqgan", "Small", music_config(keep_tunes()))
    for place in (1, 0):
        quiz._vote(MUSIC, writer, asked, 3, place)
    (record,) = votes(store)
    assert record.vote.quiz == "music"
    assert record.vote.shown == tuple(" ".join(text) for text in asked.texts)
    assert (record.vote.chose, record.vote.human) == (1, asked.real)
    assert record.vote.round_seed == asked.seed


def test_the_result_has_n_an_interval_and_p(app: App, store: Store, tune_models: Path) -> None:
    for number in range(9):
        add_vote(store, vote("one", number, right=number != 4))
    add_vote(store, vote("two", 0, right=True, model="music-mle"))
    add_vote(store, Vote("poems", 1, "poems-mle", ("a", "b"), 0, 1, "other"))  # another quiz
    summary = summarise_votes(record.vote for record in votes(store, quiz="music"))
    shown = words(opened(app, navigation.MUSIC, tab="quiz"))
    assert "Votes 10 in 2 visits" in shown
    assert f"Real one found 90% [{summary.all.low:.0%}, {summary.all.high:.0%}]" in shown
    assert f"p = {summary.all.p:.2g} exact binomial test" in shown
    assert "tell the real ones from the model's better than chance (n = 10)" in shown
    by = summary.by_model["music-seqgan"]
    assert f"music-seqgan 9 89% [{by.low:.0%}, {by.high:.0%}] {by.score:.2f}" in shown


def test_a_new_visit_sees_the_votes_of_the_one_before(
    app: App, store: Store, tune_models: Path
) -> None:
    add_vote(store, vote("before", 1, right=True))
    shown = words(opened(app, navigation.MUSIC, tab="quiz"))
    assert "Votes 1 in 1 visit" in shown
    assert "No difference from guessing; n = 1 votes are too few to tell." in shown


def test_both_sound_as_the_page_does(store: Store, tune_models: Path) -> None:
    asked = question_of(store, "s")
    look = Look(instrument="flute", bpm=90.0)
    made = [tune_card(asked.sampler, Piece("0", "t", text), look) for text in asked.texts]
    assert {(tune.instrument, tune.melody.bpm) for tune in made} == {("flute", 90.0)}


def test_without_the_real_tunes_the_quiz_asks_for_them(
    app: App, store: Store, tune_models: Path
) -> None:
    source_of(keep_tunes().name).remove()
    test = opened(app, navigation.MUSIC, tab="quiz")
    assert "The quiz shows real tunes, so the corpus must be on this machine" in messages(test)
    assert not drawn(test, "score_cards", QUIZ)
    assert not test.error
