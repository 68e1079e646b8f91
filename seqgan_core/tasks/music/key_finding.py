"""The key of a melody, by the analysis of Krumhansl and Schmuckler as music21 computes it.

The durations of the twelve pitch classes are correlated with the profile of every major and minor
key; the key with the highest correlation is the result. music21 takes tens of milliseconds a tune
for the same result, too long for thousands of samples, so it is one matrix product here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from seqgan_core.messages import _

# Kessler's profiles, as `music21.analysis.discrete.KrumhanslSchmuckler.getWeights` gives them.
MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
ALMOST = 0.3  # of the correlation; so 92% of the books' whole tunes end on their tonic
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10))  # steps above the tonic


@dataclass(frozen=True)
class Key:
    """A key: the pitch class of its tonic (0 is C), and whether it is minor."""

    tonic: int
    minor: bool = False

    @property
    def name(self) -> str:
        """Its name for people: "G major"."""
        text = _("{tonic} minor") if self.minor else _("{tonic} major")
        return text.format(tonic=NAMES[self.tonic])

    @property
    def to_common(self) -> int:
        """Semitones to C major or A minor, the shorter way: -6 to 5."""
        return ((9 if self.minor else 0) - self.tonic + 6) % 12 - 6

    @property
    def fifths(self) -> int:
        """The sharps of its signature, with flats negative: -7 to 7.

        >>> Key(2).fifths, Key(3).fifths, Key(1).fifths, Key(9, True).fifths, Key(8, True).fifths
        (2, -3, 7, 0, -7)
        """
        name = NAMES[self.tonic]
        raised = 7 * (name.count("♯") - name.count("♭"))
        return "FCGDAEB".index(name[0]) - 1 + raised - (3 if self.minor else 0)

    @property
    def scale(self) -> frozenset[int]:
        """The pitch classes of its seven notes; of a minor key the natural ones."""
        return frozenset((self.tonic + step) % 12 for step in SCALES[self.minor])


def _profiles() -> np.ndarray:
    """(24, 12): each key's profile, centred and of length 1, C major to B major, then minor."""
    rows = [np.roll(profile, tonic) for profile in (MAJOR, MINOR) for tonic in range(12)]
    centred = np.array(rows) - np.array(rows).mean(axis=1, keepdims=True)
    result: np.ndarray = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    return result


_PROFILES = _profiles()


def correlations(weights: np.ndarray) -> np.ndarray:
    """How well each key fits: (M, 12) durations of pitch classes -> (M, 24), -1 to 1."""
    centred = weights - weights.mean(axis=1, keepdims=True)
    size = np.linalg.norm(centred, axis=1, keepdims=True)
    result: np.ndarray = centred @ _PROFILES.T / np.where(size > 0, size, 1.0)
    return result


def keys_of(weights: np.ndarray) -> list[Key]:
    """The key of each row of durations (M, 12).

    >>> keys_of(np.array([[4, 0, 2, 0, 3, 1, 0, 3, 0, 1, 0, 1]]))[0].name
    'C major'
    """
    best = correlations(weights).argmax(axis=1)
    return [Key(int(number) % 12, number >= 12) for number in best.tolist()]


def key_of(notes: Iterable[tuple[int, int, int]]) -> Key:
    """The key of notes (pitch, start, length)."""
    return keys_of(_weights(notes))[0]


def final_key(notes: Sequence[tuple[int, int, int]]) -> Key:
    """The key of a whole folk tune, which mostly ends on its tonic, in whatever mode it is.

    The major or minor key of the last note if it fits almost as well as the best key, else that.
    """
    fits = correlations(_weights(notes))[0]
    last = notes[-1][0] % 12
    minor = bool(fits[12 + last] > fits[last])
    return Key(last, minor) if fits[12 * minor + last] > fits.max() - ALMOST else key_of(notes)


def _weights(notes: Iterable[tuple[int, int, int]]) -> np.ndarray:
    weights = np.zeros((1, 12))
    for pitch, _start, length in notes:
        weights[0, pitch % 12] += length
    return weights
