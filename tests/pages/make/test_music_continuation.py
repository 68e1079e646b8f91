"""A prefix drawn by hand: the cards are the model's continuations, and a link opens the same."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation, url_state
from pages.ui.make.music import continuation
from pages.ui.make.music.continuation import OPENINGS
from pages.ui.make.music.note_drawing import checked
from seqgan_core.figures.style import GENERATOR
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.continuation import (
    ContinuationRequest,
    Continuations,
    continue_prefix,
)
from seqgan_core.runs.store import Store
from seqgan_core.tasks.music.tokens import melody
from tests.support.music_screen import drawn, tune_cards
from tests.support.text_screen import App, opened, settled, words
from tests.support.tiny.tune_models import LENGTH, ship_tunes

DRAWN = (41, 89, 43, 90, 45)
WAYS = "music-ways"


def at(app: App, *tokens: int, **more: Any) -> AppTest:
    address = {"drawn": ".".join(map(str, tokens)), "go": "yes"} if tokens else {}
    return opened(app, navigation.MUSIC, tab="continue", **address | more)


def continuations(
    store: Store, key: str = "music-seqgan", n: int = 8, **more: Any
) -> Continuations:
    return finish(
        continue_prefix(
            Models(store), ContinuationRequest(key, DRAWN, n, more.pop("seed", 1), **more)
        )
    )


def pitches(card: dict[str, Any]) -> list[int]:
    return [note["pitch"] for note in card["notes"]]


def heard(tokens: list[int], form: Any = "eighths") -> list[int]:
    return [note.pitch for note in melody(tokens, form).notes]


def buttons(test: AppTest) -> set[str]:
    return {str(button.key) for button in test.button}


def test_nothing_is_drawn_yet_and_openings_are_offered(app: App, tune_models: Path) -> None:
    test = at(app)
    (roll,) = drawn(test, "note_drawing")
    assert roll["start"] == []
    assert roll["most"] == LENGTH - 1  # room for what follows
    assert test.button(key="music-continue").disabled
    assert "The continuations appear here" in words(test)
    assert not tune_cards(test, WAYS)
    assert "drawn" not in test.query_params
    test.button(key="music-opening-1").click().run()
    settled(test)
    assert test.query_params["drawn"] == ".".join(map(str, OPENINGS[1].tokens))
    assert len(tune_cards(test, WAYS)) == 4
    assert drawn(test, "note_drawing")[0]["start"] == list(OPENINGS[1].tokens)


def test_the_cards_are_the_continuations_best_first(
    app: App, store: Store, tune_models: Path
) -> None:
    expected = continuations(store)
    assert expected.scores is not None
    test = at(app, *DRAWN)
    cards = tune_cards(test, WAYS)
    rows = expected.tokens.tolist()
    assert [pitches(card) for card in cards] == [heard(row) for row in rows[:4]]
    assert [card["title"] for card in cards] == [
        f"{rank + 1} of 8 · P(real) {float(expected.scores[rank]):.2f}" for rank in range(4)
    ]
    assert {card["given"] for card in cards} == {3}  # two notes, a rest, and one more
    assert {card["until"] for card in cards} == {len(DRAWN) * 0.25}  # however long it is held on
    shown = words(test)
    assert "P(real), from the discriminator of Small tunes, SeqGAN" in shown
    assert f"Mean P(real) {expected.mean:.2f} ± {expected.error:.2f} standard error, N = 8" in shown
    assert f"Different {expected.variety.different} of 8" in shown
    assert f"Two differ in {expected.variety.difference:.0%}" in shown
    assert "over 28 pairs" in shown
    assert f"The mean, {expected.mean:.2f}, is Q of your last step over N = 8 roll-outs" in shown
    for rank, row in enumerate(rows):
        names = " ".join(expected.sampler.words[token] for token in row[len(DRAWN) :])
        assert (
            f"{rank + 1} {float(expected.scores[rank]):.3f} {expected.draws[rank]} {names}" in shown
        )


def test_the_rest_comes_on_demand(app: App, store: Store, tune_models: Path) -> None:
    test = at(app, *DRAWN, ways=6)
    assert len(tune_cards(test, WAYS)) == 4
    more = test.button(key="music-ways-all")
    assert more.label == "Show the other 2"
    more.click().run()
    settled(test)
    assert test.query_params["ways_all"] == "yes"
    expected = continuations(store, n=6)
    assert [pitches(card) for card in tune_cards(test, WAYS)] == [
        heard(row) for row in expected.tokens.tolist()
    ]
    few = at(app, *DRAWN, ways=3)
    assert len(tune_cards(few, WAYS)) == 3
    assert "music-ways-all" not in buttons(few)


def test_the_address_sets_how_it_continues(app: App, store: Store, tune_models: Path) -> None:
    test = at(app, *DRAWN, who="music-seqgan", ways=2, ways_t=0.6, ways_seed=9)
    expected = continuations(store, n=2, seed=9, temperature=0.6)
    assert [pitches(card) for card in tune_cards(test, WAYS)] == [
        heard(row) for row in expected.tokens.tolist()
    ]
    assert "At temperature 0.6 the mean is not Q" in words(test)
    assert "Ranked by P(real)" in words(test)
    test.button(key="music-continue").click().run()
    settled(test)
    assert test.query_params["ways_seed"] == "10"


@pytest.mark.parametrize(
    ("linked", "start"),
    [("x", []), ("0", []), ("89.41", [41]), ("41.x.43", [41, 43]), ("999", []),
     ("41.90.89", []), ("-41", []), ("41..43", [41, 43])],
)  # fmt: skip
def test_only_what_a_hand_can_draw_is_taken_from_an_address(
    monkeypatch: pytest.MonkeyPatch, linked: str, start: list[int]
) -> None:
    monkeypatch.setattr(continuation.url_state, "text", {"drawn": linked}.__getitem__)
    assert checked(url_state.numbers("drawn", 2), LENGTH - 1) == start


def test_undrawable_notes_in_an_address_do_no_harm(app: App, tune_models: Path) -> None:
    odd = {"go": "yes", "ways": "99", "ways_t": "inf", "ways_seed": "x"}
    for linked, start in (("x.999", []), ("89.x.999.41", [41])):
        test = opened(app, navigation.MUSIC, drawn=linked, **odd)
        assert not test.error
        assert drawn(test, "note_drawing")[0]["start"] == start


def test_continuing_waits_for_the_button(app: App, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC, drawn="41.43")
    assert not tune_cards(test, WAYS)
    test.button(key="music-continue").click().run()
    settled(test)
    assert test.query_params["go"] == "yes"
    assert len(tune_cards(test, WAYS)) == 4


def test_one_continuation_has_no_spread(app: App, store: Store, tune_models: Path) -> None:
    test = at(app, *DRAWN, ways=1)
    expected = continuations(store, n=1)
    assert f"Mean P(real) {expected.mean:.2f} N = 1" in words(test)
    assert "Two differ in" not in words(test)
    assert "nan" not in words(test)


def test_two_continuations_are_one_pair_and_too_few_for_a_verdict(
    app: App, store: Store, tune_models: Path
) -> None:
    expected = continuations(store, n=2)
    assert expected.scores is not None
    # so close that with more continuations the page would say so
    assert float(expected.scores[0] - expected.scores[1]) < 0.1
    shown = words(at(app, *DRAWN, ways=2))
    assert "over 1 pair" in shown
    assert "1 pairs" not in shown
    assert "D scores all of them alike" not in shown
    assert "D scores all of them alike" in words(at(app, *DRAWN, ways=4))


def test_a_model_in_keys_says_that_it_cannot_rest(
    app: App, store: Store, tune_models: Path
) -> None:
    test = at(app, *DRAWN, who="music-keys")
    expected = continuations(store, "music-keys")
    shown = words(test)
    assert "has one pitch for each step and no rests" in shown
    assert "Not ranked: Small tunes, keys was trained without a discriminator" in shown
    assert "Mean P(real)" not in shown
    cards = tune_cards(test, WAYS)
    assert cards[0]["title"] == "1 of 8, not ranked"
    assert [pitches(card) for card in cards] == [
        heard(row, "keys") for row in expected.tokens.tolist()[:4]
    ]


def test_notes_outside_the_keys_that_it_learned_in_are_named(
    app: App, store: Store, tune_models: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from seqgan_core.training.setup import model_files
    from tests.support.text_screen import forget_models
    from tests.support.tiny.tune_models import keep_tunes

    ship_tunes(tmp_path / "moved", keep_tunes(), "music-moved", "Moved", transpose=True,
               strategy="mle")  # fmt: skip
    monkeypatch.setattr(model_files, "FOLDER", tmp_path / "moved")
    forget_models()
    test = at(app, 41, 42, 43, 42, 46)  # C♯, D, E♭, D, F♯
    assert "Outside these keys: C♯4, E♭4, F♯4." in words(test)
    assert "Outside these keys" not in words(at(app, 40, 42, 44))


def test_the_lines_are_the_continuations(app: App, store: Store, tune_models: Path) -> None:
    test = at(app, *DRAWN)
    expected = continuations(store)
    figures = [
        figure
        for chart in drawn(test, "plotly_chart", "music-ways-fan")
        for figure in chart["figures"]
    ]
    (figure,) = figures
    named = {trace["name"]: trace for trace in figure["data"]}
    assert named["yours"]["y"] == [61, 61, 63, None, 65, 65]
    best = named["ranked first"]
    assert best["line"]["color"] == GENERATOR
    assert len(best["y"]) == LENGTH - len(DRAWN) + 2
    assert best["y"][0] == 65
    part = f"after {expected.variety.shared_steps:.1f} steps"
    place = part if expected.variety.shared_steps >= 0.05 else "at once"
    assert f"They diverge {place}; " in figure["layout"]["title"]["text"]


def test_the_first_can_be_kept(app: App, tune_models: Path) -> None:
    test = at(app, *DRAWN)
    downloads = {node.proto.label for node in test.get("download_button")}
    assert {"ABC", "MIDI", "MusicXML", "WAV"} <= downloads
