"""Chords under melodies: which are chosen, and how they stand in files and in the sound."""

import io
import re
from dataclasses import replace

import mido  # type: ignore[import-untyped]
import music21
import numpy as np
import pytest
from hypothesis import given

from seqgan_core.media.music.harmony import accompanied, accompaniment
from seqgan_core.media.music.melody import Chord, Melody
from seqgan_core.media.music.midi import to_midi
from seqgan_core.media.music.musicxml import to_musicxml
from seqgan_core.media.music.wav import BEHIND, PEAK, accompaniment_wav, mixed_wav, wav
from tests.media.test_sound import heard
from tests.support.files.melodies import JIG, WALTZ, tune, tunes

NAMES = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]


def names(melody: Melody) -> str:
    """The chords, a bar after the other for people."""
    return " ".join(NAMES[c.root] + "m" * c.minor for c in melody.chords)


def test_a_jig_and_a_waltz() -> None:
    assert names(accompanied(JIG, 2, False)) == "D D D D D A A D"
    assert names(accompanied(WALTZ, 7, False)) == "G G G D G G"
    assert [(c.start, c.length) for c in accompanied(WALTZ, 7, False).chords] == [
        (bar * 3.0, 3.0) for bar in range(6)
    ]


@pytest.mark.parametrize(
    ("text", "tonic", "minor", "expected"),
    [
        # The chord on whose notes the bar spends the most time; of equals tonic, then dominant.
        ("60:4 65:2 69:2 60:4 67:2 71:2 60:4", 0, False, "C F C G C"),
        ("60:4 67:4 r:4 60:4", 0, False, "C C C C"),
        ("60:4 74:4 60:4", 0, False, "C G C"),
        ("62:4 67:2 71:2 62:4", 2, False, "D G D"),
        # Half bars where they fit a quarter note more.
        ("60:4 65:1 69:1 67:1 71:1 60:4", 0, False, "C F G C"),
        ("60:4 67:1 71:1 67:1 76:0.5 74:0.5 60:4", 0, False, "C G C"),
        # First and last bar: the tonic if half of the notes' time is on it.
        ("65:1 69:1 64:1 60:1 67:4 71:2 60:2", 0, False, "C C C"),
        ("65:1.5 69:1 64:1.5 67:4 71:3 60:1", 0, False, "F C C G"),
        # Minor: the dominant has the raised seventh, unless the melody has the natural one.
        ("69:4 68:2 71:2 62:4 69:4", 9, True, "Am E Dm Am"),
        ("69:4 67:2 71:2 62:4 69:4", 9, True, "Am Em Dm Am"),
        ("69:4 71:4 69:4", 9, True, "Am E Am"),
    ],
)  # fmt: skip
def test_the_chord_of_a_bar(text: str, tonic: int, minor: bool, expected: str) -> None:
    assert names(accompanied(tune("4/4", text), tonic, minor)) == expected


def test_a_bar_of_three_has_one_chord() -> None:
    melody = tune("3/4", "60:3 65 69 65 67 71 67 60:3")
    assert names(accompanied(melody, 0, False)) == "C G C"


@given(tunes())
def test_chords_fill_the_melody(melody: Melody) -> None:
    made = accompanied(melody, 5, False)
    now = 0.0
    for chord in made.chords:
        assert chord.start == now
        assert chord.length > 0
        now += chord.length
    assert now == pytest.approx(melody.stretches[-1][1])
    assert {(c.root, c.minor) for c in made.chords} <= {(5, False), (0, False), (10, False)}
    assert replace(made, chords=()) == replace(melody, chords=())


# -- played -------------------------------------------------------------------------------------


def strokes(melody: Melody) -> list[tuple[float, list[int]]]:
    """The keys that are struck at each time."""
    result: dict[float, list[int]] = {}
    for note in accompaniment(melody):
        result.setdefault(note.start, []).append(note.pitch)
    return sorted(result.items())


def test_the_pattern_of_each_metre() -> None:
    c, bass = [60, 64, 55], [48]
    reel = tune(
        "4/4", "60:4 67:2 71:2", chords=(Chord(0, False, 0.0, 4.0), Chord(7, True, 4.0, 2.0))
    )
    assert strokes(reel) == [
        (0.0, bass), (1.0, c), (2.0, bass), (3.0, c), (4.0, [43]), (5.0, [55, 58, 62]),
    ]  # fmt: skip
    assert strokes(tune("6/8", "60:3", chords=(Chord(0, False, 0.0, 3.0),))) == [
        (0.0, bass),
        (1.5, c),
    ]
    assert strokes(tune("3/4", "60:3", chords=(Chord(0, False, 0.0, 3.0),))) == [
        (0.0, bass), (1.0, c), (2.0, c),
    ]  # fmt: skip


