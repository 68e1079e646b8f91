"""The run that was started here: its progress, and samples of its newest model."""

from functools import partial

import streamlit as st

from pages.ui.common import html, navigation, session, url_state
from pages.ui.common.buttons import button
from pages.ui.common.errors import sentence, show_errors
from pages.ui.common.i18n import plain
from pages.ui.make import cards, model_choice
from pages.ui.make.cards import Piece
from pages.ui.make.samples import sampled
from pages.ui.make.screen_kind import Kind
from seqgan_core.figures.progress import progress
from seqgan_core.insight.models import steps_of
from seqgan_core.insight.writing.samples import SampleRequest, SampleSet
from seqgan_core.messages import _
from seqgan_core.runs.records import LIVE
from seqgan_core.runs.store import RunRecord, StoreError

SAMPLES = 3
LOOK = 1.0  # seconds between two looks


def follow(kind: Kind) -> None:
    """Draw the run of the address, if it is one of this kind; again by itself while it trains."""
    run_id = url_state.text("run")
    if not run_id:
        return
    try:
        record = session.lab().store.run(run_id)
    except StoreError as error:
        st.warning(plain(str(error)), icon=":material/link_off:")
        return
    if kind.has(record.config):
        every = LOOK if record.status in LIVE else None
        st.fragment(_follow, run_every=every)(kind, record.id, every is not None)


@show_errors()
def _follow(kind: Kind, run_id: str, watching: bool) -> None:
    lab = session.lab()
    record = lab.store.run(run_id)
    if watching and record.status not in LIVE:
        st.rerun()  # there is one more model to choose
    with st.container(border=True, key=f"{kind.task}-follow"):
        _head(record)
        steps = steps_of(lab.store, run_id)
        if not steps:
            html.quiet(_("Samples appear here with the first checkpoint."))
            return
        _newest(kind, record, steps)


def _head(record: RunRecord) -> None:
    at = progress(session.curves(session.lab().store, record), record.seconds)
    with st.container(horizontal=True, vertical_alignment="center"):
        html.training_line(record.status, record.name, at)
        navigation.link(navigation.LAB, _("Open in the training lab"), run=record.id)
    if record.reason:
        html.quiet(record.reason)


def _newest(kind: Kind, record: RunRecord, steps: dict[int, float]) -> None:
    """Samples of the newest checkpoint; those of the one before until they are ready.

    So the cards never vanish, and one that plays is replaced only by a newer model's.
    """
    place = st.empty()
    key = f"{kind.task}-follow-step"
    step, before = max(steps), st.session_state.get(key)
    samples = sampled(SampleRequest(f"{record.id}@{step}", SAMPLES, 1))
    if samples is None and before in steps:
        step, samples = before, sampled(SampleRequest(f"{record.id}@{before}", SAMPLES, 1), 0)
    if not isinstance(samples, SampleSet):
        if samples is not None:
            st.error(plain(sentence(samples)), icon=":material/error:")
        return
    st.session_state[key] = step
    pieces = [
        Piece(
            str(number), _("epoch {epoch:g} · {n}").format(epoch=steps[step], n=number + 1), words,
            credit=record.name, file=f"{record.id}-{number + 1}",
        )
        for number, words in enumerate(samples.texts)
    ]  # fmt: skip
    with place.container():
        cards.draw(samples.sampler, pieces, f"{kind.task}-follow-samples")
    label, use = _("Use this model"), partial(model_choice.use, kind, f"{record.id}@{step}")
    if button(label, "check", f"{kind.task}-follow-use", use):
        st.rerun()
