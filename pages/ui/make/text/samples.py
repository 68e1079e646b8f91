"""The new texts themselves: set, coloured, and laid beside the training text."""

from __future__ import annotations

from functools import partial
from html import escape

import numpy as np
import streamlit as st

from pages.ui.common import html, session
from pages.ui.common.background_job import PATIENCE, result
from pages.ui.common.errors import sentence
from pages.ui.common.html import notices
from pages.ui.common.i18n import _, plain
from pages.ui.make import corpus_download, sample_settings
from pages.ui.make.model_choice import Writer
from pages.ui.make.sample_settings import Asked
from pages.ui.make.screen_kind import Kind
from pages.ui.make.text.verse_cards import Card, Scale, signs, verses
from seqgan_core.figures.make import text_notices
from seqgan_core.insight.jobs import Job
from seqgan_core.insight.writing.samples import (
    CopyReport,
    SampleRequest,
    SampleSet,
    SequenceCopy,
    copy_report,
    draw_samples,
    rule_shares,
)
from seqgan_core.media.verse.layout import Verse
from seqgan_core.tasks.corpora.text_entries import PRACTICE
from seqgan_core.tasks.corpus import Sequence
from seqgan_core.tasks.practice.corpus import Shares
from seqgan_core.training.config import ConfigError

LETTERS = ("A", "B")
CHECKED = 500  # new poems that are checked by the rule of the practice corpus


def written(
    wishes: tuple[SampleRequest, ...], patience: float = PATIENCE
) -> list[SampleSet] | None:
    """The texts that are asked for, once all of them are there; else says what cannot be.

    `patience` is that of `waiting.result`.
    """
    what = _("Writing, and rolling every ending on") if wishes[0].colour == "q" else _("Writing")
    found = [
        result(("reading", request), partial(_reading, request), what, patience)
        for request in wishes
    ]
    there = [one for one in found if isinstance(one, SampleSet)]
    for problem in dict.fromkeys(sentence(one) for one in found if isinstance(one, ConfigError)):
        st.error(plain(problem), icon=":material/error:")
    return there if len(there) == len(found) else None


def _reading(request: SampleRequest) -> Job[SampleSet | ConfigError]:
    """What is asked for; a word that nobody knows is an answer too, and no reason to try again."""
    try:
        found = yield from draw_samples(session.lab().models, request)
    except ConfigError as error:
        return error
    return found


def laid_beside(found: list[SampleSet]) -> list[CopyReport | None]:
    """How much of each is copied; None where the training text is not here, or still searched."""
    return [
        result(
            ("beside", one.request),
            partial(copy_report, one),
            _("Looking for copies in the training text"),
        )
        if corpus_download.here(one.sampler.config.corpus)
        else None
        for one in found
    ]


def draw(kind: Kind, asked: Asked, found: list[SampleSet], laid: list[CopyReport | None]) -> None:
    """Draw the texts, one column for each writer, and what to notice in them."""
    scale = _scale(asked, found)
    if len(found) == 1:
        _cards(kind, asked, 0, found[0], laid[0], scale)
    else:
        who_is_who(kind, asked.writers, asked.wishes[0].seed, hidden=asked.hidden)
        for index, column in enumerate(st.columns(2, gap="medium")):
            with column:
                title = "" if asked.hidden else f" · {found[index].sampler.title}"
                st.html(f'<h3 class="writer">{escape(LETTERS[index] + title)}</h3>')
                _cards(kind, asked, index, found[index], laid[index], scale)
    notices(_noticed(kind, asked, found, laid))
    for name in dict.fromkeys(one.sampler.config.corpus for one in found):
        if not corpus_download.here(name):
            why = _("To look for copies, the training text must be on this machine.")
            corpus_download.fetch(name, why, "copies")


def rule(asked: Asked) -> None:
    """Draw the check for each writer that learned from the practice corpus."""
    for place, writer in enumerate(asked.writers):
        if writer.config.corpus == PRACTICE:
            _rule(asked, place, writer)


def set_text(text: Sequence, lines: tuple[int, ...], unit: str) -> Verse:
    """A text as it is set."""
    return Verse.of(text, lines, "words" if unit == "words" else "characters")


def copy_notes(kind: Kind, copied: SequenceCopy, unit: str, lines: tuple[int, ...]) -> list[str]:
    """Sentences under a text: what it shares with the text that its writer learned from."""
    if not copied.run:
        return [_("Nothing of it stands in the training text.")]
    nearest = flat(copied.nearest, unit, lines)
    if copied.distance == 0:
        return [_("All of it stands in the training text: “{text}”").format(text=nearest)]
    return [
        _("Longest copied run: {n} {tokens}, “{run}”, of “{holder}”").format(
            n=len(copied.run),
            tokens=kind.counted(len(copied.run)),
            run=flat(copied.run, unit),
            holder=flat(copied.holder, unit, lines),
        ),
        _("Nearest in the training text, {n} {tokens} in common: “{text}”").format(
            text=nearest, n=copied.shared, tokens=kind.counted(copied.shared)
        ),
    ]


def flat(text: Sequence, unit: str, lines: tuple[int, ...] = ()) -> str:
    """A text in one line of a remark; without its `lines`, a part of one."""
    if unit == "words":
        return str(Verse.of(text, unit="words", capital=False)).replace("\n", " ")
    return "".join(str(Verse.of(text, lines)).split("\n"))


# -- drawing ---------------------------------------------------------------------------------------


