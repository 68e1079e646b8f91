"""The roll-out explorer shows what was computed, and its address opens the same view."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation
from pages.ui.rollouts import q_maps
from pages.ui.rollouts.rewards import REWARDS as REWARD_WORDS
from seqgan_core.figures.rollouts.findings import points
from seqgan_core.figures.style import signed
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models, steps_of
from seqgan_core.insight.rollouts.explore import Exploration, PolicyUpdate
from seqgan_core.insight.rollouts.view import (
    QHistory,
    View,
    explore_view,
    options_view,
    q_history,
    search_view,
    update_view,
)
from seqgan_core.runs.bundle import import_bundle
from seqgan_core.runs.store import Store
from seqgan_core.training.strategies import REWARDS
from tests.support.screen import address as address_of
from tests.support.screen import button, components, fine, html, settled, text, words
from tests.support.screen import opened as numbers

App = Callable[..., AppTest]
T = 6  # tokens a sequence of the small runs


@pytest.fixture
def run_id(store: Store, small_runs: dict[str, Path]) -> str:
    return import_bundle(store, small_runs["seqgan"])


def opened(app: App, **address: object) -> AppTest:
    """The page, once nothing on it is being computed any more."""
    link = {name: str(value) for name, value in address.items()}
    return settled(app(navigation.ROLLOUTS, **link))


def buttons(test: AppTest) -> list[list[dict[str, Any]]]:
    """The rows of token buttons, as the browser gets them."""
    (component,) = components(test, "token_rows").values()
    rows: list[list[dict[str, Any]]] = component["rows"]
    return rows


def listed(test: AppTest) -> list[tuple[str, float]]:
    """The completions of the chosen token: the sentence and its score."""
    (row,) = re.findall(r'<div class="rolled.*?</div>', html(test), re.DOTALL)
    return [
        (words(sentence).replace("\N{FIGURE SPACE}", "").strip(), float(score))
        for sentence, score in re.findall(
            r'<li><span class="words">(.*?)</span></span>.*?class="score">([\d.]+)<',
            row,
            re.DOTALL,
        )
    ]


def looked_at(store: Store, run_id: str, seed: int = 1, step: int | None = None) -> Exploration:
    """What the core computes for the page's usual view."""
    view = usual(store, run_id, seed, step)
    return finish(explore_view(Models(store), view)).explored


def usual(store: Store, run_id: str, seed: int = 1, step: int | None = None) -> View:
    newest = max(steps_of(store, run_id))
    return View(run_id, newest if step is None else step, "followed", seed, "discriminator")


def test_the_buttons_the_formula_and_the_list_say_the_same_q(
    app: App, store: Store, run_id: str
) -> None:
    """And other tokens, one update and the maps are those of the core: all of one page."""
    models, view = Models(store), usual(store, run_id)
    explored = finish(explore_view(models, view)).explored.first(5)
    place = {"run": run_id, "row": 3, "token": 2, "n": 5, "update": "yes"}
    test = fine(opened(app, **place))
    rows = buttons(test)
    the_buttons_and_the_formula(explored, rows, text(test))
    assert listed(test) == [
        (" ".join(map(str, row)), pytest.approx(score, abs=5e-6))
        for row, score in zip(explored.completions[2, 1], explored.scores[2, 1], strict=True)
    ]
    tokens = opened(app, **place, view="tokens")
    shown = text(numbers(tokens, "rollouts-tokens"))
    for choice in finish(options_view(models, view, explored.tokens[2].tolist(), 1, 5)).choices:
        assert f"{choice.q:.3f} ± {choice.std_error:.3f}" in shown
    updated = opened(app, **place, view="update")
    one_update(finish(update_view(models, view, explored)), explored, rows, text(updated))
    through = finish(q_history(models, view, list(steps_of(store, run_id)), 5))
    the_maps(through, explored, html(opened(app, **place, view="maps")))


def the_buttons_and_the_formula(
    explored: Exploration, rows: list[list[dict[str, Any]]], shown: str
) -> None:
    assert [[cell["text"] for cell in row] for row in rows] == [
        [str(token) for token in row] for row in explored.tokens
    ]
    assert [[cell["note"].split()[0] for cell in row] for row in rows] == [
        [f"{q:.3f}" for q in row] for row in explored.q
    ]
    terms = " + ".join(f"{score:.5f}" for score in explored.scores[2, 1])
    q, error = explored.q[2, 1], explored.std_error[2, 1]
    assert f"Q = ({terms}) / 5 = {q:.5f} ≈ {q:.3f}" in shown
    assert f"/ √5 = {error:.5f}" in shown
    assert f"Q {q:.3f} ± {error:.3f}, N = 5" in rows[2][1]["label"]


def one_update(
    update: PolicyUpdate, explored: Exploration, rows: list[list[dict[str, Any]]], shown: str
) -> None:
    assert f"weight {signed(update.weights[2, 1], 3)}" in shown
    before, after = update.before[2, 1], update.after[2, 1]
    assert f"{points(before, after)}, × {after / before:.3f}" in shown
    arrow = "▲" if after > before else "▼"
    assert rows[2][1]["note"] == f"{explored.q[2, 1]:.3f} {arrow}"
    assert "one update:" in rows[2][1]["label"]


