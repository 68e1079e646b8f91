"""Melodies for tests: some by hand, and a strategy that draws any that can be written down."""

from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from seqgan_core.media.music.melody import BAR, Chord, Melody, Metre, Note


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


@st.composite
def tunes(draw: st.DrawFn) -> Melody:
    """Melodies in thirty-seconds in every metre, with and without repeats and chords."""
    metre = draw(st.sampled_from(sorted(BAR)))
    bar = round(8 * BAR[metre])
    units = st.sampled_from([1, 2, 3, 4, 4, 4, 4, 6, 8, 8, 12, 16, 20, 24, 40])
    rest = st.sampled_from([0, 0, 0, 0, 4, 9])
    now, notes = 0, []
    for pitch, held, after in draw(
        st.lists(st.tuples(st.integers(45, 90), units, rest), min_size=1, max_size=30)
    ):
        notes.append(Note(pitch, now / 8, held / 8))
        now += held + after
    bars = max(2, -(-now // bar))
    starts = draw(st.one_of(st.just(set()), st.sets(st.integers(0, bars - 1), min_size=1)))
    parts = tuple(at * BAR[metre] for at in sorted({0, *starts})) if starts else ()
    length = bars * bar if now <= bar or draw(st.booleans()) else now
    eighths = sorted(draw(st.sets(st.integers(0, bars * bar // 4 - 1), max_size=6)))
    chords = tuple(
        Chord(draw(st.integers(0, 11)), draw(st.booleans()), at / 2, (after - at) / 2)
        for at, after in pairwise([*eighths, bars * bar // 4])
    )
    return Melody(
        tuple(notes), draw(st.sampled_from([60.0, 98.5, 120.0])), "Tune",
        length / 8, metre, parts, chords,
    )  # fmt: skip


def tune(metre: Metre, text: str, **more: Any) -> Melody:
    """Notes by pitch and quarters, "62:1.5 r:1 66": half a quarter if none is stated."""
    now, notes = 0.0, []
    for word in text.replace("|", " ").split():
        pitch, _, length = word.partition(":")
        quarters = float(length or 0.5)
        if pitch != "r":
            notes.append(Note(int(pitch), now, quarters))
        now += quarters
    return Melody(tuple(notes), length=now, metre=metre, **more)


# A jig in D, A A B B, and a waltz in G.
JIG = tune(
    "6/8",
    "74 73 74 66 69 71 | 74:1 76 74:1.5 | 69:1 66 67:2 | 69:1 62:1.5"
    "| 66:1.5 67 66 67 | 69:0.75 67:0.25 66 64:1.5 | 61:1 64 69:1 67 | 62:1.5 62:1.5",
    bpm=180.0, title="A jig", parts=(0.0, 12.0),
)  # fmt: skip
WALTZ = tune(
    "3/4",
    "71 74 79 78 76 74 | 71:1 69 67 69:1 | 71:1.5 72 74:1 | r:2 66:1 | 67:2 r:1 | 67:3",
    bpm=150.0, title="A waltz",
)  # fmt: skip
