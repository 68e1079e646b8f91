"""Which runs of a comparison are there, and the button that queues the rest with its price."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from pages.ui.common import html, session
from pages.ui.common.errors import show_errors
from pages.ui.common.run.estimate import estimate
from seqgan_core.figures.methods.report import method_name
from seqgan_core.figures.progress import duration
from seqgan_core.judge.sweeps.plan import Plan, Planned, is_done, stored
from seqgan_core.messages import _
from seqgan_core.runs.records import LIVE
from seqgan_core.runs.store import RunRecord

_SELECTED = "methods.taken"
POLL_EVERY = 2.0  # seconds between two looks while something trains


def usable(record: RunRecord) -> bool:
    """Whether a run has ended and left a model to measure."""
    return is_done(record) and bool(session.lab().store.checkpoints(record.id))


def selected_runs(plan: Plan, settings: Hashable) -> dict[Planned, RunRecord]:
    """The runs that are compared: those that were there when these settings were chosen.

    What ends later is taken in when it is asked for: measuring anew at each of them would take
    the figures away while they are read, and the processor from the training.
    """
    stored_runs = stored(session.lab().store, plan)
    done = {planned: record for planned, record in stored_runs.items() if usable(record)}
    remembered = st.session_state.get(_SELECTED)
    if remembered is None or remembered[0] != settings or not remembered[1]:
        remembered = (settings, {record.id for record in done.values()})
        st.session_state[_SELECTED] = remembered
    return {planned: record for planned, record in done.items() if record.id in remembered[1]}


def panel(plan: Plan, selected: set[str]) -> None:
    """Draw how many of the runs there are; again every two seconds while some of them train."""
    stored_runs = stored(session.lab().store, plan)
    live = any(record.status in LIVE for record in stored_runs.values())
    st.fragment(_panel, run_every=POLL_EVERY if live else None)(plan, selected, live)


@show_errors()
def _panel(plan: Plan, selected: set[str], was_live: bool) -> None:
    stored_runs = stored(session.lab().store, plan)
    live = {planned for planned, record in stored_runs.items() if record.status in LIVE}
    if was_live and not live:
        st.rerun()  # there is nothing more to look out for
    ended = [record for record in stored_runs.values() if usable(record)]
    missing = missing_of(plan, stored_runs)
    html.facts(
        [
            (_("Runs there"), str(len(ended)), _("of {n}").format(n=len(plan.runs))),
            (_("Compared below"), str(len(selected)), ""),
            (_("Training or queued"), str(len(live)), ""),
            (_("Missing"), str(len(missing)), ""),
        ]
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer_ended([record for record in ended if record.id not in selected])
        _queue(plan, missing, stored_runs)
    with st.expander(_("Which runs are there")):
        _grid(plan, stored_runs)


def missing_of(plan: Plan, stored_runs: dict[Planned, RunRecord]) -> list[Planned]:
    """What would have to be trained, seed by seed, so that all methods grow together."""
    missing = [
        planned
        for planned in plan.runs
        if planned not in stored_runs
        or not (is_done(stored_runs[planned]) or stored_runs[planned].status in LIVE)
    ]
    return sorted(missing, key=lambda planned: planned.config.seed)


def cost(missing: list[Planned], stored_runs: dict[Planned, RunRecord]) -> float:
    """Seconds that the missing runs take here, one after the other."""
    return sum(
        max(
            0.0,
            estimate(planned.config)
            - (stored_runs[planned].seconds if planned in stored_runs else 0.0),
        )
        for planned in missing
    )


def _offer_ended(ended: list[RunRecord]) -> None:
    if ended:
        label = _("Take in {n} more that ended").format(n=len(ended))
        if st.button(label, icon=":material/add:", key="methods.take"):
            st.session_state.pop(_SELECTED, None)
            st.rerun()


def _queue(plan: Plan, missing: list[Planned], stored_runs: dict[Planned, RunRecord]) -> None:
    if not missing:
        return
    price = duration(cost(missing, stored_runs))
    pressed = st.button(
        _("Queue what is missing: {n} runs, about {time}").format(n=len(missing), time=price),
        icon=":material/playlist_add:",
        type="primary",
        key="methods.queue",
        help=_("They train one after the other on this machine; the page need not stay open"),
    )
    if pressed:
        with show_errors():
            queued = start_missing(plan)
            st.toast(_("{n} runs are queued.").format(n=queued), icon=":material/schedule:")
            st.rerun()


def start_missing(plan: Plan) -> int:
    """Queue them; those that were begun go on from where they stand. Returns how many."""
    lab = session.lab()
    stored_runs = stored(lab.store, plan)  # as it is now: another tab may have been quicker
    missing = missing_of(plan, stored_runs)
    for planned in missing:
        record = stored_runs.get(planned)
        if record is None:
            name = f"{plan.name}: {planned.label}"[:120]
            lab.manager.start(planned.config, preset=plan.preset, name=name)
        else:
            lab.manager.resume(record.id)
    return len(missing)


def _grid(plan: Plan, stored_runs: dict[Planned, RunRecord]) -> None:
    seeds = sorted({planned.config.seed for planned in plan.runs})
    strategies = list(dict.fromkeys(planned.config.strategy for planned in plan.runs))
    by_place = {(p.config.strategy, p.config.seed): p for p in plan.runs}
    rows = [
        [
            method_name(strategy),
            *(_status(stored_runs.get(by_place[strategy, seed])) for seed in seeds),
        ]
        for strategy in strategies
    ]
    head = [_("method"), *(_("seed {n}").format(n=seed) for seed in seeds)]
    html.table(head, rows, _("A row a method, a column a seed"))
    for record in stored_runs.values():
        if record.status == "failed":
            html.quiet(f"{record.name} ({record.id}): {record.reason}")


def _status(record: RunRecord | None) -> str:
    if record is None:
        return _("– missing")
    bare = is_done(record) and not usable(record)
    return html.status_text(record.status) + (_(", no checkpoint") if bare else "")
