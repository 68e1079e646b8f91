"""What `to_midi` and `to_musicxml` wrote, read again by mido and music21."""

import io
from typing import Any

import mido  # type: ignore[import-untyped]
import music21

from seqgan_core.media.music.melody import Melody, Note


def from_midi(data: bytes) -> Melody:
    """Reads a file of `to_midi`.

    MIDI stores microseconds a quarter note; the tempo is rounded to hundredths of a beat a minute.
    """
    file = mido.MidiFile(file=io.BytesIO(data), charset="utf-8")
    quarter = file.ticks_per_beat
    notes: list[Note] = []
    now, began, tempo, title = 0, 0, 500_000, ""
    for message in file.tracks[0]:
        now += message.time
        if message.type == "set_tempo":
            tempo = message.tempo
        elif message.type == "track_name":
            title = message.name
        elif message.type == "note_on":
            began = now
        elif message.type == "note_off":
            notes.append(Note(message.note, began / quarter, (now - began) / quarter))
    return Melody(tuple(notes), round(mido.tempo2bpm(tempo), 2), title, now / quarter)


def from_musicxml(data: bytes) -> Melody:
    """Reads a file of `to_musicxml`."""
    score: Any = music21.converter.parseData(data.decode("utf-8"), format="musicxml")
    notes: list[Note] = []
    tied = False
    for element in score.flatten().getElementsByClass(music21.note.Note):
        start, length = float(element.offset), float(element.quarterLength)
        if tied:
            previous = notes.pop()
            start, length = previous.start, previous.length + length
        notes.append(Note(int(element.pitch.midi), start, length))
        tied = element.tie is not None and element.tie.type in ("start", "continue")
    marks = score.flatten().getElementsByClass("MetronomeMark")
    bpm = round(float(marks[0].getQuarterBPM()), 6) if marks else 120.0
    title = score.metadata.bestTitle if score.metadata else ""
    return Melody(tuple(notes), bpm, title or "", float(score.highestTime))