def the_maps(through: QHistory, explored: Exploration, markup: str) -> None:
    """Q now, the mean at every checkpoint with a trained D, and sequence 3 at each."""
    now, mean, row = re.findall(r'<table class="heat">.*?</table>', markup, re.DOTALL)
    for q in explored.q.flatten():
        assert f"{q:.3f}" in now
    cells = re.findall(r"<b>(\d+)</b>([\d.]+)</td>", row)
    assert [(int(token), float(q)) for token, q in cells] == [
        (token, pytest.approx(q, abs=5e-4))
        for token, q in zip(through.tokens[:, 2].flatten(), through.q[:, 2].flatten(), strict=True)
    ]
    assert [float(q) for q in re.findall(r"</b>([\d.]+)</td>", mean)] == pytest.approx(
        through.q.mean(axis=1).flatten().tolist(), abs=5e-4
    )
    assert words(row).count("◀") == 1


def test_the_accessible_name_of_a_token_begins_with_what_is_visible(app: App, run_id: str) -> None:
    test = opened(app, run=run_id, update="yes")
    for row in buttons(test):
        for cell in row:
            assert cell["label"].startswith(f"{cell['text']} {cell['note']} · ")


def test_more_rollouts_keep_the_first_draws(app: App, run_id: str) -> None:
    few = listed(opened(app, run=run_id, row=1, token=2, n=16))
    many = listed(opened(app, run=run_id, row=1, token=2, n=64))
    assert len(many) == 64
    assert many[:16] == few


def test_the_last_token_has_one_score(app: App, store: Store, run_id: str) -> None:
    test = opened(app, run=run_id, row=1, token=T, view="convergence")
    score = looked_at(store, run_id).scores[0, -1, 0]
    assert len(listed(test)) == 1
    assert f"Q = {score:.5f} ≈ {score:.3f}" in text(test)
    shown = text(test)
    assert "finishes the sequence" in shown
    assert f"The sequence is finished: one score, {score:.3f}, and nothing to" in shown
    for row in buttons(test):
        assert row[-1]["label"].endswith(f"Q {row[-1]['note']}, one score, no standard error")
        assert "±" not in row[-1]["label"]
        assert "N = 16" in row[-2]["label"]


def test_the_address_opens_the_view_and_holds_all_of_it(
    app: App, store: Store, run_id: str
) -> None:
    step = sorted(steps_of(store, run_id))[-2]
    address = {
        "run": run_id, "step": step, "row": 4, "token": 1, "n": 7, "seed": 9, "scale": "row",
        "reward": "constant", "sequences": "fresh", "update": "yes", "view": "tokens",
    }  # fmt: skip
    test = opened(app, **address)
    assert not test.exception
    assert address_of(test) == {name: str(value) for name, value in address.items()}
    assert "position 1 of sequence 4" in words(test.subheader[1].value)
    assert test.slider(key="rollouts-n").value == 7
    view = View(run_id, step, "fresh", 9, "constant")
    fresh = finish(explore_view(Models(store), view)).explored.tokens
    assert [[int(cell["text"]) for cell in row] for row in buttons(test)] == fresh.tolist()


def test_nonsense_in_the_address_gives_the_usual_view(app: App, run_id: str) -> None:
    test = opened(
        app,
        run=run_id,
        row=99,
        token="x",
        n=1000,
        seed="-3",
        scale="?",
        reward="accuracy",
        sequences="",
    )
    assert not test.exception
    assert not test.error
    assert address_of(test, "n", "seed", "scale", "sequences", "reward") == {"n": "64"}
    assert "position 3 of sequence 8" in words(test.subheader[1].value)
    assert test.segmented_control(key="rollouts-reward-discriminator-bleu-constant").value == (
        "discriminator"
    )


def test_resample_uses_a_new_seed_and_the_old_seed_gives_the_old_samples(
    app: App, store: Store, run_id: str
) -> None:
    test = opened(app, run=run_id, row=1, token=2)
    press(test, "Resample")
    expected = looked_at(store, run_id, seed=2).first(16)
    assert buttons(test)[0][1]["note"] == f"{expected.q[0, 1]:.3f}"
    assert "Seed 2" in text(test)
    assert address_of(test)["seed"] == "2"
    test.query_params["seed"] = "1"  # a rerun that was asked for before the click brings the old
    settled(test.run())
    assert address_of(test)["seed"] == "2"
    assert buttons(test)[0][1]["note"] == f"{expected.q[0, 1]:.3f}"
    press(test, "Reset seed")
    assert buttons(test)[0][1]["note"] == f"{looked_at(store, run_id).first(16).q[0, 1]:.3f}"


def press(test: AppTest, label: str) -> None:
    button(test, label).click().run()
    settled(test)


