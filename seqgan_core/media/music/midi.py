"""A melody as a MIDI file.

Times are whole ticks, 480 a quarter note: sixteenths, triplets and the like are exact; anything
else moves by a thousandth of a quarter note at most.
"""

import io

import mido  # type: ignore[import-untyped]

from seqgan_core.media.music.harmony import ACCOMPANIST, accompaniment
from seqgan_core.media.music.instruments import instrument
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.validation import validate
from seqgan_core.media.visible_text import visible_text

TICKS = 480  # a quarter note
_LOUDNESS = 80
_QUIET = 50  # of the accompaniment

Span = tuple[int, int, int]  # pitch, start and end in ticks


def to_midi(melody: Melody, played_on: str = "piano") -> bytes:
    """The melody as a MIDI file, with its tempo, metre, instrument and title.

    It has one track, and a second one, on a channel of its own, if the melody has chords.

    Args:
        melody: a rest at its end is kept, repeats are written out.
        played_on: a name of `INSTRUMENTS`.
    """
    program = instrument(played_on).program
    played = validate(melody).played()
    end = _ticks(played.length)
    head = [mido.MetaMessage("track_name", name=visible_text(melody.title))] if melody.title else []
    above, below = map(int, melody.metre.split("/"))
    click = 36 if melody.metre == "6/8" else 24  # of a metronome, in 24ths of a quarter note
    head += [
        mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(melody.bpm)),
        mido.MetaMessage(
            "time_signature", numerator=above, denominator=below, clocks_per_click=click
        ),
    ]
    spans: list[Span] = []
    now = 0
    for note in played.notes:
        start = max(_ticks(note.start), now)  # rounding may let it overlap the one before
        now = max(_ticks(note.start + note.length), start + 1)
        spans.append((note.pitch, start, now))
    file = mido.MidiFile(type=1 if melody.chords else 0, ticks_per_beat=TICKS, charset="utf-8")
    file.tracks.append(_track(head, program, 0, _LOUDNESS, spans, end))
    if melody.chords:
        strokes = [
            (note.pitch, _ticks(note.start), _ticks(note.start + note.length))
            for note in accompaniment(melody)
        ]
        name = mido.MetaMessage("track_name", name="Accompaniment")
        program = instrument(ACCOMPANIST).program
        file.tracks.append(_track([name], program, 1, _QUIET, strokes, end))
    written = io.BytesIO()
    file.save(file=written)
    return written.getvalue()


def _ticks(quarters: float) -> int:
    return round(quarters * TICKS)


def _track(
    head: list[mido.MetaMessage],
    program: int,
    channel: int,
    loudness: int,
    spans: list[Span],
    end: int,
) -> mido.MidiTrack:
    track = mido.MidiTrack(
        [*head, mido.Message("program_change", program=program, channel=channel)]
    )
    # At one tick notes end, with a loudness of 0, before others begin.
    events = [(start, loudness, pitch) for pitch, start, _ in spans]
    events += [(stop, 0, pitch) for pitch, _, stop in spans]
    now = 0
    for tick, loud, pitch in sorted(events):
        kind = "note_on" if loud else "note_off"
        track.append(
            mido.Message(kind, note=pitch, velocity=loud, time=tick - now, channel=channel)
        )
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=max(end - now, 0)))
    return track
