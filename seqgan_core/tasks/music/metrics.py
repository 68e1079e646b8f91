"""Metrics of tunes: distance to real ones, pitches and intervals, key, repetition.

All take tokens (M, T) of either form of `music.tokens`; a hold continues its note, and a rest is
silence.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from seqgan_core.media.music.melody import Metre
from seqgan_core.paper.tokens import Tokens
from seqgan_core.tasks.music.key_finding import Key, correlations, keys_of
from seqgan_core.tasks.music.tokens import (
    BARS,
    BELOW,
    HOLD,
    KEYS,
    METRES,
    MODES,
    REST,
    Form,
    part_steps,
)

LARGEST_STEP = 12  # semitones; wider intervals are counted with an octave
PATTERN = 4  # tokens
_ROWS = 1024  # sequences compared at once


def steps_alone(tokens: Tokens) -> Tokens:
    """Sequences (M, T) without the marks of whole tunes, padded by 0: (M, T)."""
    marks = tokens > REST
    if not marks.any():
        return tokens
    order = marks.long().argsort(dim=1, stable=True)
    return tokens.masked_fill(marks, 0).gather(1, order)


def contour(tokens: Tensor) -> Tensor:
    """The key that sounds, or sounded last, at each step: (M, T) -> (M, T) of 0 to 88.

    Before its first note a sequence has that note; without any note it is 0.
    """
    T, tokens = tokens.shape[1], steps_alone(tokens)
    onset = (tokens >= 1) & (tokens <= KEYS)
    place = torch.arange(T, device=tokens.device).expand_as(tokens)
    last = torch.where(onset, place, -1).cummax(dim=1).values
    first = onset.byte().argmax(dim=1, keepdim=True)
    keys = tokens.gather(1, torch.where(last >= 0, last, first))
    return keys.masked_fill(~onset.any(dim=1, keepdim=True), 0)


@torch.no_grad()
def nearest_error(tokens: Tokens, references: Tokens, leave_one_out: bool = False) -> Tensor:
    """MSE: the mean squared difference to the nearest real sequence.

    Paper: it names MSE for music, 22.38 for MLE and 20.62 for SeqGAN, and does not say between
    what. Here: of a sample the pitches at its T steps are compared with those of each real window,
    and the smallest mean of squared semitones counts. A window of the corpus itself has 0, and real
    tunes compared with other tunes have a value above 0 that no model needs to beat. The mean over
    all real windows is no alternative: it is lowest for one long note of middle pitch. This one
    decreases with more references and ignores rhythm, so it is shown with BLEU, diversity and its
    value for real tunes.

    Args:
        tokens: (M, T).
        references: (R, T), the held-out windows.
        leave_one_out: `tokens` are the references, and each is compared with the others.

    Returns:
        (M,), semitones squared, 0 or more.
    """
    ours, theirs = contour(tokens).float(), contour(references).float()
    squares = theirs.square().sum(dim=1)
    errors = []
    for first in range(0, len(ours), _ROWS):
        rows = ours[first : first + _ROWS]
        # All numbers are integers, small enough to be exact in single precision.
        apart = rows.square().sum(dim=1, keepdim=True) - 2 * rows @ theirs.T + squares
        if leave_one_out:
            own = torch.arange(len(rows), device=rows.device)
            apart[own, own + first] = torch.inf
        errors.append(apart.amin(dim=1))
    return torch.cat(errors) / tokens.shape[1] if errors else tokens.new_zeros(0).float()


@dataclass(frozen=True, eq=False)
class TokenStatistics:
    """Statistics of some tunes."""

    pitch_classes: np.ndarray  # (12,), the shares of sounding time of C, C♯ … B
    # (25,), the shares of intervals of -12 … 12 semitones; wider ones are counted with an octave
    intervals: np.ndarray
    keys: tuple[Key, ...]  # the key of each sequence, by Krumhansl's and Schmuckler's analysis
    clear: float  # the mean correlation with that key, up to 1
    in_key: float  # the mean share of time on its seven notes, from 0 to 1
    # the mean share of a sequence's patterns of four tokens, as intervals, that occur more than
    # once
    repeated: float


def token_statistics(tokens: Tokens, form: Form) -> TokenStatistics:
    """Measures sequences (M, T); M must be 1 or more.

    Raises:
        ValueError: there are none.
    """
    if len(tokens) == 0:
        raise ValueError("there are no sequences to measure; give 1 or more")
    weights = sounding(tokens)
    return TokenStatistics(
        pitch_classes=_shares(weights.sum(axis=0)),
        intervals=_shares(steps(tokens, form)),
        keys=tuple(keys_of(weights)),
        clear=float(correlations(weights).max(axis=1).mean()),
        in_key=float(in_key(tokens).mean()),
        repeated=float(repetition(tokens).mean()),
    )


def in_key(tokens: Tokens) -> np.ndarray:
    """The share of time on the seven notes of its own key: (M, T) -> (M,), 0 to 1.

    A sequence without a note has 0.
    """
    weights = sounding(tokens)
    scales = np.array([[note in key.scale for note in range(12)] for key in keys_of(weights)])
    inside = (weights * scales.reshape(-1, 12)).sum(axis=1)
    total = weights.sum(axis=1)
    result: np.ndarray = np.divide(inside, total, where=total > 0, out=np.zeros(len(total)))
    return result


def sounding(tokens: Tokens) -> np.ndarray:
    """The number of steps that each pitch class sounds: (M, T) -> (M, 12)."""
    key = keys_at(tokens)
    classes = torch.nn.functional.one_hot((key + BELOW) % 12, 12).double()
    result: np.ndarray = classes.masked_fill((key == 0)[..., None], 0).sum(dim=1).numpy()
    return result


def keys_at(tokens: Tokens) -> Tensor:
    """The key that sounds at each step, on the CPU: (M, T) -> (M, T) of 1 to 88; 0 is silence."""
    rows = steps_alone(tokens).cpu()
    place = torch.arange(rows.shape[1]).expand_as(rows)
    event = torch.where(rows == HOLD, -1, place).cummax(dim=1).values  # what a hold continues
    key = rows.gather(1, event.clamp(min=0))
    return key.masked_fill((event < 0) | (key < 1) | (key > KEYS), 0)


def steps(tokens: Tokens, form: Form) -> np.ndarray:
    """The count of each interval between consecutive notes: (M, T) -> (25,) for -12 … 12.

    In the paper's form a repeated pitch is the same note.
    """
    counts = np.zeros(2 * LARGEST_STEP + 1)
    for row in tokens.cpu().numpy():
        notes = row[(row >= 1) & (row <= KEYS)]
        moved = np.diff(notes)
        moved = moved[moved != 0] if form == "keys" else moved
        near = np.clip(moved, -LARGEST_STEP, LARGEST_STEP) + LARGEST_STEP
        counts += np.bincount(near, minlength=len(counts))
    return counts


def repetition(tokens: Tokens, n: int = PATTERN) -> np.ndarray:
    """The share of a sequence's patterns that occur more than once: (M, T) -> (M,), 0 to 1.

    A pattern is n consecutive tokens as intervals from its first note, so transposing it does not
    change it. Of whole tunes neither marks nor padding count.
    """
    shares = []
    for whole in tokens.tolist():
        row = [token for token in whole if 0 < token <= REST]
        patterns = [_shape(row[at : at + n]) for at in range(len(row) - n + 1)]
        seen: dict[tuple[int, ...], int] = {}
        for pattern in patterns:
            seen[pattern] = seen.get(pattern, 0) + 1
        shares.append(sum(seen[pattern] > 1 for pattern in patterns) / max(1, len(patterns)))
    return np.array(shares)


def fills_bars(tokens: Tokens) -> np.ndarray:
    """Whether each whole tune has a metre, a mode and two full parts: (M, T) -> (M,)."""
    metres = {token: metre for metre, token in METRES.items()}
    return np.array([_whole(row, metres.get(row[0])) for row in tokens.tolist()])


def _whole(row: list[int], metre: Metre | None) -> bool:
    body = row[2 : _length(row)]
    if metre is None or row[1] not in MODES.values():
        return False
    places = range(0, 2 * part_steps(metre) + len(BARS), part_steps(metre) // 8 + 1)
    found = {at: token for at, token in enumerate(body) if token > REST}
    whole = len(body) == places.stop
    return whole and found == dict(zip(places, BARS, strict=True))


def ends_at_home(tokens: Tokens) -> np.ndarray:
    """Whether the last note of each whole tune is one of the tonic chord: (M, T) -> (M,)."""
    chords = {MODES[False]: {0, 4, 7}, MODES[True]: {9, 0, 4}}  # of C major and A minor
    ends = []
    for row in tokens.tolist():
        notes = [token for token in row[: _length(row)] if 1 <= token <= KEYS]
        ends.append(bool(notes) and (notes[-1] + BELOW) % 12 in chords.get(row[1], ()))
    return np.array(ends)


def _length(row: list[int]) -> int:
    """Tokens before the end."""
    return row.index(0) if 0 in row else len(row)


def total_variation(first: np.ndarray, second: np.ndarray) -> float:
    """The total variation distance of two histograms of shares: 0 equal, 1 nothing in common.

    It is half the sum of their differences, the share that would have to be moved.
    """
    return float(np.abs(first - second).sum() / 2)


def _shape(pattern: list[int]) -> tuple[int, ...]:
    first = next((token for token in pattern if 1 <= token <= KEYS), 0)
    return tuple(token - first if 1 <= token <= KEYS else 1000 + token for token in pattern)


def _shares(counts: np.ndarray) -> np.ndarray:
    result: np.ndarray = counts / max(counts.sum(), 1.0)
    return result
