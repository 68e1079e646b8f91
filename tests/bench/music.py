"""How long it takes to engrave a melody and synthesise it on each instrument.

    python -m tests.bench.music

A melody of 13 seconds in eighths, a new one each time, so that only an instrument's earlier tones
are cached. The first melody includes the time of loading.
"""

import argparse
import statistics
import sys
import time

import numpy as np

from seqgan_core.media.music.engraving import engrave
from seqgan_core.media.music.instruments import INSTRUMENTS
from seqgan_core.media.music.melody import Melody, Note
from seqgan_core.media.music.wav import wav

BPM = 75.0  # eighths of 0.4 s
STEPS = 32
WIDTH = 600  # pixels
_SCALE = np.array((60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79, 81, 83, 84))


def melody(rng: np.random.Generator) -> Melody:
    """32 eighths up and down the scale."""
    places = np.clip(np.cumsum(rng.integers(-3, 4, STEPS)) + 7, 0, len(_SCALE) - 1)
    notes = [Note(int(pitch), at / 2, 0.5) for at, pitch in enumerate(_SCALE[places])]
    return Melody(tuple(notes), BPM, "", STEPS / 2)


def measure(repeats: int) -> list[tuple[str, float, float, float, float]]:
    """Per instrument: ms of the first sound, median ms of sound and engraving, the sound's kB."""
    rng = np.random.default_rng(1)
    rows = []
    for name in INSTRUMENTS:
        sounds, scores, size = [], [], 0
        for _ in range(repeats + 1):
            sample = melody(rng)
            start = time.perf_counter()
            size = len(wav(sample, name, 22_050))
            sounded = time.perf_counter()
            engrave(sample, width=WIDTH, name="m")
            scores.append(1000 * (time.perf_counter() - sounded))
            sounds.append(1000 * (sounded - start))
        rows.append((name, sounds[0], statistics.median(sounds[1:]),
                     statistics.median(scores[1:]), size / 1000))  # fmt: skip
    return rows


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="Engraving and sound of a 13-second melody.")
    parser.add_argument("--repeats", type=int, default=20)
    repeats = parser.parse_args().repeats
    if repeats < 1:
        parser.error(f"--repeats is {repeats}; it must be 1 or more")
    lines = ["| instrument | first sound, ms | sound, ms | score, ms | WAV, kB |"]
    lines.append("|---|---|---|---|---|")
    for name, *numbers in measure(repeats):
        lines.append(f"| {name} | " + " | ".join(f"{number:.0f}" for number in numbers) + " |")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
