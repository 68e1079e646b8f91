"""Tunes out of ABC: bars read by hand, what music21 would trip over, and why one is left out."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from seqgan_core.tasks.music.abc_cleanup import simplified, title_of, tunes_in
from seqgan_core.tasks.music.abc_reader import read_abc
from seqgan_core.tasks.music.tune import TICKS, Tune, TuneError
from tests.support.files.hand_read_tunes import INSIDE, OPENINGS

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def corpus_folder() -> Path:
    spec = find_spec("music21")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "corpus"


@cache
def texts(file: str) -> dict[str, str]:
    text = (corpus_folder() / file).read_text(encoding="utf-8", errors="replace")
    return {title_of(tune): tune for tune in tunes_in(text)}


def parsed(notation: str) -> list[tuple[int, int, int]]:
    """ "C#5 3/2, z 1" as (pitch, start, length) in ticks from the first note on."""
    notes, at = [], Fraction(0)
    for note in notation.split(", "):
        name, _, eighths = note.partition(" ")
        length = Fraction(eighths) * TICKS / 2
        if name != "z":
            pitch = 12 * (int(name[-1]) + 1) + STEPS[name[0]]
            pitch += name.count("#") - name[1:].count("b")
            notes.append((pitch, round(at), round(at + length) - round(at)))
        at += length
    return notes


def shapes(tune: Tune, size: int) -> Iterator[list[tuple[int, int, int]]]:
    for first in range(len(tune.notes) - size + 1):
        some = tune.notes[first : first + size]
        yield [(pitch, start - some[0][1], length) for pitch, start, length in some]


def near(actual: list[tuple[int, int, int]], reference: list[tuple[int, int, int]]) -> bool:
    """Alike up to a tick: a third of a note is none."""
    return len(actual) == len(reference) and all(
        a[0] == b[0] and abs(a[1] - b[1]) <= 2 and abs(a[2] - b[2]) <= 2
        for a, b in zip(actual, reference, strict=True)
    )


@pytest.mark.parametrize(("file", "title", "bars", "notation"), OPENINGS)
def test_openings_read_by_hand(file: str, title: str, bars: str, notation: str) -> None:
    tune, expected = read_abc(texts(file)[title]), parsed(notation)
    first = next(shapes(tune, len(expected)))
    assert near(first, expected), (bars, first)


@pytest.mark.parametrize(("file", "title", "bars", "notation"), INSIDE)
def test_bars_read_by_hand(file: str, title: str, bars: str, notation: str) -> None:
    tune, expected = read_abc(texts(file)[title]), parsed(notation)
    assert any(near(some, expected) for some in shapes(tune, len(expected))), bars
    assert re.search(r"[A-Ga-g]", bars)


def test_enough_tunes_were_read_by_hand() -> None:
    read = {(file, title) for file, title, _, _ in [*OPENINGS, *INSIDE]}
    assert len(read) >= 25
    assert {file.split("/")[0] for file, _ in read} == {
        "ryansMammoth", "oneills1850", "airdsAirs", "essenFolksong",
    }  # fmt: skip


def test_without_the_version_accidentals_end_with_their_note() -> None:
    """Why it is given: music21 reads the same bar otherwise."""
    from music21.abcFormat import ABCFile, ABCNote

    text = "X:1\nM:4/4\nL:1/8\nK:C\n^F2 F2 _B2 B2 | F2 B2 F2 B2 |\n"
    pitches = {
        version: [t.pitchName for t in ABCFile(abcVersion=version).readstr(text).tokens
                  if isinstance(t, ABCNote)]
        for version in ((1, 3, 0), (2, 1, 0))
    }  # fmt: skip
    assert pitches[(1, 3, 0)][:4] == ["F#4", "F4", "B-4", "B4"]
    assert pitches[(2, 1, 0)] == ["F#4", "F#4", "B-4", "B-4", "F4", "B4", "F4", "B4"]
    assert [pitch for pitch, _, _ in read_abc(text).notes] == [66, 66, 70, 70, 65, 71, 65, 71]


# What music21 would trip over

HEADER = "X:1\nT:A\nM:4/4\nL:1/8\nK:C\n"


def eighths(body: str, header: str = HEADER) -> list[tuple[int, float]]:
    return [(p, length * 2 / TICKS) for p, _, length in read_abc(header + body).notes]


@pytest.mark.parametrize(
    ("body", "plain_body"),
    [
        ("c>vd e>(f g2) a2 | b4 c'4 |", "c>d e>f g2 a2 | b4 c'4 |"),  # bowings and slurs
        ("c>-d e>{f}f g2 a2 | b4 c'4 |", "c>d e>f g2 a2 | b4 c'4 |"),
        ("(3c{d}de f2 g2 a2 | b4 c'4 |", "(3cde f2 g2 a2 | b4 c'4 |"),  # graces count for nothing
        ("T^c2 c2 d2 e2 | fgab |", "^c2 ^c2 d2 e2 | fgab |"),
        ("c2 {d}-c2 d2 e2 | fgab |", "c2 c2 d2 e2 | fgab |"),  # a slur to a grace is no tie
        ('"Gm"c2 !f!d2 "4"e2 .f2 | gabc |', "c2 d2 e2 f2 | gabc |"),
        ("[CEc]2 [g2e2] d2 e2 | fgab |", "c2 g2 d2 e2 | fgab |"),
        ("c// d3// e2 f2 g2 | a4 b4 g4 f4|", "c/4 d3/4 e2 f2 g2 | a4 b4 g4 f4|"),
        ("cdef cdeG:: c2 d2 e2|", "cdef cdeG :|: c2 d2 e2|"),
        ("cdef|\\\n1 gabc':|2 gfed|", "cdef|1 gabc':|2 gfed|"),
        ("cdef gabc' % Aird: bars\ncdef|", "cdef gabc'\ncdef|"),
    ],
)
def test_what_would_be_misread_is_made_plain(body: str, plain_body: str) -> None:
    assert eighths(body) == eighths(plain_body)


def test_ties_and_endings() -> None:
    tied = eighths("^f4-|f4 c4-|c2 d2 e2 f2|g2 a2 b2 c'2|")
    assert tied[:3] == [(78, 8), (72, 6), (74, 2)]  # f sharp goes on over the bar line
    over = eighths("c4 ^f4-|f4 f4|g2 a2 b2 c'2|cdef|")
    assert over[1:3] == [(78, 8), (77, 4)]  # and the next f is natural
    once = eighths("cdef|1 g4:|2 a4||cdef g2|")
    assert [pitch for pitch, _ in once] == [72, 74, 76, 77, 81, 72, 74, 76, 77, 79]
    only_first = eighths("cdef|1 g4:|cdef ga|")  # a first ending with no other
    assert [pitch for pitch, _ in only_first][4] == 72


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEADER + "cdef|gabc'|\n" + "V:2\ncdef|", "more than one voice"),
        (HEADER + "[V:1] cdef gabc'|", "more than one voice"),
        (HEADER.replace("K:C", "K:Hp") + "cdef gabc'|", "'Hp' is not a key"),
        (HEADER + "cdef & gabc'|", "signs that are not notes: &"),
        (HEADER + "cdef|", "fewer than 8 notes"),
        (HEADER + "c''''def gabc'|c|", "beyond the 88 keys"),
        (HEADER + "[c2e]3 def gabc'|", "a chord with two lengths"),
        (HEADER + "z8|" * 9, "fewer than 8 notes"),
        ("X:1\nT:A\nK:C\n" + "z8|" * 9, "music21 cannot read it"),  # how long is a note?
        ("X:1\nT:A\nM:4/4\nL:what\nK:C\ncdef gabc'|", "music21 cannot read it"),
    ],
)
def test_why_a_tune_is_left_out(text: str, reason: str) -> None:
    with pytest.raises(TuneError, match=re.escape(reason)):
        read_abc(text)


def test_what_a_tune_says() -> None:
    tune = read_abc("X:1\nT: A  B\nM:6/8\nL:1/8\nQ:3/8=120\nK:G\n" + "GAB d3|" * 8)
    assert tune.title == "A B"
    assert tune.tempi == ((0, 180.0),)  # dotted quarters: three eighths are 1.5 quarters
    assert tune.length == 8 * 6 * TICKS // 2
    assert tune.melody.seconds == pytest.approx(8 * 3 / 3)
    assert read_abc(HEADER + "cdef gabc'|" * 4).bpm == 120


def test_plain_text_keeps_to_its_signs() -> None:
    plain = simplified(
        HEADER + 'u"4"c>(vd) .e!mf!f | {ga}b2 ~c2 \\\n|: d`e [K:G] fg :|\n% words\nw: la\n'
    )
    assert plain.splitlines()[-3:] == ["c>d ef | b2 c2 |: de ", "K:G", " fg :|"]
