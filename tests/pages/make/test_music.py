"""Music: what is heard is what the models write, and the address opens the same page."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from pages.ui.common import navigation, url_state
from pages.ui.make import findings, samples
from pages.ui.make.cards import Look, tune_of
from pages.ui.make.export import tune_files
from pages.ui.make.findings import Found
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.music.cards.score_cards import data_of
from pages.ui.make.screen_kind import MUSIC
from pages.ui.make.settings import LAST_SEED, Settings, resample
from seqgan_core.figures.discriminator.findings import points
from seqgan_core.insight.jobs import finish
from seqgan_core.insight.models import Models
from seqgan_core.insight.writing.samples import (
    SampleRequest,
    SampleSet,
    copy_report,
    draw_samples,
    real_scores,
)
from seqgan_core.insight.writing.tune_motifs import motifs
from seqgan_core.insight.writing.tunes import per_note, traits
from seqgan_core.media.music.tune_files import tunes_zip
from seqgan_core.runs.driver import drive
from seqgan_core.runs.store import Store
from seqgan_core.tasks.corpora.registry import source_of
from seqgan_core.tasks.music.tokens import REST, melody
from seqgan_core.training.build import make_music_task, resolve_config
from seqgan_core.training.setup import model_files
from tests.support.inline_jobs import InlineJobs
from tests.support.music_screen import drawn, tune_cards
from tests.support.text_screen import App, html_of, messages, opened, settled, words
from tests.support.tiny.tune_models import keep_tunes, music_config

TUNES = "music-samples"


def composed(
    store: Store, key: str = "music-seqgan", n: int = 2, seed: int = 1, **more: Any
) -> Any:
    return finish(draw_samples(Models(store), SampleRequest(key, n, seed, **more)))


def sets(test: AppTest, key: str = TUNES) -> list[dict[str, Any]]:
    """What the components of melodies whose keys begin so were given."""
    return drawn(test, "score_cards", key)


def cards(test: AppTest, key: str = TUNES) -> list[dict[str, Any]]:
    return tune_cards(test, key)


def heard(card: dict[str, Any], beat: float = 0.5) -> list[tuple[int, float, float]]:
    """A card's notes: pitch, start and length in quarters of `beat` seconds."""
    return [
        (note["pitch"], round(note["start"] / beat, 6),
         round((note["end"] - note["start"]) / beat, 6))
        for note in card["notes"]
    ]  # fmt: skip


def written(sample_set: SampleSet) -> list[list[tuple[int, float, float]]]:
    form = sample_set.sampler.config.music_form
    return [
        [(note.pitch, note.start, note.length) for note in melody(row, form).notes]
        for row in sample_set.tokens.tolist()
    ]


# -- what is heard ---------------------------------------------------------------------------------


def test_the_cards_are_what_the_model_writes(app: App, store: Store, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC)
    expected = composed(store, colour="q")
    assert [heard(card) for card in cards(test)] == written(expected)
    assert test.query_params["who"] == "music-seqgan"
    form = expected.sampler.config.music_form
    for number, card in enumerate(cards(test)):
        values = per_note(form, expected.tokens[number].tolist(), expected.values[number].tolist())
        assert [note["value"] for note in card["notes"]] == pytest.approx(values)
        remarks = " ".join(card["remarks"])
        assert f"P(real) {float(expected.values[number, -1]):.3f}" in remarks
        assert "fits best" in remarks
    (component,) = sets(test)
    low, high = component["tint"]["low"], component["tint"]["high"]
    every = [note["value"] for card in component["cards"] for note in card["notes"]]
    assert (low, high) == pytest.approx((min(every), max(every)), abs=0.005)
    assert "by D of Small tunes, SeqGAN over N = 16" in component["tint"]["about"]
    assert f"Q runs from {min(every):.3f}" in words(test)
    assert "Form a step is an eighth" in words(test)
    assert "Keys as in the books" in words(test)


