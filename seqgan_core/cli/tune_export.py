"""`sample` of a model of music: its tunes as files that other programs open."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

from seqgan_core.cli.common.output import InputError
from seqgan_core.insight.writing.sampler import Sampler
from seqgan_core.insight.writing.tunes import melody_of
from seqgan_core.media.music.instruments import INSTRUMENTS
from seqgan_core.media.music.melody import Melody
from seqgan_core.media.music.midi import to_midi
from seqgan_core.media.music.musicxml import to_musicxml
from seqgan_core.media.music.wav import wav
from seqgan_core.paper.tokens import Tokens

Format = Literal["midi", "musicxml", "wav"]
FORMATS: tuple[Format, ...] = get_args(Format)
MOST = 1000  # files at once
SLOWEST, FASTEST = 20.0, 400.0  # quarter notes a minute
_WRITERS: dict[Format, tuple[str, Callable[[Melody, str], bytes]]] = {
    "midi": ("mid", to_midi),
    "musicxml": ("musicxml", to_musicxml),
    "wav": ("wav", wav),
}


def check(n: int, out: Path | None, instrument: str, bpm: float | None) -> Path:
    """The folder to write into, if all that was asked for can be done.

    Raises:
        InputError: what cannot, and what can.
    """
    if out is None:
        raise InputError("tunes are written as files; give --out FOLDER")
    if out.exists() and not out.is_dir():
        raise InputError(f"--out is {out}, which is a file; it must be a folder, or new")
    if n > MOST:
        raise InputError(f"-n is {n}; it must be from 1 to {MOST} where files are written")
    if instrument not in INSTRUMENTS:
        raise InputError(f"--instrument is {instrument!r}; one of {', '.join(INSTRUMENTS)}")
    if bpm is not None and not (math.isfinite(bpm) and SLOWEST <= bpm <= FASTEST):
        raise InputError(
            f"--bpm is {bpm:g}; it must be from {SLOWEST:g} to {FASTEST:g} quarter notes a minute"
        )
    return out


def write_tunes(
    sampler: Sampler,
    tokens: Tokens,
    seed: int,
    format: Format,
    out: Path,
    instrument: str,
    bpm: float | None,
) -> list[Path]:
    """A file for each sequence (n, T), named after its sampler, its seed and its number.

    Raises:
        InputError: the sampler composes no music, or a file cannot be written.
    """
    if sampler.unit != "notes":
        raise InputError(f"--format {format} is for models of music; {sampler.title} writes text")
    ending, written = _WRITERS[format]
    stem = sampler.key.replace("@", "-")
    paths = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        for number, row in enumerate(tokens.tolist(), start=1):
            path = out / f"{stem}-{seed}-{number}.{ending}"
            path.write_bytes(written(melody_of(sampler, row, bpm), instrument))
            paths.append(path)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror or error}") from error
    return paths