def test_a_constant_reward_tells_nothing_apart(app: App, run_id: str) -> None:
    test = opened(app, run=run_id, reward="constant", row=1, token=2)
    assert {cell["note"] for row in buttons(test) for cell in row} == {"1.000"}
    shown = text(test)
    assert "Every Q is 1.000" in shown
    assert "Q = 1.000 : all 16 scores are 1" in shown
    assert "1.00000 + " not in shown
    maps = opened(app, run=run_id, reward="constant", view="maps")
    assert "the same at every checkpoint" in text(maps)


def test_a_run_without_a_discriminator_says_what_to_choose(
    app: App, store: Store, small_runs: dict[str, Path]
) -> None:
    test = opened(app, run=(mle := import_bundle(store, small_runs["mle"])))
    assert not test.exception
    assert not test.error
    (notice,) = test.info
    assert "by mle was trained without a discriminator and without a reward" in notice.value
    assert "Choose a SeqGAN run" in notice.value
    by_bleu = replace(usual(store, mle), reward="bleu")
    expected = finish(explore_view(Models(store), by_bleu)).explored.first(16)
    assert [[cell["note"] for cell in row] for row in buttons(test)] == [
        [f"{q:.3f}" for q in row] for row in expected.q
    ]
    shown = text(test)
    assert "BLEU-2 scores a sequence" in shown
    assert "that occur in the 64 training sequences" in shown
    assert html(opened(app, run=mle, view="maps")).count('<table class="heat">') == 3
    assert "takes no such updates" in text(opened(app, run=mle, view="update"))
    assert "reward" not in test.query_params  # so that the next run is seen with its own


def test_an_untrained_discriminator_is_named(app: App, run_id: str) -> None:
    (notice,) = opened(app, run=run_id, step=0).warning
    assert "has not been trained at this checkpoint" in notice.value


def test_a_run_whose_d_never_learned_says_so_in_place_of_the_maps(
    app: App, store: Store, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(  # as of a run that is in its MLE phase
        q_maps,
        "q_history",
        lambda models, view, steps, n: q_history(models, view, steps[:1], n),
    )
    test = opened(app, run=run_id, step=0, view="maps")
    assert not test.exception
    assert not test.error
    assert text(test).count("No checkpoint has a trained discriminator") == 1
    assert html(test).count('<table class="heat">') == 1  # Q now, by the untrained D


def test_a_damaged_checkpoint_is_a_sentence_and_the_others_go_on(
    app: App, store: Store, run_id: str, tmp_path: Path
) -> None:
    steps = sorted(steps_of(store, run_id))
    (path,) = (tmp_path / "home").rglob(f"{run_id}/{steps[-1]:09d}.safetensors")
    path.write_bytes(b"no checkpoint")
    test = opened(app, run=run_id, step=steps[-1])
    assert not test.exception
    (notice,) = test.error
    assert str(steps[-1]) in notice.value
    assert next(button for button in test.button if button.label == "Try again")
    earlier = opened(app, run=run_id, step=steps[-2], view="maps")
    assert not earlier.error
    assert buttons(earlier)
    assert str(steps[-1]) in earlier.warning[0].value  # left out of the maps through training


def test_a_large_model_is_scanned_on_request(
    app: App, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(q_maps, "AT_ONCE", 0)
    test = opened(app, run=run_id, view="maps")
    assert html(test).count('<table class="heat">') == 1
    press(test, "Compute")
    assert html(test).count('<table class="heat">') == 3
    assert opened(app, run=run_id, through="yes", view="maps").query_params["through"]


def test_every_reward_has_its_words() -> None:
    assert set(REWARD_WORDS) == set(REWARDS)


def test_an_empty_library_teaches(app: App) -> None:
    test = app(navigation.ROLLOUTS)
    assert not test.exception
    assert not test.error
    assert "No model yet" in text(test)


def test_a_search_is_stepped_and_its_root_is_that_of_the_core(
    app: App, store: Store, run_id: str
) -> None:
    place = {"run": run_id, "row": 2, "token": 3, "view": "search", "simulations": 5}
    test = opened(app, **place)
    tokens = looked_at(store, run_id).tokens[1]
    found = finish(
        search_view(
            Models(store), usual(store, run_id), tokens[:2].tolist(), search_simulations=5
        )
    )  # fmt: skip
    shown = text(test)
    for written in (found.by_search, found.by_sample, found.by_likeliest):
        assert " ".join(map(str, written.tokens)) in shown
        assert f"{written.score:.3f}" in shown
    for q in found.root()["q"]:
        assert f"{q:.3f}" in shown
    assert test.slider(key="rollouts-at").value == 5
    press(test, "Step back")
    assert test.slider(key="rollouts-at").value == 4
    assert next(iter(components(test, "plotly_chart").values()))["figures"][0]["layout"]["title"][
        "text"
    ].startswith("Simulation 4 of 5")
    press(test, "Step forward")
    assert test.slider(key="rollouts-at").value == 5
    assert button(test, "Step forward").disabled
    assert address_of(test, "simulations", "exploration") == {"simulations": "5"}


def test_a_constant_reward_has_nothing_to_search_for(app: App, run_id: str) -> None:
    test = opened(app, run=run_id, view="search", reward="constant")
    assert not test.exception
    assert "there is nothing to search for" in text(test)
