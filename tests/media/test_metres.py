"""Melodies in 6/8 and 3/4, and their repeats: as they are written, engraved and played."""

import re
from xml.etree import ElementTree

import music21
import pytest
from hypothesis import given

from seqgan_core.media.music.engraving import engrave
from seqgan_core.media.music.melody import BAR, Chord, Melody, Metre, Note
from seqgan_core.media.music.musicxml import to_musicxml
from seqgan_core.media.music.notation import notation
from seqgan_core.media.music.piano_roll import piano_roll
from tests.media.test_engraving import SVG, tree, words
from tests.support.files.melodies import JIG, WALTZ, tune, tunes


def beams(melody: Melody) -> list[list[int | None]]:
    return [[sign.beam for sign in bar if sign.pitch] for bar in notation(melody).bars]


def test_a_jig_is_written_in_dotted_quarters() -> None:
    assert words(notation(JIG)) == [
        "8D5 8C♯5 8D5 8F♯4 8A4 8B4",
        "4D5 8E5 4.D5",
        "4A4 8F♯4 4.G4~",
        "8G4 4A4 4.D4",
        "4.F♯4 8G4 8F♯4 8G4",
        "8.A4 16G4 8F♯4 4.E4",
        "4C♯4 8E4 4A4 8G4",
        "4.D4 4.D4",
    ]


@pytest.mark.parametrize(
    ("metre", "text", "expected"),
    [
        ("6/8", "60:3", "2.C4"),
        ("6/8", "60:1.5 60:1 60", "4.C4 4C4 8C4"),
        ("6/8", "60 60:1 r 60:1", "8C4 4C4 8r 4C4"),
        ("6/8", "60 60:2 60", "8C4 4C4~ 4C4 8C4"),  # the second beat is seen
        ("6/8", "60:2 60:1", "4.C4~ 8C4 4C4"),
        ("6/8", "60:1.25 60:0.25 60:1.5", "4C4~ 16C4 16C4 4.C4"),
        ("6/8", "60:0.75 60:0.25 60 r:1.5", "8.C4 16C4 8C4 4.r"),
        ("6/8", "60 r:1 60:1 r", "8C4 8r 8r 4C4 8r"),
        ("6/8", "r:1 60 60 r:1", "4r 8C4 8C4 8r 8r"),
        ("3/4", "60:3", "2.C4"),
        ("3/4", "60:2 r:1", "2C4 4r"),
        ("3/4", "60:1.5 60 60:1", "4.C4 8C4 4C4"),
        ("3/4", "60:1 60:2", "4C4 2C4"),
        ("3/4", "60 60:1 60:1.5", "8C4 4C4 8C4~ 4C4"),  # the third beat is seen
        ("3/4", "60:2.5 60", "2C4~ 8C4 8C4"),
        ("3/4", "60:1 r:2", "4C4 4r 4r"),  # no half rest in this metre
        ("3/4", "r:2 60:1", "4r 4r 4C4"),
        ("3/4", "60 r:2.5", "8C4 8r 4r 4r"),
    ],
)  # fmt: skip
def test_values_show_the_beat(metre: Metre, text: str, expected: str) -> None:
    assert words(notation(tune(metre, text))) == [expected]


@given(tunes())
def test_bars_are_full_and_hold_every_note(melody: Melody) -> None:
    written = notation(melody)
    ends = [*melody.parts[1:], float("inf")]
    held = dict.fromkeys(range(len(melody.notes)), 0)
    for bar in written.bars:
        now = 0
        for sign in bar:
            assert sign.at == now
            now += sign.units
            if sign.index is not None:
                held[sign.index] += sign.units
        assert now == 8 * BAR[melody.metre]
    assert list(held.values()) == [
        8 * min(note.length, next(end for end in ends if end > note.start) - note.start)
        for note in melody.notes
    ]


def test_eighths_are_beamed_by_the_metre() -> None:
    six = "60 60 60 60 60 60"
    assert beams(tune("6/8", six)) == [[0, 0, 0, 1, 1, 1]]
    assert beams(tune("3/4", six)) == [[0] * 6]
    assert beams(tune("6/8", "60 60:1 60 60 60")) == [[None, None, 0, 0, 0]]
    assert beams(tune("3/4", "60:1 60 60 60 60")) == [[None, 0, 0, 1, 1]]
    assert beams(tune("6/8", "60:0.75 60:0.25 60 60 r 60")) == [[0, 0, 0, None, None]]


def test_a_beam_stays_in_its_half_of_a_bar_of_four() -> None:
    assert beams(tune("4/4", "60:1 60 60 60 60 60 60")) == [[None, 0, 0, 1, 1, 1, 1]]


@pytest.mark.parametrize(
    ("melody", "time", "mark"),
    [(JIG, "6/8", (120.0, 1.5)), (WALTZ, "3/4", (150.0, 1.0))],
)
def test_musicxml_has_metre_and_beat(melody: Melody, time: str, mark: tuple[float, float]) -> None:
    read = music21.converter.parseData(to_musicxml(melody).decode(), format="musicxml")
    part = read.parts[0]
    assert part.flatten().timeSignature.ratioString == time
    (metronome,) = part.flatten().getElementsByClass("MetronomeMark")
    assert (metronome.number, metronome.referent.quarterLength) == pytest.approx(mark)
    assert {bar.duration.quarterLength for bar in part.getElementsByClass("Measure")} == {3.0}


