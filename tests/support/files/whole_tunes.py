"""Whole tunes by hand, A A B B in parts of eight bars: a reel in D and a jig in A minor."""

from seqgan_core.media.music.melody import BAR, Chord, Melody, Metre, Note


def _whole(scale: tuple[int, ...], metre: Metre, bpm: float, chords: tuple[Chord, ...]) -> Melody:
    """Eighths up and down a scale; every fourth bar is one long note, B begins higher than A."""
    bar, notes = BAR[metre], []
    for part in range(2):
        for number in range(8):
            start = (8 * part + number) * bar
            if number % 4 == 3:
                notes.append(Note(scale[0], start, bar))
                continue
            for at in range(round(2 * bar)):
                pitch = scale[(at + number + 3 * part) % len(scale)]
                notes.append(Note(pitch, start + at / 2, 0.5))
    return Melody(tuple(notes), bpm, "", 16 * bar, metre, (0.0, 8 * bar), chords)


REEL = _whole((62, 64, 66, 67, 69, 71, 73), "4/4", 240.0, ())
JIG = _whole(
    (69, 71, 72, 74, 76, 77, 79), "6/8", 180.0,
    tuple(Chord(9 if at % 2 else 4, at % 2 == 1, at * 3.0, 3.0) for at in range(16)),
)  # fmt: skip
