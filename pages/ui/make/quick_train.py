"""Half a minute of training on a text: what fits into it, and the button that starts it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.errors import show_errors
from pages.ui.common.i18n import plain
from pages.ui.make import corpus_download
from pages.ui.make.run_follow import follow
from pages.ui.make.screen_kind import Kind
from seqgan_core.figures.progress import duration
from seqgan_core.insight.jobs import Job
from seqgan_core.messages import _
from seqgan_core.tasks.corpora.registry import CORPORA, load
from seqgan_core.tasks.corpora.user_corpora import user_texts
from seqgan_core.tasks.corpus import Unit
from seqgan_core.training.setup.model_files import load_shipped
from seqgan_core.training.setup.quick_run import (
    SECONDS,
    WELL_COVERED,
    QuickRun,
    quick_text_run,
    starting_models,
)

_SCRATCH = "nothing"


@dataclass(frozen=True)
class Text:
    """A text that is here: its name, what it is called, and how it is read."""

    name: str
    title: str
    unit: Unit
    length: int
    min_count: int

    @property
    def task(self) -> str:
        """Characters are verse to the program, words running text."""
        return "poems" if self.unit == "characters" else "speech"


def train(kind: Kind) -> None:
    """Draw the choice of a text, the plan, the button, and the run that it started."""
    st.subheader(_("Train half a minute on a text"), anchor=False)
    texts = _texts(kind)
    if not texts:
        html.quiet(_("Keep a text above, or fetch one, and it can be trained on here."))
        _fetchable(kind)
        return
    left, right = st.columns([1.4, 1.6], vertical_alignment="bottom")
    with left:
        text = texts[_choose(kind, texts)]
    shares: dict[str, float] | None = result(
        ("starts", text), partial(_starts, text), _("Reading the text")
    )
    if shares is not None:
        with right:
            start = _start(kind, text, shares)
        plan: QuickRun | None = result(
            ("half a minute", text, start), partial(_plan, text, start),
            _("Working out what fits into {n:g} seconds").format(n=SECONDS),
        )  # fmt: skip
        if plan is not None:
            _offer(kind, text, plan)
    follow(kind)
    _fetchable(kind)


def start_button(kind: Kind, plan: QuickRun, title: str) -> None:
    """The button that starts a plan, or puts it into the queue; the run's name has the title."""
    busy = session.lab().manager.state().active is not None
    how_long = _("Train {n:.0f} seconds on it").format(n=plan.seconds)
    pressed = st.button(
        _("Add to the queue") if busy else how_long, type="primary",
        icon=":material/play_arrow:", key=f"train.{kind.task}.go",
    )  # fmt: skip
    if pressed:
        with show_errors():
            name = _("{title}, half a minute").format(title=title)[:80]
            run_id = session.lab().manager.start(plan.config, name=name)
            url_state.put(run=run_id)
            st.rerun()


def _fetchable(kind: Kind) -> None:
    """The texts of the registry that are not here yet."""
    away = [name for name in kind.corpora if not corpus_download.is_here(name)]
    if not away:
        return
    with st.expander(_("More texts to train on"), icon=":material/download:"):
        for name in away:
            corpus_download.offer(name, CORPORA[name].title, "train")


def _texts(kind: Kind) -> dict[str, Text]:
    """User texts of this kind first, then the texts of the registry that are here."""
    unit = "characters" if kind.task == "poems" else "words"
    texts = {
        text.name: Text(text.name, text.title, text.options.unit, text.options.length,
                        text.options.min_count)
        for text in user_texts()
        if text.options is not None and text.options.unit == unit
    }  # fmt: skip
    for name in kind.corpora:
        if corpus_download.is_here(name):
            entry = CORPORA[name]
            rare = 3 if entry.unit == "words" else 1  # half of all words are there once or twice
            texts[name] = Text(name, entry.title, entry.unit, kind.length, rare)
    return texts


def _choose(kind: Kind, texts: dict[str, Text]) -> str:
    key = f"train.{kind.task}.text"
    pending = st.session_state.pop(f"{key}.wished", None)  # a text that has just been kept
    if pending in texts:
        st.session_state[key] = pending
    elif st.session_state.get(key) not in texts:
        st.session_state[key] = url_state.one_of("text", list(texts), next(iter(texts)))
    chosen: str = st.selectbox(
        _("Text"), list(texts), key=key, format_func=lambda name: texts[name].title
    )
    url_state.put(text=chosen if url_state.text("text") or len(texts) > 1 else None)
    return chosen


def _starts(text: Text) -> Job[dict[str, float]]:
    yield 0.0
    return starting_models(load(text.name), text.task)


def _start(kind: Kind, text: Text, shares: dict[str, float]) -> str | None:
    """From nothing, or from a model that ships; None for nothing."""
    if not shares:
        html.quiet(_("No model that ships knows this text's {tokens}: it starts from nothing.")
                       .format(tokens=kind.of(verse=text.task == "poems").tokens))  # fmt: skip
        return None
    best = next(iter(shares))
    words = {_SCRATCH: _("from nothing")}
    words[best] = _("from {title}, which knows {share:.0%} of it").format(
        title=plain(load_shipped(best).card.title), share=shares[best]
    )
    usual = best if shares[best] >= WELL_COVERED else _SCRATCH
    chosen = st.radio(
        _("Start"), list(words), index=list(words).index(usual), format_func=words.__getitem__,
        key=f"train.{kind.task}.start.{text.name}",
    )  # fmt: skip
    return None if chosen == _SCRATCH else chosen


def _plan(text: Text, start: str | None) -> Job[QuickRun]:
    yield 0.1
    return quick_text_run(
        load(text.name), text.task, length=text.length, min_count=text.min_count, start_from=start
    )


def _offer(kind: Kind, text: Text, plan: QuickRun) -> None:
    words = kind.of(verse=text.task == "poems")
    config = plan.config
    html.facts(
        [
            (_("To learn from"), f"{config.n_train:,}", words.many),
            (_("Vocabulary"), f"{config.vocab_size:,}", words.tokens),
            (_("MLE"), f"{config.pretrain_epochs}", _("epochs")),
            (_("SeqGAN"), f"{config.rounds}", _("rounds")),
            (_("Time"), duration(plan.seconds), _("if nothing else keeps this machine busy")),
        ]
    )
    html.quiet(
        _(
            "Half a minute is enough to see it learn, not to learn much: the first words to come "
            "are the frequent ones. The training lab trains longer."
        )
    )
    start_button(kind, plan, text.title)
