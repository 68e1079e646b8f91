"""What the browser is given of melodies, and what it may give back: plain, checked data."""

import base64
import io
import json
import math
import wave
from dataclasses import replace
from typing import Any

import pytest

from pages.ui.common.component import shown
from pages.ui.make.music.cards import kept
from pages.ui.make.music.cards.note_text import length_words
from pages.ui.make.music.cards.score_cards import KEPT, WIDE, WIDTHS, Motif, Tune, data_of
from pages.ui.make.music.note_drawing import checked
from pages.ui.make.music.note_drawing import data_of as drawing
from pages.ui.make.text.verse_cards import Scale
from seqgan_core.media.music.melody import Melody, Note
from seqgan_core.media.music.synth import TAIL
from seqgan_core.tasks.music.tokens import melody, tokens
from tests.support.files.melodies import TUNE, in_eighths
from tests.support.files.whole_tunes import JIG, REEL

Q = Scale("q", 0, 1, "Q", "mean P(real)")
SHORT = in_eighths([62, 64, None, 66], bpm=60.0)


def card(tune: Tune, tint: Scale | None = None) -> dict[str, Any]:
    (only,) = data_of([tune], "key", tint)["cards"]
    return dict(only)


def test_the_sound_lasts_as_long_as_the_roll() -> None:
    made = card(Tune("1", "t", TUNE, "fiddle"))
    with wave.open(io.BytesIO(base64.b64decode(made["sound"]))) as file:
        seconds = file.getnframes() / file.getframerate()
    assert made["seconds"] == pytest.approx(TUNE.seconds)
    assert seconds == pytest.approx(TUNE.seconds + TAIL, abs=1e-4)
    assert made["notes"][1]["start"] == pytest.approx(1 / 3)


def test_the_scores_are_for_a_phone_and_for_a_desk() -> None:
    tune = Tune("1", "t", TUNE)
    scores = card(tune)["scores"]
    assert [score["width"] for score in scores] == [*WIDTHS, WIDE]
    two = data_of([tune, replace(tune, id="2")], "key")["cards"]
    assert [[score["width"] for score in card_data["scores"]] for card_data in two] == [
        list(WIDTHS)
    ] * 2
    for score in scores:
        assert all(f'data-note="{at}"' in score["svg"] for at in range(len(TUNE.notes)))


def test_numbers_stand_by_their_notes_and_in_the_words() -> None:
    made = card(Tune("1", "t", SHORT, values=[0.25, math.nan, 1.0]), Q)
    assert [note["value"] for note in made["notes"]] == [0.25, None, 1.0]
    assert made["spoken"] == [
        "D4 eighth (Q 0.25)",
        "E4 eighth",
        "rest eighth",
        "F♯4 eighth (Q 1.00)",
    ]
    assert [note["value"] for note in card(Tune("1", "t", SHORT))["notes"]] == [None] * 3
    with pytest.raises(ValueError, match="2 values are given for 3 notes"):
        card(Tune("1", "t", SHORT, values=[0.1, 0.2]), Q)


def test_brackets_are_in_seconds() -> None:
    made = card(Tune("1", "t", SHORT, motifs=[Motif(0.5, 2.0, "+0.1", "three tokens: +0.1")]))
    (motif,) = made["motifs"]
    assert (motif["start"], motif["end"], motif["label"]) == (0.5, 2.0, "+0.1")


def test_the_given_notes_end_at_the_marked_place() -> None:
    assert card(Tune("1", "t", SHORT, given=1, until=0.5))["until"] == 0.5
    assert card(Tune("1", "t", SHORT, given=1))["until"] == SHORT.seconds


def test_a_card_that_stays_the_same_is_known_by_its_stamp() -> None:
    """What differs is drawn anew; what stays goes on playing while the page is drawn again."""
    tune = Tune("1", "t", SHORT, values=[0.1, 0.2, 0.3])
    stamp = card(tune, Q)["stamp"]
    assert card(tune, Q)["stamp"] == stamp
    others = [
        replace(tune, instrument="flute"),
        replace(tune, melody=replace(SHORT, bpm=90.0)),
        replace(tune, values=[0.1, 0.2, 0.4]),
        replace(tune, title="u"),
    ]
    assert len({card(changed, Q)["stamp"] for changed in others} | {stamp}) == 5


def test_ids_in_scores_of_two_cards_differ() -> None:
    cards = data_of([Tune("1", "a", SHORT), Tune("2", "b", SHORT)], "key")["cards"]
    svgs = [score["svg"] for data in cards for score in data["scores"]]
    ids = [svg.split('-n0"')[0].rsplit('"', 1)[1] for svg in svgs]
    assert len(set(ids)) == 4


@pytest.mark.parametrize(
    "tune", [Melody(()), Melody((), length=8.0), Melody((Note(108, 0, 0.125),))]
)
def test_hardly_anything_is_drawn_too(tune: Melody) -> None:
    made = card(Tune("1", "t", tune), Q)
    assert len(made["notes"]) == len(tune.notes)
    json.dumps(made, allow_nan=False)


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "\u202eevil", "\x00\x1b[2J"])
def test_hostile_text_is_plain_data_with_nothing_hidden(text: str) -> None:
    data = data_of([Tune("1", text, replace(SHORT, title=text), notes=[text])], "key")
    document = json.dumps(shown(data), ensure_ascii=False, allow_nan=False)
    assert document.isprintable()


