"""Tunes small enough to learn in a second, for tests."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from seqgan_core.paper.generator import Generator
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.corpus import Report
from seqgan_core.tasks.music.key_finding import key_of
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tune import TICKS, Tune, TuneCorpus

EIGHTH = TICKS // 2
C, D, E, G = (pitch - 20 for pitch in (60, 62, 64, 67))  # tokens
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def tune(
    notes: Sequence[tuple[int, float, float]],
    tempi: tuple[tuple[int, float], ...] = ((0, 120.0),),
    title: str = "tiny",
) -> Tune:
    """Of (pitch, start, length), the times in eighth notes."""
    timed = tuple(
        (pitch, round(start * EIGHTH), round((start + length) * EIGHTH) - round(start * EIGHTH))
        for pitch, start, length in notes
    )
    return Tune(title, timed, timed[-1][1] + timed[-1][2], key_of(timed), tempi)


def walk(number: int, length: int = 70) -> Tune:
    """A tune of its own: up and down the scale, with some notes held."""
    notes, at = [], 0
    place = number
    while at < length:
        size = 1 + (number + at) % 3 // 2
        notes.append((SCALE[place % 8] + 12 * (place // 8 % 2), at, size))
        place += (number * at) % 5 - 2 or 1
        at += size
    return tune(notes, title=f"walk {number}")


def reel(number: int) -> Tune:
    """A walk of two parts of eight bars."""
    parts = tuple((64 * EIGHTH * at, 64 * EIGHTH * (at + 1)) for at in range(2))
    return replace(walk(number, 128), title=f"reel {number}", metre="4/4", parts=parts)


def tiny_tunes(n: int = 60) -> TuneCorpus:
    """`n` tunes of two windows of 32 and more; a fifth of them held out."""
    tunes = [walk(number) for number in range(n)]
    cut = n // 5
    return TuneCorpus(
        "tiny-tunes", "Tiny tunes", "notes", tuple(tunes[2 * cut :]), tuple(tunes[cut : 2 * cut]),
        tuple(tunes[:cut]), "none", "here", (), Report(n, n),
    )  # fmt: skip


def rows(*given: list[int]) -> Tokens:
    """Tokens as a tensor."""
    return torch.tensor(given)


def generator_for(task: MusicTask) -> Generator:
    """An untrained one."""
    rng = torch.Generator().manual_seed(3)
    return Generator(task.vocabulary.size, 4, 5).initialise(rng, std=0.7)
