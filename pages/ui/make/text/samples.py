"""New texts: set, coloured, and compared with the training text."""

from __future__ import annotations

from functools import partial
from html import escape

import numpy as np
import streamlit as st

from pages.ui.common import html, session
from pages.ui.common.background_job import PATIENCE, result
from pages.ui.common.errors import sentence
from pages.ui.common.html import notices
from pages.ui.common.i18n import plain
from pages.ui.make import corpus_download, sample_settings
from pages.ui.make.model_choice import ModelOption
from pages.ui.make.sample_settings import SampleSettings
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
from seqgan_core.messages import _
from seqgan_core.tasks.corpora.text_entries import PRACTICE
from seqgan_core.tasks.corpus import Sequence
from seqgan_core.tasks.practice.corpus import Shares
from seqgan_core.training.config import ConfigError

LETTERS = ("A", "B")
CHECKED = 500  # new poems that are checked by the rule of the practice corpus


def generate(
    requests: tuple[SampleRequest, ...], patience: float = PATIENCE
) -> list[SampleSet] | None:
    """The requested samples, once all are ready; else draws what is wrong.

    `patience` is that of `background_job.result`.
    """
    what = _("Writing, and rolling every ending on") if requests[0].colour == "q" else _("Writing")
    outcomes = [
        result(("reading", request), partial(_generate, request), what, patience)
        for request in requests
    ]
    sample_sets = [outcome for outcome in outcomes if isinstance(outcome, SampleSet)]
    for problem in dict.fromkeys(
        sentence(outcome) for outcome in outcomes if isinstance(outcome, ConfigError)
    ):
        st.error(plain(problem), icon=":material/error:")
    return sample_sets if len(sample_sets) == len(outcomes) else None


def _generate(request: SampleRequest) -> Job[SampleSet | ConfigError]:
    """The samples; an unknown word is a result too, and no reason to try again."""
    try:
        samples = yield from draw_samples(session.lab().models, request)
    except ConfigError as error:
        return error
    return samples


def find_copies(sample_sets: list[SampleSet]) -> list[CopyReport | None]:
    """How much of each is copied; None where the training text is not here, or still searched."""
    return [
        result(
            ("beside", samples.request),
            partial(copy_report, samples),
            _("Looking for copies in the training text"),
        )
        if corpus_download.is_here(samples.sampler.config.corpus)
        else None
        for samples in sample_sets
    ]


def draw(
    kind: Kind,
    settings: SampleSettings,
    sample_sets: list[SampleSet],
    copy_reports: list[CopyReport | None],
) -> None:
    """Draw the texts, one column for each model, and what to notice in them."""
    scale = _scale(settings, sample_sets)
    if len(sample_sets) == 1:
        _cards(kind, settings, 0, sample_sets[0], copy_reports[0], scale)
    else:
        reveal_names(kind, settings.models, settings.requests[0].seed, hidden=settings.hidden)
        for index, column in enumerate(st.columns(2, gap="medium")):
            with column:
                title = "" if settings.hidden else f" · {sample_sets[index].sampler.title}"
                st.html(f'<h3 class="writer">{escape(LETTERS[index] + title)}</h3>')
                _cards(kind, settings, index, sample_sets[index], copy_reports[index], scale)
    notices(_findings(kind, settings, sample_sets, copy_reports))
    for name in dict.fromkeys(samples.sampler.config.corpus for samples in sample_sets):
        if not corpus_download.is_here(name):
            why = _("To look for copies, the training text must be on this machine.")
            corpus_download.offer(name, why, "copies")


def rule(settings: SampleSettings) -> None:
    """Draw the check for each model that learned from the practice corpus."""
    for place, model in enumerate(settings.models):
        if model.config.corpus == PRACTICE:
            _rule(settings, place, model)


def set_text(text: Sequence, lines: tuple[int, ...], unit: str) -> Verse:
    """A text as it is set."""
    return Verse.of(text, lines, "words" if unit == "words" else "characters")


def copy_notes(kind: Kind, copied: SequenceCopy, unit: str, lines: tuple[int, ...]) -> list[str]:
    """Sentences under a text: what it shares with the model's training text."""
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


def reveal_names(kind: Kind, models: tuple[ModelOption, ...], seed: int, *, hidden: bool) -> None:
    """Say that two models had the same seed; a button reveals their names while hidden."""
    first, second = sorted(model.title for model in models)
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


