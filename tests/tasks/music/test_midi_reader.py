"""MIDI as it is found: lost releases, wrong lengths, containers, odd events, names in any code."""

import io
import struct

import pretty_midi  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgan_core.tasks.music.melody_part import tune_of
from seqgan_core.tasks.music.midi_reader import read_midi
from seqgan_core.tasks.music.tune import TICKS, TuneError, one_voice
from seqgan_core.tasks.music.user_tunes import UploadedFile, read_piece
from tests.support.files.hand_made_scores import TUNE, length, midi, note_events, track
from tests.support.files.user_tunes import read_user_tunes

Q = TICKS
E8 = TICKS // 2
PLAIN = [(pitch, n * E8, n * E8 + E8) for n, pitch in enumerate(TUNE)]
END = b"\x00\xff\x2f\x00"


def events(*timed: tuple[int, str, int], channel: int = 0) -> bytes:
    """Strikes ("on") and releases ("off") at their ticks, of which a quarter note has 480."""
    made, now = b"", 0
    for tick, kind, pitch in timed:
        made += length(tick - now) + bytes((0x90 | channel, pitch, 80 * (kind == "on")))
        now = tick
    return made


def notes_of(data: bytes, part: int = 0) -> list[tuple[int, int, int]]:
    """A part's notes by their start."""
    notes = read_piece(UploadedFile("a.mid", data)).parts[part].notes
    return sorted(notes, key=lambda note: (note[1], note[0]))


# Lost, doubled and repeated events


