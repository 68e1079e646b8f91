"""All files of a tune hold the same notes: ABC, MIDI and MusicXML are read by us and by music21.

Of the sound the pitch is measured where notes begin, through the repeats.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import music21
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqgan_core.media.music.abc_writer import to_abc
from seqgan_core.media.music.harmony import accompanied
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.midi import to_midi
from seqgan_core.media.music.musicxml import to_musicxml
from seqgan_core.media.music.synth import TAIL
from seqgan_core.media.music.wav import wav
from seqgan_core.tasks.music.abc_cleanup import tunes_in
from seqgan_core.tasks.music.abc_reader import read_abc_piece
from seqgan_core.tasks.music.melody_part import Piece
from seqgan_core.tasks.music.midi_reader import read_midi
from seqgan_core.tasks.music.musicxml_reader import read_xml
from seqgan_core.tasks.music.tune import TICKS
from tests.media.test_sound import heard, pitch
from tests.support.examples import examples
from tests.support.files.melodies import JIG, TUNE, WALTZ, tunes

Rows = list[tuple[int, Fraction, Fraction]]  # pitch, onset and length in quarter notes
FIFTHS = st.one_of(st.none(), st.integers(-7, 7))


def played(melody: Melody) -> Rows:
    notes = melody.played().notes
    return [(n.pitch, Fraction(n.start), Fraction(n.length)) for n in notes]


def written(melody: Melody) -> Rows:
    """Without repeats; a part ends what sounds."""
    ends = [*melody.parts[1:], melody.end]
    return [
        (n.pitch, Fraction(n.start),
         Fraction(min(n.length, next(end for end in ends if end > n.start) - n.start)))
        for n in melody.notes
    ]  # fmt: skip


def ours(piece: Piece) -> Rows:
    """The melody part of a file as our reader has it."""
    return [
        (key, Fraction(start, TICKS), Fraction(end - start, TICKS))
        for key, start, end in sorted(piece.parts[0].notes, key=lambda note: note[1])
    ]


def theirs(part: Any) -> Rows:
    """The same by music21, repeats expanded if it made bars; of ABC it does from three bars on."""
    sounding = part.expandRepeats() if part.hasMeasures() else part
    # By their ties alone: for music21 a D with a natural sign is another pitch than one without.
    whole = sounding.stripTies(matchByPitch=False).flatten()
    return [
        (note.pitch.midi, Fraction(note.offset), Fraction(note.quarterLength))
        for note in whole.getElementsByClass(music21.note.Note)
    ]


def midi_part(data: bytes) -> Any:
    file = music21.midi.MidiFile()
    file.readstr(data)
    score = music21.midi.translate.midiFileToStream(file, quantizePost=False)
    return score.parts[0]


@given(tunes(), FIFTHS)
@settings(max_examples=examples(300))
def test_we_read_the_same_notes_in_all_files(melody: Melody, fifths: int | None) -> None:
    assert ours(read_midi(to_midi(melody))) == played(melody)
    assert ours(read_xml(to_musicxml(melody, fifths=fifths))) == written(melody)
    (text,) = tunes_in(to_abc(melody, fifths))
    piece = read_abc_piece(text)
    assert ours(piece) == written(melody)
    assert piece.title == melody.title
    assert piece.tempi == ((0, pytest.approx(melody.bpm)),)


@given(tunes(), FIFTHS)
@settings(max_examples=examples(100))
def test_music21_reads_the_same_notes_in_all_files(melody: Melody, fifths: int | None) -> None:
    same_by_music21(melody, fifths)


@pytest.mark.parametrize("melody", [JIG, accompanied(JIG, 2, False), WALTZ, TUNE])
def test_music21_repeats_the_parts(melody: Melody) -> None:
    assert music21.converter.parse(to_abc(melody), format="abc").parts[0].hasMeasures()
    same_by_music21(melody, None)


def same_by_music21(melody: Melody, fifths: int | None) -> None:
    assert theirs(midi_part(to_midi(melody))) == played(melody)
    xml = to_musicxml(melody, fifths=fifths).decode()
    assert theirs(music21.converter.parseData(xml, format="musicxml").parts[0]) == played(melody)
    read = music21.converter.parse(to_abc(melody, fifths), format="abc")
    repeated = read.parts[0].hasMeasures()
    assert theirs(read.parts[0]) == (played(melody) if repeated else written(melody))


@pytest.mark.parametrize("melody", [JIG, WALTZ, TUNE], ids=["jig", "waltz", "reel"])
def test_the_sound_has_the_same_notes(melody: Melody) -> None:
    """A fifth of a second after it begins, each long note is what sounds; the first is struck."""
    sound, rate = heard(wav(melody, "fiddle"))
    beat = 60 / melody.bpm
    assert len(sound) == round(melody.played().seconds * rate) + round(TAIL * rate)
    checked = 0
    for note in melody.played().notes:
        if note.length * beat > 0.4:
            start = note.start * beat
            part = sound[round((start + 0.15) * rate) : round((start + 0.4) * rate)]
            assert pitch(part, rate) == pytest.approx(note.pitch, abs=0.3)
            checked += 1
    assert checked >= 3


@pytest.mark.parametrize("melody", [JIG, WALTZ], ids=["jig", "waltz"])
def test_energy_begins_where_notes_begin(melody: Melody) -> None:
    """Notes held for a half of their length: each is 15 dB louder than what was before it."""
    short = replace(
        melody,
        notes=tuple(replace(note, length=note.length / 2) for note in melody.notes),
        bpm=60.0,
    )
    sound, rate = heard(wav(short, "piano"))
    for note in short.played().notes[1:]:
        at = round(note.start * rate)
        before = float(np.mean(sound[at - rate // 50 : at] ** 2))
        after = float(np.mean(sound[at : at + rate // 25] ** 2))
        assert after > 10**1.5 * before
