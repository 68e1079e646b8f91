"""Poems: what is written is what the models write, and the address opens the same page."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from pages.ui.common import navigation
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.samples import (
    SampleRequest,
    copy_report,
    draw_samples,
    rule_shares,
    varieties,
)
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.registry import load
from seqgan_core.training.build import resolve_config
from seqgan_core.training.setup import model_files
from tests.support.text_screen import (
    App,
    cards,
    components,
    html_of,
    messages,
    opened,
    settled,
    text_of,
    words,
)
from tests.support.tiny.text_models import config_for

VERSES = "poems-samples"


def written(store: Store, key: str = "poems-seqgan", n: int = 4, seed: int = 1, **more: Any) -> Any:
    return finish(draw_samples(Models(store), SampleRequest(key, n, seed, **more)))


def without_marks(text: str) -> str:
    return text.replace("，", "").replace("。", "")


def test_the_cards_are_what_the_model_writes(app: App, store: Store, text_models: Path) -> None:
    test = opened(app, navigation.POEMS)
    expected = written(store)
    assert [text_of(card) for card in cards(test, VERSES)] == ["".join(t) for t in expected.texts]
    copies = finish(copy_report(expected))
    for card, copied in zip(cards(test, VERSES), copies.copied, strict=True):
        run, nearest = card["notes"]
        assert f"{len(copied.run)} character" in run
        assert "".join(copied.run) in run
        assert "".join(copied.nearest) in without_marks(nearest)
        signs = [sign for line in card["lines"] for sign in line]
        assert [s["text"] for s in signs if s["copied"]] == list(copied.run)
    mean = sum(len(copied.run) for copied in copies.copied) / 4
    assert f"The longest copy has {mean:.1f} characters" in words(test)
    assert f"it has {copies.natural:.1f} on average (n = {copies.n})" in words(test)
    assert test.expander[0].label == "How Small poems, SeqGAN was trained"
    assert test.query_params["who"] == "poems-seqgan"


def test_the_address_says_how_it_is_written(app: App, store: Store, text_models: Path) -> None:
    first = written(store).texts[0][0]
    test = opened(app, navigation.POEMS, who="poems-mle", n=2, seed=9, t=0.6, first=first,
                  set="vertical", pinyin="yes", colour="surprise")  # fmt: skip
    expected = written(store, "poems-mle", 2, 9, temperature=0.6, first=first, colour="surprise")
    drawn = cards(test, VERSES)
    assert [text_of(card) for card in drawn] == ["".join(text) for text in expected.texts]
    assert {card["direction"] for card in drawn} == {"vertical"}
    assert all(sign["ruby"] for card in drawn for line in card["lines"] for sign in line)
    values = [s["value"] for card in drawn for line in card["lines"] for s in line]
    assert values == pytest.approx(expected.values.flatten().tolist())
    (component,) = components(test, VERSES)
    assert component["scale"]["high"] == pytest.approx(max(values), abs=0.005)
    assert "nats" in words(test)


@pytest.mark.parametrize(
    ("address", "corrected"),
    [
        ({"n": "99", "seed": "-3", "t": "inf", "set": "diagonal", "colour": "red"},
         {"n": "12", "seed": "1", "t": None, "set": None, "colour": None}),
        ({"n": "x", "t": "9"}, {"n": None, "t": "1.5"}),
        ({"t": "0.01"}, {"t": "0.3"}),
    ],
)  # fmt: skip
def test_a_wrong_address_falls_back(
    app: App, text_models: Path, address: dict[str, str], corrected: dict[str, str | None]
) -> None:
    test = opened(app, navigation.POEMS, **address)
    assert not test.error
    assert {name: test.query_params.get(name) for name in address} == corrected


def test_an_acrostic_begins_the_lines(app: App, store: Store, text_models: Path) -> None:
    a, b = (text[0] for text in written(store).texts[:2])
    test = opened(app, navigation.POEMS, acrostic=a + b, n=3)
    for card in cards(test, VERSES):
        assert [line[0]["text"] for line in card["lines"]] == [a, b]


def test_a_wrong_opening_says_what_is_allowed_and_the_poems_stay(
    app: App, store: Store, text_models: Path
) -> None:
    free = ["".join(text) for text in written(store).texts]
    test = opened(app, navigation.POEMS, first="<img src=x>")
    assert "'\\<img src=x>' is not in the vocabulary" in messages(test)
    assert "give one character that is, such as" in messages(test)
    assert "<img" not in html_of(test)
    assert [text_of(card) for card in cards(test, VERSES)] == free
    long = opened(app, navigation.POEMS, acrostic="山" * 30)
    assert "30 characters; a poem of Small poems, SeqGAN has 2 lines" in messages(long)
    assert [text_of(card) for card in cards(long, VERSES)] == free


def test_an_opening_begins_with_an_example(app: App, text_models: Path) -> None:
    test = opened(app, navigation.POEMS)
    test.segmented_control(key="poems-opening-3").set_value("first").run()
    assert settled(test).query_params["first"] == "山"
    test.segmented_control(key="poems-opening-3").set_value("acrostic").run()
    assert settled(test).query_params["acrostic"] == "春江花月"


def test_write_again_draws_a_new_seed(app: App, store: Store, text_models: Path) -> None:
    test = opened(app, navigation.POEMS)
    test.button(key="poems-again").click().run()
    settled(test)
    assert test.query_params["seed"] == "2"
    assert text_of(cards(test, VERSES)[0]) == "".join(written(store, seed=2).texts[0])
    test.button(key="poems-back").click().run()
    assert test.query_params["seed"] == "1"


def test_q_has_one_judge_and_one_scale(app: App, store: Store, text_models: Path) -> None:
    test = opened(app, navigation.POEMS, who="poems-mle", beside="poems-seqgan", colour="q", n=2)
    first_set, second_set = components(test, VERSES)
    assert first_set["scale"] == second_set["scale"]
    values = {
        key: written(store, key, 2, colour="q", critic="poems-seqgan").values.flatten().tolist()
        for key in ("poems-mle", "poems-seqgan")
    }
    drawn = [
        [s["value"] for card in part["cards"] for line in card["lines"] for s in line]
        for part in (first_set, second_set)
    ]
    assert sorted(map(tuple, drawn)) == sorted(map(tuple, values.values()))
    low, high = min(min(v) for v in values.values()), max(max(v) for v in values.values())
    assert (first_set["scale"]["low"], first_set["scale"]["high"]) == pytest.approx(
        (low, high), abs=5e-4
    )


def test_a_model_thinks_ahead_and_says_what_that_costs(
    app: App, store: Store, text_models: Path
) -> None:
    test = opened(app, navigation.POEMS, search=8, n=5, seed=4)
    expected = written(store, n=5, seed=4, search=8)
    assert [text_of(card) for card in cards(test, VERSES)] == ["".join(t) for t in expected.texts]
    assert expected.texts != written(store, n=5, seed=4).texts
    copies = finish(copy_report(expected))
    now, before = finish(varieties(Models(store), expected, copies, 3))
    shown = words(test)
    assert f"D's mean score {now.d_score:.3f} plain samples: {before.d_score:.3f}" in shown
    assert f"self-BLEU-3 {now.self_bleu:.3f} plain samples: {before.self_bleu:.3f}" in shown
    assert f"Longest copy, mean {now.copied:.1f} plain samples: {before.copied:.1f}" in shown
    assert "SeqGAN with 8 simulations per token" in shown
    assert "(n = 5 each)" in shown
    assert "not that the poems are better" in shown
    assert {card["credit"] for card in cards(test, VERSES)} == {
        "Small poems, SeqGAN, seed 4, temperature 1, 8 simulations per token"
    }
    test.segmented_control(key="poems-search").set_value(0).run()
    assert "search" not in settled(test).query_params
    assert "D's mean score" not in words(test)


def test_a_model_without_d_cannot_think_ahead(app: App, store: Store, text_models: Path) -> None:
    test = opened(app, navigation.POEMS, who="poems-mle", search=32)
    plain = written(store, "poems-mle")
    assert [text_of(card) for card in cards(test, VERSES)] == ["".join(t) for t in plain.texts]
    assert "MLE was trained without a discriminator, so it cannot think ahead" in words(test)
    both = opened(app, navigation.POEMS, who="poems-mle", beside="poems-seqgan", search=8, n=2)
    texts = {"".join(map(text_of, part["cards"])) for part in components(both, VERSES)}
    assert texts == {
        "".join("".join(text) for text in each.texts)
        for each in (written(store, "poems-mle", 2), written(store, n=2, search=8))
    }
    # which of the two searched would say whose they are
    assert "D's mean score" not in words(both)
    assert "simulations" not in json.dumps(components(both, VERSES))
    both.button(key="poems-reveal").click().run()
    assert words(settled(both)).count("D's mean score") == 1


def test_two_writers_are_nameless_until_revealed(app: App, store: Store, text_models: Path) -> None:
    test = opened(app, navigation.POEMS, who="poems-mle", beside="poems-seqgan", n=2)
    hidden = json.dumps([components(test, VERSES)], ensure_ascii=False)
    assert "MLE" not in hidden
    assert "SeqGAN" not in hidden
    assert [part["cards"][0]["title"] for part in components(test, VERSES)] == ["A · 1", "B · 1"]
    texts = ["".join(map(text_of, part["cards"])) for part in components(test, VERSES)]
    known = {
        key: "".join("".join(text) for text in written(store, key, 2).texts)
        for key in ("poems-mle", "poems-seqgan")
    }
    assert sorted(texts) == sorted(known.values())
    assert "Small poems" not in str(test.button)
    assert not [expander for expander in test.expander if "was made" in expander.label]
    test.button(key="poems-reveal").click().run()
    settled(test)
    assert test.query_params["revealed"] == "1"
    first = "MLE" if texts[0] == known["poems-mle"] else "SeqGAN"
    assert f"A · Small poems, {first}" in words(test)
    test.button(key="poems-again").click().run()
    settled(test)  # new seed, new secret
    assert "revealed" not in test.query_params
    assert test.button(key="poems-reveal")
    swapped = opened(app, navigation.POEMS, who="poems-seqgan", beside="poems-mle", n=2)
    assert ["".join(map(text_of, part["cards"])) for part in components(swapped, VERSES)] == texts


def test_the_order_of_two_depends_on_the_seed(app: App, store: Store, text_models: Path) -> None:
    from pages.ui.make.settings import _swapped

    orders = {_swapped(seed, "a", "b") for seed in range(20)}
    assert orders == {True, False}
    assert all(_swapped(seed, "a", "b") != _swapped(seed, "b", "a") for seed in range(20))


def test_a_missing_model_is_reported(app: App, text_models: Path) -> None:
    test = opened(app, navigation.POEMS, who="**nobody**")
    assert "There is no model \\*\\*nobody\\*\\* here" in messages(test)
    assert test.query_params["who"] == "poems-seqgan"
    gone = opened(app, navigation.POEMS, who="run-gone@7")
    assert "There is no model run-gone@7 here" in messages(gone)
    odd = opened(app, navigation.POEMS, beside="speech-mle")
    assert "There is no model speech-mle here" in messages(odd)


def test_a_run_writes_at_any_of_its_checkpoints(app: App, store: Store, text_models: Path) -> None:
    from tests.support.tiny.text_models import keep_verse

    run = store.create_run(resolve_config(config_for(keep_verse())), name="mine <b>")
    drive(store, run)
    steps = sorted(point.step for point in store.checkpoints(run))
    test = opened(app, navigation.POEMS, who=f"{run}@{steps[0]}", n=2)
    expected = written(store, f"{run}@{steps[0]}", 2)
    assert [text_of(card) for card in cards(test, VERSES)] == ["".join(t) for t in expected.texts]
    assert "<b>" not in html_of(test).replace("<b>What to notice now.</b>", "")
    newest = test.selectbox(key="poems-who").options
    assert any("mine <b>" in option for option in newest)


def test_without_models_and_comparisons(app: App, empty_shelf: Path) -> None:
    test = opened(app, navigation.POEMS)
    assert "No model available" in words(test)
    metrics = opened(app, navigation.POEMS, tab="metrics")
    assert "No comparison is recorded" in words(metrics)
    assert "0.7389" in words(metrics)  # the paper's numbers stand alone
    assert not test.error


def test_a_damaged_model_is_reported_and_the_others_write(
    app: App, text_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mixed"
    shutil.copytree(text_models, folder)
    (folder / "poems-aaa.safetensors").write_bytes(b"damaged")
    monkeypatch.setattr(model_files, "FOLDER", folder)
    test = opened(app, navigation.POEMS, colour="q", who="poems-mle", n=1)
    assert "the model file poems-aaa.safetensors cannot be read" in messages(test)
    assert not test.error
    assert len(cards(test, VERSES)) == 1


# -- the practice corpus ---------------------------------------------------------------------------


def test_practice_poems_are_checked_by_their_rule(
    app: App, store: Store, empty_shelf: Path
) -> None:
    config = resolve_config(
        config_for(load("practice"), pretrain_epochs=1, rounds=1, strategy="mle")
    )
    run = store.create_run(config, name="practised")
    drive(store, run)
    step = max(point.step for point in store.checkpoints(run))
    test = opened(app, navigation.POEMS, who=f"{run}@{step}", n=1)
    shares = finish(rule_shares(Models(store), f"{run}@{step}", 500, 1, 1.0))
    assert f"Lines that parse {shares.lines_that_parse:.1%}" in words(test)
    assert f"Poems that rhyme {shares.poems_that_rhyme:.1%}" in words(test)
    assert "n = 500 new poems" in words(test)
    quiz = opened(app, navigation.POEMS, who=f"{run}@{step}", tab="quiz")
    assert "which a program composed by rules" in words(quiz)
    (pair,) = components(quiz, "poems-quiz")
    held_out = {"".join(poem) for poem in load("practice").test}
    assert len({text_of(card) for card in pair["cards"]} & held_out) == 1
