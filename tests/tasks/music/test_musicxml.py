"""MusicXML as programs write it: ties, tempi, cue notes, measures, names; and the tune's part."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.tasks.music.melody_part import Part, Piece, melody_of
from seqgan_core.tasks.music.musicxml_reader import read_mxl, read_xml
from seqgan_core.tasks.music.tune import TICKS, TuneError
from tests.support.files.hand_made_scores import (
    DIVISIONS,
    measure,
    musicxml,
    refused,
    xml_note,
    zipped,
)

HALF = TICKS // 2  # one of the two divisions of these scores
BEGIN, END = "<tie type='start'/>", "<tie type='stop'/>"
BACK = "<backup><duration>{}</duration></backup>"
FOUR_FOUR = (
    "<attributes><divisions>2</divisions><time><beats>4</beats><beat-type>4</beat-type></time>"
    "</attributes>"
)
WHOLE_REST = "<note><rest measure='yes'/><duration>8</duration></note>"


def voice(number: int) -> str:
    return f"<voice>{number}</voice>"


def notes_of(*measures: str) -> list[tuple[int, int, int]]:
    """The notes of one part, in the unit of its divisions."""
    score = "".join(measures).replace("<measure>", f"<measure>{DIVISIONS}", 1)
    piece = read_xml(musicxml(score))
    notes = [(p, start // HALF, end // HALF) for p, start, end in piece.parts[0].notes]
    return sorted(notes, key=lambda note: (note[1], note[0], note[2]))


def c(length: int, more: str = "", octave: int = 4) -> str:
    return xml_note("C", octave, length, more)


# Ties


def test_a_tie_without_its_end_is_a_tie() -> None:
    assert notes_of(measure(c(8, BEGIN)), measure(c(2), c(2))) == [(60, 0, 10), (60, 10, 12)]
    chord = c(8, BEGIN) + xml_note("E", 4, 8, "<chord/>")
    next_chord = c(4) + xml_note("E", 4, 4, "<chord/>")
    assert notes_of(measure(chord), measure(next_chord)) == [(60, 0, 12), (64, 0, 8), (64, 8, 12)]


def test_the_end_of_a_tie_without_its_beginning_is_a_note() -> None:
    assert notes_of(measure(c(2), c(2, END))) == [(60, 0, 2), (60, 2, 4)]


def test_a_tie_that_was_left_behind_ties_nothing() -> None:
    """The same pitch comes later: the notes do not touch."""
    d = xml_note("D", 4, 2)
    assert notes_of(measure(c(2, BEGIN), d, c(2, END))) == [(60, 0, 2), (62, 2, 4), (60, 4, 6)]
    assert notes_of(measure(c(2, BEGIN), d, c(2))) == [(60, 0, 2), (62, 2, 4), (60, 4, 6)]


def test_two_voices_tie_the_same_pitch() -> None:
    first = measure(
        c(4, BEGIN + voice(1)), c(4, voice(1)), BACK.format(8), c(8, BEGIN + voice(2))
    )  # fmt: skip
    second = measure(c(4, voice(1)), BACK.format(4), c(2, END + voice(2)))
    assert notes_of(first, second) == [(60, 0, 8), (60, 0, 10), (60, 8, 12)]
    both = measure(c(4, BEGIN + voice(1)), BACK.format(4), c(4, BEGIN + voice(2)))
    ends = measure(c(2, END + voice(2)), BACK.format(2), c(4, END + voice(1)))
    assert notes_of(both, ends) == [(60, 0, 6), (60, 0, 8)]


def test_a_tie_may_change_voice_and_staff() -> None:
    left = c(4, BEGIN + voice(1) + "<staff>1</staff>")
    right = voice(5) + "<staff>2</staff>"
    assert notes_of(measure(left), measure(c(4, END + right))) == [(60, 0, 8)]
    assert notes_of(measure(left), measure(c(4, right))) == [(60, 0, 8)]
    both = c(4, voice(1)) + BACK.format(4) + c(2, right)  # its own voice comes first
    assert notes_of(measure(left), measure(both)) == [(60, 0, 8), (60, 4, 6)]


def test_a_tie_into_two_endings_is_played_into_the_first() -> None:
    def ending(number: int) -> str:
        return f"<barline><ending number='{number}' type='start'/></barline>"

    bars = measure(c(4, BEGIN)), measure(ending(1), c(4, END)), measure(ending(2), c(4, END))
    assert notes_of(*bars) == [(60, 0, 8), (60, 8, 12)]


def test_a_tie_that_is_only_printed_is_one_and_ringing_on_is_none() -> None:
    printed = [f"<notations><tied type='{kind}'/></notations>" for kind in ("start", "stop")]
    assert notes_of(measure(c(4, printed[0]), c(4, printed[1]))) == [(60, 0, 8)]
    ringing = "<notations><tied type='let-ring'/></notations>"
    assert notes_of(measure(c(4, ringing), c(4))) == [(60, 0, 4), (60, 4, 8)]
    assert notes_of(measure(c(2, END), c(2, BEGIN), c(2, BEGIN + END), c(2, END))) == [
        (60, 0, 2),
        (60, 2, 8),
    ]


# What sounds


def test_cue_notes_are_silent_and_hidden_notes_are_not() -> None:
    cue = c(2).replace("<note>", "<note><cue/>")
    hidden = c(2).replace("<note>", "<note print-object='no'>")
    assert notes_of(measure(c(2, BEGIN), cue, hidden, c(1, "<grace/>"))) == [
        (60, 0, 2),
        (60, 4, 6),
    ]


def test_each_staff_has_its_transposition_until_it_changes() -> None:
    def transposed(semitones: int, of: str = "") -> str:
        return (
            f"<attributes><transpose{of}><chromatic>{semitones}</chromatic></transpose>"
            "</attributes>"
        )

    second = " number='2'"
    bar = measure(
        transposed(-2), transposed(-12, second), c(1), c(1, "<staff>1</staff>"),
        c(1, "<staff>2</staff>"), transposed(3), c(1), c(1, "<staff>2</staff>"),
    )  # fmt: skip
    assert [pitch for pitch, _, _ in notes_of(bar)] == [58, 58, 48, 63, 48]


def test_divisions_may_change_within_a_measure() -> None:
    changed = "<attributes><divisions>24</divisions></attributes>"
    assert notes_of(measure(c(2), changed, c(24), BACK.format(48), c(12, octave=5))) == [
        (60, 0, 2),
        (72, 0, 1),
        (60, 2, 4),
    ]


# Measures


def starts_of(*parts: str) -> list[list[int]]:
    piece = read_xml(musicxml(*parts))
    return [[start // HALF for _, start, _ in part.notes] for part in piece.parts]


def test_all_parts_begin_a_measure_together() -> None:
    whole = measure(c(8), attributes=FOUR_FOUR) + measure(c(8))
    short = measure(c(2), attributes=FOUR_FOUR) + measure(c(8))  # its rests are left out
    assert starts_of(short, whole) == [[0, 8], [0, 8]]
    upbeat = measure(c(2), attributes=FOUR_FOUR) + measure(c(8))
    resting = measure(WHOLE_REST, attributes=FOUR_FOUR) + measure(c(8))  # longer than the upbeat
    assert starts_of(upbeat, resting) == [[0, 2], [2]]
    assert starts_of(upbeat) == [[0, 2]]
    held = measure(c(2, BEGIN), attributes=FOUR_FOUR) + measure(c(8, END)) + measure(c(2))
    assert starts_of(held, resting + measure(c(2))) == [[0, 10], [2, 10]]


def test_an_empty_measure_is_a_silent_one() -> None:
    three = FOUR_FOUR.replace("<beats>4", "<beats>2+1")
    for empty in (measure(), measure("<note><rest measure='yes'/></note>")):
        assert starts_of(measure(c(8), attributes=FOUR_FOUR) + empty + measure(c(2))) == [[0, 16]]
        assert starts_of(measure(c(6), attributes=three) + empty + measure(c(2))) == [[0, 12]]


def timewise(score: bytes) -> bytes:
    """The same score, sorted by time."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(score)
    turned = ElementTree.Element("score-timewise")
    turned.append(root[0])
    parts = root.findall("part")
    for bars in zip(*(part.findall("measure") for part in parts), strict=True):
        row = ElementTree.SubElement(turned, "measure", number="1")
        for part, bar in zip(parts, bars, strict=True):
            ElementTree.SubElement(row, "part", id=part.get("id", "")).extend(bar)
    return ElementTree.tostring(turned)


