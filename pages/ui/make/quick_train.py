"""Half a minute of training on a corpus: what fits into it, and the button that starts it."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from pages.ui.common import choice, html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.buttons import action
from pages.ui.make.screen_kind import Kind
from seqgan_core.figures.progress import duration
from seqgan_core.insight.jobs import Job
from seqgan_core.media.visible_text import visible_text
from seqgan_core.messages import _, ngettext, remark
from seqgan_core.tasks.corpora import registry
from seqgan_core.tasks.corpora.registry import load
from seqgan_core.tasks.corpora.upload import Upload
from seqgan_core.tasks.music.tokens import Form
from seqgan_core.training.setup import quick_run
from seqgan_core.training.setup.model_files import load_shipped
from seqgan_core.training.setup.quick_run import SECONDS, QuickRun

SCRATCH = "nothing"


@dataclass(frozen=True)
class Source:
    """A corpus that is here: its name, its title, and how it is read."""

    name: str
    title: str
    verse: bool = False  # whether it is read by characters, as verse
    # length, min_count: of a text: tokens of a sequence; rarer tokens are unknown
    length: int = 0
    min_count: int = 1

    @property
    def task(self) -> str:
        """Of a text: characters are verse to the program, words running text."""
        return "poems" if self.verse else "speech"


@dataclass(frozen=True)
class Request:
    """What to train on, and where to start; form and transpose are of tunes."""

    source: Source
    start: str | None
    form: Form | None = None
    transpose: bool = False


def train(kind: Kind) -> None:
    """Draw the choice of a corpus, the plan and the button."""
    st.header(_("Train for half a minute"), anchor=False)
    sources = _available(kind)
    if not sources:
        html.quiet(_("To train here, upload a corpus below or get one of those listed."))
        return
    left, right = st.columns([1.1, 1.9], vertical_alignment="bottom")
    with left:
        source = sources[_choose(kind, sources)]
    with right:
        request = _tune_request(kind, source) if kind.music else _text_request(kind, source)
    if request is None:
        return
    what = _("Working out what fits into {n:g} seconds").format(n=SECONDS)
    plan = result(("quick run", request), partial(_plan, request), what)
    if plan is not None:
        _offer(kind, source, plan)


def _available(kind: Kind) -> dict[str, Source]:
    """The corpora for this screen that are here, uploads first."""
    here = [source for source in registry.sources(screen=kind.task) if source.have()]
    sources = {}
    for one in sorted(here, key=lambda source: not source.uploaded):
        length, rare = kind.length, 3 if one.unit == "words" else 1  # half of all words are rare
        if isinstance(one, Upload) and one.options:
            length, rare = one.options.length, one.options.min_count
        sources[one.name] = Source(one.name, one.label, one.unit == "characters", length, rare)
    return sources


def _choose(kind: Kind, sources: dict[str, Source]) -> str:
    key = f"{kind.task}-corpus"
    pending = st.session_state.pop(f"{key}-pending", None)  # one that has just been saved
    if pending in sources:
        st.session_state[key] = pending
    elif st.session_state.get(key) not in sources:
        st.session_state[key] = url_state.one_of("text", list(sources), next(iter(sources)))
    titles = {name: visible_text(source.title) for name, source in sources.items()}
    chosen: str = st.selectbox(_("Corpus"), list(titles), key=key, format_func=titles.__getitem__)
    url_state.put(text=chosen)
    return chosen


def _text_request(kind: Kind, source: Source) -> Request | None:
    """A start from nothing or from the model that knows most of the text; None while it is read."""
    shares = result(("starts", source), partial(_starts, source), _("Reading the text"))
    if shares is None:
        return None
    best = next(iter(shares), "")
    if not best:
        html.quiet(remark("make.from-scratch", **kind.of(verse=source.verse).words))
        return Request(source, None)
    text = _("{title}, which knows {share:.0%} of the text")
    known = text.format(title=load_shipped(best).card.title, share=shares[best])
    words = {SCRATCH: _("scratch"), best: known}
    start = choice.one_of(
        "start", _("Start from"), words, key=f"{kind.task}-start-{source.name}", widget="select",
        default=best if shares[best] >= quick_run.WELL_COVERED else SCRATCH,
    )  # fmt: skip
    return Request(source, None if start == SCRATCH else start)


def _tune_request(kind: Kind, source: Source) -> Request:
    forms: dict[Form, str] = {
        "eighths": _("eighths, with rhythm"), "tunes": _("whole tunes of two parts"),
        "keys": _("keys, as in the paper"),
    }  # fmt: skip
    left, middle, right = st.columns([1.1, 1.4, 1], vertical_alignment="bottom")
    form = choice.one_of(
        "form", _("Tokens"), forms, key=f"{kind.task}-form", help=remark("make.tokens"),
        widget="select", place=left,
    )  # fmt: skip
    known = quick_run.starting_tune_models(form)
    starts = {name: load_shipped(name).card.title for name in known} | {SCRATCH: _("scratch")}
    start = choice.one_of(
        "start", _("Start from"), starts, key=f"{kind.task}-start-{form}", widget="select",
        place=middle, help=remark("make.start-from"),
    )  # fmt: skip
    # Whole tunes are transposed; a model that ships was trained with or without.
    fixed = True if form == "tunes" else known.get(start)
    wanted = (url_state.text("common") != "0") if fixed is None else fixed
    look = {"disabled": fixed is not None, "help": remark("make.common-key")}
    key = f"{kind.task}-transpose-{start}"
    transpose = bool(right.toggle(_("Common key"), wanted, key=key, **look))
    if fixed is None:
        url_state.put(common=None if transpose else 0)
    return Request(source, None if start == SCRATCH else start, form, transpose)


def _starts(source: Source) -> Job[dict[str, float]]:
    yield 0.0
    return quick_run.starting_models(load(source.name), source.task)


def _plan(request: Request) -> Job[QuickRun]:
    yield 0.1
    source = request.source
    if request.form is not None:
        return quick_run.quick_tune_run(
            load(source.name), form=request.form, transpose=request.transpose,
            start_from=request.start,
        )  # fmt: skip
    return quick_run.quick_text_run(
        load(source.name), source.task, length=source.length, min_count=source.min_count,
        start_from=request.start,
    )  # fmt: skip


def _offer(kind: Kind, source: Source, plan: QuickRun) -> None:
    config = plan.config
    html.facts(
        (_("Training data"), f"{config.n_train:,}",
         _("windows of {n} steps").format(n=config.sequence_length) if kind.music
         else kind.of(verse=source.verse).words["many"]),
        (_("Held-out"), f"{config.n_test:,}", ""),
        (_("Vocabulary"), f"{config.vocab_size:,}", ""),
        (_("MLE"), f"{config.pretrain_epochs}",
         ngettext("epoch", "epochs", config.pretrain_epochs)),
        (_("SeqGAN"), f"{config.rounds}", ngettext("round", "rounds", config.rounds)),
        (_("Time"), duration(plan.seconds), _("if this machine is otherwise idle")),
    )  # fmt: skip
    html.quiet(remark("make.half-a-minute"))
    busy = session.lab().manager.state().active is not None
    label = _("Add to the queue") if busy else _("Train for {n:.0f} seconds").format(n=plan.seconds)

    def start() -> None:
        name = _("{title}, half a minute").format(title=source.title)[:80]
        url_state.put(run=session.lab().manager.start(config, name=name))

    action(label, "play_arrow", f"{kind.task}-train", start, type="primary")
