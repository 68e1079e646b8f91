"""A melody as ABC: the text itself, and what our reader and music21 read in it."""

from dataclasses import replace

import music21
import pytest

from seqgan_core.media.music.abc_writer import to_abc
from seqgan_core.media.music.melody import Chord, Melody, Note
from seqgan_core.tasks.music.abc_cleanup import title_of, tunes_in
from seqgan_core.tasks.music.abc_reader import read_abc_piece
from tests.support.files.melodies import JIG, TUNE, WALTZ, in_eighths, tune


def body(text: str) -> list[str]:
    """The lines after the key."""
    return text[text.index("\nK:") :].splitlines()[2:]


def header(text: str) -> dict[str, str]:
    return dict(line.split(":", 1) for line in text.splitlines() if line[1:2] == ":")


def test_a_tune_of_two_parts() -> None:
    chords = (Chord(2, False, 0.0, 3.0), Chord(6, True, 3.0, 1.5), Chord(9, False, 4.5, 1.5))
    assert to_abc(replace(JIG, chords=chords)).splitlines() == [
        "%abc-2.1",
        "X:1",
        "T:A jig",
        "M:6/8",
        "L:1/8",
        "Q:3/8=120",
        "K:D",
        '|:"D"dcd FAB|"F#m"d2 e "A"d3|A2 F G3-|G A2 D3:|',
        "|:F3 GFG|A3/2G/2F E3|C2 E A2 G|D3 D3:|",
    ]


def test_a_line_has_four_bars_and_a_tune_without_repeats_a_final_bar() -> None:
    assert body(to_abc(WALTZ)) == ["Bdgfed|B2 AG A2|B3 c d2|z2 z2 F2|", "G4 z2|G6|]"]
    assert header(to_abc(WALTZ)) == {
        "X": "1", "T": "A waltz", "M": "3/4", "L": "1/8", "Q": "1/4=150", "K": "G",
    }  # fmt: skip


def test_ties_dots_and_small_values() -> None:
    assert body(to_abc(TUNE, fifths=2)) == ["DEFG ABcd|d4- d3 ^d-|^d3 z c3/2A/2 ^AA|D4- D z z2|]"]


@pytest.mark.parametrize(
    ("pitches", "fifths", "bar"),
    [
        ([65, 66, 66, 65, 65, 66], 0, "F^FF=F F^F z2"),
        ([66, 66, 65, 66], 1, "FF=F^F z4"),
        # An octave higher: by the standard the sharp holds, on paper it does not.
        ([66, 78, 77, 65], 0, "^F^f=f=F z4"),
        ([66, 77, 77, 66], 0, "^F=ff^F z4"),
        ([58, 59, 46, 70], -1, "B,=B,_B,,B z4"),
        ([21, 36, 48, 60, 72, 84, 96, 108], 0, "A,,,,C,,C,C cc'c''c'''"),
        ([68, 67, 69, 68], 7, "G^^F^^G^G z4"),
    ],
)  # fmt: skip
def test_accidentals(pitches: list[int | None], fifths: int, bar: str) -> None:
    filled = [*pitches, *[None] * (8 - len(pitches))]
    assert body(to_abc(in_eighths(filled), fifths)) == [f"{bar}|]"]


def test_a_chord_within_a_note_splits_it() -> None:
    chords = (Chord(0, False, 0.0, 2.0), Chord(7, False, 2.0, 2.0), Chord(10, False, 4.0, 4.0))
    melody = tune("4/4", "60:1 60:2 60:1 r:4", chords=chords)
    assert body(to_abc(melody, 0)) == ['"C"C2 C2-"G"C2 C2|"Bb"z8|]']


@pytest.mark.parametrize(
    ("fifths", "last", "key"),
    [(0, 60, "C"), (0, 69, "Am"), (7, 61, "C#"), (-7, 59, "Cb"), (7, 70, "A#m"), (-7, 68, "Abm"),
     (1, 64, "Em"), (-2, 70, "Bb")],
)  # fmt: skip
def test_the_key_is_named_by_the_last_note(fifths: int, last: int, key: str) -> None:
    text = to_abc(in_eighths([60, last]), fifths)
    assert header(text)["K"] == key
    read = music21.converter.parse(text, format="abc")
    assert read.flatten().keySignature.sharps == fifths


def test_a_title_is_one_line_and_comes_back() -> None:
    text = to_abc(replace(TUNE, title="50% \\ & more\nK:G"))
    assert header(text)["T"] == r"50\% \\ \& more<U+000A>K:G"
    (found,) = tunes_in(text)
    assert title_of(found) == r"50% \ & more<U+000A>K:G"
    assert read_abc_piece(found).title == title_of(found)


def test_no_notes_are_a_bar_of_rest() -> None:
    assert body(to_abc(Melody(()))) == ["z8|]"]


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(ValueError, match="pitch of note 0 is 20"):
        to_abc(Melody((Note(20, 0.0, 1.0),)))
    with pytest.raises(ValueError, match="fifths is 8"):
        to_abc(TUNE, 8)