def test_a_score_sorted_by_time_is_the_same() -> None:
    parts = [measure(c(8, BEGIN), attributes=FOUR_FOUR) + measure(c(2), c(n)) for n in (2, 4)]
    score = musicxml(*parts, names=["Flute", "Oboe"])
    assert read_xml(timewise(score)) == read_xml(score)
    assert len(read_xml(score).parts[0].notes) == 2


# Tempi


def marked(*marks: str) -> tuple[tuple[int, float], ...]:
    bar = measure("".join(marks), c(8), attributes=DIVISIONS)
    return read_xml(musicxml(bar)).tempi


def metronome(per_minute: str, beat: str = "quarter", dots: int = 0) -> str:
    """A metronome mark; `per_minute` may be the rest of its content, too."""
    rest = per_minute if "<" in per_minute else f"<per-minute>{per_minute}</per-minute>"
    return (
        f"<direction><direction-type><metronome><beat-unit>{beat}</beat-unit>"
        f"{'<beat-unit-dot/>' * dots}{rest}</metronome></direction-type></direction>"
    )


@pytest.mark.parametrize(
    ("mark", "bpm"),
    [
        (metronome("60"), 60),
        (metronome(" 60.5 "), 60.5),
        (metronome("60,5"), 60.5),
        (metronome("ca. 60"), 60),
        (metronome("M.M. = 60"), 60),
        (metronome("60-66"), 63),
        (metronome("c. 60 – 66"), 63),
        (metronome("60", "half"), 120),
        (metronome("60", dots=1), 90),
        (metronome("120", "eighth", 1), 90),
        (metronome("120", "eighth", 2), 105),
        (metronome("<beat-unit>half</beat-unit>"), 120),  # a modulation: no number
        (metronome(""), 120),
        (metronome("fast"), 120),
        (metronome("1/4 = 60"), 120),
        (metronome("60", "long"), 120),
        ("", 120),
        (metronome("60") + "<sound tempo='72'/>", 72),
        ("<sound tempo='72'/>" + metronome("60"), 72),
    ],
)
def test_the_tempo_of_a_metronome_mark(mark: str, bpm: float) -> None:
    assert marked(mark) == ((0, bpm),)