def _rule(settings: SampleSettings, place: int, model: ModelOption) -> None:
    request = settings.requests[place]
    shares: Shares | None = result(
        ("rule", request.sampler, request.temperature),
        partial(
            rule_shares, session.lab().models, request.sampler, CHECKED, 1, request.temperature
        ),
        _("Checking {n} poems by the rule").format(n=CHECKED),
    )
    if shares is None:
        return
    who = LETTERS[place] if settings.hidden else model.title
    html.quiet(
        _(
            "{who} learned from composed practice poems, whose rule is known, so it can be checked "
            "exactly (n = {n} new poems, temperature {t:g}; the corpus itself keeps all of it):"
        ).format(who=who, n=shares.poems, t=request.temperature)
    )
    html.facts(
        [
            (_("Lines that parse"), f"{shares.lines_that_parse:.1%}", ""),
            (_("Whole poems that parse"), f"{shares.poems_that_parse:.1%}", ""),
            (_("Poems that rhyme"), f"{shares.poems_that_rhyme:.1%}", ""),
            (_("Tones as they should be"), f"{shares.poems_with_tones:.1%}", ""),
        ]
    )


def _cards(
    kind: Kind,
    settings: SampleSettings,
    index: int,
    samples: SampleSet,
    copies: CopyReport | None,
    scale: Scale | None,
) -> None:
    sampler, request = samples.sampler, samples.request
    kind = kind.of(verse=bool(sampler.lines))
    name = LETTERS[index] if settings.hidden else sampler.title
    short = LETTERS[index] if len(settings.requests) > 1 else name
    credit = _("{who}, dice {seed}, temperature {t:g}").format(
        who=name, seed=request.seed, t=request.temperature
    )
    cards = []
    for number, text in enumerate(samples.texts):
        copied = copies.copied[number] if copies is not None else None
        values = None if samples.values is None else samples.values[number].tolist()
        verse = set_text(text, sampler.lines, sampler.unit)
        cards.append(
            Card(
                id=str(number),
                title=f"{short} · {number + 1}",
                lines=signs(
                    verse,
                    values=values,
                    copied=range(copied.start, copied.start + len(copied.run)) if copied else (),
                    pinyin=settings.pinyin,
                ),
                notes=copy_notes(kind, copied, sampler.unit, sampler.lines) if copied else (),
                direction="vertical" if settings.vertical else "horizontal",
                rtl=verse.rtl,
                credit=credit,
                file=f"{kind.task}-{request.seed}-{short}-{number + 1}",
            )
        )
    verses(cards, f"make.{kind.task}.verses.{len(settings.requests)}.{index}", scale=scale)


def _scale(settings: SampleSettings, sample_sets: list[SampleSet]) -> Scale | None:
    """One scale for all, so that one colour is one number in both columns."""
    valued = [(_values(samples), [len(text) for text in samples.texts]) for samples in sample_sets
              if samples.values is not None]  # fmt: skip
    if not valued:
        return None
    ends = [text_notices.ends(values, lengths, settings.colour) for values, lengths in valued]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    if settings.colour == "surprise":
        return Scale("surprise", 0.0, round(high, 2), _("surprise"), _("nats, by its own writer"))
    judges = dict.fromkeys(samples.judge for samples in sample_sets)
    about = _("mean score of a D over N = {n} endings").format(n=settings.requests[0].rollouts)
    if not settings.hidden:
        about = _("mean score of {judge}'s D over N = {n} endings").format(
            judge=", ".join(judges), n=settings.requests[0].rollouts
        )
    return Scale("q", round(low, 3), round(high, 3), _("Q"), about)


def _findings(
    kind: Kind,
    settings: SampleSettings,
    sample_sets: list[SampleSet],
    copy_reports: list[CopyReport | None],
) -> list[str]:
    sentences = []
    for index, (samples, copies) in enumerate(zip(sample_sets, copy_reports, strict=True)):
        parts: list[str] = []
        words = kind.of(verse=bool(samples.sampler.lines))
        if samples.values is not None:
            parts.append(
                text_notices.extreme(_values(samples), samples.texts, settings.colour, words.one)
            )
        if copies is not None:
            runs = [len(copied.run) for copied in copies.copied]
            parts.append(
                text_notices.copying(runs, copies.natural, copies.n, words.many, words.tokens,
                                   line=max(samples.sampler.lines, default=0))
            )  # fmt: skip
        if settings.colour == "q" and samples.values is None:
            parts.append(
                _("No Q: it was trained without a discriminator, and no model that ships has its "
                  "vocabulary and a D.")
            )  # fmt: skip
        if parts and len(sample_sets) > 1:
            parts = [f"{LETTERS[index]}: " + " ".join(parts)]
        sentences += parts
    return sentences


def _values(samples: SampleSet) -> np.ndarray:
    assert samples.values is not None
    values: np.ndarray = samples.values.double().numpy()
    return values
