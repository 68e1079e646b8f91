"""Tunes as tokens, and back: the paper's form and the form for listening.

Keys, the paper's form: token k = 1 to 88 is MIDI note k + 20, one token each 0.4 s. A rest holds
the last pitch, and one longer than two seconds splits the tune. Tunes at another tempo sound
uneven, and two notes of the same pitch become one. In notation a step is an eighth at 75 quarter
notes a minute, which is 0.4 s.

Eighths, the form for listening: token k = 1 to 88 is the onset of that key, HOLD continues it, REST
is silence; one token each eighth note. A tune that moves in sixteenths, as reels in 2/4 do, has one
token each sixteenth, for it is the same music as eighths in 4/4.

In both, token 0 only precedes a sequence; real data does not contain it.

Tunes, for listening to the end: a metre, a mode, and two parts of eight bars, each bar with its
number and then the tokens of eighths; all in C major or A minor. Tokens above REST are such marks.
Token 0 ends a tune, and pads it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Literal

import numpy as np

from seqgan_core.media.music.melody import BAR, HIGHEST, LOWEST, Melody, Metre, Note
from seqgan_core.tasks.music.key_finding import NAMES, final_key
from seqgan_core.tasks.music.tune import TICKS, Clock, Tune

Form = Literal["keys", "eighths", "tunes"]

KEYS = HIGHEST - LOWEST + 1  # 88
BELOW = LOWEST - 1  # the key of token 1, minus 1
HOLD, REST = KEYS + 1, KEYS + 2
METRES = dict(zip(BAR, range(REST + 1, REST + 1 + len(BAR)), strict=True))  # their tokens
MODES = {False: REST + 1 + len(BAR), True: REST + 2 + len(BAR)}  # by whether it is minor
BARS = range(MODES[True] + 1, MODES[True] + 17)  # the token before each bar of A and of B
SIZES: dict[Form, int] = {"keys": KEYS + 1, "eighths": KEYS + 3, "tunes": BARS.stop}
LONGEST_TUNE = 2 + len(BARS) * 9  # tokens
STEP = 0.5  # quarter notes of a token in notation
SECONDS = 0.4  # of a token in the paper's form
BPM: dict[Form, float] = {"keys": 60 * STEP / SECONDS, "eighths": 120.0, "tunes": 150.0}
LONGEST_REST = 2.0  # seconds, in the paper's form; a longer rest splits a tune, as does
MOST_RESTS = 8  # steps, in eighths: two seconds at 120 a minute
LOST = 0.1  # share of notes that may be dropped before steps are halved


def words(form: Form) -> tuple[str, ...]:
    """The names of tokens: the start, the 88 keys; for listening "–" (hold) and "rest"; of tunes
    also the marks.
    """
    names = ("start", *(key_name(token + BELOW) for token in range(1, KEYS + 1)), "–", "rest")
    bars = (f"{part}|{bar}" for part in "AB" for bar in range(1, 9))
    return (*names, *METRES, "major", "minor", *bars)[: SIZES[form]]


def key_name(pitch: int) -> str:
    """The name of a MIDI number.

    >>> key_name(60), key_name(70)
    ('C4', 'B♭4')
    """
    return f"{NAMES[pitch % 12]}{pitch // 12 - 1}"


def transposition(tune: Tune, form: Form = "eighths") -> int:
    """Semitones to C major or A minor, in another octave if the keyboard ends; 0 if impossible."""
    low, high = min(p for p, _, _ in tune.notes), max(p for p, _, _ in tune.notes)
    nearest = (final_key(tune.notes) if form == "tunes" else tune.key).to_common
    for shift in (nearest, nearest - 12, nearest + 12):
        if low + shift >= LOWEST and high + shift <= HIGHEST:
            return shift
    return 0


def pieces(tune: Tune, form: Form, transpose: bool = False) -> list[list[int]]:
    """The tune as tokens, split at long rests."""
    shift = transposition(tune, form) if transpose else 0
    parts = _sampled(tune) if form == "keys" else _stepped(tune, ticks_per_step(tune))
    return [[t + shift if 1 <= t <= KEYS else t for t in piece] for piece in parts]


def windows(
    tune: Tune, form: Form, length: int, transpose: bool = False, hop: int | None = None
) -> list[list[int]]:
    """Windows of `length` tokens, from the beginning; the rest at the end is dropped.

    In eighths each begins with an onset: of the note that is held there, or of the next one after
    a rest. In tunes each is two parts of the tune, with its metre and mode; there `hop` and
    `transpose` change nothing.

    Args:
        tune: to split.
        form: of the tokens.
        length: of a window.
        transpose: to C major or A minor.
        hop: tokens from one window to the next; by default `length`, so that they do not overlap.
    """
    if form == "tunes":
        return [row + [0] * (length - len(row)) for row in whole(tune) if len(row) <= length]
    result = []
    for piece in pieces(tune, form, transpose):
        start = onset = 0  # of the window, and of the note that sounds there
        for at, token in enumerate(piece[: max(0, len(piece) - length + 1)]):
            onset = at if token <= KEYS else onset
            if at < start or token == REST:
                continue
            result.append([piece[onset], *piece[at + 1 : at + length]])
            start = at + (hop or length)
    return result


def whole(tune: Tune) -> list[list[int]]:
    """Two parts of the tune at a time as tokens: a metre, a mode, A and B; all in one mode."""
    if tune.metre is None:
        return []
    unit, shift = ticks_per_step(tune), transposition(tune, "tunes")
    steps = part_steps(tune.metre)
    parts = []
    for start, end in tune.parts:
        notes = [(p + shift, s - start, n) for p, s, n in tune.notes if start <= s < end]
        cut = tuple((p, s, min(n, end - start - s)) for p, s, n in notes)
        pieces = list(_stepped(replace(tune, notes=cut, length=end - start), unit)) if cut else []
        if 7 / 8 < (end - start) / unit / steps <= 1 and len(pieces) == 1:
            silent = [REST] * round(cut[0][1] / unit)
            held = [*silent, *pieces[0]]  # an upbeat's place at the end is held
            parts.append((held + [HOLD] * (steps - len(held)))[:steps])
    head = [METRES[tune.metre], MODES[final_key(tune.notes).minor]]
    pairs = zip(parts[::2], parts[1::2], strict=False)
    return [[*head, *in_bars([*a, *b], tune.metre)] for a, b in pairs]


def in_bars(steps: Sequence[int], metre: Metre) -> list[int]:
    """Steps with the number of each bar before it, of the 16 bars of a whole tune."""
    size = round(BAR[metre] / STEP)
    starts = zip(BARS, range(0, len(steps), size), strict=False)
    return [token for bar, at in starts for token in (bar, *steps[at : at + size])]


def part_steps(metre: Metre) -> int:
    """Steps in a part of eight bars: 64 in 4/4, 48 in 6/8 and 3/4."""
    return round(8 * BAR[metre] / STEP)


def quarters(tokens: Sequence[int], step: int) -> float:
    """When the token at index `step` sounds, in quarter notes."""
    return sum(token <= REST for token in tokens[:step]) * STEP


def melody(tokens: Sequence[int], form: Form, bpm: float | None = None, title: str = "") -> Melody:
    """The melody of tokens; those without sound (a start, a hold after a rest) are rests.

    In the paper's form a repeated pitch is one longer note. A tune has its metre, and where its
    parts begin if both are whole. The default tempo is that of the form.
    """
    if form == "tunes":
        return _tune(tokens, bpm, title)
    step = STEP
    notes: list[Note] = []
    sounding = False
    for at, token in enumerate(tokens):
        onset = 1 <= token <= KEYS
        if sounding and (token == HOLD or (form == "keys" and token + BELOW == notes[-1].pitch)):
            last = notes[-1]
            notes[-1] = Note(last.pitch, last.start, (at + 1) * step - last.start)
        elif onset:
            notes.append(Note(token + BELOW, at * step, step))
        sounding = onset or (sounding and token == HOLD)
    return Melody(tuple(notes), bpm or BPM[form], title, len(tokens) * step)


def tokens(melody: Melody, form: Form) -> list[int]:
    """The tokens of a melody; the reverse of `melody`.

    Notes that do not start and end on steps are moved to the nearest ones.
    """
    step = STEP
    end = max([melody.length, *(note.start + note.length for note in melody.notes)])
    result = [REST] * round(end / step)
    for note in melody.notes:
        first, after = round(note.start / step), round((note.start + note.length) / step)
        for at in range(first, min(max(after, first + 1), len(result))):
            result[at] = note.pitch - BELOW if at == first or form == "keys" else HOLD
    if form == "keys":
        for at, token in enumerate(result):
            if token == REST:
                result[at] = result[at - 1] if at else 0
    return result


def _tune(tokens: Sequence[int], bpm: float | None, title: str) -> Melody:
    """The melody of a whole tune; without a metre at its beginning it is in 4/4."""
    known: dict[int, Metre] = {token: metre for metre, token in METRES.items()}
    metre = known.get(tokens[0] if tokens else 0, "4/4")
    body = list(takewhile(bool, (token for token in tokens if token <= REST)))
    steps = part_steps(metre)
    parts = [melody(body[at : at + steps], "eighths") for at in range(0, len(body), steps)]
    notes = tuple(
        replace(note, start=note.start + number * steps * STEP)
        for number, part in enumerate(parts)
        for note in part.notes
    )
    starts = (0.0, steps * STEP) if len(body) == 2 * steps else ()
    return Melody(notes, bpm or BPM["tunes"], title, len(body) * STEP, metre, starts)


def _sampled(tune: Tune) -> Iterator[list[int]]:
    """The pitch that sounds at each 0.4 s from the first onset."""
    clock = Clock(tune.tempi)
    starts = [clock.seconds(start) for _, start, _ in tune.notes]
    ends = [clock.seconds(start + length) for _, start, length in tune.notes]
    piece: list[int] = []
    first, at = starts[0], 0
    while (time := first + at * SECONDS) < ends[-1] - 1e-6:
        number = bisect_right(starts, time + 1e-6) - 1
        if time > ends[number] - 1e-6 and starts[number + 1] - ends[number] > LONGEST_REST + 1e-6:
            yield piece
            piece, first, at = [], starts[number + 1], 0
            continue
        piece.append(tune.notes[number][0] - BELOW)
        at += 1
    yield piece


def _stepped(tune: Tune, unit: int) -> Iterator[list[int]]:
    """Onsets, holds and rests, one token a step of so many ticks, from the first onset."""
    kept = [
        pair for pair in zip(tune.notes, quantised_steps(tune, unit), strict=True) if pair[1] >= 0
    ]
    piece: list[int] = []
    for number, ((pitch, start, length), step) in enumerate(kept):
        piece.append(pitch - BELOW)
        if number + 1 < len(kept):
            (_, following, _), after = kept[number + 1]
        else:
            following = start + length
            after = max(step + 1, round(following / unit))
        silent = following - (start + length)
        rests = 0 if silent < unit else min(silent // unit, after - step - 1)
        piece += [HOLD] * (after - step - 1 - rests)
        if rests > MOST_RESTS:
            yield piece
            piece = []
        else:
            piece += [REST] * rests
    yield piece


def ticks_per_step(tune: Tune) -> int:
    """Ticks of a step: an eighth, or a sixteenth if an eighth would drop too many notes."""
    lost = sum(step < 0 for step in quantised_steps(tune, TICKS // 2))
    return TICKS // 2 if lost <= LOST * len(tune.notes) else TICKS // 4


def quantised_steps(tune: Tune, unit: int) -> list[int]:
    """The step of each note, or -1 if there is none.

    A note that starts on a step keeps it. Another is moved to the nearest free step, preferably the
    earlier one (so that dotted pairs become even), as long as the order stays.
    """
    taken = {start // unit for _, start, _ in tune.notes if start % unit == 0}
    steps, last = [], -1
    for _, start, _ in tune.notes:
        step, over = divmod(start, unit)
        if over:
            near = range(step + (2 * over > unit), step + 2)
            step = next((s for s in near if s > last and s not in taken), -1)
        steps.append(step)
        last = max(last, step)
    return steps


def array(rows: Sequence[Sequence[int]], length: int) -> np.ndarray:
    """Windows as (n, length) of int64."""
    return np.array(rows, dtype=np.int64).reshape(-1, length)
