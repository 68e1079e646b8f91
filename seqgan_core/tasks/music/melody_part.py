"""A piece of music with its parts, and the choice of the melody."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from seqgan_core.tasks.music.key_finding import key_of
from seqgan_core.tasks.music.tune import TICKS, Clock, Tune, TuneError, one_voice, within_keyboard

FEWEST = 8  # notes; below that it is a signal, not a tune
FAMILY_TICKS = 8 * TICKS  # two bars of 4/4; an upload's own bars are not known
LONGEST = 2 * 3600  # seconds
FULL = 0.25  # of the notes of the fullest part; a part with fewer is accompaniment
HIGHEST_PART, FIRST_PART = "highest", "first"


def _words(spaced: str, others: str) -> re.Pattern[str]:
    letter = r"[^\W\d_]"
    return re.compile(rf"(?<!{letter})(?:{spaced})(?!{letter})|{others}", re.IGNORECASE)


# What the tune is called, and what accompanies it; words of scripts without spaces stand anywhere.
_MELODY_NAME = _words(
    "melody|melodies|tune|voice|vocals?|vox|lead|leader|solo|solist|singer|sing|singing|chant"
    "|cantus|superius|soprano|sopran|melodie|stimme|gesang|singstimme|mélodie|voix|melod[ií]a|voz"
    "|canto|voce|melodi|sang|sång|stem|мелодия|голос|вокал|соло",
    "旋律|人声|人聲|主唱|歌声|歌聲|独唱|獨唱|演唱|メロディ|ボーカル|ヴォーカル|멜로디|보컬|선율|노래",
)
_OTHER_NAME = _words(
    "accompaniment|accomp|acc|backing|background|backup|harmony|begleitung|accompagnement"
    "|accompagnamento|acompañamiento|acompanhamento",
    "伴奏|伴唱|和声|和聲|コーラス|반주",
)


@dataclass(frozen=True)
class Part:
    """One part."""

    name: str  # in the file, perhaps ""
    # (pitch, start, end) in ticks of 1/960 quarter, in any order; they may overlap
    notes: tuple[tuple[int, int, int], ...]
    drums: bool = False  # whether they are percussion, not pitches
    guess: str = ""  # the encoding of the name if that is a guess, else ""

    @property
    def height(self) -> float:
        """The mean pitch."""
        return sum(pitch for pitch, _, _ in self.notes) / max(1, len(self.notes))


@dataclass(frozen=True)
class Piece:
    """The content of a file: title, parts with notes, and tempi as in `Tune.tempi`.

    `lost` says what of it is missing, if the rest can be used.
    """

    title: str
    parts: tuple[Part, ...]
    tempi: tuple[tuple[int, float], ...]
    lost: TuneError | None = None


def check_length(piece: Piece) -> None:
    """Check the duration, before a gap of hours is processed.

    Raises:
        TuneError: it lasts too long.
    """
    last = max((end for part in piece.parts for _, _, end in part.notes), default=0)
    seconds = Clock(piece.tempi).seconds(last)
    if seconds > LONGEST:
        raise TuneError(
            "tune.too-long",
            "it lasts {hours:,.1f} hours; at most {most} are allowed",
            hours=seconds / 3600, most=LONGEST // 3600,
        )  # fmt: skip


def melody_of(piece: Piece, choice: str | int = HIGHEST_PART) -> int:
    """The number of the part that is the melody, from 0; drums never are.

    Args:
        piece: with one part or more.
        choice: "highest": of the parts that are called voice, melody, lead, solo and the like, or
            of all if there is none, the one that is highest on average; parts with less than a
            quarter of the notes of the fullest do not count. "first": the first with notes. Or the
            number of a part, from 1.

    Raises:
        TuneError: it has no such part.
    """
    numbers = [n for n, part in enumerate(piece.parts) if part.notes and not part.drums]
    if not numbers:
        drums = any(part.drums for part in piece.parts)
        if drums:
            raise TuneError("tune.only-drums", "it has only drums")
        raise TuneError("tune.no-note", "it has no notes")
    if isinstance(choice, int):
        if choice - 1 not in numbers:
            parts = ", ".join(str(n + 1) for n in numbers)
            raise TuneError(
                "melody.part",
                "no part {number} with notes (there are {parts})",
                number=choice, parts=parts,
            )  # fmt: skip
        return choice - 1
    if choice == FIRST_PART:
        return numbers[0]
    if choice != HIGHEST_PART:
        raise TuneError(
            "melody.choice",
            "melody is {choice!r}; it must be highest, first or the number of a part",
            choice=choice,
        )
    called = [n for n in numbers if _is_melody(piece.parts[n].name)] or numbers
    fullest = max(len(piece.parts[n].notes) for n in called)
    full = [n for n in called if len(piece.parts[n].notes) >= FULL * fullest]
    return max(full, key=lambda n: (piece.parts[n].height, -n))


def _is_melody(name: str) -> bool:
    """Whether a part is called the melody.

    >>> [_is_melody(name) for name in ("Lead 1", "Rising Bass", "Voice (accomp.)", "主旋律")]
    [True, False, False, True]
    """
    name = unicodedata.normalize("NFC", name)
    return bool(_MELODY_NAME.search(name)) and not _OTHER_NAME.search(name)


def tune_of(piece: Piece, number: int) -> Tune:
    """One part as a tune, from its first note; of simultaneous notes the highest.

    Raises:
        TuneError: it is too short, or exceeds the keyboard.
    """
    notes = one_voice(piece.parts[number].notes)
    if len(notes) < FEWEST:
        raise TuneError("tune.few-notes", "fewer than {n} notes", n=FEWEST)
    if not within_keyboard(notes):
        raise TuneError("tune.beyond-keyboard", "notes beyond the 88 keys of a piano")
    begin = notes[0][1]
    moved = tuple((pitch, start - begin, length) for pitch, start, length in notes)
    end = moved[-1][1] + moved[-1][2]
    tempi = _from(piece.tempi, begin)
    about = _about(piece, number)
    return Tune(piece.title, moved, end, key_of(moved), tempi, _family(moved), about)


def _about(piece: Piece, number: int) -> str:
    part = piece.parts[number]
    name = " ".join(part.name.split())[:40]
    name += f", name guessed as {part.guess}" if part.guess else ""
    position = f"part {number + 1} of {len(piece.parts)}"
    return f"{position} ({name})" if name else position


def _from(tempi: Sequence[tuple[int, float]], begin: int) -> tuple[tuple[int, float], ...]:
    """The tempi from a tick on."""
    before = bisect_left([tick for tick, _ in tempi], begin + 1)
    first = tempi[max(0, before - 1)][1]
    return ((0, first), *((tick - begin, bpm) for tick, bpm in tempi[before:]))


def _family(notes: Sequence[tuple[int, int, int]]) -> str:
    pitches = [pitch for pitch, start, _ in notes if start < FAMILY_TICKS]
    return " ".join(str(b - a) for a, b in pairwise(pitches))
