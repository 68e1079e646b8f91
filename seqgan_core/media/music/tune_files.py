"""A set of tunes as files: JSON with their tokens, or everything in a zip archive."""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from seqgan_core.media.music.abc_writer import to_abc
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.midi import to_midi
from seqgan_core.media.music.musicxml import to_musicxml
from seqgan_core.media.music.wav import mixed_wav
from seqgan_core.media.verse.verse_files import Provenance, to_json

FORMAT = 1  # version of the JSON
# by their endings: the files that a melody is written to, for an instrument
WRITERS: dict[str, Callable[[Melody, str], bytes]] = {
    "abc": lambda melody, _played_on: to_abc(melody).encode(),
    "mid": to_midi,
    "musicxml": to_musicxml,
    "wav": mixed_wav,
}
_DAY = (1980, 1, 1, 0, 0, 0)  # so that the same tunes make the same zip


@dataclass(frozen=True)
class TuneFile:
    """One tune."""

    stem: str  # of its files
    melody: Melody  # with its title and its tempo
    tokens: Sequence[int]  # as generated
    names: Sequence[str]  # the same for people


def tunes_json(tunes: Sequence[TuneFile], made: Provenance, played_on: str) -> str:
    """Tokens, notes, and how they were made."""
    content = {
        "format": FORMAT,
        "made": asdict(made),
        "instrument": played_on,
        "tunes": [
            {
                "file": tune.stem,
                "title": tune.melody.title,
                "bpm": tune.melody.bpm,
                "tokens": list(tune.tokens),
                "names": list(tune.names),
                "notes": [asdict(note) for note in tune.melody.notes],
                "metre": tune.melody.metre,
                "parts": list(tune.melody.parts),
                "chords": [asdict(chord) for chord in tune.melody.chords],
            }
            for tune in tunes
        ],
    }
    return to_json(content)


def tunes_zip(tunes: Sequence[TuneFile], json_text: str, played_on: str) -> bytes:
    """Every tune as ABC, MIDI, MusicXML and WAV, with `json_text`.

    Raises:
        ValueError: two tunes have the same stem.
    """
    if len({tune.stem for tune in tunes}) < len(tunes):
        raise ValueError("two tunes have the same stem; each needs a stem of its own")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_entry("tunes.json"), json_text)
        for tune in tunes:
            for ending, write in WRITERS.items():
                packed.writestr(_entry(f"{tune.stem}.{ending}"), write(tune.melody, played_on))
    return file.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, _DAY)
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = 0o644 << 16
    return made