# -- drawing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [None, "abc", 7, {}, [0], [89], [90], [91], [-1], [41, "x"], [41, 1.5], [True], [[41]],
     [41, 90, 89], [41] * 65, [90] * 5],
)  # fmt: skip
def test_what_was_not_drawn_is_nothing(given: object) -> None:
    assert checked(given) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([41], [41]),
        ([90, 90, 41, 89, 90, 43], [41, 89, 90, 43]),
        ([41, 90], [41, 90]),
        ([41] * 20, [41] * 16),
        ((1, 89, 88), [1, 89, 88]),
    ],
)
def test_what_was_drawn_begins_with_an_onset(given: list[int], expected: list[int]) -> None:
    assert checked(given) == expected
    assert tokens(melody(expected, "eighths"), "eighths") == expected


def test_the_drawing_knows_the_tokens() -> None:
    data = drawing([41, 89], 16)
    assert (data["hold"], data["rest"], data["below"]) == (89, 90, 20)
    assert (data["names"][60], data["names"][61]) == ("C4", "C♯4")
    assert len(data["names"]) == 88


def test_lengths_have_names() -> None:
    assert [length_words(at / 2) for at in (1, 2, 3, 4, 5, 6, 8)] == [
        "eighth", "quarter", "dotted quarter", "half", "2.5 quarters", "dotted half", "whole",
    ]  # fmt: skip


# -- whole tunes --------------------------------------------------------------------------------


def test_a_tune_is_played_with_its_repeats() -> None:
    made = card(Tune("1", "t", REEL))
    notes = made["notes"]
    part = len([note for note in REEL.notes if note.start < 32])
    assert len(notes) == 2 * len(REEL.notes)
    assert [note["written"] for note in notes[:part]] == list(range(part))
    assert [note["written"] for note in notes[part : 2 * part]] == list(range(part))
    assert notes[2 * part]["written"] == part
    assert notes[part]["start"] == pytest.approx(8.0)  # 8 bars of 4 quarters, 240 a minute
    assert made["seconds"] == pytest.approx(32.0)
    with wave.open(io.BytesIO(base64.b64decode(made["sound"]))) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(32 + TAIL, abs=1e-4)
    assert len(made["spoken"]) == len(REEL.notes)  # in words, each once
    assert all(f'data-note="{len(REEL.notes)}"' not in score["svg"] for score in made["scores"])


@pytest.mark.parametrize(("tune", "beats", "beat"), [(REEL, 4, 0.25), (JIG, 2, 0.5)])
def test_bars_of_parts_have_names(tune: Melody, beats: int, beat: float) -> None:
    made = card(Tune("1", "t", tune))
    bars = made["bars"]
    assert [bar["start"] for bar in bars] == pytest.approx(list(range(32)))
    assert [bars[at]["name"] for at in (0, 15, 16, 31)] == [
        "A, bar 1 of 8, first time", "A, bar 8 of 8, second time",
        "B, bar 1 of 8, first time", "B, bar 8 of 8, second time",
    ]  # fmt: skip
    assert [bar["short"] for bar in bars[6:10]] == [
        "A7", "A8", "A1 (second time)", "A2 (second time)",
    ]  # fmt: skip
    assert [at for at, bar in enumerate(bars) if bar["part"]] == [8, 16, 24]
    assert (made["beats"], made["beat"]) == (beats, pytest.approx(beat))


def test_a_tune_without_parts_counts_its_bars() -> None:
    bars = card(Tune("1", "t", TUNE))["bars"]
    assert [bar["name"] for bar in bars] == [f"bar {n} of 4" for n in range(1, 5)]


def test_values_of_written_notes_colour_both_times() -> None:
    values = [at / len(REEL.notes) for at in range(len(REEL.notes))]
    notes = card(Tune("1", "t", REEL, values=values), Q)["notes"]
    assert all(note["value"] == values[note["written"]] for note in notes)


def test_chords_are_a_sound_of_their_own() -> None:
    jig = card(Tune("1", "t", JIG))
    assert card(Tune("1", "t", REEL))["chords"] == ""
    with (
        wave.open(io.BytesIO(base64.b64decode(jig["sound"]))) as melody_alone,
        wave.open(io.BytesIO(base64.b64decode(jig["chords"]))) as chords,
    ):
        assert chords.getnframes() == melody_alone.getnframes()
        assert chords.readframes(40_000) != melody_alone.readframes(40_000)
    assert card(Tune("1", "t", replace(JIG, chords=())))["sound"] == jig["sound"]


def test_one_tune_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(kept.st, "session_state", state)
    tunes = [Tune("0", "a", SHORT, values=[0.1, 0.2, 0.3]), Tune("1", "b", REEL)]
    assert kept.tunes(Q) == []
    kept.keep(tunes, "Before: x", Q, "0")
    (before,) = kept.tunes(Q)
    assert (before.title, before.melody, before.values) == ("Before: x", SHORT, [0.1, 0.2, 0.3])
    assert card(before, Q)["pinned"]
    assert [tune.values for tune in kept.tunes(None)] == [()]  # numbers of another kind
    kept.keep(tunes, "Before: y", Q, "1")
    assert [tune.melody for tune in kept.tunes(Q)] == [REEL]
    kept.keep(tunes, "", Q, KEPT)
    assert kept.tunes(Q) == []