def test_an_impossible_metronome_mark_is_an_impossible_tempo() -> None:
    with pytest.raises(TuneError, match="a tempo of 2 quarter notes a minute"):
        marked(metronome("2"))


# Archives


CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?><container><rootfiles><rootfile full-path="{}"/>'
    "</rootfiles></container>"
)
SCORE = musicxml(measure(*[c(1)] * 8, attributes=DIVISIONS))
OTHER = musicxml(measure(*[c(1)] * 9, attributes=DIVISIONS))


@pytest.mark.parametrize(
    ("container", "name"),
    [
        ("Mélodie 春.xml", "Mélodie 春.xml"),
        ("Me\u0301lodie.xml", "M\u00e9lodie.xml"),
        ("./score.xml", "score.xml"),
        ("Score.XML", "score.xml"),
        ("a\\score.xml", "a/score.xml"),
    ],
)
def test_the_container_names_the_score_in_other_letters(container: str, name: str) -> None:
    files = {
        "META-INF/container.xml": CONTAINER.format(container).encode(),
        "other.xml": OTHER,
        name: SCORE,
    }
    assert len(read_mxl(zipped(files)).parts[0].notes) == 8
    assert len(read_mxl(unflagged(zipped(files))).parts[0].notes) == 8


def unflagged(archive: bytes) -> bytes:
    """An archive whose names are UTF-8, though it does not say so."""
    data = bytearray(archive)
    for magic, at in ((b"PK\3\4", 7), (b"PK\1\2", 9)):
        start = data.find(magic)
        while start >= 0:
            data[start + at] &= ~8
            start = data.find(magic, start + 4)
    return bytes(data)


def test_files_of_an_archive_have_their_names() -> None:
    assert "Mélodie 春.mid: it is empty" in refused(("a.zip", zipped({"Mélodie 春.mid": b""})))
    nameless = unflagged(zipped({"Mélodie 春.mid": b""}))
    assert "Mélodie 春.mid: it is empty" in refused(("a.zip", nameless))


def test_the_only_score_of_an_archive_needs_no_container() -> None:
    for extra in ({}, {"META-INF/container.xml": CONTAINER.format("lost.xml").encode()}):
        assert len(read_mxl(zipped({**extra, "a.musicxml": SCORE})).parts[0].notes) == 8
        with pytest.raises(TuneError, match="its container names"):
            read_mxl(zipped({**extra, "a.xml": SCORE, "b.xml": OTHER}))


# Which part


@pytest.mark.parametrize(
    "name",
    ["Melody", "MELODY 1", "Voice_2", "voice1", "Lead (square)", "Vocals", "Vox", "Alto Solo",
     "Soprano", "Singstimme", "Me\u0301lodie", "chant", "Voz", "Canto", "Melodía", "Voce",
     "主旋律", "旋律1", "メロディー", "멜로디", "Голос"],
)  # fmt: skip
def test_a_part_called_the_melody_is_it(name: str) -> None:
    assert chosen(name) == 0


@pytest.mark.parametrize(
    "name",
    ["Rising bass", "Leading tones", "Melodic Tom", "Invoice", "Voices of the accompaniment voice",
     "Voice (accomp.)", "Backing vocals", "Harmony voice", "Begleitung der Stimme", "旋律伴奏",
     "Fortune", "Piano", ""],
)  # fmt: skip
def test_a_part_with_the_word_in_another_is_not(name: str) -> None:
    assert chosen(name) == 1