def strikes(*timed: tuple[int, str, int]) -> list[tuple[int, int, int]]:
    """What is read of them, in ticks of the file."""
    return [(p, start // 2, end // 2) for p, start, end in notes_of(midi(events(*timed)))]


def test_a_lost_release_changes_one_end() -> None:
    tune = note_events(TUNE * 4)
    whole = notes_of(midi(tune))
    releases = [at for at in range(len(tune)) if tune[at] == 0x80]
    assert len(releases) == len(whole)
    for at in releases:
        kept = tune[: at - 2] + length(240) + b"\xb0\x07\x64" + tune[at + 3 :]
        assert notes_of(midi(kept)) == whole


def test_a_note_struck_again_while_it_sounds() -> None:
    legato = ((0, "on", 60), (240, "on", 60), (250, "off", 60), (490, "off", 60))
    assert strikes(*legato) == [(60, 0, 250), (60, 240, 490)]
    chain = (*legato[:3], (480, "on", 60), (490, "off", 60), (730, "off", 60))
    assert strikes(*chain) == [(60, 0, 250), (60, 240, 490), (60, 480, 730)]
    at_once = ((0, "on", 60), (240, "on", 60), (240, "off", 60), (480, "off", 60))
    assert strikes(*at_once) == [(60, 0, 240), (60, 240, 480)]
    unison = ((0, "on", 60), (240, "on", 60), (480, "off", 60), (720, "off", 60))
    assert strikes(*unison) == [(60, 0, 480), (60, 240, 720)]
    never = ((0, "on", 60), (240, "on", 60), (480, "on", 60), (720, "off", 60))
    assert strikes(*never) == [(60, 0, 240), (60, 240, 480), (60, 480, 720)]


def test_a_lost_release_ends_with_the_next_note_of_its_channel() -> None:
    lost = ((0, "on", 72), (240, "on", 60), (480, "off", 60), (960, "on", 72), (1200, "off", 72))
    later = ((1440, "on", 72), (1680, "off", 72))
    assert strikes(*lost, *later) == [
        (72, 0, 240), (60, 240, 480), (72, 960, 1200), (72, 1440, 1680),
    ]  # fmt: skip
    chord = ((0, "on", 60), (0, "on", 64), (240, "off", 60), (480, "on", 62), (720, "off", 62))
    assert strikes(*chord) == [(60, 0, 240), (64, 0, 480), (62, 480, 720)]


def test_doubled_events_count_once() -> None:
    assert strikes(
        (0, "on", 60), (0, "on", 60), (240, "off", 60), (480, "on", 60), (720, "off", 60)
    ) == [(60, 0, 240), (60, 480, 720)]
    assert strikes(
        (0, "off", 60), (0, "on", 60), (240, "off", 60), (240, "off", 60), (300, "off", 60),
        (480, "on", 60), (720, "off", 60), (720, "off", 60),
    ) == [(60, 0, 240), (60, 480, 720)]  # fmt: skip


def test_two_voices_that_begin_in_unison_end_apart() -> None:
    both = ((0, "on", 60), (0, "on", 60), (240, "off", 60), (720, "off", 60), (960, "on", 60))
    assert strikes(*both, (1200, "off", 60)) == [(60, 0, 240), (60, 0, 720), (60, 960, 1200)]


def test_a_last_release_that_is_missing() -> None:
    assert notes_of(midi(note_events(TUNE)[:-5] + length(240) + b"\xb0\x07\x64")) == PLAIN


# Events that say nothing about notes


@pytest.mark.parametrize(
    "event",
    [
        b"\xff\x59\x02\x08\x00",  # a key with 8 sharps
        b"\xff\x59\x00",
        b"\xff\x58\x01\x04",  # half a time signature
        b"\xff\x54\x05\xff\xff\xff\xff\xff",
        b"\xff\x51\x02\x07\xa1",  # a tempo of two bytes
        b"\xff\x7f\x03\x00\x00\x41",
        b"\xff\x01" + length(3000) + "曲".encode() * 1000,
        b"\xff\x01\x04\x00\x00\x00\x00",
        b"\xff\x60\x02ab",  # of no known kind
        b"\xf0\x05\x7e\x7f\x09\x01\xf7",
        b"\xf7\x03\xf3\x01\x00",
        b"\xff\x05\x09O\xf9 \xe7a \xe9t\xe9",
        b"\xc0\x10",
        b"\xd0\x10",
        b"\xe0\x00\x40",
        b"\xfe",
    ],
    ids=lambda event: event[:2].hex(),
)
def test_an_event_that_is_not_used_changes_nothing(event: bytes) -> None:
    first, rest = note_events(TUNE)[:4], note_events(TUNE)[4:]
    assert notes_of(midi(first + b"\x00" + event + rest)) == PLAIN


def test_running_status_outlasts_events_of_other_kinds() -> None:
    between = b"\x00\xff\x01\x01a\x00\xf0\x01\xf7"
    running = b"\x00\x90\x3c\x50" + between
    assert notes_of(
        midi(running + b"\x81\x70\x3c\x00" + between + b"\x00\x3e\x50\x81\x70\x3e\x00")
    )[:2] == [(60, 0, E8), (62, E8, 2 * E8)]


def test_ports_of_one_track_are_parts() -> None:
    data = midi(note_events(TUNE) + b"\x00\xff\x21\x01\x01" + note_events([40] * 9), kind=0)
    assert notes_of(data) == PLAIN
    assert [len(part.notes) for part in read_midi(data).parts] == [16, 9]


@pytest.mark.parametrize("division", [7, 24, 96, 100, 384, 480, 1920, 15_360])
def test_any_division_of_a_quarter_note(division: int) -> None:
    quarters = notes_of(midi(note_events(TUNE, ticks=division), division=division))
    assert quarters == [(p, n * Q, n * Q + Q) for n, p in enumerate(TUNE)]
    shortest = notes_of(midi(note_events(TUNE, ticks=1), division=division))
    assert all(start < end for _, start, end in shortest)
    assert len(shortest) == 16


# Around the tracks


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack(">I", len(data)) + data


HEAD = midi(b"", kind=1, claims=2)[:14]
FIRST, SECOND = track(note_events(TUNE)), track(note_events([40] * 9))


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\x00\x00\x00\x00RMIDdata\x00\x00\x00\x00"
        + HEAD
        + FIRST
        + SECOND
        + b"LIST\x04\0\0\0ab",
        b"RIFF\x00\x00\x00\x00RMIDDISP\xff\xff\x00\x00" + bytes(9000) + HEAD + FIRST + SECOND,
        bytes(128) + HEAD + FIRST + SECOND + bytes(100),
        HEAD
        + chunk(b"XFIH", b"MThd")
        + FIRST
        + chunk(b"abcd", b"")
        + SECOND
        + chunk(b"XFKM", b"x"),
        HEAD + FIRST + b"\0" + SECOND + b"\0",  # filled to even lengths
        HEAD + FIRST + SECOND + b"written by a program",
        midi(b"", claims=1)[:14] + FIRST + SECOND,
        HEAD[:8] + b"\x00\x00" + HEAD[10:] + FIRST + SECOND,  # format 0
    ],
)
def test_what_stands_around_the_tracks_is_skipped(data: bytes) -> None:
    piece = read_piece(UploadedFile("a.mid", data))
    assert [len(part.notes) for part in piece.parts] == [16, 9]
    assert notes_of(data) == PLAIN
    assert piece.lost is None


