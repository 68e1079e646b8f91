"""Notes out of MIDI and MusicXML: tempo map, drums, ties, transposition, and which part it is."""

import pytest

from seqgan_core.tasks.music.melody_part import Part, Piece, melody_of, tune_of
from seqgan_core.tasks.music.tune import TICKS, TuneError
from seqgan_core.tasks.music.user_tunes import UploadedFile, read_piece
from tests.support.files.hand_made_scores import (
    DIVISIONS,
    TUNE,
    first_notes,
    measure,
    midi,
    musicxml,
    mxl,
    named,
    note_events,
    refused,
    tempo,
    xml_note,
)

EIGHTH = TICKS // 2

# MIDI


def test_notes_out_of_midi() -> None:
    piece = read_piece(UploadedFile("folder/My song.mid", midi(tempo(600_000), note_events(TUNE))))
    assert (piece.title, piece.tempi) == ("My song", ((0, 100.0),))
    tune = tune_of(piece, melody_of(piece))
    assert tune.notes == tuple((p, n * EIGHTH, EIGHTH) for n, p in enumerate(TUNE))
    assert tune.about == "part 1 of 1"
    assert tune.bpm == pytest.approx(100)


def test_running_status_and_notes_that_never_end() -> None:
    events = b"\x00\x90\x3c\x50" + b"\x81\x70\x3c\x00" + b"\x00\x3e\x50"
    events += b"".join(b"\x81\x70" + bytes((p, 80)) for p in (64, 65, 67, 69, 71, 72, 74))
    piece = read_piece(UploadedFile("a.mid", midi(events + b"\x81\x70\xb0\x07\x64")))
    assert piece.parts[0].notes[0] == (60, 0, EIGHTH)
    assert (74, 8 * EIGHTH, 9 * EIGHTH) in piece.parts[0].notes
    assert (62, EIGHTH, 2 * EIGHTH) in piece.parts[0].notes  # until the next note


def test_the_tempo_map_is_honoured() -> None:
    changes = tempo(500_000) + tempo(1_000_000, delta=960) + tempo(250_000, delta=960)
    piece = read_piece(UploadedFile("a.mid", midi(changes, note_events(TUNE))))
    assert piece.tempi == ((0, 120.0), (2 * TICKS, 60.0), (4 * TICKS, 240.0))
    # two quarters of half a second, two of a second, four of a quarter second
    assert tune_of(piece, 0).melody.seconds == pytest.approx(1 + 2 + 1)
    late = midi(tempo(500_000) + tempo(1_000_000, delta=480), note_events(TUNE, first=960))
    assert tune_of(read_piece(UploadedFile("a.mid", late)), 0).tempi == ((0, 60.0),)
    twice = midi(tempo(500_000) + tempo(400_000), note_events(TUNE))  # at one tick: the last
    assert read_piece(UploadedFile("a.mid", twice)).tempi == ((0, 150.0),)


def test_drums_are_left_out() -> None:
    drums = note_events((99,) * 40, channel=9)
    data = midi(drums, note_events(TUNE))
    assert [part.drums for part in read_piece(UploadedFile("a.mid", data)).parts] == [True, False]
    assert first_notes(data)[0][0] == 60
    assert refused(("a.mid", midi(drums))) == "no usable tune in a.mid: it has only drums"


# Which part


def piece_of(*given: tuple[str, list[int]]) -> Piece:
    return Piece("x", tuple(
        Part(name, tuple((p, n * 480, n * 480 + 480) for n, p in enumerate(pitches)))
        for name, pitches in given
    ), ((0, 120.0),))  # fmt: skip


