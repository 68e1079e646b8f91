"""Runs of a study that this library lacks: what they would cost, and a button that trains them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from pages.ui.common import html, navigation, session
from pages.ui.common.errors import show_errors
from pages.ui.common.run.estimate import estimate
from pages.ui.strategies.study_source import StudyView
from seqgan_core.figures.progress import duration
from seqgan_core.figures.strategies.study import Setting
from seqgan_core.figures.strategies.verdicts import rule
from seqgan_core.judge.sweeps.plan import Planned
from seqgan_core.messages import _
from seqgan_core.runs.records import LIVE
from seqgan_core.runs.store import RunRecord


def runs_of(study: StudyView, setting: Setting) -> None:
    """A door into the lab for each run that is here, and a button for each that is not."""
    planned = study.planned.get(setting.key, [])
    if not planned:
        html.quiet(_("This setting was recorded, but it is not in the plan any more."))
        return
    missing = [run for run in planned if run not in study.stored_runs]
    for run in planned:
        record = study.stored_runs.get(run)
        if record is not None:
            _lab_link(record)
        else:
            offer([run], _("Train seed {seed}").format(seed=run.config.seed), study)
    if len(missing) > 1:
        offer(missing, _("Train all {n}").format(n=len(missing)), study, primary=True)
    if missing:
        html.quiet(
            _("A run that was trained here opens in the lab, with its samples and checkpoints.")
        )


def offer(runs: Sequence[Planned], label: str, study: StudyView, *, primary: bool = False) -> None:
    """A button that puts the runs into the queue, with the time they take."""
    cost = sum(estimate(run.config) for run in runs)
    pressed = st.button(
        _("{label} · about {time}").format(label=label, time=duration(cost)),
        type="primary" if primary else "secondary",
        icon=":material/play_arrow:",
        key=f"strategies.train.{study.name}.{len(runs)}.{runs[0].label}",
    )
    if pressed:
        with show_errors():
            manager = session.lab().manager
            for run in runs:
                name = f"{study.plan.name}: {run.label}"[:120]  # as a sweep names it
                manager.start(run.config, preset=study.plan.preset, name=name)
            text = _("{n} in the queue; one trains at a time.").format(n=len(runs))
            st.toast(text, icon=":material/schedule:")
            st.rerun()


def _lab_link(record: RunRecord) -> None:
    st.page_link(
        navigation.LAB,
        label=_("Seed {seed} in the lab · {status}").format(
            seed=record.config.seed, status=html.status_text(record.status)
        ),
        icon=":material/science:",
        query_params={"run": record.id},
    )


def nothing_yet(study: StudyView, about: str, first: Sequence[Planned], label: str) -> None:
    """Too few runs have ended: what would be seen, and the button that makes it so."""
    html.empty(_("Nothing to compare yet"), about)
    _waiting(study.stored_runs.values())
    missing = [run for run in first if run not in study.stored_runs]
    with st.container(horizontal=True, horizontal_alignment="center"):
        if missing:
            offer(missing, label, study, primary=True)
        rest = [run for run in study.plan.runs if run not in study.stored_runs]
        if len(rest) > len(missing):
            offer(rest, _("Train all {n} runs").format(n=len(rest)), study)


def notice(sentences: Sequence[str], study: StudyView, settings: Sequence[Setting]) -> None:
    """What to notice now, the rule that it follows, and the runs that are missing to be sure."""
    if any(sentences):
        lines = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        title = escape(_("What to notice now"))
        st.html(f'<div class="notice-now"><b>{title}</b>{lines}</div>')
        html.quiet(rule())
    offer_missing(study, settings)


def offer_missing(study: StudyView, settings: Sequence[Setting]) -> None:
    """Where this library's own runs are shown: those of these settings that it lacks."""
    if study.source != "library":
        return
    planned = [run for setting in settings for run in study.planned.get(setting.key, [])]
    _waiting(study.stored_runs[run] for run in planned if run in study.stored_runs)
    missing = [run for run in planned if run not in study.stored_runs]
    if missing:
        offer(missing, _("Train the {n} missing runs").format(n=len(missing)), study)


def _waiting(records: Iterable[RunRecord]) -> None:
    count = sum(record.status in LIVE for record in records)
    if count:
        text = _("{n} of its runs wait or train; this page fills as each of them ends.")
        html.quiet(text.format(n=count))