def test_the_repeats_are_accompanied() -> None:
    made = strokes(accompanied(JIG, 2, False))
    assert len(made) == 32
    assert [time for time, _ in made] == [1.5 * at for at in range(32)]
    assert [keys for _, keys in made[:8]] == [keys for _, keys in made[8:16]]


def test_midi_has_a_second_quieter_track() -> None:
    melody = accompanied(JIG, 2, False)
    with_chords = mido.MidiFile(file=io.BytesIO(to_midi(melody, "fiddle")))
    alone = mido.MidiFile(file=io.BytesIO(to_midi(JIG, "fiddle")))
    assert (with_chords.type, alone.type) == (1, 0)
    assert with_chords.tracks[0] == alone.tracks[0]
    first, second = (
        [event for event in track if event.type == "note_on"] for track in with_chords.tracks
    )
    assert {event.channel for event in first} == {0}
    assert {event.channel for event in second} == {1}
    assert max(event.velocity for event in second) < min(event.velocity for event in first)
    assert with_chords.length == pytest.approx(alone.length) == pytest.approx(16.0, abs=1e-3)
    (signature,) = [event for event in alone.tracks[0] if event.type == "time_signature"]
    assert (signature.numerator, signature.denominator, signature.clocks_per_click) == (6, 8, 36)
    now, sounding, at = 0, 0, []
    for event in with_chords.tracks[1]:
        now += event.time
        if event.type in ("note_on", "note_off"):
            sounding += 1 if event.type == "note_on" else -1
            at += [now / 480] if event.type == "note_on" else []
    assert sounding == 0
    assert sorted(at) == sorted(note.start for note in accompaniment(melody))


def test_chords_in_musicxml() -> None:
    chords = (Chord(2, False, 0.0, 3.0), Chord(6, True, 3.0, 1.75), Chord(10, False, 4.75, 1.25))
    text = to_musicxml(replace(JIG, chords=chords), fifths=2).decode()
    assert len(re.findall("<harmony>", text)) == 3
    read = music21.converter.parseData(text, format="musicxml").flatten()
    found = read.getElementsByClass(music21.harmony.ChordSymbol)
    assert [(c.root().name, c.quality, float(c.offset)) for c in found] == [
        ("D", "major", 0.0), ("F#", "minor", 3.0), ("A#", "major", 4.75),
    ]  # fmt: skip


# -- heard --------------------------------------------------------------------------------------


def test_the_accompaniment_is_a_file_of_its_own() -> None:
    melody = accompanied(WALTZ, 7, False)
    alone, _ = heard(wav(melody, "flute"))
    chords, _ = heard(accompaniment_wav(melody))
    mixed, _ = heard(mixed_wav(melody, "flute"))
    assert len(alone) == len(chords) == len(mixed)
    assert wav(melody, "flute") == wav(WALTZ, "flute") == mixed_wav(WALTZ, "flute")
    for sound in (alone, chords, mixed):
        assert np.abs(sound).max() == pytest.approx(PEAK, abs=1e-4)
    both = alone + BEHIND * chords
    np.testing.assert_allclose(mixed, both * PEAK / np.abs(both).max(), atol=2e-4)
    silent, _ = heard(accompaniment_wav(WALTZ))
    assert len(silent) == len(alone)
    assert not silent.any()
    half, slow = heard(accompaniment_wav(melody, 22_050))
    assert (slow, len(half)) == (22_050, len(chords) // 2)


def test_the_bass_of_a_waltz_is_heard_on_one() -> None:
    """E2 to D♯3 are below 160 Hz, chords above 190 Hz."""
    melody = accompanied(WALTZ, 7, False)
    sound, rate = heard(accompaniment_wav(melody))
    for beat, bass in enumerate((True, False, False) * 6):
        start = round(beat * 60 / melody.bpm * rate)
        part = sound[start + rate // 20 : start + rate // 3] * np.hanning(rate // 3 - rate // 20)
        power = np.abs(np.fft.rfft(part, 8 * len(part))) ** 2
        hertz = np.fft.rfftfreq(8 * len(part), 1 / rate)
        low = power[(hertz > 75) & (hertz < 165)].sum() / power[hertz > 75].sum()
        assert low > 0.1 if bass else low < 0.1
