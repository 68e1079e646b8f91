"""Whether a melody can be played and written."""

import math
from itertools import pairwise

from seqgan_core.media.music.melody import BAR, HIGHEST, LOWEST, Melody

SLOWEST, FASTEST = 4.0, 1000.0  # quarter notes a minute; MIDI cannot write slower ones
LONGEST = 600.0  # seconds
_CLOSE = 1e-6  # quarter notes that two notes may overlap by rounding


def validate(melody: Melody) -> Melody:
    """The melody itself, if its notes, tempo, metre, parts and length are valid.

    Raises:
        ValueError: what is wrong.
    """
    if not SLOWEST <= melody.bpm <= FASTEST:
        raise ValueError(f"bpm is {melody.bpm:g}; it must be from {SLOWEST:g} to {FASTEST:g}")
    end = 0.0
    for at, note in enumerate(melody.notes):
        if not LOWEST <= note.pitch <= HIGHEST:
            raise ValueError(
                f"pitch of note {at} is {note.pitch}; it must be from {LOWEST} to {HIGHEST}"
            )
        if not (math.isfinite(note.start) and math.isfinite(note.length)) or note.length <= 0:
            raise ValueError(
                f"note {at} starts at {note.start:g} and lasts {note.length:g} quarters; "
                "a note must last more than 0"
            )
        if note.start < end - _CLOSE:
            raise ValueError(
                f"note {at} starts at {note.start:g}, before {end:g} where there is room for it; "
                "notes of a melody follow one another"
            )
        end = note.start + note.length
    if melody.metre not in BAR:
        raise ValueError(f"metre is {melody.metre!r}; it must be one of {', '.join(BAR)}")
    begins = (*melody.parts, melody.end)
    if melody.parts and (
        begins[0] != 0
        or any(before >= after for before, after in pairwise(begins))
        or any(part % BAR[melody.metre] for part in melody.parts)
    ):
        raise ValueError(
            f"parts begin at {melody.parts}; the first begins at 0, each later one on a bar of "
            f"{BAR[melody.metre]:g} quarters, and none is empty"
        )
    seconds = melody.played().seconds if math.isfinite(melody.end) else math.inf
    if not 0 <= melody.length < math.inf or seconds > LONGEST:
        raise ValueError(f"the melody lasts {seconds:g} s; at most {LONGEST:g} s can be played")
    return melody
