"""Chords under a melody: those of a key that fit its bars, and how they are played."""

from collections.abc import Container, Iterator
from dataclasses import replace
from math import ceil

from seqgan_core.media.music.melody import BAR, Chord, Melody, Metre, Note

ACCOMPANIST = "guitar"  # a name of `INSTRUMENTS`
_ALL = range(12)  # pitch classes
_CLEARLY = 1.0  # quarter notes that two chords in a bar must fit better than one
_BASS, _CHORD = 40, 55  # the lowest key of each, E2 and G3
# Quarter notes of a beat, and whether its stroke is a bass note, from the beginning of the bar.
_STROKES: dict[Metre, tuple[float, tuple[bool, ...]]] = {
    "4/4": (1.0, (True, False, True, False)),
    "6/8": (1.5, (True, False)),
    "3/4": (1.0, (True, False, False)),
}


def accompanied(melody: Melody, tonic: int, minor: bool) -> Melody:
    """The melody with a chord for every bar: the tonic, dominant or subdominant of a key.

    These three hold every note of the scale. A bar gets the one on whose notes it spends the most
    time; of equals, the first named. A bar of 4/4 gets one for each half if they fit a quarter note
    more. The first and the last bar get the tonic if they spend half of their notes' time on it. In
    minor the dominant is major, with the raised seventh, unless the melody spends more time on the
    natural one.

    Args:
        melody: its own chords are replaced.
        tonic: pitch class of the key, 0 (C) to 11.
        minor: whether the key is minor.
    """
    bar, end = BAR[melody.metre], melody.stretches[-1][1]
    raised, natural = (_time_on({(tonic + step) % 12}, melody, 0.0, end) for step in (11, 10))
    first = (tonic % 12, minor)
    triads = (first, ((tonic + 7) % 12, minor and natural > raised), ((tonic + 5) % 12, minor))

    def fit(triad: tuple[int, bool], start: float, stop: float) -> float:
        return round(_time_on(_classes(*triad), melody, start, stop), 6)

    def best(start: float, stop: float) -> tuple[float, Chord]:
        triad = max(triads, key=lambda one: fit(one, start, stop))
        return fit(triad, start, stop), Chord(*triad, start, stop - start)

    chords = []
    starts = [number * bar for number in range(ceil(round(end / bar, 6)))]
    for start in starts:
        stop = min(start + bar, end)
        time, chord = best(start, stop)
        middle = start + bar / 2
        halves = [best(start, middle), best(middle, stop)] if stop > middle else []
        if start in (starts[0], starts[-1]) and 2 * fit(first, start, stop) >= _time_on(
            _ALL, melody, start, stop
        ):
            chords.append(Chord(*first, start, stop - start))
        elif melody.metre == "4/4" and sum(time for time, _ in halves) >= time + _CLEARLY:
            chords += [chord for _, chord in halves]
        else:
            chords.append(chord)
    return replace(melody, chords=tuple(chords))


def _classes(root: int, minor: bool) -> list[int]:
    return [(root + step) % 12 for step in (0, 3 if minor else 4, 7)]


def _time_on(classes: Container[int], melody: Melody, start: float, stop: float) -> float:
    """Quarter notes between two times in which the melody is on one of the pitch classes."""
    return sum(
        max(min(note.start + note.length, stop) - max(note.start, start), 0.0)
        for note in melody.notes
        if note.pitch % 12 in classes
    )


def accompaniment(melody: Melody) -> Iterator[Note]:
    """Its chords as they are played, repeats written out; notes of a chord start together.

    On each beat is a bass note or a chord: in 4/4 bass, chord, bass, chord, in 6/8 bass and chord,
    in 3/4 bass, chord, chord.
    """
    beat, strokes = _STROKES[melody.metre]
    for chord in melody.played().chords:
        end = chord.start + chord.length
        for number in range(ceil(chord.start / beat - 1e-6), ceil(end / beat - 1e-6)):
            start = number * beat
            lowest, classes = (
                (_BASS, [chord.root])
                if strokes[number % len(strokes)]
                else (_CHORD, _classes(chord.root, chord.minor))
            )
            for pitch_class in classes:
                pitch = lowest + (pitch_class - lowest) % 12
                yield Note(pitch, start, min(beat, end - start))