def who_is_who(kind: Kind, writers: tuple[Writer, ...], seed: int, *, hidden: bool) -> None:
    """Say that two writers had the same dice; while they are hidden, a button reveals them."""
    first, second = sorted(writer.title for writer in writers)
    with st.container(horizontal=True, vertical_alignment="center", key="make-reveal"):
        if hidden:
            st.button(
                _("Reveal the names"), icon=":material/visibility:", key=f"make.{kind.task}.reveal",
                on_click=sample_settings.reveal, args=(seed,),
            )  # fmt: skip
        words = (
            _("The same dice for both. A and B are {one} and {other}, in an order by lot: decide "
              "which is which, then reveal.")
            if hidden
            else _("The same dice for both: {one} and {other}. With new dice the names are hidden "
                   "anew.")
        )  # fmt: skip
        html.quiet(words.format(one=first, other=second))


def _rule(asked: Asked, place: int, writer: Writer) -> None:
    request = asked.wishes[place]
    found: Shares | None = result(
        ("rule", request.sampler, request.temperature),
        partial(
            rule_shares, session.lab().models, request.sampler, CHECKED, 1, request.temperature
        ),
        _("Checking {n} poems by the rule").format(n=CHECKED),
    )
    if found is None:
        return
    who = LETTERS[place] if asked.hidden else writer.title
    html.quiet(
        _(
            "{who} learned from composed practice poems, whose rule is known, so it can be checked "
            "exactly (n = {n} new poems, temperature {t:g}; the corpus itself keeps all of it):"
        ).format(who=who, n=found.poems, t=request.temperature)
    )
    html.facts(
        [
            (_("Lines that parse"), f"{found.lines_that_parse:.1%}", ""),
            (_("Whole poems that parse"), f"{found.poems_that_parse:.1%}", ""),
            (_("Poems that rhyme"), f"{found.poems_that_rhyme:.1%}", ""),
            (_("Tones as they should be"), f"{found.poems_with_tones:.1%}", ""),
        ]
    )


def _cards(
    kind: Kind,
    asked: Asked,
    index: int,
    found: SampleSet,
    near: CopyReport | None,
    scale: Scale | None,
) -> None:
    sampler, request = found.sampler, found.request
    kind = kind.of(verse=bool(sampler.lines))
    who = LETTERS[index] if asked.hidden else sampler.title
    short = LETTERS[index] if len(asked.wishes) > 1 else who
    credit = _("{who}, dice {seed}, temperature {t:g}").format(
        who=who, seed=request.seed, t=request.temperature
    )
    cards = []
    for number, text in enumerate(found.texts):
        copied = near.copied[number] if near is not None else None
        values = None if found.values is None else found.values[number].tolist()
        verse = set_text(text, sampler.lines, sampler.unit)
        cards.append(
            Card(
                id=str(number),
                title=f"{short} · {number + 1}",
                lines=signs(
                    verse,
                    values=values,
                    copied=range(copied.start, copied.start + len(copied.run)) if copied else (),
                    pinyin=asked.pinyin,
                ),
                notes=copy_notes(kind, copied, sampler.unit, sampler.lines) if copied else (),
                direction="vertical" if asked.vertical else "horizontal",
                rtl=verse.rtl,
                credit=credit,
                file=f"{kind.task}-{request.seed}-{short}-{number + 1}",
            )
        )
    verses(cards, f"make.{kind.task}.verses.{len(asked.wishes)}.{index}", scale=scale)


def _scale(asked: Asked, found: list[SampleSet]) -> Scale | None:
    """One scale for all, so that one colour is one number in both columns."""
    valued = [(_values(one), [len(text) for text in one.texts]) for one in found
              if one.values is not None]  # fmt: skip
    if not valued:
        return None
    ends = [text_notices.ends(values, lengths, asked.colour) for values, lengths in valued]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    if asked.colour == "surprise":
        return Scale("surprise", 0.0, round(high, 2), _("surprise"), _("nats, by its own writer"))
    judges = dict.fromkeys(one.judge for one in found)
    about = _("mean score of a D over N = {n} endings").format(n=asked.wishes[0].rollouts)
    if not asked.hidden:
        about = _("mean score of {judge}'s D over N = {n} endings").format(
            judge=", ".join(judges), n=asked.wishes[0].rollouts
        )
    return Scale("q", round(low, 3), round(high, 3), _("Q"), about)


def _noticed(
    kind: Kind, asked: Asked, found: list[SampleSet], laid: list[CopyReport | None]
) -> list[str]:
    said = []
    for index, (one, near) in enumerate(zip(found, laid, strict=True)):
        parts: list[str] = []
        called = kind.of(verse=bool(one.sampler.lines))
        if one.values is not None:
            parts.append(text_notices.extreme(_values(one), one.texts, asked.colour, called.one))
        if near is not None:
            runs = [len(copied.run) for copied in near.copied]
            parts.append(
                text_notices.copying(runs, near.natural, near.n, called.many, called.tokens,
                                   line=max(one.sampler.lines, default=0))
            )  # fmt: skip
        if asked.colour == "q" and one.values is None:
            parts.append(
                _("No Q: it was trained without a discriminator, and no model that ships has its "
                  "vocabulary and a D.")
            )  # fmt: skip
        if parts and len(found) > 1:
            parts = [f"{LETTERS[index]}: " + " ".join(parts)]
        said += parts
    return said


def _values(found: SampleSet) -> np.ndarray:
    assert found.values is not None
    values: np.ndarray = found.values.double().numpy()
    return values
