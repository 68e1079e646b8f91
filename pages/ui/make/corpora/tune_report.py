"""Report on uploaded files: numbers, parts and tempi, and how the first tunes were read."""

import math
from collections import Counter

import streamlit as st

from pages.ui.common import html
from pages.ui.make.music import quantisation_text
from pages.ui.make.music.cards.score_cards import Tune as Card
from pages.ui.make.music.cards.score_cards import melodies
from seqgan_core.media.music.validation import FASTEST, SLOWEST
from seqgan_core.messages import Message, _, remark
from seqgan_core.tasks.music import tokens as music_tokens
from seqgan_core.tasks.music.quantisation import quantisation_of
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tune import TICKS, Tune
from seqgan_core.tasks.music.user_split import FEW
from seqgan_core.tasks.music.user_tunes import FileReport, PartReport, ReadFiles

LISTED = 8  # files whose parts are listed
KEYS = 3  # that are named; the others are counted
PREVIEWED = 2  # tunes that are played, up to
STEPS = 32  # steps
HEARD = 30.0  # or seconds: a file may be so slow that a step lasts seven


def report(files: ReadFiles, task: MusicTask) -> None:
    """Draw what is used of the files, and the first tunes as they were read."""
    collection, reports = files.collection, files.files
    by_parts = len({tune.family for tune in collection.tunes}) < FEW
    tunes = task.corpus.train if by_parts else collection.tunes  # each once
    keys = Counter(tune.key.name for tune in tunes)
    html.facts(
        (_("Tunes read"), f"{collection.report.read:,}", ""),
        (_("Tunes used"), f"{collection.report.kept:,}", ""),
        (_("Training"), f"{len(task.train_data()):,}",
         _("windows of {n} eighths").format(n=task.sequence_length)),
        (_("Held-out"), f"{len(task.test_data()):,}", _("windows")),
        (_("Keys found"), f"{len(keys)}", _frequent(keys)),
    )  # fmt: skip
    html.quiet(quantisation_text.of_tunes(quantisation_of(collection.tunes), parts=by_parts))
    if covered := sum(file.covered for file in reports):
        n = sum(file.parts[file.taken - 1].notes for file in reports)
        html.quiet(remark("make.covered", n=n, covered=covered))
    if by_parts:
        html.quiet(remark("make.few-tunes"))
    if task.hop < task.sequence_length:
        html.quiet(remark("make.few-windows", n=task.hop))
    rows = [_row(file) for file in reports[:LISTED]]
    head = [_("file"), _("melody"), _("notes"), _("parts not used")]
    head += [_("tempo (bpm)"), _("length (s)")]
    about = _("The part used of each file (first {n} of {all})")
    with st.container(key="upload-files"):
        html.table(head, rows, about.format(n=len(rows), all=len(reports)))
    _preview(tunes[:PREVIEWED])


def _frequent(keys: Counter[str]) -> str:
    """The keys with their counts, and the number of others."""
    first = keys.most_common(KEYS if len(keys) > KEYS + 1 else None)
    listed = ", ".join(f"{name} {n}" for name, n in first)
    rest = len(keys) - len(first)
    if not rest:
        return listed
    others = Message("{keys} and {n} other", "{keys} and {n} others", keys=listed, n=rest)
    return str(others)


def _row(file: FileReport) -> list[str]:
    taken = file.parts[file.taken - 1]
    slow, fast = f"{file.slowest:.0f}", f"{file.fastest:.0f}"
    tempo = slow if slow == fast else _("{slow} to {fast}").format(slow=slow, fast=fast)
    part = _part(file.taken, taken)
    return [file.name, part, f"{taken.notes:,}", _others(file), tempo, f"{file.seconds:.0f}"]


def _part(number: int, part: PartReport) -> str:
    if not part.name.strip():
        return _("part {n}").format(n=number)
    text = _("part {n} ({name}, name guessed as {guess})")
    text = text if part.guess else _("part {n} ({name})")
    return text.format(n=number, name=part.name[:40], guess=part.guess)


def _others(file: FileReport) -> str:
    """The parts that are not used; drums are marked."""
    others = [
        _("{part}: drums").format(part=_part(number, part)) if part.drums else _part(number, part)
        for number, part in enumerate(file.parts, start=1)
        if number != file.taken
    ]
    return ", ".join(others) or "–"


def _preview(tunes: tuple[Tune, ...]) -> None:
    html.quiet(_("The first tunes as they were read. Listen to check them:"))
    melodies([_card(number, tune) for number, tune in enumerate(tunes)], "upload.music.cards")


def _card(number: int, tune: Tune) -> Card:
    """The beginning of a tune in tokens, at the tempo of its file."""
    unit = music_tokens.ticks_per_step(tune)
    bpm = min(FASTEST, max(SLOWEST, tune.bpm * (TICKS // 2) / unit))
    begun = math.ceil(HEARD * bpm / 60 / music_tokens.STEP)
    tokens = music_tokens.pieces(tune, "eighths")[0][: min(STEPS, begun)]
    notes = [_("Key found: {key}").format(key=tune.key.name)]
    notes += quantisation_text.moved(quantisation_of([tune]))
    melody = music_tokens.melody(tokens, "eighths", bpm)
    return Card(str(number), tune.title, melody, notes=notes, fifths=tune.key.fifths)
