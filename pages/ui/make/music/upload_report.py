"""Report on uploaded files: numbers, parts and tempi, and how the first tunes were read."""

from __future__ import annotations

import math
from collections import Counter

import streamlit as st

from pages.ui.common import html
from pages.ui.make.music import quantisation_text
from pages.ui.make.music.cards.score_cards import Tune as Card
from pages.ui.make.music.cards.score_cards import melodies
from seqgan_core.media.music.validation import FASTEST, SLOWEST
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _
from seqgan_core.tasks.corpus import Report
from seqgan_core.tasks.music import tokens as music_tokens
from seqgan_core.tasks.music.quantisation import quantisation_of
from seqgan_core.tasks.music.task import MusicTask
from seqgan_core.tasks.music.tune import TICKS, Tune
from seqgan_core.tasks.music.user_split import FEW
from seqgan_core.tasks.music.user_tunes import FileReport, PartReport, ReadFiles

LISTED = 8  # files whose parts are told; the others are like them
KEYS = 3  # that are named; the others are counted
PREVIEWED = 2  # tunes that show how they were read, by as many of
STEPS = 32  # as begin within
HEARD = 30.0  # seconds: a file may be so slow that a step of it lasts seven
REASONS = 12  # of what is left out that are shown; the others are counted


def report(files: ReadFiles, task: MusicTask) -> None:
    """Draw what is used of the files, and how the first tunes are read."""
    collection, reports = files.collection, files.files
    by_parts = len({tune.family for tune in collection.tunes}) < FEW
    tunes = task.corpus.train if by_parts else collection.tunes  # each once
    keys = Counter(tune.key.name for tune in tunes)
    html.facts(
        [
            (_("Files read"), f"{collection.report.read:,}", ""),
            (_("Tunes used"), f"{collection.report.kept:,}", ""),
            (_("To learn from"), f"{len(task.train_data()):,}",
             _("windows of {n} eighths").format(n=task.sequence_length)),
            (_("Held back"), f"{len(task.test_data()):,}", _("windows, to be judged by")),
            (_("Keys found"), f"{len(keys)}", _frequent(keys)),
        ]
    )  # fmt: skip
    html.quiet(quantisation_text.of_tunes(quantisation_of(collection.tunes), parts=by_parts))
    if covered := sum(file.covered for file in reports):
        html.quiet(
            _(
                "Of the {n:,} notes of the parts that are used {covered:,} begin under a higher "
                "one and are left out there."
            ).format(n=sum(file.parts[file.taken - 1].notes for file in reports), covered=covered)
        )
    if by_parts:
        html.quiet(
            _("There are few different tunes, so the end of each is held back, not whole tunes.")
        )
    if task.hop < task.sequence_length:
        html.quiet(
            _("They are short, so windows overlap: one begins every {n} steps.").format(n=task.hop)
        )
    rows = [_row(file) for file in reports[:LISTED]]
    head = [_("file"), _("melody"), _("notes"), _("not used"), _("quarters a minute"), _("seconds")]
    about = _("What of each file is used (the first {n} of {all})")
    with st.container(key="own-used"):
        html.table(head, rows, about.format(n=len(rows), all=len(reports)))
    _preview(tunes[:PREVIEWED])


def rejections(report: Report, what: str, place: str) -> None:
    """Draw a table of the reasons, the frequent first.

    Args:
        report: what a reader made of its files.
        what: an example is of: "file" or "tune".
        place: where on the page this stands, a word of its own.
    """
    reasons: dict[str, tuple[int, str]] = {}
    for rejection in report.rejections:
        count, example = reasons.get(rejection.reason, (0, rejection.example))
        reasons[rejection.reason] = (count + rejection.count, example)
    if not reasons:
        html.quiet(_("No {what} was left out.").format(what=what))
        return
    ordered = sorted(reasons.items(), key=lambda item: -item[1][0])
    rows = [
        [reason, f"{count:,}", visible_text(example) or "–"]
        for reason, (count, example) in ordered[:REASONS]
    ]
    if ordered[REASONS:]:
        rest = sum(count for _reason, (count, _example) in ordered[REASONS:])
        rows.append([_("other reasons ({n})").format(n=len(ordered) - REASONS), f"{rest:,}", "–"])
    with st.container(key=f"own-left-{place}"):
        html.table(
            [_("left out because"), _("how often"), what],
            rows,
            _("What is not used, and why; the {what} is the first of each").format(what=what),
        )


def _frequent(keys: Counter[str]) -> str:
    """The keys with their counts, and how many others there are."""
    first = keys.most_common(KEYS if len(keys) > KEYS + 1 else None)
    listed = ", ".join(f"{name} {n}" for name, n in first)
    rest = len(keys) - len(first)
    return listed if not rest else _("{keys} and {n} others").format(keys=listed, n=rest)


def _row(file: FileReport) -> list[str]:
    taken = file.parts[file.taken - 1]
    slow, fast = f"{file.slowest:.0f}", f"{file.fastest:.0f}"
    return [
        visible_text(file.name),
        _part(file.taken, taken),
        f"{taken.notes:,}",
        _others(file),
        slow if slow == fast else _("{slow} to {fast}").format(slow=slow, fast=fast),
        f"{file.seconds:.0f}",
    ]


def _part(number: int, part: PartReport) -> str:
    name = _("part {n}").format(n=number)
    return f"{name} ({visible_text(part.name[:40])})" if part.name.strip() else name


def _others(file: FileReport) -> str:
    """The parts that are left out, drums said to be such."""
    others = [
        _("{part}: drums").format(part=_part(number, part)) if part.drums else _part(number, part)
        for number, part in enumerate(file.parts, start=1)
        if number != file.taken
    ]
    return ", ".join(others) or "–"


def _preview(tunes: tuple[Tune, ...]) -> None:
    html.quiet(_("So the first of them are read, step by step; listen whether it is right:"))
    melodies([_card(number, tune) for number, tune in enumerate(tunes)], "own.music.cards")


def _card(number: int, tune: Tune) -> Card:
    """How a tune begins, in the tokens that are learned from, as fast as its file says."""
    unit = music_tokens.ticks_per_step(tune)  # as fast as the file has it, doubled or not
    bpm = min(FASTEST, max(SLOWEST, tune.bpm * (TICKS // 2) / unit))
    begun = math.ceil(HEARD * bpm / 60 / music_tokens.STEP)
    tokens = music_tokens.pieces(tune, "eighths")[0][: min(STEPS, begun)]
    notes = [_("Key found: {key}").format(key=tune.key.name)]
    notes += quantisation_text.moved(quantisation_of([tune]))
    melody = music_tokens.melody(tokens, "eighths", bpm)
    return Card(str(number), visible_text(tune.title), melody, notes=notes, fifths=tune.key.fifths)
