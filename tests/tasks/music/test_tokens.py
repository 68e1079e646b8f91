"""Tunes as tokens and back: which step a note has, windows, both forms, and the paper's counts."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.media.music.melody import Melody, Note
from seqgan_core.tasks.music.key_finding import Key
from seqgan_core.tasks.music.tokens import (
    HOLD,
    KEYS,
    REST,
    SIZES,
    Form,
    melody,
    pieces,
    quantised_steps,
    ticks_per_step,
    tokens,
    transposition,
    windows,
    words,
)
from seqgan_core.tasks.music.tune import TICKS, Clock, Tune, one_voice
from tests.support.tiny.tunes import EIGHTH, tune, walk

C, D, E, F, G = (pitch - 20 for pitch in (60, 62, 64, 65, 67))  # tokens


def test_the_names_of_tokens() -> None:
    for form, size in SIZES.items():
        assert len(words(form)) == size
    eighths = words("eighths")
    assert (eighths[C], eighths[HOLD], eighths[REST]) == ("C4", "–", "rest")
    assert (eighths[1], eighths[KEYS]) == ("A0", "C8")
    assert (HOLD, REST, SIZES["keys"], SIZES["eighths"]) == (89, 90, 89, 91)
    assert words("keys") == eighths[: KEYS + 1]
    assert len(set(eighths)) == len(eighths)


# Onto steps


def eighths(*notes: tuple[int, float, float]) -> list[list[int]]:
    return pieces(tune(notes), "eighths")


def test_notes_holds_and_rests() -> None:
    sequences = eighths((60, 0, 1), (62, 1, 2), (64, 4, 3), (65, 7, 1))
    assert sequences == [[C, D, HOLD, REST, E, HOLD, HOLD, F]]


def test_a_note_let_go_early_makes_no_rest() -> None:
    assert eighths((60, 0, 0.6), (62, 1, 1.7), (64, 3, 1)) == [[C, D, HOLD, E]]
    assert eighths((60, 0, 1.2), (62, 3, 1)) == [[C, HOLD, REST, D]]  # 1.8 of silence: one step


def test_dotted_pairs_become_even() -> None:
    assert eighths((60, 0, 1.5), (62, 1.5, 0.5), (64, 2, 0.5), (65, 2.5, 1.5)) == [[C, D, E, F]]


def test_of_a_triplet_two_notes_stay() -> None:
    third = 2 / 3
    notes = [(60, 0, third), (62, third, third), (64, 2 * third, third), (65, 2, 1), (67, 3, 1)]
    notes += [(60, n, 1) for n in range(4, 14)]  # one note in fifteen: the eighth stays the step
    assert pieces(tune(notes), "eighths")[0][:4] == [C, D, F, G]


def test_a_tune_in_sixteenths_is_counted_in_sixteenths() -> None:
    reel = tune([(60 + n % 5, n / 2, 0.5) for n in range(16)])
    assert ticks_per_step(reel) == EIGHTH // 2
    assert pieces(reel, "eighths") == [[C + n % 5 for n in range(16)]]
    jig = tune([(60 + n % 5, n, 1) for n in range(16)])
    assert ticks_per_step(jig) == EIGHTH
    assert pieces(jig, "eighths") == pieces(reel, "eighths")
    few = tune([*((60 + n % 5, n, 1) for n in range(40)), (67, 40, 0.5), (69, 40.5, 0.5)])
    assert ticks_per_step(few) == EIGHTH  # one note of 42 is lost, no more


@given(st.lists(st.tuples(st.integers(1, 2000), st.integers(1, 900)), min_size=1, max_size=40))
def test_steps_keep_the_order(gaps: list[tuple[int, int]]) -> None:
    notes, at = [], 0
    for gap, length in gaps:
        notes.append((60, at, min(gap, length)))
        at += gap
    tune = Tune("x", tuple(notes), at, Key(0))
    for unit in (EIGHTH, EIGHTH // 2):
        steps = quantised_steps(tune, unit)
        placed = [step for step in steps if step >= 0]
        assert all(a < b for a, b in pairwise(placed))
        for (_, start, _), step in zip(notes, steps, strict=True):
            if start % unit == 0:
                assert step == start // unit
            elif step >= 0:
                assert abs(step * unit - start) < unit
    whole = pieces(tune, "eighths")
    onsets = sum(token <= KEYS for piece in whole for token in piece)
    assert onsets == sum(step >= 0 for step in quantised_steps(tune, ticks_per_step(tune)))
    assert all(piece[0] <= KEYS for piece in whole)


def test_a_long_rest_cuts() -> None:
    assert eighths((60, 0, 1), (62, 9, 1)) == [[C, *[REST] * 8, D]]
    assert eighths((60, 0, 1), (62, 10, 1)) == [[C], [D]]


# Windows


def test_windows_begin_with_an_onset() -> None:
    notes = [(60, 0, 3), (62, 3, 6), (64, 9, 3), (65, 14, 6)]
    assert windows(tune(notes), "eighths", 4) == [
        [C, HOLD, HOLD, D], [D, HOLD, HOLD, HOLD], [D, E, HOLD, HOLD], [F, HOLD, HOLD, HOLD],
    ]  # fmt: skip
    assert windows(tune(notes), "eighths", 4, hop=2)[:2] == [
        [C, HOLD, HOLD, D], [C, D, HOLD, HOLD],
    ]  # fmt: skip
    assert windows(tune(notes), "eighths", 21) == []


@pytest.mark.parametrize("hop", [None, 1, 5])
def test_windows_of_many_tunes(hop: int | None) -> None:
    for number in range(20):
        for window in windows(walk(number), "eighths", 16, hop=hop):
            assert len(window) == 16
            assert 1 <= window[0] <= KEYS
            assert 0 not in window


# The common key


def test_transposed_to_the_common_key() -> None:
    low = tune([(pitch - 10, n, 1) for n, pitch in enumerate((60, 64, 67, 72, 67, 64, 62, 60))])
    assert low.key == Key(2)
    assert transposition(low) == -2
    assert windows(low, "eighths", 8, transpose=True)[0] == [
        token - 2 for token in windows(low, "eighths", 8)[0]
    ]
    held = tune([(62, 0, 2), (66, 2, 2), (69, 4, 2), (62, 8, 2)])
    assert windows(held, "eighths", 10, transpose=True) == [
        [C, HOLD, E, HOLD, G, HOLD, REST, REST, C, HOLD],
    ]  # fmt: skip


def test_at_the_end_of_the_keyboard_another_octave() -> None:
    lowest = Tune("x", ((22, 0, 480),), 480, Key(2))
    assert transposition(lowest) == 10  # -2 would leave it
    highest = Tune("x", ((108, 0, 480),), 480, Key(11))
    assert transposition(highest) == -11
    wide = Tune("x", ((21, 0, 480), (108, 480, 480)), 960, Key(11))
    assert transposition(wide) == 0


# To melodies and back


@st.composite
def well_formed(draw: st.DrawFn) -> list[int]:
    """Tokens in which a hold has a note to go on with."""
    drawn: list[int] = []
    for _ in range(draw(st.integers(1, 40))):
        choices = [st.integers(1, KEYS), st.just(REST)]
        if drawn and drawn[-1] != REST:
            choices.append(st.just(HOLD))
        drawn.append(draw(st.one_of(choices)))
    return drawn


@given(well_formed())
def test_round_trip(given_tokens: list[int]) -> None:
    decoded = melody(given_tokens, "eighths")
    assert tokens(decoded, "eighths") == given_tokens
    assert melody(tokens(decoded, "eighths"), "eighths") == decoded
    assert decoded.length == len(given_tokens) / 2


@given(st.lists(st.integers(1, KEYS), min_size=1, max_size=40))
def test_round_trip_in_the_papers_form(given_tokens: list[int]) -> None:
    decoded = melody(given_tokens, "keys")
    assert tokens(decoded, "keys") == given_tokens
    assert melody(tokens(decoded, "keys"), "keys") == decoded
    assert all(a.pitch != b.pitch for a, b in pairwise(decoded.notes))


def test_what_has_no_sound_is_rest() -> None:
    assert melody([HOLD, 0, C, 0, HOLD, REST, HOLD, D, HOLD], "eighths").notes == (
        Note(60, 1.0, 0.5), Note(62, 3.5, 1.0),
    )  # fmt: skip
    assert melody([0, HOLD], "eighths") == Melody((), 120.0, "", 1.0)
    assert tokens(Melody((), 120.0, "", 1.0), "eighths") == [REST, REST]
    decoded = melody([C, C, D], "keys", bpm=100, title="mine")
    assert decoded.notes == (Note(60, 0, 1.0), Note(62, 1.0, 0.5))
    assert (decoded.bpm, decoded.title) == (100, "mine")
    assert melody([C, D, E], "keys").seconds == pytest.approx(1.2)  # 0.4 s each


@pytest.mark.parametrize("form", ["eighths", "keys"])
def test_nothing_is_no_melody(form: Form) -> None:
    assert melody([], form).notes == ()
    assert tokens(Melody(()), form) == []


# The paper's form


def test_a_pitch_each_four_tenths_of_a_second() -> None:
    crotchets = tune([(60, 0, 2), (62, 2, 2), (64, 4, 2), (65, 6, 2)])  # each 0.5 s
    assert pieces(crotchets, "keys") == [[C, C, D, E, F]]  # at 0, 0.4, 0.8, 1.2, 1.6 s
    slow = tune([(60, 0, 2), (62, 2, 2), (64, 4, 2), (65, 6, 2)], tempi=((0, 60.0),))
    assert pieces(slow, "keys") == [[C, C, C, D, D, E, E, E, F, F]]
    changing = tune([(60, 0, 2), (62, 2, 2), (64, 4, 2)], tempi=((0, 120.0), (TICKS, 60.0)))
    assert pieces(changing, "keys") == [[C, C, D, D, E, E, E]]  # 0.5 s, then 1 s each


def test_the_paper_holds_rests_and_cuts_at_two_seconds() -> None:
    two = tune([(60, 0, 1), (62, 9, 2)])  # 0.25 s, then 2 s of rest: no more than that
    assert pieces(two, "keys") == [[C, C, C, C, C, C, D]]
    more = tune([(60, 0, 1), (62, 9.2, 2)])
    assert pieces(more, "keys") == [[C], [D, D]]


def test_a_clock_of_many_tempi() -> None:
    clock = Clock([(0, 120.0), (960, 60.0), (1920, 30.0)])
    assert [clock.seconds(tick) for tick in (0, 480, 960, 1440, 1920, 2880)] == pytest.approx(
        [0, 0.25, 0.5, 1.0, 1.5, 3.5]
    )


def test_of_notes_together_the_highest() -> None:
    assert one_voice([(60, 0, 1000), (67, 500, 700), (60, 1200, 2000)]) == (
        (60, 0, 500), (67, 500, 200), (60, 700, 300), (60, 1200, 800),
    )  # fmt: skip
    assert one_voice([(60, 0, 100), (60, 40, 140)]) == ((60, 0, 40), (60, 40, 100))
    assert one_voice([(60, 10, 10), (62, 5, 3)]) == ()


def test_a_legato_melody_begins_each_note_where_it_is_played() -> None:
    down = [(72 - n, n * 480, n * 480 + 600) for n in range(9)]
    assert one_voice(down) == tuple((p, s, 480 if p > 64 else 600) for p, s, _ in down)
    over_a_bass = [*down, (36, 0, 9 * 480)]
    assert one_voice(over_a_bass) == one_voice(down)
    # detached, over a bass, and chords that are not released at once
    short = [(72 - n, n * 480, n * 480 + 400) for n in range(9)]
    assert one_voice([*short, (36, 0, 9 * 480 - 60)]) == tuple((p, s, 400) for p, s, _ in short)
    chord = [(67, 0, 470), (64, 10, 480), (60, 0, 490)]
    assert one_voice(chord) == ((67, 0, 470),)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)), max_size=12),
    st.sampled_from([1, 7, 60, 239, 240, 480]),
)
def test_one_voice_is_the_highest_at_each_time(
    notes: list[tuple[int, int, int]], unit: int
) -> None:
    given_notes = [(60 + p, start * unit, (start + size) * unit) for p, start, size in notes]
    voice = one_voice(given_notes)
    ends = [start + length for _, start, length in voice]
    assert all(end <= start for end, (_, start, _) in zip(ends, voice[1:], strict=False))
    for pitch, start, length in voice:  # each is a part of a note
        assert length > 0
        assert any(p == pitch and s <= start < start + length <= e for p, s, e in given_notes)
    if unit >= 240:  # from a sixteenth on, two voices
        for time in range(0, 20 * unit, unit):
            sounding = [p for p, s, e in given_notes if s <= time < e]
            heard = [p for p, s, length in voice if s <= time < s + length]
            assert heard == ([max(sounding)] if sounding else [])
