"""A melody as MIDI and as MusicXML: other programs read the same notes, and so do we."""

import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import music21
import pretty_midi
import pytest
from hypothesis import given, settings

from seqgan_core.media.music.instruments import INSTRUMENTS
from seqgan_core.media.music.melody import Melody, Note
from seqgan_core.media.music.midi import to_midi
from seqgan_core.media.music.musicxml import to_musicxml
from tests.support.examples import examples
from tests.support.files.melodies import TUNE, in_eighths, melodies
from tests.support.files.read_melodies import from_midi, from_musicxml

Rows = list[tuple[int, Fraction, Fraction]]


def rows(melody: Melody) -> Rows:
    return [(n.pitch, Fraction(n.start), Fraction(n.length)) for n in melody.notes]


def read_by_music21(score: music21.stream.Stream) -> Rows:
    whole = score.stripTies()
    return [
        (note.pitch.midi, Fraction(note.offset), Fraction(note.quarterLength))
        for note in whole.flatten().notes
    ]


def test_midi_is_read_by_pretty_midi() -> None:
    read = pretty_midi.PrettyMIDI(io.BytesIO(to_midi(TUNE, "fiddle")))
    (player,) = read.instruments
    beat = 60 / TUNE.bpm
    assert player.program == INSTRUMENTS["fiddle"].program == 110
    assert [note.pitch for note in player.notes] == [note.pitch for note in TUNE.notes]
    for heard, note in zip(player.notes, TUNE.notes, strict=True):
        assert heard.start == pytest.approx(note.start * beat, abs=1e-5)
        assert heard.end == pytest.approx((note.start + note.length) * beat, abs=1e-5)
    assert read.get_tempo_changes()[1] == pytest.approx([90.0], abs=1e-3)
    assert read.resolution == 480


def test_midi_is_read_by_music21(tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    path.write_bytes(to_midi(TUNE))
    read = music21.converter.parse(path, quantizePost=False, forceSource=True)
    assert read_by_music21(read) == rows(TUNE)
    (mark,) = read.flatten().getElementsByClass("MetronomeMark")
    assert mark.number == pytest.approx(90.0, abs=1e-3)


@given(melodies())
def test_midi_comes_back(melody: Melody) -> None:
    assert from_midi(to_midi(melody)) == melody


def test_midi_of_triplets_is_exact() -> None:
    third = tuple(Note(60 + at, at / 3, 1 / 3) for at in range(12))
    read = from_midi(to_midi(Melody(third, length=4.0)))
    assert [round(n.start * 480) for n in read.notes] == [160 * at for at in range(12)]


def test_midi_of_times_that_rounding_lets_overlap() -> None:
    notes = (Note(60, 0.0, 0.5010417), Note(62, 0.5010416, 0.0001), Note(64, 0.5012, 1.0))
    read = from_midi(to_midi(Melody(notes)))
    assert [n.pitch for n in read.notes] == [60, 62, 64]
    assert all(n.length > 0 for n in read.notes)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_musicxml_is_read_by_music21(name: str, tmp_path: Path) -> None:
    path = tmp_path / "tune.musicxml"
    path.write_bytes(to_musicxml(TUNE, name, fifths=2))
    read = music21.converter.parse(path, forceSource=True)
    assert read_by_music21(read) == rows(TUNE)
    part = read.parts[0]
    (player,) = part.flatten().getElementsByClass("Instrument")
    assert player.midiProgram == INSTRUMENTS[name].program
    assert [bar.duration.quarterLength for bar in part.getElementsByClass("Measure")] == [4.0] * 4
    assert part.flatten().keySignature.sharps == 2
    assert read.metadata.bestTitle == TUNE.title
    assert read.metadata.composer is None or "music21" not in read.metadata.composer.lower()


@settings(max_examples=examples(25))
@given(melodies())
def test_musicxml_comes_back(melody: Melody) -> None:
    assert from_musicxml(to_musicxml(melody)) == replace(melody, length=max(melody.length, 4.0))


def test_musicxml_is_the_same_every_time() -> None:
    assert to_musicxml(TUNE, "flute") == to_musicxml(TUNE, "flute")


def test_accidentals_hold_for_their_bar() -> None:
    tune = in_eighths([65, 66, 66, 65, 65, 66, None, None, 66])  # F F♯ F♯ F F F♯ | F♯
    text = to_musicxml(tune, fifths=0).decode()
    notes = text.split("<note")[1:]
    signs = [part.split("<accidental>")[1].split("<")[0] if "<accidental>" in part else "-"
             for part in notes if "<pitch>" in part]  # fmt: skip
    assert signs == ["-", "sharp", "-", "natural", "-", "sharp", "sharp"]


def test_a_given_key_is_written() -> None:
    tune = in_eighths([61, 63, 66, 68, 70, 73])
    read = music21.converter.parseData(to_musicxml(tune, fifths=-5).decode(), format="musicxml")
    assert read.flatten().keySignature.sharps == -5
    assert read.flatten().timeSignature.ratioString == "4/4"
    names = [note.pitch.name for note in read.flatten().notes]
    assert names == ["D-", "E-", "G-", "A-", "B-", "D-"]


@pytest.mark.parametrize(
    ("melody", "says"),
    [
        (Melody((Note(60, 0.0, 1.0),), bpm=0.0), "bpm is 0"),
        (Melody((Note(60, 0.0, 1.0),), bpm=float("nan")), "bpm is nan"),
        (Melody((Note(20, 0.0, 1.0),)), "pitch of note 0 is 20"),
        (Melody((Note(60, 0.0, 0.0),)), "lasts 0 quarters"),
        (Melody((Note(60, float("inf"), 1.0),)), "starts at inf"),
        (Melody((Note(60, 0.0, 1.0), Note(62, 0.5, 1.0))), "follow one another"),
        (Melody((Note(60, -1.0, 0.5),)), "starts at -1"),
        (Melody((Note(60, 9e6, 1.0),)), "at most 600 s"),
        (Melody((), length=float("inf")), "at most 600 s"),
    ],
)
def test_what_cannot_be_played_is_refused(melody: Melody, says: str) -> None:
    for write in (to_midi, to_musicxml):
        with pytest.raises(ValueError, match=says):
            write(melody)


def test_an_unknown_instrument_is_refused() -> None:
    with pytest.raises(ValueError, match="one of piano"):
        to_midi(TUNE, "kazoo")


def test_no_notes_at_all_are_a_rest() -> None:
    empty = Melody((), length=8.0)
    assert from_midi(to_midi(empty)) == empty
    assert from_musicxml(to_musicxml(empty)) == empty


def test_a_title_cannot_act() -> None:
    bad = replace(TUNE, title="a\u202eb\x1b[2J\x00<x>")
    assert from_midi(to_midi(bad)).title == "a<U+202E>b<U+001B>[2J<U+0000><x>"
    assert from_musicxml(to_musicxml(bad)).title == "a<U+202E>b<U+001B>[2J<U+0000><x>"
