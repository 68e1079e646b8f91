"""Half a minute of training on tunes: what fits into it, the button that starts it, the run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.ui.common import html, url_state
from pages.ui.common.background_job import result
from pages.ui.make import corpus_download, quick_train
from pages.ui.make.music.cards.score_cards import Tune, melodies
from pages.ui.make.music.tune_books import tune_books
from pages.ui.make.run_follow import SAMPLES, follow, sample_title
from pages.ui.make.screen_kind import MUSIC, Kind
from seqgan_core.figures.progress import duration
from seqgan_core.insight.jobs import Job
from seqgan_core.insight.writing.samples import SampleSet
from seqgan_core.insight.writing.tunes import melody_of
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord
from seqgan_core.tasks.corpora.registry import CORPORA, load_tunes
from seqgan_core.tasks.corpora.user_corpora import user_tunes
from seqgan_core.tasks.music.tokens import Form
from seqgan_core.training.setup.model_files import load_shipped
from seqgan_core.training.setup.quick_run import (
    SECONDS,
    QuickRun,
    quick_tune_run,
    starting_tune_models,
)

_SCRATCH = "nothing"
FORMS: tuple[Form, ...] = ("eighths", "keys")


@dataclass(frozen=True)
class _PlanRequest:
    """Which tunes, as what, and where it begins."""

    corpus: str
    form: Form
    transpose: bool
    start: str | None


def train() -> None:
    """Draw the choice of tunes, the plan, the button, the run that it started, and the books."""
    st.header(_("Train half a minute on tunes"), anchor=False)
    titles = _available()
    if titles:
        chosen = _choose(titles)
        if chosen is not None:
            _planned(chosen, titles[chosen])
    else:
        html.quiet(_("Keep tunes of your own above, or read a book below, and train on them."))
    follow(MUSIC, _tunes)
    tune_books()


def _available() -> dict[str, str]:
    """Titles of the tunes that can be read now, user tunes first."""
    titles = {corpus.name: corpus.title for corpus in user_tunes() if corpus.tunes is not None}
    return titles | {
        name: CORPORA[name].title for name in MUSIC.corpora if corpus_download.is_here(name)
    }  # fmt: skip


def _choose(titles: dict[str, str]) -> str | None:
    """Nothing is chosen at first: to work out a plan keeps the machine busy for seconds."""
    key = "train.music.text"
    pending = st.session_state.pop(f"{key}.wished", None)  # tunes that have just been kept
    if pending in titles:
        st.session_state[key] = pending
    elif st.session_state.get(key) not in titles:
        st.session_state[key] = url_state.one_of("text", list(titles), "") or None
    chosen: str | None = st.selectbox(
        _("Tunes"), list(titles), index=None, key=key, format_func=titles.__getitem__,
        placeholder=_("Choose what to learn from"),
    )  # fmt: skip
    url_state.put(text=chosen)
    return chosen


def _planned(corpus: str, title: str) -> None:
    left, middle, right = st.columns([1.1, 1.4, 1], vertical_alignment="bottom")
    with left:
        form = _form()
    with middle:
        start = _start(form)
    with right:
        transpose = _transpose(start, form)
    request = _PlanRequest(corpus, form, transpose, start)
    plan: QuickRun | None = result(
        ("half a minute of tunes", request), partial(_plan, request),
        _("Working out what fits into {n:g} seconds").format(n=SECONDS),
    )  # fmt: skip
    if plan is not None:
        _offer(plan, title)


def _form() -> Form:
    words = {"eighths": _("eighths, to listen to"), "keys": _("keys, the paper's")}
    chosen: Form = st.selectbox(
        _("Tokens"), FORMS, format_func=words.__getitem__, key="train.music.form",
        index=FORMS.index(url_state.one_of("form", FORMS, FORMS[0])),
        help=_(
            "Eighths: an onset of one of 88 keys, a hold or a rest for each eighth note, so that "
            "rhythm is learned too. Keys: the key that sounds each 0.4 seconds, and nothing else."
        ),
    )  # fmt: skip
    url_state.put(form=None if chosen == FORMS[0] else chosen)
    return chosen


def _start(form: Form) -> str | None:
    """From nothing, or from a model of this form that ships; None for nothing."""
    options = [*starting_tune_models(form), _SCRATCH]
    words = {name: load_shipped(name).card.title for name in options[:-1]}
    words[_SCRATCH] = _("nothing")
    chosen: str = st.selectbox(
        _("Start from"), options, format_func=words.__getitem__, key=f"train.music.start.{form}",
        index=options.index(url_state.one_of("start", options, options[0])),
        help=_("A model that ships knows such tunes already; from nothing one hears it learn."),
    )  # fmt: skip
    url_state.put(start=None if chosen == options[0] else chosen)
    return None if chosen == _SCRATCH else chosen


def _transpose(start: str | None, form: Form) -> bool:
    known = starting_tune_models(form).get(start or "")
    default = url_state.text("common") != "0" if known is None else known
    common = st.toggle(
        _("Common key"), value=default, disabled=known is not None,
        key=f"train.music.transpose.{start or _SCRATCH}",
        help=_(
            "Every tune is moved to C major or A minor, so that little has to be learned twelve "
            "times. A model that ships decides it."
        ),
    )  # fmt: skip
    if known is None:
        url_state.put(common=None if common else 0)
    return common


def _plan(request: _PlanRequest) -> Job[QuickRun]:
    yield 0.1
    tunes = load_tunes(request.corpus)
    return quick_tune_run(
        tunes, form=request.form, transpose=request.transpose, start_from=request.start
    )


def _offer(plan: QuickRun, title: str) -> None:
    config = plan.config
    html.facts(
        [
            (_("To learn from"), f"{config.n_train:,}",
             _("windows of {n} steps").format(n=config.sequence_length)),
            (_("Held back"), f"{config.n_test:,}", _("windows")),
            (_("MLE"), f"{config.pretrain_epochs}", _("epochs")),
            (_("SeqGAN"), f"{config.rounds}", _("rounds")),
            (_("Time"), duration(plan.seconds), _("if nothing else keeps this machine busy")),
        ]
    )  # fmt: skip
    html.quiet(
        _(
            "Half a minute is enough to hear it learn the scale and the common steps, not to learn "
            "form. The training lab trains longer."
        )
    )
    quick_train.start_button(MUSIC, plan, title)


def _tunes(kind: Kind, _record: RunRecord, epoch: float, samples: SampleSet) -> None:
    """What the run's newest model composes."""
    cards = [
        Tune(str(number), sample_title(epoch, number), melody_of(samples.sampler, row))
        for number, row in enumerate(samples.tokens[:SAMPLES].tolist())
    ]
    melodies(cards, f"follow.{kind.task}.tunes")