def test_the_rule_for_the_melody() -> None:
    bass, high, little = [40] * 20, [70] * 20, [90] * 4
    assert melody_of(piece_of(("", bass), ("", high), ("", little))) == 1
    assert melody_of(piece_of(("Lead voice", bass), ("", high))) == 0  # it says so itself
    assert melody_of(piece_of(("solo", bass), ("Melody", high))) == 1
    assert melody_of(piece_of(("", high), ("", high))) == 0  # of equals the first
    three = piece_of(("", []), ("", bass), ("", high))
    assert melody_of(three, "first") == 1
    assert melody_of(three, 3) == 2
    for choice, message in ((1, "no part 1 with notes (there are 2, 3)"), (9, "no part 9")):
        with pytest.raises(TuneError) as error:
            melody_of(three, choice)
        assert message in str(error.value)
    with pytest.raises(TuneError, match="it must be highest, first or the number of a part"):
        melody_of(three, "loudest")
    with pytest.raises(TuneError, match="it has no notes"):
        melody_of(piece_of(("", [])))


def test_each_channel_of_a_track_is_a_part() -> None:
    together = note_events(TUNE) + note_events([p - 24 for p in TUNE], channel=3)
    piece = read_piece(UploadedFile("a.mid", midi(named("Piano") + together, kind=0)))
    assert [(part.name, len(part.notes)) for part in piece.parts] == [("Piano", 16)] * 2
    assert tune_of(piece, 1).about == "part 2 of 2 (Piano)"
    assert first_notes(midi(together), 2)[0][0] == 36


def test_of_chords_the_highest_note() -> None:
    chord = b"\x00\x90\x3c\x50\x00\x40\x50\x00\x43\x50\x83\x60\x3c\x00\x00\x40\x00\x00\x43\x00"
    assert [pitch for pitch, _, _ in first_notes(midi(chord * 8))] == [67] * 8


# MusicXML


def test_notes_out_of_musicxml() -> None:
    first = measure(
        "<direction><sound tempo='90'/></direction>",
        xml_note("C", 4, 2),
        xml_note("E", 4, 2, "<chord/>"),
        xml_note("D", 4, 1, "<grace/>"),
        xml_note("F", 4, 1, alter=1),
        "<note><rest/><duration>1</duration></note>",
        xml_note("B", 4, 4, "<tie type='start'/>", alter=-1),
        attributes=DIVISIONS,
    )
    second = measure(
        xml_note("B", 4, 2, "<tie type='stop'/>", alter=-1),
        "<backup><duration>2</duration></backup>",
        xml_note("C", 3, 2),
        "<forward><duration>2</duration></forward>",
        *(xml_note("G", 4, 1) for _ in range(6)),
    )
    piece = read_piece(UploadedFile("a.musicxml", musicxml(first + second, names=["Flute"])))
    assert piece.tempi == ((0, 90.0),)
    assert piece.parts[0].name == "Flute"
    tune = tune_of(piece, 0)
    e = EIGHTH
    assert tune.notes[:4] == ((64, 0, 2 * e), (66, 2 * e, e), (70, 4 * e, 6 * e), (67, 12 * e, e))
    assert len(tune.notes) == 9


def test_transposing_instruments_sound_as_they_do() -> None:
    attributes = (
        "<attributes><divisions>2</divisions><transpose><chromatic>-2</chromatic>"
        "<octave-change>1</octave-change></transpose></attributes>"
    )
    notes = [xml_note("C", 4, 1) for _ in range(8)]
    assert first_notes(musicxml(measure(*notes, attributes=attributes)))[0][0] == 60 + 10


def test_a_doctype_is_ignored() -> None:
    doctype = (
        '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
        '"http://127.0.0.1:9/partwise.dtd">'
    )
    notes = measure(*(xml_note("C", 4, 1) for _ in range(8)), attributes=DIVISIONS)
    assert len(first_notes(musicxml(notes, doctype=doctype))) == 8
    assert len(first_notes(mxl(musicxml(notes)))) == 8
    utf_16 = musicxml(notes).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert len(first_notes(utf_16)) == 8


def test_unpitched_parts_are_drums() -> None:
    drums = measure("<note><unpitched/><duration>2</duration></note>", attributes=DIVISIONS)
    notes = measure(*(xml_note("C", 4, 1) for _ in range(8)), attributes=DIVISIONS)
    assert refused(("a.xml", musicxml(drums))) == "no usable tune in a.xml: it has only drums"
    assert len(first_notes(musicxml(drums, notes))) == 8
