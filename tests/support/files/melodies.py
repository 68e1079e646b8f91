"""Melodies for tests: some by hand, and a strategy that draws any that can be written down."""

from hypothesis import strategies as st

from seqgan_core.media.music.melody import Melody, Note


def in_eighths(pitches: list[int | None], bpm: float = 120.0, title: str = "") -> Melody:
    """An eighth note for every pitch, a rest for None."""
    notes = tuple(Note(p, at / 2, 0.5) for at, p in enumerate(pitches) if p is not None)
    return Melody(notes, bpm, title, len(pitches) / 2)


# A bar of eighths, long notes over the bar line, a rest, a dotted rhythm, an accidental, a final
# rest: D major.
TUNE = Melody(
    (
        *(Note(pitch, at / 2, 0.5) for at, pitch in enumerate((62, 64, 66, 67, 69, 71, 73, 74))),
        Note(74, 4.0, 3.5),
        Note(75, 7.5, 2.0),
        Note(73, 10.0, 0.75),
        Note(69, 10.75, 0.25),
        Note(70, 11.0, 0.5),
        Note(70, 11.5, 0.5),
        Note(62, 12.0, 2.5),
    ),
    90.0,
    "A tune & <more>",
    16.0,
)


@st.composite
def melodies(draw: st.DrawFn) -> Melody:
    """Melodies in thirty-seconds, with rests, up to a full bar of 4/4."""
    steps = draw(
        st.lists(
            st.tuples(
                st.integers(21, 108), st.integers(1, 40), st.sampled_from([0, 0, 0, 1, 4, 9])
            ),
            max_size=24,
        )
    )
    now, notes = 0, []
    for pitch, units, rest in steps:
        notes.append(Note(pitch, now / 8, units / 8))
        now += units + rest
    bpm = draw(st.sampled_from([60.0, 75.0, 90.0, 120.0, 144.0, 98.5]))
    return Melody(
        tuple(notes), bpm, draw(st.sampled_from(["", "Tune", "曲 № 1"])), -(-now // 32) * 4.0
    )
