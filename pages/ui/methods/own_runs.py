"""A comparison of the library's own runs: what is there is measured, what is missing can be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.common import html, session, url_state
from pages.ui.common.background_job import result
from pages.ui.common.errors import sentence
from pages.ui.common.i18n import plain
from pages.ui.methods import missing_runs
from seqgan_core.figures.methods.report import method_name
from seqgan_core.insight.jobs import Job
from seqgan_core.insight.models import Models
from seqgan_core.judge.comparison import opened
from seqgan_core.judge.methods import METHODS, methods_plan
from seqgan_core.judge.report import report
from seqgan_core.judge.sweeps.plan import Plan, PlanError, Planned
from seqgan_core.messages import _
from seqgan_core.runs.store import RunRecord, StoreError
from seqgan_core.tasks.protocol import DataError
from seqgan_core.training.setup.presets import PRESETS

SAMPLES = (2000, 10_000, 100_000)
MOST_SEEDS = 20
_ADDRESS = ("preset", "seeds", "methods", "samples")
_SEPARATOR = "."  # of methods in the address: a comma would be written as %2C


@dataclass(frozen=True)
class OwnSettings:
    """What is asked for."""

    preset: str
    seeds: int
    methods: tuple[str, ...]
    samples: int

    def plan(self) -> Plan:
        """Every method with every seed."""
        return methods_plan(self.preset, self.methods, self.seeds, {})


def own_comparison() -> dict[str, Any] | None:
    """Draw the choices and what is there; the comparison once it is measured."""
    own = _settings()
    try:
        plan = own.plan()
    except PlanError as error:  # a text that has not been fetched
        st.info(plain(sentence(error)), icon=":material/download:")
        return None
    selected = missing_runs.selected_runs(plan, own)
    missing_runs.panel(plan, {record.id for record in selected.values()})
    if not selected:
        html.empty(
            _("None of these runs is there yet"),
            _(
                "Each method needs runs of its own with the same settings: one can be compared, "
                "two can be tested, five or more make a useful test. Queue what is missing above; "
                "the glance preset takes half a minute a run."
            ),
        )
        return None
    return _measured(own, selected)


def forget_address() -> None:
    """A recorded comparison has no such settings."""
    url_state.put(**dict.fromkeys(_ADDRESS))


def _settings() -> OwnSettings:
    first, second, third = st.columns([1.3, 0.7, 1.3], vertical_alignment="bottom")
    preset = first.pills(
        _("Preset"),
        list(PRESETS),
        default=url_state.one_of("preset", list(PRESETS), "lesson"),
        required=True,
        key="methods.preset",
    )
    seeds = second.number_input(
        _("Seeds, from 1 to"),
        1,
        MOST_SEEDS,
        value=url_state.number("seeds", 5, 1, MOST_SEEDS),
        key="methods.seeds",
        help=_("Runs of each method; a test needs two, a useful one five or more"),
    )
    sizes = [str(size) for size in SAMPLES]
    samples = third.segmented_control(
        _("Samples drawn of each run"),
        SAMPLES,
        default=int(url_state.one_of("samples", sizes, "10000")),
        format_func=lambda n: f"{n:,}",
        required=True,
        key="methods.samples",
        width="stretch",
        help=_("The paper draws 100,000; fewer are quicker and noisier"),
    )
    linked = [method for method in url_state.text("methods").split(_SEPARATOR) if method in METHODS]
    chosen = st.pills(
        _("Methods"),
        METHODS,
        selection_mode="multi",
        default=linked or METHODS,
        format_func=method_name,
        key="methods.methods",
    )
    methods = tuple(method for method in METHODS if method in chosen) or METHODS
    if not chosen:
        html.quiet(_("None is chosen, so all of them are taken."))
    url_state.put(
        preset=preset,
        seeds=int(seeds),
        samples=samples,
        methods=_SEPARATOR.join(methods) if methods != METHODS else None,
    )
    return OwnSettings(preset, int(seeds), methods, samples)


def _measured(own: OwnSettings, selected: dict[Planned, RunRecord]) -> dict[str, Any] | None:
    lab = session.lab()
    steps = {
        record.id: max(point.step for point in lab.store.checkpoints(record.id))
        for record in selected.values()
    }
    key = ("methods", own, tuple(sorted(steps.items())))
    what = _("Measuring {n} runs, {samples:,} samples of each").format(
        n=len(selected), samples=own.samples
    )
    outcome = result(key, lambda: _work(lab.models, own, selected, steps), what)
    if outcome is None:
        return None
    comparison, left_out = outcome
    for problem in left_out:
        st.warning(_("One run is left out: {problem}.").format(problem=plain(problem)))
    return comparison


def _work(
    models: Models, own: OwnSettings, runs: dict[Planned, RunRecord], steps: dict[str, int]
) -> Job[tuple[dict[str, Any], list[str]]]:
    """The report of the runs that can be opened, and why others cannot."""
    whole: dict[Planned, RunRecord] = {}
    left_out = []
    for planned, record in runs.items():
        try:
            opened(models, record, steps[record.id])
        except (StoreError, DataError) as error:
            left_out.append(str(error).rstrip("."))
        else:
            whole[planned] = record
        yield 0.0
    if not whole:
        raise StoreError(_("no run can be measured: {why}").format(why="; ".join(left_out)))
    about = {"preset": own.preset, "changes": {}, "budget": "updates", "seeds": own.seeds,
             "strategies": list(own.methods)}  # fmt: skip
    comparison = yield from report(models, whole, own.samples, about=about)
    return comparison, left_out
