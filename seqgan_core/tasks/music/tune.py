"""A tune as a reader makes it: one voice in ticks, with its key and tempi."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import accumulate, pairwise

from seqgan_core.media.music.melody import HIGHEST, LOWEST, Melody, Metre, Note
from seqgan_core.media.visible_text import SHORT, visible_text
from seqgan_core.messages import Message, Problem
from seqgan_core.tasks.corpus import Corpus, Rejection
from seqgan_core.tasks.music.key_finding import Key

TICKS = 960  # of a quarter note; MIDI files divide it by 480 or less, triplets by 3
BPM = 120.0  # if a source states none
SIXTEENTH = TICKS // 4

Step = Callable[[int, int], None]
"""Called with how many tunes are read, and how many there are."""


class Clock:
    """Converts ticks to seconds, by the tempi of a tune."""

    def __init__(self, tempi: Sequence[tuple[int, float]]) -> None:
        self._ticks = [tick for tick, _ in tempi]
        self._rates = [60 / bpm / TICKS for _, bpm in tempi]  # seconds of a tick
        passed = (
            (after - before) * rate
            for (before, after), rate in zip(pairwise(self._ticks), self._rates, strict=False)
        )
        self._seconds = [0.0, *accumulate(passed)]

    def seconds(self, tick: int) -> float:
        """Seconds since tick 0."""
        last = max(0, bisect_right(self._ticks, tick) - 1)
        return self._seconds[last] + (tick - self._ticks[last]) * self._rates[last]


@dataclass(frozen=True)
class Tune:
    """One voice of consecutive notes, in ticks of 1/960 quarter note."""

    title: str  # for people
    # (pitch, start, length) each, by start, without overlaps; pitches are MIDI numbers of the 88
    # keys
    notes: tuple[tuple[int, int, int], ...]
    length: int  # ticks in total, rests at the end included
    key: Key  # the key that was found in it
    # (tick, quarter notes a minute) each, the first at tick 0
    tempi: tuple[tuple[int, float], ...] = ((0, BPM),)
    family: str = ""  # what near-copies have in common: the intervals of the first two bars
    about: str = ""  # the part of its source that it is, if not all of it
    metre: Metre | None = None  # of its source, None for another or where that states none
    # (start, end) in ticks of each part of eight bars, from its first whole bar to its end; where
    # it has an upbeat its last bar is shorter
    parts: tuple[tuple[int, int], ...] = ()

    @property
    def bpm(self) -> float:
        """The average tempo in quarter notes a minute."""
        seconds = Clock(self.tempi).seconds(self.length)
        return self.length / TICKS * 60 / seconds if seconds else self.tempi[0][1]

    @property
    def melody(self) -> Melody:
        """The tune for scores and sound."""
        notes = tuple(Note(p, start / TICKS, length / TICKS) for p, start, length in self.notes)
        return Melody(notes, self.bpm, self.title, self.length / TICKS)


TuneCorpus = Corpus[Tune]


class TuneError(Problem, ValueError):
    """A tune cannot be used; the message is a clause for the list of rejections."""

    def rejection(self, name: str) -> Rejection:
        """The rejection of the tune or file of that name."""
        code, text, _plural, fields = self.args
        plain = {key: v.text if isinstance(v, Message) else v for key, v in fields.items()}
        return Rejection(text or code, 1, visible_text(name, SHORT), fields=plain)


def one_voice(notes: Iterable[tuple[int, int, int]]) -> tuple[tuple[int, int, int], ...]:
    """The highest of simultaneous notes: (pitch, start, end) -> (pitch, start, length).

    Less than a sixteenth is articulation, not a voice. A note that an earlier, higher one hides for
    less, and not for most of it, ends that one where it begins (legato). And less than that of a
    note after a higher one does not count: notes of a chord are not released at once, and a melody
    has gaps over a held bass.

    >>> one_voice([(60, 0, 960), (64, 0, 480), (67, 960, 1440)])
    ((64, 0, 480), (60, 480, 480), (67, 960, 480))
    >>> one_voice([(67, 0, 500), (64, 480, 980), (60, 960, 1440), (48, 0, 1450)])
    ((67, 0, 480), (64, 480, 480), (60, 960, 480))
    """
    notes_by_start = sorted((start, end, pitch) for pitch, start, end in notes if end > start)
    times = sorted({time for start, end, _ in notes_by_start for time in (start, end)})
    voice: list[list[int]] = []  # pitch, start, end, and the start of the note it is
    sounding: list[tuple[int, int, int]] = []  # a heap, the highest first, then the latest
    at = 0
    for time, following in pairwise(times):
        while at < len(notes_by_start) and notes_by_start[at][0] == time:
            start, end, pitch = notes_by_start[at]
            heappush(sounding, (-pitch, -start, end))
            at += 1
        while sounding and sounding[0][2] <= time:
            heappop(sounding)
        if not sounding:
            continue
        pitch, start = -sounding[0][0], -sounding[0][1]
        if voice and voice[-1][0] == pitch and voice[-1][3] == start and voice[-1][2] == time:
            voice[-1][2] = following
        else:
            voice.append([pitch, time, following, start])
    heard: list[list[int]] = []
    for pitch, start, end, struck in voice:
        late = start - struck  # hidden, or heard before
        if 0 < late < min(SIXTEENTH, end - start + 1) and struck > heard[-1][1]:
            heard[-1][2] = min(heard[-1][2], struck)
            start = struck
        elif late and end - start < SIXTEENTH:
            continue
        heard.append([pitch, start, end])
    return tuple((pitch, start, end - start) for pitch, start, end in heard)


def within_keyboard(notes: Sequence[tuple[int, int, int]]) -> bool:
    """Whether all pitches are keys of a piano."""
    return all(LOWEST <= pitch <= HIGHEST for pitch, _, _ in notes)
