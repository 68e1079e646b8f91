"""A melody as a MIDI file.

Times are whole ticks, 480 a quarter note: sixteenths, triplets and the like are exact; anything
else moves by a thousandth of a quarter note at most.
"""

import io

import mido  # type: ignore[import-untyped]

from seqgan_core.media.music.instruments import instrument
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.validation import validate
from seqgan_core.media.visible_text import visible_text

TICKS = 480  # a quarter note
_LOUDNESS = 80


def to_midi(melody: Melody, played_on: str = "piano") -> bytes:
    """The melody as a MIDI file of one track, with its tempo, its instrument and its title.

    Args:
        melody: a rest at its end is kept.
        played_on: a name of `INSTRUMENTS`.
    """
    program = instrument(played_on).program
    validate(melody)
    track = mido.MidiTrack()
    if melody.title:
        track.append(mido.MetaMessage("track_name", name=visible_text(melody.title)))
    track.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(melody.bpm)))
    track.append(mido.MetaMessage("time_signature", numerator=4, denominator=4))
    track.append(mido.Message("program_change", program=program))
    now = 0
    for note in melody.notes:
        start = max(_ticks(note.start), now)  # rounding may let it overlap the one before
        end = max(_ticks(note.start + note.length), start + 1)
        track.append(_sign("note_on", note.pitch, start - now, _LOUDNESS))
        track.append(_sign("note_off", note.pitch, end - start, 0))
        now = end
    track.append(mido.MetaMessage("end_of_track", time=max(_ticks(melody.length) - now, 0)))
    file = mido.MidiFile(type=0, ticks_per_beat=TICKS, charset="utf-8")
    file.tracks.append(track)
    written = io.BytesIO()
    file.save(file=written)
    return written.getvalue()


def _ticks(quarters: float) -> int:
    return round(quarters * TICKS)


def _sign(kind: str, pitch: int, after: int, loudness: int) -> mido.Message:
    return mido.Message(kind, note=pitch, velocity=loudness, time=after)