@pytest.mark.parametrize("wrong", [-100, -9, -1, 1, 2, 9, 50, 1000, 1 << 24])
@pytest.mark.parametrize("which", [0, 1])
def test_tracks_with_a_wrong_length_end_where_they_say(wrong: int, which: int) -> None:
    tracks = [FIRST, SECOND, track(note_events(TUNE))]
    size = int.from_bytes(tracks[2 * which][4:8]) + wrong
    tracks[2 * which] = b"MTrk" + struct.pack(">I", max(0, size)) + tracks[2 * which][8:]
    piece = read_midi(HEAD + b"".join(tracks))
    assert [len(part.notes) for part in piece.parts] == [16, 9, 16]


def test_tracks_without_their_own_end() -> None:
    bare = chunk(b"MTrk", note_events(TUNE))
    assert [len(part.notes) for part in read_midi(HEAD + bare + bare).parts] == [16, 16]
    short = b"MTrk\x00\x00\x00\x05" + note_events(TUNE)
    assert [len(part.notes) for part in read_midi(HEAD + short + bare).parts] == [16, 16]


def test_a_track_that_is_claimed_and_missing_is_listed() -> None:
    data = midi(note_events(TUNE * 40), claims=3)
    assert str(read_midi(data).lost) == "it claims 3 tracks and has 1"
    rejections = read_user_tunes([UploadedFile("a.mid", data)]).report.rejections
    assert [(str(item), item.example) for item in rejections] == [
        ("it claims 3 tracks and has 1", "a.mid")
    ]


def test_what_is_lost_is_told_by_a_sentence() -> None:
    with pytest.raises(TuneError, match="it ends within track 2"):
        read_midi(HEAD + FIRST + SECOND[:-9])
    with pytest.raises(TuneError, match="the length of track 1 is wrong, and its own end"):
        read_midi(HEAD + b"MTrk\x00\x00\x00\x05" + note_events(TUNE))
    with pytest.raises(TuneError, match="more than 256 tracks"):
        read_midi(HEAD + chunk(b"MTrk", END) * 257)


# Names


@pytest.mark.parametrize(
    ("code", "name", "guess"),
    [
        ("utf-8", "主旋律", ""),
        ("gb18030", "主旋律", "GB18030"),
        ("cp932", "メロディ", "Shift-JIS"),
        ("cp1252", "Mélodie", "Windows-1252"),
    ],
)
def test_names_in_any_encoding(code: str, name: str, guess: str) -> None:
    data = name.encode(code)
    meta = b"\x00\xff\x03" + length(len(data)) + data
    part = read_midi(midi(meta + note_events(TUNE))).parts[0]
    assert (part.name, part.guess) == (name, guess)
    about = tune_of(read_midi(midi(meta + note_events(TUNE))), 0).about
    told = f", name guessed as {guess}" if guess else ""
    assert about == f"part 1 of 1 ({name}{told})"
    first = b"\x00\xff\x03\x00" + meta + b"\x00\xff\x03\x05later"
    assert read_midi(midi(first + note_events(TUNE))).parts[0].name == name


# Random melodies, written in every legal way


