"""Speeches, and the quiz of both screens: votes with their n, their interval and their p."""

from pathlib import Path
from typing import Any

import pytest

from pages.ui.common import navigation
from pages.ui.make import quiz
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.quiz import question
from seqgan_core.insight.writing.samples import SampleRequest, draw_samples
from seqgan_core.judge.vote_statistics import summarise_votes
from seqgan_core.runs.store import Store
from seqgan_core.runs.votes import Vote, add_vote, votes
from tests.support.text_screen import (
    App,
    cards,
    components,
    opened,
    settled,
    text_of,
    words,
)
from tests.support.tiny.text_models import keep_prose


def test_sentences_are_what_the_model_writes(app: App, store: Store, text_models: Path) -> None:
    test = opened(app, navigation.SPEECHES, first="WE", n=3, colour="q")
    expected = finish(
        draw_samples(Models(store), SampleRequest("speech-seqgan", 3, 1, first="we", colour="q"))
    )
    drawn = cards(test, "speech-samples")
    assert [text_of(card).lower() for card in drawn] == [
        "".join(text).lower() for text in expected.texts
    ]
    assert all(card["lines"][0][0]["text"] == "We" for card in drawn)
    (component,) = components(test, "speech-samples")
    shown = [s["value"] for card in drawn for line in card["lines"] for s in line]
    ends = (component["scale"]["low"], component["scale"]["high"])
    assert ends == pytest.approx((min(shown), max(shown)), abs=5e-4)  # not of what pads
    values = [sign["value"] for line in drawn[0]["lines"] for sign in line]
    assert expected.values is not None
    assert values == expected.values[0, : len(values)].tolist()
    keys = {widget.key for widget in [*test.toggle, *test.segmented_control]}
    assert "speech-pinyin" not in keys  # nothing of verse
    assert "speech-direction" not in keys
    assert not test.error


def test_english_verse_is_written_on_poems(app: App, store: Store, text_models: Path) -> None:
    """Its lines are words, so it is trained as running text; a reader looks for it under Poems."""
    from pages.ui.make.screen_kind import POEMS, SPEECHES
    from tests.support.tiny.text_models import config_for

    config = config_for(keep_prose()).model_copy(update={"corpus": "english-verse"})
    assert POEMS.has(config)
    assert not SPEECHES.has(config)
    assert SPEECHES.has(config_for(keep_prose()))


def vote(session: str, number: int, *, right: bool, model: str = "poems-seqgan") -> Vote:
    return Vote("poems", number, model, ("a", "b"), 0 if right else 1, 0, session)


def test_the_quiz_shows_a_real_poem_and_a_models(app: App, store: Store, text_models: Path) -> None:
    test = opened(app, navigation.POEMS, tab="quiz")
    (pair,) = components(test, "poems-quiz")
    session = test.session_state["quiz-session"]
    expected = finish(question(Models(store), "poems-seqgan", session, 1))
    assert [text_of(card) for card in pair["cards"]] == ["".join(text) for text in expected.texts]
    assert pair["action"] == "This one is real"
    assert [card["title"] for card in pair["cards"]] == ["First", "Second"]  # no word of who
    assert "No votes yet (n = 0)" in words(test)


def test_an_answer_is_shown_and_the_next_pair_differs(
    app: App, store: Store, text_models: Path
) -> None:
    test = opened(app, navigation.POEMS, tab="quiz")
    session = test.session_state["quiz-session"]
    expected = finish(question(Models(store), "poems-seqgan", session, 1))
    test.session_state["quiz-chosen"] = {("poems-seqgan", 1): expected.real}
    test.run()
    (pair,) = components(test, "poems-quiz")
    assert "real · your choice" in pair["cards"][expected.real]["title"]
    assert "Small poems, SeqGAN" in pair["cards"][1 - expected.real]["title"]
    assert pair["action"] == ""
    assert "✓ Right: that one is real." in words(test)
    test.button(key="poems-quiz-next").click().run()
    settled(test)
    second = finish(question(Models(store), "poems-seqgan", session, 2))
    (pair,) = components(test, "poems-quiz")
    assert [text_of(card) for card in pair["cards"]] == ["".join(text) for text in second.texts]


def test_the_result_has_n_an_interval_and_p(app: App, store: Store, text_models: Path) -> None:
    for number in range(9):
        add_vote(store, vote("one", number, right=number != 4))
    add_vote(store, vote("two", 0, right=True, model="poems-mle"))
    summary = summarise_votes(record.vote for record in votes(store, quiz="poems"))
    test = opened(app, navigation.POEMS, tab="quiz")
    shown = words(test)
    assert "Votes 10 in 2 visits" in shown
    assert f"Real one found 90% [{summary.all.low:.0%}, {summary.all.high:.0%}]" in shown
    assert f"p = {summary.all.p:.2g} exact binomial test" in shown
    assert "tell the real ones from the model's better than chance (n = 10)" in shown
    by = summary.by_model["poems-seqgan"]
    assert f"poems-seqgan 9 89% [{by.low:.0%}, {by.high:.0%}] {by.score:.2f}" in shown
    assert "poems-quiz-delete" not in {button.key for button in test.button}  # none is mine


def test_my_votes_can_be_deleted_and_others_stay(app: App, store: Store, text_models: Path) -> None:
    test = opened(app, navigation.POEMS, tab="quiz")
    add_vote(store, vote(test.session_state["quiz-session"], 1, right=True))
    add_vote(store, vote("somebody", 1, right=False))
    test.run()
    assert "No difference from guessing; n = 2 votes are too few to tell." in words(test)
    button = test.button(key="poems-quiz-delete")
    assert button.label == "Delete my votes (1)"
    button.click().run()
    assert [record.vote.session for record in votes(store)] == ["somebody"]


def test_a_vote_is_stored_once(
    store: Store, text_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pages.ui.make.model_choice import ModelOption
    from pages.ui.make.screen_kind import POEMS
    from tests.support.tiny.text_models import config_for, keep_verse

    state: dict[str, Any] = {}
    monkeypatch.setattr(quiz.st, "session_state", state)
    pair = finish(question(Models(store), "poems-seqgan", "s", 3))
    writer = ModelOption("poems-seqgan", "Small", config_for(keep_verse()))
    for side in (0, 1):
        quiz._vote(POEMS, writer, pair, 3, side)
    (record,) = votes(store)
    assert record.vote.chose == 0
    assert record.vote.human == pair.real
    assert record.vote.round_seed == pair.seed
    assert record.vote.shown[pair.real].replace("，", "").replace("。", "").replace(
        "\n", ""
    ) == "".join(pair.texts[pair.real])
