"""A melody written down and engraved: bars, ties, beams; ids; safe, and from threads."""

import re
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqgan_core.media.music.engraving import engrave
from seqgan_core.media.music.melody import Melody, Note
from seqgan_core.media.music.notation import Notation, Sign, notation
from seqgan_core.media.music.piano_roll import piano_roll
from seqgan_core.media.music.pitch_names import key_signature, pitch_name
from tests.support.examples import examples
from tests.support.files.melodies import TUNE, in_eighths, melodies

SVG = "{http://www.w3.org/2000/svg}"


def words(written: Notation) -> list[str]:
    """Each bar in short: value, dot, what it is, tie."""

    def word(sign: Sign) -> str:
        tie = "~" if sign.tied_to else ""
        return f"{sign.value}{'.' * sign.dots}{'r' if sign.pitch is None else sign.pitch}{tie}"

    return [" ".join(map(word, bar)) for bar in written.bars]


def test_a_tune_is_written_as_a_copyist_would() -> None:
    assert words(notation(TUNE, fifths=2)) == [
        "8D4 8E4 8F♯4 8G4 8A4 8B4 8C♯5 8D5",
        "2D5~ 4.D5 8D♯5~",
        "4.D♯5 8r 8.C♯5 16A4 8A♯4 8A♯4",
        "2D4~ 8D4 8r 4r",
    ]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0.0, 2.5)], "2C4~ 8C4 8r 4r"),
        ([(0.5, 1.0)], "8r 4C4 8r 2r"),  # a syncopation within the half bar is one sign
        ([(1.5, 1.0)], "4r 8r 8C4~ 8C4 8r 4r"),  # over the middle it is two
        ([(1.0, 2.0)], "4r 2C4 4r"),
        ([(3.0, 1.0)], "2r 4r 4C4"),
        ([(0.0, 4.0)], "1C4"),
        ([(0.125, 0.25)], "32r 16C4 32r 8r 4r 2r"),
    ],
)
def test_values_show_the_beat(spans: list[tuple[float, float]], expected: str) -> None:
    notes = tuple(Note(60, start, length) for start, length in spans)
    assert words(notation(Melody(notes, length=4.0))) == [expected]


@given(melodies())
def test_bars_are_full_and_hold_every_note(melody: Melody) -> None:
    written = notation(melody)
    held = dict.fromkeys(range(len(melody.notes)), 0)
    for bar in written.bars:
        now = 0
        for sign in bar:
            assert sign.at == now
            now += sign.units
            if sign.index is not None:
                held[sign.index] += sign.units
        assert now == 32
    assert list(held.values()) == [note.length * 8 for note in melody.notes]


def test_four_eighths_hang_on_one_beam() -> None:
    beams = [sign.beam for sign in notation(TUNE).bars[0]]
    assert beams == [0, 0, 0, 0, 1, 1, 1, 1]
    mixed = notation(in_eighths([60, 60, 60, None, None, 60, 60, 60]))
    assert [sign.beam for sign in mixed.bars[0] if sign.pitch] == [0, 0, None, None, 1, 1]


@given(st.integers(21, 108), st.integers(-7, 7))
def test_a_name_means_its_pitch(pitch: int, fifths: int) -> None:
    name = pitch_name(pitch, fifths)
    place = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[name.step]
    assert 12 * (name.octave + 1) + place + name.alter == pitch


@pytest.mark.parametrize("fifths", range(-5, 7))
def test_the_key_of_a_scale_is_found(fifths: int) -> None:
    tonic = 60 + 7 * fifths % 12
    scale = [tonic + step for step in (0, 2, 4, 5, 7, 9, 11, 12)]
    assert key_signature(in_eighths([*scale])) == fifths
    assert all(sign.accidental is False for sign in notation(in_eighths([*scale])).bars[0])


def test_few_notes_get_the_key_of_the_last() -> None:
    assert key_signature(in_eighths([67, 69, 71, 67])) == 1  # G A B G: also in C and D