def test_tunes_are_heard_before_they_are_scored(
    app: App, store: Store, tune_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_job = InlineJobs._next

    def no_scores(jobs: InlineJobs) -> Any:
        return next(
            (job for key, job in jobs._jobs.items()
             if job.view is None and getattr(key[1], "colour", "") != "q"), None,
        )  # fmt: skip

    monkeypatch.setattr(InlineJobs, "_next", no_scores)
    test = app(navigation.MUSIC)
    assert not test.exception
    expected = composed(store)
    assert [heard(card) for card in cards(test)] == written(expected)
    assert {note["value"] for card in cards(test) for note in card["notes"]} == {None}
    assert all(card["sound"] for card in cards(test))
    assert "Form a step is an eighth" not in words(test)  # nothing below has been worked out
    sound = [card["sound"] for card in cards(test)]
    monkeypatch.setattr(InlineJobs, "_next", next_job)
    settled(test.run())
    assert None not in {note["value"] for card in cards(test) for note in card["notes"]}
    assert [card["sound"] for card in cards(test)] == sound  # so that it plays on


def test_chords_are_chosen(app: App, store: Store, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC, colour="none")
    assert {card["chords"] for card in cards(test)} == {""}
    test = opened(app, navigation.MUSIC, colour="none", chords="yes")
    assert all(card["chords"] for card in cards(test))
    (tune,) = [tune_of(composed(store).sampler, composed(store).texts[0], Look(chords=True))]
    assert tune.chords
    assert tune.chords[0].start == 0


def test_the_last_tune_is_followed_by_another_seed(
    app: App, store: Store, tune_models: Path
) -> None:
    test = opened(app, navigation.MUSIC, colour="none", seed=7)
    (component,) = sets(test)
    assert (component["next"], component["keep"]) == (True, True)
    seeds: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(url_state, "put", lambda **values: seeds.append(values["seed"]))
        resample(7)
        resample(LAST_SEED)
    assert seeds == [8, 1]


def test_what_is_heard_is_what_the_search_wrote(app: App, store: Store, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC, search=8, n=1, colour="none")
    expected = composed(store, n=1, search=8)
    assert [heard(card) for card in cards(test)] == written(expected)
    assert written(expected) != written(composed(store, n=1))
    assert "self-BLEU-3 – plain samples: –" in words(test)  # one tune is like no other


def test_copied_passages_are_shown_with_their_tune(
    app: App, store: Store, tune_models: Path
) -> None:
    test = opened(app, navigation.MUSIC, n=3, colour="none")
    copies = finish(copy_report(composed(store, n=3)))
    for card, copied in zip(cards(test), copies.copied, strict=True):
        remarks = " ".join(card["remarks"])
        assert f"“{copied.nearest_title}”" in remarks
        if copied.distance:
            assert f"{len(copied.run)} of 16 steps" in remarks
            assert f"({copied.start * 0.25:.1f} to" in remarks
            assert f"“{copied.holder_title}”" in remarks
    mean = sum(len(copied.run) for copied in copies.copied) / 3
    assert f"The longest copy has {mean:.1f} steps" in words(test)
    assert f"in held-out tunes it has {copies.natural:.1f} on average" in words(test)


def test_the_neighbours_of_a_tune_can_be_heard(app: App, store: Store, tune_models: Path) -> None:
    copies = finish(copy_report(composed(store)))
    test = opened(app, navigation.MUSIC, near="1.0.1", bpm=90)
    shown = cards(test, "music-near-cards")
    copied = copies.copied[1]
    titles = [f"Real: {copied.holder_title}", f"Real: {copied.nearest_title}"]
    assert [card["title"] for card in shown] == titles[-len(shown) :]
    assert len(shown) == 1 + (copied.holder != copied.nearest)
    names = composed(store).sampler.words
    row = [names.index(word) for word in copied.nearest]
    real = [(n.pitch, n.start, n.length) for n in melody(row, "eighths").notes]
    assert heard(shown[-1], 60 / 90) == real
    test.button(key="music-near-close").click().run()
    assert "near" not in settled(test).query_params
    assert not cards(test, "music-near-cards")
    other_seed = opened(app, navigation.MUSIC, near="7.0.1", seed=8)  # of another seed
    assert not cards(other_seed, "music-near-cards")
    assert "near" not in other_seed.query_params


def test_without_the_tunes_learned_from_it_plays_and_says_so(
    app: App, store: Store, tune_models: Path
) -> None:
    source_of(keep_tunes().name).remove()
    test = opened(app, navigation.MUSIC)
    assert [heard(card) for card in cards(test)] == written(composed(store))
    assert (
        "To look for copies and to score real tunes, the training data must be on this machine"
        in messages(test)
    )
    assert not [remark for card in cards(test) for remark in card["remarks"] if "copied" in remark]


# -- the settings ----------------------------------------------------------------------------------


def test_the_address_says_how_it_sounds(app: App, store: Store, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC, who="music-mle", n=1, seed=9, t=0.6, colour="surprise",
                  instrument="fiddle", bpm=60)  # fmt: skip
    expected = composed(store, "music-mle", 1, 9, temperature=0.6, colour="surprise")
    (card,) = cards(test)
    assert heard(card, 1.0) == written(expected)[0]
    assert card["seconds"] == pytest.approx(8.0)  # 16 steps of half a second
    values = per_note("eighths", expected.tokens[0].tolist(), expected.values[0].tolist())
    assert [note["value"] for note in card["notes"]] == pytest.approx(values)
    piano = opened(
        app, navigation.MUSIC, who="music-mle", n=1, seed=9, t=0.6, colour="surprise", bpm=60
    )
    assert cards(piano)[0]["sound"] != card["sound"]
    assert "fiddle, 60 quarter notes" in words(test)


@pytest.mark.parametrize(
    ("address", "corrected"),
    [
        ({"n": "x", "seed": "-3", "t": "nan", "colour": "red", "instrument": "kazoo", "bpm": "fast",
          "motifs": "maybe", "near": "<b>"},
         {"n": None, "seed": "1", "t": None, "colour": None, "instrument": None, "bpm": None,
          "motifs": None, "near": None}),
        ({"n": "99", "bpm": "9999"}, {"n": "8", "bpm": "240"}),
        ({"n": "1", "bpm": "0"}, {"n": "1", "bpm": "40"}),
    ],
)  # fmt: skip
def test_a_wrong_address_falls_back(
    app: App, tune_models: Path, address: dict[str, str], corrected: dict[str, str | None]
) -> None:
    test = opened(app, navigation.MUSIC, **address)
    assert not test.error
    assert {name: test.query_params.get(name) for name in address} == corrected
    assert len(cards(test)) == int(corrected["n"] or 2)


def test_another_instrument_or_tempo_is_the_same_tune(
    app: App, store: Store, tune_models: Path
) -> None:
    test = opened(app, navigation.MUSIC)
    before = cards(test)
    test.selectbox(key="music-instrument").set_value("banjo").run()
    test.slider(key="music-tempo-120").set_value(60).run()
    after = cards(settled(test))
    assert test.query_params["instrument"] == "banjo"
    assert [heard(card, 1.0) for card in after] == [heard(card) for card in before]
    values = [[note["value"] for note in card["notes"]] for card in before]
    assert [[note["value"] for note in card["notes"]] for card in after] == values
    assert all(
        first["sound"] != second["sound"] for first, second in zip(before, after, strict=True)
    )


def test_a_writer_of_the_papers_form_keeps_its_pace(
    app: App, store: Store, tune_models: Path
) -> None:
    test = opened(app, navigation.MUSIC, who="music-keys", n=1)
    assert test.slider(key="music-tempo-75").value == 75
    assert heard(cards(test)[0], 0.8) == written(composed(store, "music-keys", 1))[0]
    both = opened(app, navigation.MUSIC, who="music-mle", beside="music-keys", n=1, revealed=1)
    seconds = sorted(card["seconds"] for card in cards(both))
    assert seconds == pytest.approx([16 * 0.25, 16 * 0.4])
    faster = opened(app, navigation.MUSIC, who="music-mle", beside="music-keys", n=1, bpm=240)
    assert sorted(card["seconds"] for card in cards(faster)) == pytest.approx([2.0, 3.2])


def test_a_new_seed_makes_new_tunes(app: App, store: Store, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC)
    test.button(key="music-again").click().run()
    settled(test)
    assert [heard(card) for card in cards(test)] == written(composed(store, seed=2))
    test.button(key="music-back").click().run()
    assert [heard(card) for card in cards(settled(test))] == written(composed(store))


# -- two writers, and what D reads -----------------------------------------------------------------


def test_two_writers_are_nameless_until_revealed(app: App, store: Store, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC, who="music-mle", beside="music-seqgan", n=1)
    first_set, second_set = sets(test)
    assert first_set["tint"] == second_set["tint"]
    assert "a D over" in first_set["tint"]["about"]
    shown_words = [
        part | {"cards": [card | {"sound": ""} for card in part["cards"]]}
        for part in (first_set, second_set)
    ]
    hidden = json.dumps(shown_words)
    assert "MLE" not in hidden
    assert "SeqGAN" not in hidden
    assert [part["cards"][0]["title"] for part in (first_set, second_set)] == ["A · 1", "B · 1"]
    shown = [heard(card) for card in cards(test)]
    known = {key: written(composed(store, key, 1))[0] for key in ("music-mle", "music-seqgan")}
    assert sorted(shown) == sorted(known.values())
    assert list(test.selectbox(key="music-export-tune").options) == [
        "A, seed 1, tune 1", "B, seed 1, tune 1",
    ]  # fmt: skip
    test.button(key="music-reveal").click().run()
    settled(test)
    first = "MLE" if shown[0] == known["music-mle"] else "SeqGAN"
    assert f"A · Small tunes, {first}" in words(test)
    test.button(key="music-again").click().run()
    assert settled(test).button(key="music-reveal")


def test_motifs_stand_where_the_filters_chose_them(
    app: App, store: Store, tune_models: Path
) -> None:
    test = opened(app, navigation.MUSIC, motifs="yes", n=3)
    expected = composed(store, n=3)
    explained = finish(motifs(Models(store), expected))
    assert explained is not None
    for card, tune in zip(cards(test), explained.tunes, strict=True):
        spans = [(m["start"] / 0.25, m["end"] / 0.25, m["label"]) for m in card["motifs"]]
        assert spans == [
            (motif.start, motif.start + motif.width, points(motif.effect)) for motif in tune.motifs
        ]
        for bracket, motif in zip(card["motifs"], tune.motifs, strict=True):
            assert f"{motif.without:.3f} without" in bracket["about"]
    best = max(
        (abs(motif.effect), tune, motif) for tune in explained.tunes for motif in tune.motifs
    )
    assert f"from {best[1].reading.score:.3f} to {best[2].without:.3f}" in words(test)
    plain = opened(app, navigation.MUSIC, n=3)
    assert not any(card["motifs"] for card in cards(plain))


def test_without_any_d_it_says_what_is_missing(
    app: App, tune_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "music-mle.safetensors").write_bytes(
        (tune_models / "music-mle.safetensors").read_bytes()
    )
    monkeypatch.setattr(model_files, "FOLDER", folder)
    model_files.load_shipped.cache_clear()
    test = opened(app, navigation.MUSIC)
    assert test.segmented_control(key="music-colour").value == "none"
    assert "Q is not available" not in words(test)
    explicit = opened(app, navigation.MUSIC, colour="q", motifs="yes")
    assert "Q is not available: Small tunes, MLE was trained without a discriminator" in words(
        explicit
    )
    assert (
        "Motifs are not available: Small tunes, MLE was trained without a discriminator"
        in words(explicit)
    )
    assert cards(explicit)
    assert not explicit.error


# -- who can compose -------------------------------------------------------------------------------


def test_a_run_composes_at_any_of_its_checkpoints(
    app: App, store: Store, tune_models: Path
) -> None:
    config = resolve_config(music_config(keep_tunes(), transpose=True))
    run = store.create_run(config, name="mine <b>")
    drive(store, run)
    steps = sorted(point.step for point in store.checkpoints(run))
    key = f"{run}@{steps[-1]}"
    test = opened(app, navigation.MUSIC, who=key, n=2)
    assert [heard(card) for card in cards(test)] == written(composed(store, key))
    assert "all training tunes were transposed to these keys" in words(test)
    assert "<b>" not in html_of(test).replace("<b>What to notice now.</b>", "")


def test_a_missing_model_is_reported(app: App, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC, who="**nobody**")
    assert "There is no model \\*\\*nobody\\*\\* here" in messages(test)
    assert cards(test)


def test_without_models_nothing_is_composed(app: App, empty_shelf: Path) -> None:
    test = opened(app, navigation.MUSIC)
    assert "No model available" in words(test)
    assert not test.error
    assert not cards(test)


def test_a_tab_is_drawn_only_while_it_is_open(app: App, tune_models: Path) -> None:
    test = opened(app, navigation.MUSIC)
    assert [tab.label for tab in test.tabs] == [
        "Tunes", "Quiz", "Continue", "Statistics", "Metrics", "Train", "About",
    ]  # fmt: skip
    assert not drawn(test, "note_drawing")
    assert not cards(test, "music-quiz")
    assert len(cards(opened(app, navigation.MUSIC, tab="quiz"), "music-quiz")) == 2
    assert drawn(opened(app, navigation.MUSIC, tab="continue"), "note_drawing")


@pytest.mark.parametrize(
    ("address", "label"),
    [({}, "Tunes"), ({"drawn": "41.43"}, "Continue"), ({"measure": "1"}, "Statistics"),
     ({"run": "gone"}, "Train"), ({"drawn": "41.43", "tab": "quiz"}, "Quiz")],
)  # fmt: skip
def test_an_older_address_opens_the_tab_of_its_values(
    app: App, tune_models: Path, address: dict[str, str], label: str
) -> None:
    assert opened(app, navigation.MUSIC, **address).session_state["music-tabs"] == label


def of_one(drawn_set: SampleSet) -> Settings:
    option = ModelOption("music-seqgan", drawn_set.sampler.title, drawn_set.sampler.config)
    return Settings((drawn_set.request,), (option,), False, option, Look(bpm=120.0))


def test_score_and_text_name_one_key(app: App, store: Store, tune_models: Path) -> None:
    drawn_set = composed(store, n=6)
    shown = cards(opened(app, navigation.MUSIC, n=6, colour="none"))
    kinds = traits(drawn_set.sampler.config.music_form, drawn_set.tokens)
    for card, kind in zip(shown, kinds, strict=True):
        assert kind.key is not None
        assert card["remarks"][0].startswith(f"{kind.key.name} fits best")


def test_a_score_has_the_key_signature_of_its_text(
    store: Store, tune_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_set = composed(store, n=6)
    given: list[Any] = []
    monkeypatch.setattr(samples.cards, "melodies", lambda tunes, *_, **__: given.extend(tunes))
    samples._cards(MUSIC, of_one(drawn_set), 0, Found(drawn_set, None, None, None), None, {})
    kinds = traits(drawn_set.sampler.config.music_form, drawn_set.tokens)
    keys = [kind.key for kind in kinds if kind.key is not None]
    assert [tune.fifths for tune in given] == [key.fifths for key in keys]


def test_a_tune_without_a_note_is_a_silent_card(
    store: Store, tune_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_set = composed(store, n=2, colour="q")
    rests = torch.full_like(drawn_set.tokens, REST)
    silent = replace(drawn_set, tokens=rests, texts=drawn_set.sampler.text(rests))
    settings = of_one(silent)
    assert samples._scale(settings, [silent]) is None
    found = Found(silent, None, None, None)
    assert findings.findings(MUSIC, settings, [found]) == []
    given: list[Any] = []
    monkeypatch.setattr(samples.cards, "melodies", lambda tunes, *_, **__: given.extend(tunes))
    samples._cards(MUSIC, settings, 0, found, None, {})
    assert [tune.melody.notes for tune in given] == [(), ()]
    assert all(tune.notes[0] == "Silence: no notes." for tune in given)
    made = data_of(given, "silent")
    assert [card["seconds"] for card in made["cards"]] == [4.0, 4.0]
    assert len(tunes_zip(tune_files(settings, 0, silent), "{}", "piano")) > 0


def test_p_real_comes_with_what_real_tunes_get(app: App, store: Store, tune_models: Path) -> None:
    drawn_set = composed(store, colour="q")
    real = finish(real_scores(Models(store), drawn_set))
    critic = drawn_set.sampler.discriminator
    assert real is not None
    assert critic is not None
    held_out = make_music_task(drawn_set.sampler.config).test_data()
    assert real.mean == pytest.approx(float(critic.probability_real(held_out).mean()), abs=1e-6)
    for card in cards(opened(app, navigation.MUSIC)):
        assert f"real tunes get {real.mean:.3f} on average (n = {real.n})" in card["remarks"][1]