# -- repeats ------------------------------------------------------------------------------------


def test_parts_are_repeat_signs() -> None:
    text = to_musicxml(JIG).decode()
    measures = [
        re.findall('<repeat direction="(.*?)"/>', bar) for bar in text.split("<measure")[1:]
    ]
    assert measures == [["forward"], [], [], ["backward"], ["forward"], [], [], ["backward"]]
    assert "<repeat" not in to_musicxml(WALTZ).decode()


def test_a_part_ends_what_sounds() -> None:
    melody = Melody((Note(60, 3.0, 2.0), Note(62, 6.0, 1.0)), metre="4/4", parts=(0.0, 4.0))
    assert words(notation(melody)) == ["2r 4r 4C4", "2r 4D4 4r"]
    assert [(n.start, n.length) for n in melody.played().notes] == [
        (3.0, 1.0), (7.0, 1.0), (10.0, 1.0), (14.0, 1.0)
    ]  # fmt: skip
    assert melody.played().length == 16.0  # whole bars, as they are written


def test_the_roll_is_what_is_played() -> None:
    drawn = piano_roll(JIG)
    first = [at for at, note in enumerate(JIG.notes) if note.start < 12.0]
    second = [at for at in range(len(JIG.notes)) if at not in first]
    assert [note.index for note in drawn.notes] == first * 2 + second * 2
    assert drawn.seconds == pytest.approx(48 / 3)
    assert drawn.bars == pytest.approx([float(at) for at in range(16)])  # 3 quarters at 180
    for note in drawn.notes:
        assert (note.pitch, note.quarters) == (
            JIG.notes[note.index].pitch, JIG.notes[note.index].length
        )  # fmt: skip
    again = drawn.notes[len(first)]
    assert (again.index, again.start) == (0, pytest.approx(4.0))


@given(tunes())
def test_the_roll_agrees_with_what_is_played(melody: Melody) -> None:
    played = melody.played()
    drawn = piano_roll(melody)
    assert [note.pitch for note in drawn.notes] == [note.pitch for note in played.notes]
    assert [melody.notes[note.index].pitch for note in drawn.notes] == [
        n.pitch for n in played.notes
    ]
    assert drawn.seconds == pytest.approx(played.seconds)


@pytest.mark.parametrize(
    "parts", [(4.0,), (0.0, 3.0), (0.0, 8.0, 4.0), (0.0, 4.0, 4.0), (0.0, 16.0)]
)
def test_parts_must_begin_on_bars(parts: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="the first begins at 0"):
        notation(tune("4/4", "60:4 60:4 60:4 60:4", parts=parts))


def test_a_metre_must_be_known_and_repeats_end() -> None:
    with pytest.raises(ValueError, match="metre is '5/4'; it must be one of 4/4, 6/8, 3/4"):
        notation(tune("5/4", "60:5"))  # type: ignore[arg-type]
    long = Melody((Note(60, 0.0, 400.0),), bpm=60.0, parts=(0.0,))
    with pytest.raises(ValueError, match="lasts 800 s; at most 600 s"):
        notation(long)


# -- engraved -----------------------------------------------------------------------------------


def texts(root: ElementTree.Element, kind: str) -> list[str]:
    groups = (g for g in root.iter(f"{SVG}g") if g.get("class") == kind)
    return ["".join("".join(g.itertext()).split()) for g in groups]


def test_metre_repeats_and_chords_are_engraved() -> None:
    chords = (Chord(2, False, 0.0, 3.0), Chord(6, True, 3.0, 1.5), Chord(9, False, 4.5, 1.5))
    root = tree(
        engrave(Melody(JIG.notes, length=24.0, metre="6/8", parts=(0.0, 12.0), chords=chords)).svg
    )
    assert texts(root, "harm") == ["D", "F♯m", "A"]
    kinds = [g.get("class") for g in root.iter(f"{SVG}g")]
    assert kinds.count("meterSig") == 1
    assert kinds.count("measure") == 8
    plain = tree(engrave(Melody(JIG.notes, length=24.0, metre="6/8")).svg)

    def dots(drawn: ElementTree.Element) -> int:
        lines = (g for g in drawn.iter(f"{SVG}g") if g.get("class") == "barLine")
        return sum(
            len(list(line.iter(f"{SVG}ellipse"))) + len(list(line.iter(f"{SVG}use")))
            for line in lines
        )

    assert (dots(plain), dots(root)) == (0, 8)  # two for each repeat sign


def test_the_first_note_of_every_written_note_is_found() -> None:
    root = tree(engrave(JIG, name="jig").svg)
    numbers = [g.get("data-note") for g in root.iter(f"{SVG}g") if g.get("class") == "note"]
    assert sorted(set(map(int, filter(None, numbers)))) == list(range(len(JIG.notes)))
