"""Which tune is real: two sound alike, the answer is shown after the vote, votes are stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pages.ui.common import navigation
from pages.ui.make import votes as make_votes
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.music import quantisation_text, quiz
from pages.ui.make.music.cards.player import Playback
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.quiz import TuneQuestion, tune_question
from seqgan_core.judge.vote_statistics import summarise_votes
from seqgan_core.runs.store import Store
from seqgan_core.runs.votes import Vote, add_vote, votes
from seqgan_core.tasks.corpora.user_corpora import remove_user_tunes
from seqgan_core.tasks.music.quantisation import Quantisation
from seqgan_core.tasks.music.tokens import melody
from tests.support.music_screen import drawn, tune_cards
from tests.support.text_screen import App, messages, opened, settled, words
from tests.support.tiny.tune_models import keep_tunes, music_config

QUIZ = "make.music.quiz"


def question_of(store: Store, session: str, number: int = 1) -> TuneQuestion:
    return finish(tune_question(Models(store), "music-seqgan", session, number))


def vote(session: str, number: int, *, right: bool, model: str = "music-seqgan") -> Vote:
    return Vote("music", number, model, ("C4 –", "D4 –"), 0 if right else 1, 0, session)


def test_two_are_shown_and_nothing_says_which_is_which(
    app: App, store: Store, tune_models: Path
) -> None:
    test = opened(app, navigation.MUSIC)
    question = question_of(store, test.session_state["quiz.session"])
    (pair,) = drawn(test, "score_cards", QUIZ)
    for card, tokens in zip(pair["cards"], question.tokens, strict=True):
        pitches = [note.pitch for note in melody(tokens, question.form).notes]
        assert [note["pitch"] for note in card["notes"]] == pitches
    assert [card["title"] for card in pair["cards"]] == ["First", "Second"]
    assert pair["action"] == "This one is real"
    first, second = pair["cards"]
    assert first["seconds"] == second["seconds"]  # T steps at one tempo
    document = json.dumps(pair, ensure_ascii=False)
    assert question.tune not in document
    assert question.title not in document
    assert "No votes yet (n = 0)" in words(test)


def test_after_the_vote_the_tune_has_its_title_and_its_book(
    app: App, store: Store, tune_models: Path
) -> None:
    test = opened(app, navigation.MUSIC)
    session = test.session_state["quiz.session"]
    question = question_of(store, session)
    test.session_state["quiz.chosen"] = {("music-seqgan", 1): 1 - question.real}
    test.run()
    settled(test)
    cards = tune_cards(test, QUIZ)
    assert f"real: “{question.tune}”" in cards[question.real]["title"]
    assert cards[question.real]["remarks"] == [
        f"From: {question.book}",
        *quantisation_text.of_tune(question.quantisation, question.form),
    ]
    assert "Small tunes, SeqGAN · your choice" in cards[1 - question.real]["title"]
    assert cards[1 - question.real]["remarks"] == []
    assert drawn(test, "score_cards", QUIZ)[0]["action"] == ""
    assert "✕ No: that was the model. The other one is real." in words(test)
    test.button(key="make.music.quiz.next").click().run()
    settled(test)
    second = question_of(store, session, 2)
    seen = [[note["pitch"] for note in card["notes"]] for card in tune_cards(test, QUIZ)]
    assert seen == [[n.pitch for n in melody(row, second.form).notes] for row in second.tokens]


def test_a_tune_that_was_moved_says_from_where() -> None:
    question = TuneQuestion(
        ((41,), (42,)),
        0,
        ("C4", "D4"),
        "eighths",
        "M",
        "T",
        "B",
        "G major",
        -7,
        1,
        Quantisation(1, 1, 1, 20, 2, 1),
    )
    title, notes = quiz._revealed(question, 0, mine=True)
    assert title == "First · real: “T” · your choice"
    assert notes[0] == "From: B"
    assert "its note values are doubled here" in notes[1]
    assert "Of the whole tune's 20 notes 2 lay between two steps" in notes[2]
    assert "1 are left out" in notes[2]
    assert "in G major there, and was moved 7 semitones down" in notes[3]
    assert quantisation_text.of_tune(question.quantisation, "keys") == []
    assert quiz._revealed(question, 1, mine=False) == ("Second · M", [])


def test_a_vote_is_stored_once_with_the_names_of_its_tokens(
    store: Store, tune_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(make_votes.st, "session_state", state)
    question = question_of(store, "s", 3)
    writer = ModelOption("music-seqgan", "Small", music_config(keep_tunes()))
    for place in (1, 0):
        quiz._vote(writer, question, 3, place)
    (record,) = votes(store)
    assert record.vote.quiz == "music"
    assert record.vote.shown == question.shown
    assert (record.vote.chose, record.vote.human) == (1, question.real)
    assert record.vote.round_seed == question.seed


def test_the_result_has_n_an_interval_and_p(app: App, store: Store, tune_models: Path) -> None:
    for number in range(9):
        add_vote(store, vote("one", number, right=number != 4))
    add_vote(store, vote("two", 0, right=True, model="music-mle"))
    add_vote(store, Vote("poems", 1, "poems-mle", ("a", "b"), 0, 1, "other"))  # another quiz
    summary = summarise_votes(record.vote for record in votes(store, quiz="music"))
    shown = words(opened(app, navigation.MUSIC))
    assert "Votes 10 in 2 visits" in shown
    assert f"Real one found 90% [{summary.all.low:.0%}, {summary.all.high:.0%}]" in shown
    assert f"p = {summary.all.p:.2g} exact binomial test" in shown
    assert "tell real tunes from the model's better than by chance (n = 10)" in shown
    by = summary.by_model["music-seqgan"]
    assert f"music-seqgan 9 89% [{by.low:.0%}, {by.high:.0%}] {by.score:.2f}" in shown


def test_a_new_visit_sees_the_votes_of_the_one_before(
    app: App, store: Store, tune_models: Path
) -> None:
    add_vote(store, vote("before", 1, right=True))
    shown = words(opened(app, navigation.MUSIC))
    assert "Votes 1 in 1 visit" in shown
    assert "Guessing would do as well: n = 1" in shown
    assert "So few could hardly" in shown


def test_both_sound_as_the_page_does() -> None:
    played = Playback("flute", 90.0)
    made = [played.tune(str(k), "t", row, "eighths") for k, row in enumerate(((41, 89), (43, 45)))]
    assert {(tune.instrument, tune.melody.bpm) for tune in made} == {("flute", 90.0)}


def test_without_the_real_tunes_the_quiz_asks_for_them(
    app: App, store: Store, tune_models: Path
) -> None:
    remove_user_tunes(keep_tunes().name)
    test = opened(app, navigation.MUSIC)
    assert "To hear real tunes beside new ones" in messages(test)
    assert not drawn(test, "score_cards", QUIZ)
    assert not test.error
