"""Whole tunes: their parts as the books' bars and repeats say, as tokens, and as a melody again."""

from pathlib import Path

import pytest
import torch

from seqgan_core.tasks.corpus import CorpusError, Report
from seqgan_core.tasks.music.abc_reader import read_abc
from seqgan_core.tasks.music.collection import Collection
from seqgan_core.tasks.music.key_finding import Key, final_key
from seqgan_core.tasks.music.metrics import (
    contour,
    ends_at_home,
    fills_bars,
    repetition,
    sounding,
)
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tokens import (
    BARS,
    HOLD,
    LONGEST_TUNE,
    METRES,
    MODES,
    REST,
    SIZES,
    in_bars,
    melody,
    part_steps,
    whole,
    windows,
    words,
)
from seqgan_core.tasks.music.tune import TICKS, Tune, TuneCorpus

BAR = TICKS * 4
A = "cdef gfed|" * 7 + "cdef c4"
B = "gfed cdef|" * 7 + "gfed c4"


def reel(body: str, metre: str = "4/4", unit: str = "1/8", key: str = "C") -> Tune:
    return read_abc(f"X:1\nT:A reel\nM:{metre}\nL:{unit}\nK:{key}\n{body}\n")


def steps(row: list[int]) -> list[int]:
    return [token for token in row if token <= REST]


def starts(tune: Tune) -> list[float]:
    return [start / BAR for start, _end in tune.parts]


def test_parts_are_what_stands_between_repeats() -> None:
    tune = reel(f"|:{A}:|:{B}:|")
    assert tune.metre == "4/4"
    assert [(s / BAR, e / BAR) for s, e in tune.parts] == [(0, 8), (8, 16)]
    assert starts(reel(f"{A}||{B}|]")) == [0, 8]
    assert starts(reel(f"{A}:|{B}:|")) == [0, 8]


def test_an_upbeat_is_no_part_of_a_part() -> None:
    """The last bar lacks what the upbeat has; the part's last note is held for that long."""
    tune = reel(f"G|{A[:-1]}3:|G|{B[:-1]}3:|")
    assert [s / TICKS for s, _e in tune.parts] == [0.5, 32.5]
    (row,) = whole(tune)
    assert len(row) == LONGEST_TUNE
    assert steps(row)[60:64] == [steps(row)[60], HOLD, HOLD, HOLD]
    assert steps(row)[64] == words("tunes").index("G5")  # B begins on its bar


def test_of_two_endings_the_second_counts() -> None:
    tune = reel(f"|:{'cdef gfed|' * 7}[1 c8:|[2 cdef c4:|:{B}:|")
    assert starts(tune) == [0, 8]
    assert whole(tune) == whole(reel(f"|:{A}:|:{B}:|"))