@st.composite
def melodies(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """(pitch, start, end) in sixteenths, one after the other."""
    notes, now = [], draw(st.integers(0, 8))
    for _ in range(draw(st.integers(1, 25))):
        pitch, size, rest = draw(
            st.tuples(st.integers(21, 108), st.integers(1, 16), st.sampled_from((0, 0, 0, 1, 3)))
        )
        notes.append((pitch, now, now + size))
        now += size + rest
    return notes


OTHERS = [
    b"\xff\x01\x03abc", b"\xff\x05\x02\xe9\x80", b"\xff\x59\x02\x09\x05",
    b"\xff\x58\x04\x04\x02\x18\x08", b"\xff\x7f\x02\x00\x80", b"\xf0\x03\x7e\x00\xf7",
    b"\xff\x20\x01\x00", b"\xff\x51\x03\x07\xa1\x20",
]  # fmt: skip
Notes = list[tuple[int, int, int]]


@st.composite
def tracks(draw: st.DrawFn, voices: list[Notes], ticks: int) -> bytes:
    """A track of these channels, with `ticks` in a sixteenth, perhaps without the last release."""
    strikes = sorted(
        (time * ticks, on, pitch, channel)
        for channel, notes in enumerate(voices)
        for pitch, start, end in notes
        for time, on in ((start, True), (end, False))
    )
    cut = draw(st.booleans())
    made, now, running = b"", 0, -1
    for tick, on, pitch, channel in strikes[: len(strikes) - cut]:
        if draw(st.integers(0, 5)) == 0:  # another event, some time before
            before = draw(st.integers(0, tick - now))
            made += length(before) + draw(st.sampled_from(OTHERS))
            now += before
        silent = draw(st.booleans())  # released by a strike of velocity 0
        status = (0x90 if on or silent else 0x80) | channel
        velocity = draw(st.integers(1, 127)) if on else 0 if silent else 64
        kept = status == running and draw(st.booleans())
        made += length(tick - now) + (b"" if kept else bytes((status,))) + bytes((pitch, velocity))
        now, running = tick, status
    if cut:
        return made + length(strikes[-1][0] - now) + END[1:]
    return made + draw(st.sampled_from((END, b"")))


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, list[Notes]]:
    """A file, and the notes of its parts in ticks of the piece."""
    parts = draw(st.lists(melodies(), min_size=1, max_size=4))
    ticks = draw(st.sampled_from((1, 5, 24, 25, 96, 120, 480)))
    together = draw(st.booleans())  # in one track
    data = b""
    for voices in [parts] if together else [[notes] for notes in parts]:
        data += b"" if draw(st.booleans()) else chunk(b"Xtra", b"123")
        data += chunk(b"MTrk", draw(tracks(voices, ticks)))
    head = struct.pack(
        ">4sIHHH", b"MThd", 6, not together, 1 if together else len(parts), 4 * ticks
    )
    riff = b"RIFF\x00\x00\x00\x00RMIDdata\x00\x00\x00\x00"
    around = draw(st.sampled_from((b"", riff, bytes(128))))
    return around + head + data, [
        [(p, start * 240, end * 240) for p, start, end in notes] for notes in parts
    ]


@given(files())
def test_melodies_written_in_every_legal_way_are_read_back(
    made: tuple[bytes, list[Notes]],
) -> None:
    data, parts = made
    piece = read_piece(UploadedFile("a.mid", data))
    assert [sorted(part.notes, key=lambda note: note[1]) for part in piece.parts] == parts
    assert [one_voice(part.notes) for part in piece.parts] == [
        tuple((p, start, end - start) for p, start, end in notes) for notes in parts
    ]


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(("on", "off")), st.integers(60, 64)),
        min_size=1, max_size=60,
    )
)  # fmt: skip
def test_onsets_and_pitches_are_those_of_another_reader(
    strokes: list[tuple[int, str, int]],
) -> None:
    """Whatever is lost or doubled; pretty_midi drops notes that nothing releases."""
    timed = sorted((tick * 30, kind, pitch) for tick, kind, pitch in strokes)
    final = 41 * 30
    data = midi(events(*timed, *((final, "off", pitch) for pitch in range(60, 65))))
    theirs = {
        (note.pitch, round(note.start * 960))
        for part in pretty_midi.PrettyMIDI(io.BytesIO(data)).instruments
        for note in part.notes
    }
    parts = read_midi(data).parts
    ours = {(pitch, start // 2) for part in parts for pitch, start, end in part.notes}
    assert ours == theirs
    assert all(start <= end <= 2 * final for part in parts for _, start, end in part.notes)
