"""Names of pitches (F sharp or G flat), and the key signature of a melody."""

from dataclasses import dataclass

from seqgan_core.media.music.melody import Melody

STEPS = "FCGDAEB"  # a fifth apart
_PLACES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SIGNS = {-2: "𝄫", -1: "♭", 0: "", 1: "♯", 2: "𝄪"}
_MAJOR = (0, 2, 4, 5, 7, 9, 11)


@dataclass(frozen=True)
class PitchName:
    """A pitch by name: step C to B, semitones up (`alter`), octave (4 starts at middle C)."""

    step: str
    alter: int
    octave: int

    def __str__(self) -> str:
        return f"{self.step}{_SIGNS[self.alter]}{self.octave}"


def pitch_name(pitch: int, fifths: int = 0) -> PitchName:
    """The name of a pitch in a key.

    Of the line of fifths, … B♭ F C G D …, the twelve names nearest to the key are used: its scale,
    and the three lowered and three raised pitches that are most common in it and its minor key.

    Args:
        pitch: MIDI number.
        fifths: sharps of the key signature; flats are negative.

    >>> str(pitch_name(61)), str(pitch_name(61, -3)), str(pitch_name(70, 2))
    ('C♯4', 'D♭4', 'A♯4')
    >>> str(pitch_name(59, -6))
    'C♭4'
    """
    lowest = fifths - 3
    place = lowest + (7 * pitch - lowest) % 12  # C is 0, G is 1, F is -1
    step = STEPS[(place + 1) % 7]
    alter = (place + 1) // 7
    return PitchName(step, alter, (pitch - alter - _PLACES[step]) // 12 - 1)


def key_signature(melody: Melody) -> int:
    """The key signature, in sharps, with the least time on accidentals.

    Of several, the one whose major or minor tonic ends the melody, then the one with fewer signs.

    >>> from seqgan_core.media.music.melody import Note
    >>> notes = (Note(pitch, at, 1.0) for at, pitch in enumerate((62, 66, 69, 73)))
    >>> key_signature(Melody(tuple(notes)))
    2
    """
    held = [0.0] * 12
    for note in melody.notes:
        held[note.pitch % 12] += note.length
    last = melody.notes[-1].pitch % 12 if melody.notes else 0

    def rank(fifths: int) -> tuple[float, bool, int, bool]:
        tonic = 7 * fifths % 12
        inside = sum(held[(tonic + step) % 12] for step in _MAJOR)
        return round(inside, 6), last in (tonic, (tonic + 9) % 12), -abs(fifths), fifths > 0

    return max(range(-5, 7), key=rank)