def chosen(name: str) -> int:
    low = tuple((40, n, n + 1) for n in range(9))
    high = tuple((80, n, n + 1) for n in range(9))
    return melody_of(Piece("", (Part(name, low), Part("Organ", high)), ((0, 120.0),)))


# Every legal way to write a melody

UNIT = TICKS // 12
BAR = 48  # units of 1/12 quarter note
PITCHES = {60: ("C", 4, 0), 61: ("C", 4, 1), 64: ("E", 4, 0), 67: ("G", 4, 0), 70: ("B", 4, -1)}
CHORDS = st.sets(st.sampled_from(sorted(PITCHES)), max_size=3)
VOICES = st.lists(st.tuples(CHORDS, st.integers(1, 60)), min_size=1, max_size=8)
SCORES = st.lists(st.lists(VOICES, min_size=1, max_size=3), min_size=1, max_size=3)


class Writer:
    """Writes voices of (pitches, units) as a part in ways that `draw` chooses."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.divisions = 0

    def maybe(self) -> bool:
        return bool(self.draw(st.booleans()))

    def part(self, voices: list[list[tuple[set[int], int]]], bars: int) -> str:
        cut = [self.pieces(voice, bars) for voice in voices]
        return "".join(measure(*self.bar([v[n] for v in cut])) for n in range(bars))

    def pieces(self, voice: list[tuple[set[int], int]], bars: int) -> list[list[Any]]:
        """Cut at bar lines and elsewhere: (pitches, units, tied from before, tied on) by bar."""
        rows: list[list[Any]] = [[] for _ in range(bars)]
        at = 0
        padded = [*voice, (set(), bars * BAR - sum(length for _, length in voice))]
        for pitches, length in padded:
            end, first = at + length, True
            while at < end:
                most = min(end, (at // BAR + 1) * BAR)
                to = self.draw(st.integers(at + 1, most)) if self.maybe() else most
                rows[at // BAR].append((sorted(pitches), to - at, not first, to < end))
                at, first = to, False
        return rows

    def bar(self, voices: list[list[Any]]) -> list[str]:
        written = []
        for number, pieces in enumerate(voices):
            if self.maybe() or not self.divisions:
                self.divisions = self.draw(st.sampled_from([12, 24, 60, 480, 10080]))
                written.append(f"<attributes><divisions>{self.divisions}</divisions></attributes>")
            if number:
                written.append(f"<backup>{self.duration(BAR)}</backup>")
            staff = self.draw(st.sampled_from(["", "<staff>1</staff>", "<staff>2</staff>"]))
            for piece in pieces:
                written.append(self.piece(*piece, f"<voice>{number + 1}</voice>{staff}"))
        return written

    def piece(self, pitches: list[int], units: int, tied: bool, on: bool, more: str) -> str:
        if not pitches:
            c5 = "<pitch><step>C</step><octave>5</octave></pitch>"
            kinds = [
                f"<forward>{self.duration(units)}</forward>",
                f"<note><rest/>{self.duration(units)}{more}</note>",
                f"<note><cue/>{c5}{self.duration(units)}{more}</note>",
                f"<note><grace/>{c5}{more}</note><note><rest/>{self.duration(units)}{more}</note>",
            ]
            return str(self.draw(st.sampled_from(kinds)))
        ends = END if tied and self.maybe() else ""
        ties = (BEGIN if on else "") + ends
        notes = []
        for number, pitch in enumerate(pitches):
            step, octave, alter = PITCHES[pitch]
            chord = "<chord/>" if number else ""
            notes.append(
                f"<note>{chord}<pitch><step>{step}</step><alter>{alter}</alter>"
                f"<octave>{octave}</octave></pitch>{self.duration(units)}{ties}{more}</note>"
            )
        return "".join(notes)

    def duration(self, units: int) -> str:
        return f"<duration>{units * self.divisions // 12}</duration>"


def sounding(voice: list[tuple[set[int], int]]) -> list[tuple[int, int, int]]:
    notes, at = [], 0
    for pitches, length in voice:
        notes += [(pitch, at * UNIT, (at + length) * UNIT) for pitch in pitches]
        at += length
    return notes


@given(st.data(), SCORES)
def test_a_melody_reads_the_same_however_it_is_written(data: Any, score: Any) -> None:
    """Ties, voices, staves, backup and forward, chords, divisions, several parts, either order."""
    lengths = [sum(length for _, length in voice) for part in score for voice in part]
    bars = -(-max(lengths) // BAR)
    written = musicxml(*(Writer(data.draw).part(part, bars) for part in score))
    if data.draw(st.booleans()):
        written = timewise(written)
    read = [sorted(part.notes) for part in read_xml(written).parts]
    assert read == [sorted(note for voice in part for note in sounding(voice)) for part in score]
