"""The run that was started here: how far it is, and what its newest model writes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

import streamlit as st

from pages.ui.common import html, navigation, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.errors import show_errors
from pages.ui.common.i18n import plain
from pages.ui.make import model_choice
from pages.ui.make.screen_kind import MUSIC, Kind
from pages.ui.make.text.samples import set_text
from pages.ui.make.text.verse_cards import Card, signs, verses
from seqgan_core.figures.progress import duration, progress
from seqgan_core.insight.models import steps_of
from seqgan_core.insight.writing.samples import SampleRequest, SampleSet, draw_samples
from seqgan_core.messages import _
from seqgan_core.runs.records import LIVE
from seqgan_core.runs.store import RunRecord, StoreError

SAMPLES = 3
LOOK = 1.0  # seconds between two looks

DrawSamples = Callable[[Kind, RunRecord, float, SampleSet], None]
"""Draws what a run's model of an epoch writes."""


def follow(kind: Kind, draw: DrawSamples | None = None) -> None:
    """Draw the run of the address, if it is one of this kind; again by itself while it trains.

    Args:
        kind: of screen.
        draw: what its newest model writes; as verses, where nothing else is given.
    """
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
        st.fragment(_follow, run_every=every)(kind, record.id, draw or _verses, every is not None)


@show_errors()
def _follow(kind: Kind, run_id: str, draw: DrawSamples, watching: bool) -> None:
    lab = session.lab()
    record = lab.store.run(run_id)
    if watching and record.status not in LIVE:
        st.rerun()  # the choice of writers has one more
    with st.container(border=True, key=f"follow.{kind.task}"):
        _head(record)
        steps = steps_of(lab.store, run_id)
        if not steps:
            html.quiet(_("It writes here as soon as it has kept a first model."))
            return
        step = max(steps)
        _newest(kind, record, draw, step, steps[step])


def _head(record: RunRecord) -> None:
    at = progress(session.curves(session.lab().store, record), record.seconds)
    left = _("about {time} left").format(time=duration(at.seconds_left)) if at.seconds_left else ""
    parts = [
        html.status_html(record.status),
        f"<strong>{escape(record.name)}</strong>",
        f'<span class="bar"><i style="width:{at.fraction:.1%}"></i></span>',
        *(f"<span>{escape(text)}</span>" for text in (at.label, left) if text),
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<div class="now">{"".join(parts)}</div>')
        st.page_link(
            navigation.LAB, label=_("Open in the training lab"), icon=":material/science:",
            query_params={"run": record.id},
        )  # fmt: skip
    if record.reason:
        html.quiet(record.reason)


def _newest(kind: Kind, record: RunRecord, draw: DrawSamples, step: int, epoch: float) -> None:
    request = SampleRequest(f"{record.id}@{step}", SAMPLES, 1)
    samples: SampleSet | None = result(
        ("reading", request), partial(draw_samples, session.lab().models, request), _("Writing")
    )
    if samples is None:
        return
    draw(kind, record, epoch, samples)
    if st.button(
        _("Let it compose above") if kind == MUSIC else _("Let it write above"),
        icon=":material/edit:", key=f"follow.{kind.task}.use",
    ):  # fmt: skip
        model_choice.use(kind, request.sampler)
        st.rerun()


def _verses(kind: Kind, record: RunRecord, epoch: float, samples: SampleSet) -> None:
    cards = []
    for number, text in enumerate(samples.texts):
        verse = set_text(text, samples.sampler.lines, samples.sampler.unit)
        cards.append(
            Card(str(number), sample_title(epoch, number), signs(verse), rtl=verse.rtl,
                 credit=record.name, file=f"{record.id}-{number + 1}")
        )  # fmt: skip
    verses(cards, f"follow.{kind.task}.verses")


def sample_title(epoch: float, number: int) -> str:
    """What stands over something that a run's model wrote."""
    return _("after epoch {epoch:g} · {n}").format(epoch=epoch, n=number + 1)