@pytest.mark.parametrize(
    ("metre", "unit", "body", "of"),
    [
        ("C|", "1/8", f"|:{A}:|:{B}:|", "4/4"),
        ("2/4", "1/16", f"|:{A}:|:{B}:|", "4/4"),  # sixteenths in 2/4 are eighths in 4/4
        ("6/8", "1/8", "|:" + "cde fga|" * 7 + "c6:|:" + "gfe dcB|" * 7 + "c6:|", "6/8"),
        ("3/4", "1/8", "|:" + "cd ef ga|" * 7 + "c6:|:" + "gf ed cB|" * 7 + "c6:|", "3/4"),
    ],
)
def test_metres(metre: str, unit: str, body: str, of: str) -> None:
    tune = reel(body, metre, unit)
    (row,) = whole(tune)
    assert words("tunes")[row[0]] == of == tune.metre
    assert len(steps(row)) == 2 * part_steps(of)  # type: ignore[arg-type]
    marks = [words("tunes")[token] for token in row[2:] if token > REST]
    assert marks == [f"{part}|{bar}" for part in "AB" for bar in range(1, 9)]
    assert row[2] == BARS[0]
    assert row[2 + (len(row) - 2) // 16] == BARS[1]
    assert fills_bars(torch.tensor([row + [0] * (LONGEST_TUNE - len(row))])).tolist() == [True]


@pytest.mark.parametrize(
    "body",
    [
        "|:" + "cdef gfed|" * 5 + "cdef c4:|:" + B + ":|",  # six bars
        "|:" + "cdef gfed|" * 3 + "cdefg|" + "cdef gfed|" * 3 + "c8:|",  # a bar that is not full
        "|:" + "cdef gfed|" * 15 + "c8:|",  # sixteen
    ],
)
def test_other_parts_are_not_taken(body: str) -> None:
    assert not whole(reel(body))


def test_other_metres_are_not_taken() -> None:
    tune = reel("|:" + "cde fga cde|" * 7 + "c9:|:" + "cde fga cde|" * 7 + "c9:|", "9/8")
    assert (tune.metre, tune.parts, whole(tune)) == (None, (), [])


def test_a_tune_is_in_the_key_of_its_last_note() -> None:
    """D dorian has the notes of C major; it becomes A minor."""
    body = "defg agfe|" * 7 + "defg d4"
    tune = reel(f"|:{body}:|:{body}:|", key="Ddor")
    assert tune.notes[-1][0] % 12 == 2
    assert final_key(tune.notes) == Key(2, minor=True)
    (row,) = whole(tune)
    assert row[1] == MODES[True]
    assert words("tunes")[row[3]] == "A4"  # the nearer way
    assert ends_at_home(torch.tensor([row])).tolist() == [True]
    far = (*tune.notes[:-1], (tune.notes[-1][0] - 1, *tune.notes[-1][1:]))
    assert final_key(far).tonic != 1  # C♯ major fits these notes too badly


def test_the_melody_has_metre_parts_and_the_same_notes() -> None:
    (row,) = whole(reel("|:" + "cde fga|" * 7 + "c6:|:" + "gfe dcB|" * 7 + "z3 c3:|", "6/8"))
    played = melody([*row, 0, 0], "tunes")
    assert (played.metre, played.parts, played.length) == ("6/8", (0.0, 24.0), 48.0)
    assert [n.pitch for n in played.notes[:4]] == [72, 74, 76, 77]
    assert (played.notes[-1].start, played.notes[-1].length) == (46.5, 1.5)
    assert played.played().seconds == 2 * played.seconds


def test_a_part_ends_what_sounds() -> None:
    """The model may hold a note over into the second part; there it is silent."""
    (row,) = whole(reel(f"|:{A}:|:{B}:|"))
    b = row.index(BARS[8])
    held = [*row[: b + 1], HOLD, HOLD, *row[b + 3 :]]
    ends = [note.start + note.length for note in melody(held, "tunes").notes]
    assert 32.0 in ends
    assert not any(n.start < 32.0 < n.start + n.length for n in melody(held, "tunes").notes)


def test_what_is_no_whole_tune_is_played_once() -> None:
    (row,) = whole(reel(f"|:{A}:|:{B}:|"))
    assert melody(row[:100], "tunes").parts == ()
    assert melody(row[2:], "tunes").metre == "4/4"
    assert melody([], "tunes").notes == ()
    short = row[:90] + [0] * 56
    odd = [*row[:50], METRES["6/8"], *row[51:]]
    early = [*row[:10], row[11], row[10], *row[12:]]  # a bar of nine steps, then one of seven
    assert fills_bars(torch.tensor([row, short, odd, early])).tolist() == [True, *[False] * 3]


def test_the_metrics_of_tunes() -> None:
    (row,) = whole(reel(f"|:{A}:|:{B}:|"))
    away = [*row[:-4], row[3] + 2, *[HOLD] * 3]
    silent = [METRES["4/4"], MODES[False], *in_bars([REST] * 128, "4/4")]
    assert ends_at_home(torch.tensor([row, away, silent])).tolist() == [True, False, False]
    short = [METRES["6/8"], MODES[False], *range(30, 38)]
    padded = torch.tensor([short + [0] * 40])
    assert repetition(padded).tolist() == repetition(torch.tensor([short[2:]])).tolist()
    barred = torch.tensor([[short[0], short[1], BARS[0], 40, BARS[1], HOLD, 44, 0]])
    assert sounding(barred)[0, [0, 4]].tolist() == [2.0, 1.0]  # C4 is held over the bar line
    assert contour(barred)[0, :3].tolist() == [40, 40, 44]


def test_a_file_keeps_metre_and_parts(tmp_path: Path) -> None:
    tune = reel(f"|:{A}:|:{B}:|")
    Collection((tune,), ("train",), Report(1, 1)).save(tmp_path / "tunes.npz")
    assert Collection.read(tmp_path / "tunes.npz").tunes == (tune,)


def test_a_task_of_whole_tunes() -> None:
    jig = reel("|:" + "cde fga|" * 7 + "c6:|:" + "gfe dcB|" * 7 + "c6:|", "6/8")
    tunes = (reel(f"|:{A}:|:{B}:|"), jig, reel("c8|" * 9))
    corpus = TuneCorpus("tiny", "Tiny", "notes", tunes, (), tunes[:2], "", "")
    task = MusicTask(corpus, LONGEST_TUNE, "tunes", transpose=True)
    assert task.vocabulary.size == SIZES["tunes"] == len(words("tunes"))
    assert (task.end, task.train_data().shape) == (0, (2, LONGEST_TUNE))
    assert task.train_data()[1, 114:].tolist() == [0] * 32
    assert windows(jig, "tunes", 113) == []
    measured = task.sequence_metrics(task.train_data())
    assert measured["fills_bars"].tolist() == [1.0, 1.0]


def test_tunes_whose_parts_are_not_known_say_how_to_read_them_again() -> None:
    corpus = TuneCorpus("old-book", "An old book", "notes", (reel("c8|" * 9),), (), (), "", "")
    with pytest.raises(CorpusError, match=r"An old book has no parts.*corpus get old-book"):
        MusicTask(corpus, LONGEST_TUNE, "tunes", transpose=True)
