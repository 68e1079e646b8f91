"""The discriminator's screen: what it shows of a real run, its edits, and what goes wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation
from seqgan_core.figures.discriminator.findings import difference, side
from seqgan_core.figures.style import signed
from seqgan_core.insight.discriminator.attribution import Attribution, alternatives, attribute
from seqgan_core.insight.discriminator.calibration import accuracy, calibration
from seqgan_core.insight.discriminator.filters import filter_ranking_at
from seqgan_core.insight.discriminator.scores import scan, score_history, scores
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models, steps_of
from seqgan_core.runs.bundle import import_bundle
from seqgan_core.runs.store import Store
from seqgan_core.training.evaluation import followed_sequences
from tests.support.screen import (
    address_values,
    all_text,
    button,
    figures,
    opened,
    settled,
    tables,
    text,
)

App = Callable[..., AppTest]
PAGE = navigation.DISCRIMINATOR


@pytest.fixture
def run(store: Store, small_runs: dict[str, Path]) -> str:
    """A real run of SeqGAN, in the library of the app under test."""
    return import_bundle(store, small_runs["seqgan"])


def newest(run_id: str) -> int:
    return max(steps_of(Store(), run_id))


def read_here(run_id: str, step: int, tokens: list[int]) -> Attribution:
    D = Models(Store()).at(run_id, step).discriminator
    assert D is not None
    return finish(attribute(D, tokens))


def first_followed(run_id: str, step: int) -> list[int]:
    return list(followed_sequences(Models(Store()).at(run_id, step)).tolist()[0])


def select(test: AppTest, label: str) -> object:
    return next(box for box in test.selectbox if box.label.startswith(label))


# -- what D reads ---------------------------------------------------------------------------------


def test_the_strongest_phrase_is_worked_out_with_its_numbers(app: App, run: str) -> None:
    test = settled(app(PAGE, run=run))
    assert not test.error
    step = newest(run)
    reading = read_here(run, step, first_followed(run, step))
    top = reading.brackets[0]
    shown = all_text(test)
    assert f"{reading.score:.4f}" in shown
    assert f"{top.without:.4f}" in shown
    assert f"= {signed(difference(reading.score, top.without), 4)}" in text(test)
    assert f"{reading.n_silent} of {reading.n_filters} filters are inactive" in shown
    assert address_values(test, "run") == [run]
    assert address_values(test, "step") == [str(step)]


def test_the_address_chooses_sequence_and_phrase(app: App, run: str) -> None:
    step = newest(run)
    real = Models(Store()).task(run).test_data()[1].tolist()
    reading = read_here(run, step, real)
    second = reading.brackets[1]
    where = f"{second.start + 1}.{second.width}"
    test = settled(app(PAGE, run=run, seq="real.2", bracket=where, at="3"))
    assert select(test, "Sequence").value == "real.2"
    assert f"{second.without:.4f}" in all_text(test)
    assert select(test, "Token at position 3").value == real[2]
    table = next(part for part in tables(test) if "All " in part)
    for bracket in reading.brackets:
        assert f"{bracket.without:.4f}" in table


def test_a_changed_token_moves_d_and_can_be_undone(app: App, run: str) -> None:
    test = settled(app(PAGE, run=run, seq="followed.1", at="2"))
    step = newest(run)
    start = first_followed(run, step)
    replacement = (start[1] + 1) % 12
    changed = [start[0], replacement, *start[2:]]
    select(test, "Token at position 2").set_value(replacement).run()
    settled(test)
    before, after = read_here(run, step, start), read_here(run, step, changed)
    assert address_values(test, "tokens") == [",".join(map(str, changed))]
    assert address_values(test, "was") == [",".join(map(str, start))]
    assert select(test, "Sequence").value == "own"
    assert f"D(Y) = {before.score:.4f} → {after.score:.4f}" in text(test)
    assert signed(difference(after.score, before.score), 4) in text(test)
    assert f"Replacing “{start[1]}” by “{replacement}” moved D" in text(test)

    select(test, "Token at position 2").set_value((start[1] + 2) % 12).run()
    button(test, "Undo").click().run()
    assert address_values(test, "tokens") == [",".join(map(str, changed))]
    button(test, "Undo").click().run()
    assert address_values(test, "tokens") == [",".join(map(str, start))]
    settled(test)
    assert f"D(Y) = {before.score:.4f}" in text(test)
    assert button(test, "Undo").disabled  # nothing is left to take back


def test_the_best_token_is_one_click_away(app: App, run: str) -> None:
    test = settled(app(PAGE, run=run, seq="followed.1", at="4"))
    step = newest(run)
    start = first_followed(run, step)
    every = finish(alternatives(Models(Store()), run, step, start, 3))
    best = max((token for token in range(12) if token != start[3]), key=lambda v: every[v])
    worst = min((token for token in range(12) if token != start[3]), key=lambda v: every[v])
    shown = [node.label for node in test.button if node.label.startswith("**")]
    assert shown[0].startswith(f"**{best}**")
    assert any(label.startswith(f"**{worst}**") for label in shown)
    next(node for node in test.button if node.label == shown[0]).click().run()
    settled(test)
    assert address_values(test, "tokens")[0].split(",")[3] == str(best)
    assert f"→ {every[best]:.4f}" in text(test)
    button(test, "Reset").click().run()
    assert address_values(test, "tokens") == [",".join(map(str, start))]


def test_an_edited_sequence_stays_when_the_checkpoint_moves(app: App, run: str) -> None:
    tokens, was = "1,2,3,4,5,6", "1,2,3,4,5,0"
    for step in sorted(steps_of(Store(), run))[-2:]:
        test = settled(app(PAGE, run=run, step=str(step), tokens=tokens, was=was))
        now, then = (
            read_here(run, step, list(map(int, text.split(",")))) for text in (tokens, was)
        )
        assert f"D(Y) = {then.score:.4f} → {now.score:.4f}" in text(test)
    button(test, "Undo").click().run()  # a link knows no steps: all of it is taken back
    assert address_values(test, "tokens") == [was]


def test_another_sequence_ends_the_edit(app: App, run: str) -> None:
    test = settled(app(PAGE, run=run, tokens="1,2,3,4,5,6", was="1,2,3,4,5,0"))
    select(test, "Sequence").set_value("followed.3").run()
    assert address_values(test, "seq") == ["followed.3"]
    assert "tokens" not in test.query_params
    select(test, "Sequence").set_value("own").run()
    assert "seq" not in test.query_params
    assert address_values(test, "tokens") == address_values(test, "was")


@pytest.mark.parametrize("tokens", ["1,2,3", "1,2,3,4,5,12", "a,b,c,d,e,f", "1,2,3,4,5,-1"])
def test_a_sequence_that_does_not_fit_is_named(app: App, run: str, tokens: str) -> None:
    test = settled(app(PAGE, run=run, tokens=tokens, at="99", bracket="77.7", show="no", seq="x"))
    assert "does not fit this run" in test.warning[0].value
    assert "6 tokens from 0 to 11" in test.warning[0].value
    assert select(test, "Sequence").value == "followed.1"
    assert not test.error
    assert "tokens" not in test.query_params


def test_how_many_phrases_are_drawn_stands_in_the_address(app: App, run: str) -> None:
    test = settled(app(PAGE, run=run, show="5"))
    reading = read_here(run, newest(run), first_followed(run, newest(run)))
    assert "not drawn; the table below" in all_text(test)
    select(test, "Phrases shown").set_value("all").run()
    assert address_values(test, "show") == ["all"]
    drawn = sum(
        side(difference(reading.score, bracket.without)) != "none" for bracket in reading.brackets
    )
    left = len(reading.brackets) - drawn
    assert (f"{left} weaker" in all_text(test)) == (left > 0)


# -- runs that have nothing to read ---------------------------------------------------------------


def test_a_run_without_d_says_what_to_choose(
    app: App, store: Store, small_runs: dict[str, Path]
) -> None:
    test = app(PAGE, run=import_bundle(store, small_runs["mle"]))
    assert not test.exception
    assert "This run has no discriminator" in all_text(test)
    assert "Its method, MLE, trains without one" in all_text(test)


def test_an_untrained_d_is_shown_as_untrained(app: App, run: str) -> None:
    test = settled(app(PAGE, run=run, step="0"))
    assert "has not been trained at this checkpoint" in test.info[0].value
    assert "has the largest effect" in all_text(test)
    test = settled(app(PAGE, run=run, step="0", view="training"))
    assert "has not been trained at this checkpoint" in test.info[0].value
    assert "D has not been trained on anything here" in all_text(test)


def test_a_damaged_checkpoint_becomes_a_sentence(app: App, run: str) -> None:
    store, step = Store(), newest(run)
    (store.home / "checkpoints" / run / f"{step:09d}.safetensors").write_bytes(b"torn")
    test = settled(app(PAGE, run=run, step=str(step)))
    assert "damaged" in test.error[0].value
    assert "Traceback" not in all_text(test)
    others = settled(app(PAGE, run=run, step=str(sorted(steps_of(store, run))[-2])))
    assert not others.error

    over = settled(app(PAGE, run=run, step=str(sorted(steps_of(store, run))[-2]), view="training"))
    assert not over.error
    assert f"The checkpoint at step {step} is left out" in over.warning[0].value
    assert "discriminator-history" in figures(over)


# -- many sequences -------------------------------------------------------------------------------


def test_the_filters_are_those_measured(app: App, run: str) -> None:
    test = settled(app(PAGE, run=run, view="filters", n="200", seed="4"))
    ranking = finish(filter_ranking_at(Models(Store()), run, newest(run), 4, 200))
    assert ranking.n == 64  # no more than there is
    table = " ".join(tables(opened(test, "discriminator-filters")))
    for feature in ranking.filters:
        assert f"{100 * feature.strength.value:.2f} ± {100 * feature.strength.half:.2f}" in table
        for phrase in (*feature.loudest, *feature.commonest):
            assert f"{feature.number}: {' '.join(map(str, phrase.tokens))}" in table
    assert f"strongest of {ranking.n_filters} filters" in all_text(test)
    assert address_values(test, "seed") == ["4"]
    test.number_input(key="discriminator-seed").set_value(5).run()
    assert address_values(test, "seed") == ["5"]


def test_through_training_shows_every_checkpoint_of_a_trained_d(app: App, run: str) -> None:
    test = settled(app(PAGE, run=run, view="training", n="200", seed="3"))
    store, step = Store(), newest(run)
    task = Models(store).task(run)
    expected = finish(scores(store, run, step, task, 3, 200))
    right, judged = (
        accuracy(expected.held_out, expected.fake),
        calibration(expected.held_out, expected.fake),
    )
    shown = all_text(test)
    assert f"{100 * right.value:.1f}%" in shown
    assert f"{100 * right.low:.1f} – {100 * right.high:.1f}%" in text(test)
    assert f"{judged.brier:.3f}" in shown
    assert f"n = {judged.n}" in shown
    history = score_history(
        finish(scan(store, run, list(steps_of(store, run)), task, 3, 200)).scores.values()
    )
    assert len(history) == 4
    table = " ".join(tables(opened(test, "discriminator-history")))
    for row in history:
        assert row.seen is not None
        assert f"{row.real.quantiles[1]:.4f}" in table
        assert f"{100 * row.seen.value:.1f}%" in table


def test_the_view_stands_in_the_address(app: App, run: str) -> None:
    test = settled(app(PAGE, run=run))
    test.session_state["discriminator-view"] = "Filters"
    test.run()
    assert address_values(test, "view") == ["filters"]
    odd = settled(app(PAGE, run=run, view="nonsense"))
    assert not odd.error
    assert "has the largest effect" in all_text(odd)