# -- engraved -----------------------------------------------------------------------------------


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def test_every_note_is_found_by_its_index() -> None:
    root = tree(engrave(TUNE, name="one").svg)
    groups = [g for g in root.iter(f"{SVG}g") if g.get("class") == "note"]
    assert [g.get("data-note") for g in groups if g.get("id", "").count("-") == 1] == [
        str(at) for at in range(len(TUNE.notes))
    ]
    assert [g.get("id") for g in groups if g.get("data-note") == "14"] == ["one-n14", "one-n14-1"]


def test_lines_break_by_the_width() -> None:
    def systems(width: int) -> int:
        made = engrave(TUNE, width=width)
        root = tree(made.svg)
        assert root.get("width") == f"{width}px"
        assert made.width == width
        assert root.get("height") == f"{made.height}px"
        return sum("system" in (g.get("class") or "").split() for g in root.iter(f"{SVG}g"))

    assert (systems(1000), systems(340)) == (1, 2)


@settings(max_examples=examples(20))
@given(melodies())
def test_the_picture_can_be_embedded(melody: Melody) -> None:
    made = engrave(melody)
    root = tree(made.svg)
    allowed = {"svg", "g", "path", "use", "defs", "desc", "style", "title", "rect", "ellipse",
               "polygon", "polyline", "text", "tspan"}  # fmt: skip
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in allowed
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            if name.endswith("href"):
                assert value.startswith("#")
    assert "<script" not in made.svg
    assert not re.search(r"url\(|@import|javascript:|<!DOCTYPE", made.svg, re.IGNORECASE)
    assert not re.search(r'(color|fill|stroke)="(black|#)', made.svg)  # the page's ink


def test_ids_of_two_scores_differ_and_of_one_stay() -> None:
    def ids(svg: str) -> set[str]:
        return set(re.findall(r'\bid="([^"]+)"', svg))

    first, second = engrave(TUNE, name="a").svg, engrave(TUNE, name="b").svg
    assert not ids(first) & ids(second)
    assert first == engrave(TUNE, name="a").svg


def test_threads_engrave_the_same() -> None:
    tunes = [in_eighths([60 + (at * step) % 12 for at in range(32)]) for step in (1, 5, 7, 11)] * 4
    alone = [engrave(tune).svg for tune in tunes]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda tune: engrave(tune).svg, tunes)) == alone


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"width": 0}, "width is 0"),
        ({"name": 'x" onload="'}, "name is"),
        ({"name": ""}, "name is"),
        ({"fifths": 9}, "fifths is 9"),
    ],
)
def test_what_cannot_be_drawn_is_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        engrave(TUNE, **options)  # type: ignore[arg-type]


def test_an_empty_melody_is_a_bar_of_rest() -> None:
    made = engrave(Melody(()))
    assert any(g.get("class") == "mRest" for g in tree(made.svg).iter(f"{SVG}g"))


# -- the roll -----------------------------------------------------------------------------------


def test_the_roll_in_numbers() -> None:
    drawn = piano_roll(TUNE, fifths=2)
    assert drawn.seconds == pytest.approx(16 * 60 / 90)
    assert drawn.bars == pytest.approx([0.0, 8 / 3, 16 / 3, 8.0])
    assert (drawn.low, drawn.high) == (61, 76)
    assert drawn.notes[2].name == "F♯4"
    assert drawn.notes[9].quarters == 2.0
    assert (drawn.notes[9].start, drawn.notes[9].end) == pytest.approx((5.0, 19 / 3))


@pytest.mark.parametrize(("pitch", "room"), [(60, (55, 66)), (21, (21, 32)), (108, (97, 108))])
def test_the_roll_is_an_octave_high_at_least(pitch: int, room: tuple[int, int]) -> None:
    drawn = piano_roll(in_eighths([pitch]))
    assert (drawn.low, drawn.high) == room


def test_the_roll_of_nothing() -> None:
    drawn = piano_roll(Melody(()))
    assert (drawn.notes, drawn.seconds, drawn.bars) == ((), 0.0, (0.0,))
